#!/usr/bin/env bats
# Laws that hold for every discipline, on any trace, without statistics.
load ../helper
load verdict

setup() {
	cd "$BATS_TEST_TMPDIR"
	disciplines=(fifo strict edf qos wrr drr wfq)
	big=(-l 1000000 --set router.max_concurrent_streams=1000000)
}

# SEED COUNT: five classes at load 0.8, services and sizes that differ, 40 streams
mixed() {
	qos-gen --count "$2" --start 0 --seed "$1" --with-class --streams 40 --size uniform:100:1500 \
		--class critical:rate=20/s,service=exp:5ms --class system:rate=20/s,service=exp:5ms \
		--class job_execution:rate=40/s,service=exp:5ms --class data_transfer:rate=40/s,service=exp:5ms \
		--class logs_metrics:rate=40/s,service=exp:5ms
}

# awk: c["name"] is the column's number
head='NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }'

@test "Little's law (1), exact: the integral of N(t) is the sum of the sojourns, under every discipline" {
	mixed 31 40000 >in.csv
	for d in "${disciplines[@]}"; do
		qos-route -d "$d" --capacity 1kbit "${big[@]}" in.csv >out.csv
		awk -F, "$ns $head"' { a = ns($c["ts"]); d = ns($c["depart"]); sum += d - a
			printf "%.0f 1\n%.0f -1\n", a, d > "events" } END { printf "%.0f\n", sum > "sum" }' out.csv
		sort -n events | awk 'NR > 1 { area += n * ($1 - last) } { n += $2; last = $1 } END { if (n) exit 1; printf "%.0f\n", area }' >area
		echo "# $d: L = lambda W; sum of sojourns $(cat sum) ns, integral $(cat area) ns: $(cmp -s area sum && echo holds || echo VIOLATED)" >&3
		cmp area sum
	done
}

@test "work conservation (2): the same busy periods under every discipline, and with tenants" {
	mixed 32 100000 | awk -F, 'NR == 1 { print $0 ",tenant"; next } { print $0 "," substr("abcd", NR % 4 + 1, 1) }' >in.csv
	printf 'tenants:\n  - {name: a, share: 50%%}\n  - {name: b}\n' >t.yaml
	for d in "${disciplines[@]}" tenants; do
		if [ "$d" = tenants ]; then how=(-c t.yaml); else how=(-d "$d"); fi
		qos-route "${how[@]}" --capacity 1kbit "${big[@]}" in.csv |
			awk -F, "$ns $head"' { d = ns($c["depart"]); s = d - ns($c["service_time"])
				if (s != end) { if (NR > 2) printf "%.0f\n", end; printf "%.0f ", s }
				end = d } END { printf "%.0f\n", end }' >"busy.$d"
		echo "# $d: start and end of each busy period; expected $(wc -l <busy.fifo), the same $(comm -12 <(sort busy.fifo) <(sort "busy.$d") | wc -l): $(cmp -s "busy.$d" busy.fifo && echo holds || echo VIOLATED)" >&3
		cmp "busy.$d" busy.fifo
	done
}

@test "Kleinrock's conservation (9): with equal services the sum of waits is the same under every discipline, exactly" {
	qos-gen --count 200000 --start 0 --seed 34 --with-class --streams 40 --size uniform:100:1500 \
		--class critical:rate=20/s,service=const:5ms --class system:rate=20/s,service=const:5ms \
		--class job_execution:rate=40/s,service=const:5ms --class data_transfer:rate=40/s,service=const:5ms \
		--class logs_metrics:rate=40/s,service=const:5ms >in.csv
	for d in "${disciplines[@]}"; do
		qos-route -d "$d" --capacity 1kbit "${big[@]}" in.csv |
			awk -F, "$ns $head"' { s += ns($c["queue_wait"]) } END { printf "%.0f\n", s }' >"sum.$d"
		echo "# $d: sum of rho W; expected $(cat sum.fifo) ns, measured $(cat "sum.$d") ns: $(cmp -s "sum.$d" sum.fifo && echo holds || echo VIOLATED)" >&3
		cmp "sum.$d" sum.fifo
	done
}

@test "order (47): records of one stream and class leave as they came, under every discipline, management, overflow and shedding" {
	mixed 35 60000 >in.csv
	while read -r name how; do
		read -ra how <<<"$how"
		qos-route --capacity 1kbit --set router.max_concurrent_streams=1000000 "${how[@]}" in.csv >out.csv
		awk -F, -v name="$name" "$head"' { n++; k = $c["stream"] "," $c["class"]; id = substr($c["id"], 2) + 0; wrong += id < last[k]; last[k] = id }
			END { printf "# %s: order in (stream, class); expected 0 of %d out of it, measured %d: %s\n", name, n, wrong, wrong ? "VIOLATED" : "holds"
				exit wrong > 0 || n < 1000 }' out.csv >&3
	done <<-EOF
		fifo -d fifo
		strict -d strict
		qos -d qos
		edf -d edf
		wrr -d wrr
		drr -d drr
		wfq -d wfq
		fq_codel -d strict --aqm fq_codel
		overflow -d drr --max-queued 20
		overflow-edf -d edf --max-queued 20
		shed -d wfq -l 30 --shed=always --set router.shed_window=100ms
	EOF
}

@test "scaling (48): all times twice as long, the same decisions, under every discipline" {
	mixed 36 40000 >in.csv
	awk -F, -v OFS=, "$head"' { $c["ts"] = sprintf("%.9f", 2 * $c["ts"]); $c["service_time"] = sprintf("%.9f", 2 * $c["service_time"]) } { print }' in.csv |
		cat <(head -1 in.csv) - >twice.csv
	scale=()
	i=0
	for t in 20ms 100ms 200ms 2s 10s; do scale+=(--set "classes.$((i++)).latency_target=$t"); done
	for d in "${disciplines[@]}"; do
		qos-route -d "$d" --capacity 1kbit "${big[@]}" in.csv | awk -F, "$ns $head"' { printf "%s %.0f\n", $c["id"], 2 * ns($c["depart"]) }' >once
		qos-route -d "$d" --capacity 1kbit "${big[@]}" "${scale[@]}" twice.csv | awk -F, "$ns $head"' { printf "%s %.0f\n", $c["id"], ns($c["depart"]) }' >two
		echo "# $d: depart(2 x trace) = 2 x depart(trace); expected 40000, measured $(paste -d= once two | awk -F= '$1 == $2' | wc -l): $(cmp -s once two && echo holds || echo VIOLATED)" >&3
		cmp once two
	done
}

@test "renaming (48): other names of streams change nothing but the names" {
	mixed 37 40000 >in.csv
	awk -F, -v OFS=, "$head"' { $c["stream"] = "x" $c["stream"] "y" } { print }' in.csv | cat <(head -1 in.csv) - >renamed.csv
	for how in "-d drr" "-d wfq" "-d strict --aqm fq_codel" "-d drr --max-queued 30"; do
		read -ra o <<<"$how"
		qos-route --capacity 1kbit --set router.max_concurrent_streams=1000000 "${o[@]}" in.csv >one
		qos-route --capacity 1kbit --set router.max_concurrent_streams=1000000 "${o[@]}" renamed.csv |
			awk -F, -v OFS=, "$head"' { gsub(/^x|y$/, "", $c["stream"]) } { print }' | cat <(head -1 one) - >two
		echo "# $how: the same output; expected $(wc -l <one) lines, the same $(comm -12 <(sort one) <(sort two) | wc -l): $(cmp -s one two && echo holds || echo VIOLATED)" >&3
		cmp one two
	done
}

@test "lower classes (48): under strict priority the highest waits longer by one of their services at the most" {
	mixed 38 60000 >in.csv
	awk -F, "NR == 1 || /,critical/" in.csv >above.csv
	qos-route -d strict --capacity 1kbit "${big[@]}" in.csv | awk -F, "$ns $head"' { printf "%s %s %.0f %.0f\n", $c["id"], $c["class"], ns($c["queue_wait"]), ns($c["service_time"]) }' | sort >with
	qos-route -d strict --capacity 1kbit "${big[@]}" above.csv | awk -F, "$ns $head"' { printf "%s %.0f\n", $c["id"], ns($c["queue_wait"]) }' | sort >without
	join without with | awk -v most="$(awk '$2 != "critical" && $4 > most { most = $4 } END { print most }' with)" '
		{ n++; more = $4 - $2; if (more > worst) worst = more; if (more < 0) less++ }
		END { printf "# added wait <= largest service of a lower class; expected <= %d ns, measured %d ns at most over %d records: %s\n", most, worst, n, worst <= most && !less ? "holds" : "VIOLATED"
			exit worst > most || less > 0 || n < 5000 }' >&3
}
