#!/usr/bin/env bats
# Laws of several servers and of the choice among them, against qos-route with simulated adapters.
load ../helper

setup() {
	cd "$BATS_TEST_TMPDIR"
}

# verdict NAME FORMULA EXPECTED MEASURED TOLERANCE(relative)
verdict() {
	awk -v name="$1" -v formula="$2" -v e="$3" -v m="$4" -v tol="$5" 'BEGIN {
		ok = (m - e <= e * tol && e - m <= e * tol)
		printf "# %s: %s; expected %g, measured %g: %s\n", name, formula, e, m, ok ? "holds" : "VIOLATED"
		exit !ok }' >&3
}

route() { qos-route -d fifo -l 1000000 --set router.max_concurrent_streams=1000000 "$@"; }

# mean time in the system, s
sojourn() { awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next } { n++; s += $c["depart"] - $c["ts"] } END { printf "%.6f", s / n }'; }

# N adapters of one server each
one_server_each() { local i; for ((i = 0; i < $1; i++)); do printf -- '-a\ns%d=sim:\n' "$i"; done; }

@test "Erlang C (law 12): the part that waits, four servers at load 3.2" {
	qos-gen --count 400000 --start 0 --rate 3.2/s --service-time exp:1s --class critical:share=1 --with-class --seed 21 >in.csv
	route -a 'a=sim:?concurrency=4' in.csv |
		awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next } { n++; w += $c["queue_wait"] > 0 } END { printf "%.6f", w / n }' >waits
	verdict "M/M/4" "C(4, 3.2)" 0.5964325 "$(cat waits)" 0.02
}

@test "Erlang B (law 12): the part that is lost, fifteen servers at load 10 and one place to wait" {
	qos-gen --count 400000 --start 0 --rate 10/s --service-time exp:1s --class critical:share=1 --with-class --seed 22 >in.csv
	route -a 'a=sim:?concurrency=15' -l 1 --summary in.csv 2>sum >/dev/null
	verdict "M/M/15/16" "B rho / (1 + B rho), B = B(15, 10), rho = 2/3" 0.0237531 "$(jq '.drops.tail / .in' sum)" 0.04
}

@test "M/M/c against its parts (law 13): waiting together <= least loaded <= two choices <= at random" {
	qos-gen --count 400000 --start 0 --rate 3.2/s --service-time exp:1s --class critical:share=1 --with-class --seed 23 >in.csv
	mapfile -t four < <(one_server_each 4)
	pooled=$(route "${four[@]}" in.csv | sojourn)
	jsq=$(route --strategy least_loaded "${four[@]}" in.csv | sojourn)
	p2c=$(route --strategy p2c "${four[@]}" in.csv | sojourn)
	awk -F, -v OFS=, 'BEGIN { srand(5) } NR == 1 { print $0, "dst"; next } { print $0, "direct:s" int(4 * rand()) }' in.csv >thrown.csv
	split=$(route "${four[@]}" thrown.csv | sojourn)
	verdict "together" "C / (c mu - lambda) + 1 / mu" 1.74554 "$pooled" 0.02
	verdict "at random" "1 / (mu - lambda / c)" 5 "$split" 0.05
	echo "# order: $pooled <= $jsq <= $p2c <= $split" >&3
	awk -v a="$pooled" -v b="$jsq" -v c="$p2c" -v d="$split" 'BEGIN { exit !(a <= b && b <= c && c <= d) }'
}

@test "the pick law of two choices (law 16): among three by load 2/3, 1/3, 0" {
	{
		echo ts,id,class,dst,service_time
		printf '0,x,critical,direct:%s,1000000\n' b c c
		for ((i = 1; i <= 30000; i++)); do echo "$i,$i,critical,,0"; done
	} >in.csv
	route --strategy p2c -a 'a=sim:?concurrency=9' -a 'b=sim:?concurrency=9' -a 'c=sim:?concurrency=9' in.csv |
		awk -F, '$2 != "x" && NR > 1 { n[$6]++; all++ } END { printf "%.5f %.5f %.5f\n", n["a"] / all, n["b"] / all, n["c"] / all }' >parts
	read -r a b c <parts
	verdict "the least loaded" "2 (n - k) / (n (n - 1))" 0.666667 "$a" 0.02
	verdict "the next" "same" 0.333333 "$b" 0.04
	[ "$c" = 0.00000 ]
}
