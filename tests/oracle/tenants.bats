#!/usr/bin/env bats
# Tenants: what one of them does to the others.
load ../helper

setup() {
	cd "$BATS_TEST_TMPDIR"
	cat >t.yaml <<-EOF
		tenants:
		  - {name: a, share: 30%}
		  - {name: b, share: 30%}
		  - {name: c, share: 30%}
	EOF
}

# a trace of one tenant: NAME RATE SEED, a minute of services of 1 ms
tenant() {
	qos-gen --count $(($2 * 60)) --start 0 --rate "$2/s" --seed "$3" --service-time const:1ms --with-class --streams 50 |
		awk -F, -v t="$1" 'NR == 1 { if (t == "a") print $0 ",tenant"; next } { print $0 "," t }'
}

three() { # RATE-OF-A: with two of 200 a second
	(
		tenant a "$1" 1
		tenant b 200 2
		tenant c 200 3
	) | (
		IFS= read -r header
		echo "$header"
		sort -t, -k1,1n -s
	)
}

@test "a tenant's flood of 10 times its share leaves the others' p99 waits where they were, to a record, under every discipline" {
	three 300 >calm.csv
	three 3000 >flood.csv
	for d in qos strict wrr drr wfq edf fifo; do
		for what in calm flood; do
			qos-route -d $d -c t.yaml --capacity 1kbit --summary $what.csv 2>$what.json >/dev/null
		done
		for i in 1 2; do
			jq -rn --slurpfile calm calm.json --slurpfile flood flood.json --argjson i $i --arg d $d '
				($calm[0].tenants[$i]) as $c | ($flood[0].tenants[$i]) as $f |
				"# \($d), tenant \($c.tenant): p99 after <= p99 before + 1 ms; before \($c.wait_p99 * 1e6 | round) us, after \($f.wait_p99 * 1e6 | round) us, of \($f.out) records: \(
				if $f.wait_p99 <= $c.wait_p99 * 1.02 + 0.001 and $f.out == $f.in and $f.drops == {} then "holds" else "VIOLATED" end)"' | tee -a verdicts >&3
		done
	done
	[ "$(grep -c holds verdicts)" -eq 14 ]
	run ! grep VIOLATED verdicts
	# without tenants the flood is everybody's
	qos-route -d fifo --capacity 1kbit flood.csv | awk -F, 'NR > 1 && $9 == "b" { n++; s += $10 } END {
		printf "# one queue for all, fifo: %d of 12000 records of b are served, their mean wait is %.1f s\n", n, s / n; exit !(n < 12000 && s / n > 1) }' >&3
}

@test "what waits is served by share: 30, 30, 30 and 10 for all others; what one leaves the others have by share" {
	awk 'BEGIN { print "ts,id,class,service_time,tenant"; split("a b c x", t, " ")
		for (i = 0; i < 40000; i++) printf "%.3f,%d,critical,0.001,%s\n", i / 4000, i, t[i % 4 + 1] }' >in.csv
	qos-route -c t.yaml --capacity 1kbit -l 100000 in.csv >out.csv
	for t in a:0.3 b:0.3 c:0.3 x:0.1; do
		awk -F, -v t="${t%:*}" -v want="${t#*:}" 'NR > 1 && $7 < 9 { all++; n += $5 == t } END {
			ok = n >= want * all - 2 && n <= want * all + 2
			printf "# tenant %s: its share of %d services to within 2; expected %.1f, measured %d: %s\n", t, all, want * all, n, ok ? "holds" : "VIOLATED"
			exit !ok }' out.csv >&3
	done
	grep -v ',[cx]$' in.csv | qos-route -c t.yaml --capacity 1kbit -l 100000 >out.csv
	awk -F, 'NR > 1 && $7 < 9 { all++; n += $5 == "a" } END {
		printf "# a and b alone: half each; expected %.1f, measured %d of %d\n", all / 2, n, all; exit !(n >= all / 2 - 2 && n <= all / 2 + 2) }' out.csv >&3
}
