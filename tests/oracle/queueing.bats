#!/usr/bin/env bats
# Closed forms of queueing theory, and exact identities, against the router and the shaper.
load ../helper
load verdict

setup() {
	cd "$BATS_TEST_TMPDIR"
}

# mean of a column, in ms, by class or over all
mean_ms() { # FILE COLUMN [CLASS]
	awk -F, -v col="$2" -v class="${3:-}" 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
		class == "" || $c["class"] == class { s += $c[col]; n++ } END { printf "%.6f", 1000 * s / n }' "$1"
}

@test "M/M/1 (law 3): the mean wait is rho / (mu - lambda)" {
	qos-gen --count 400000 --start 0 --rate 80/s --service-time exp:10ms --with-class --seed 11 |
		qos-route -d fifo --capacity 1kbit -l 1000000 --set router.max_concurrent_streams=1000000 >out.csv
	verdict "M/M/1 wait" "rho/(mu-lambda) ms" 40 "$(mean_ms out.csv queue_wait)" 0.03
}

@test "M/D/1 (law 5): half of the wait of M/M/1" {
	qos-gen --count 400000 --start 0 --rate 80/s --service-time const:10ms --with-class --seed 12 |
		qos-route -d fifo --capacity 1kbit -l 1000000 --set router.max_concurrent_streams=1000000 >out.csv
	verdict "M/D/1 wait" "rho/(2 mu (1-rho)) ms" 20 "$(mean_ms out.csv queue_wait)" 0.03
}

five_classes() { # SERVICE-LAW: rates 20 20 40 40 40 /s
	qos-gen --count 800000 --start 0 --seed 13 --with-class \
		--class "critical:rate=20/s,service=$1" --class "system:rate=20/s,service=$1" \
		--class "job_execution:rate=40/s,service=$1" --class "data_transfer:rate=40/s,service=$1" \
		--class "logs_metrics:rate=40/s,service=$1"
}

@test "Cobham (law 7): five classes, exponential service of 5 ms, strict" {
	five_classes exp:5ms | qos-route -d strict --capacity 1kbit -l 1000000 --set router.max_concurrent_streams=1000000 >out.csv
	verdict critical "W0/((1-s0)(1-s1)) ms" 4.444 "$(mean_ms out.csv queue_wait critical)" 0.03
	verdict system "same" 5.556 "$(mean_ms out.csv queue_wait system)" 0.03
	verdict job_execution "same" 8.333 "$(mean_ms out.csv queue_wait job_execution)" 0.03
	verdict data_transfer "same" 16.667 "$(mean_ms out.csv queue_wait data_transfer)" 0.03
	verdict logs_metrics "same" 50.0 "$(mean_ms out.csv queue_wait logs_metrics)" 0.05
}

@test "Cobham (law 8): mixed constant services of 2, 4, 8, 16, 64 ms" {
	qos-gen --count 800000 --start 0 --seed 14 --with-class \
		--class critical:rate=30/s,service=const:2ms --class system:rate=30/s,service=const:4ms \
		--class job_execution:rate=20/s,service=const:8ms --class data_transfer:rate=10/s,service=const:16ms \
		--class logs_metrics:rate=5/s,service=const:64ms |
		qos-route -d strict --capacity 1kbit -l 1000000 --set router.max_concurrent_streams=1000000 >out.csv
	verdict critical "W0/((1-s0)(1-s1)) ms" 13.2553 "$(mean_ms out.csv queue_wait critical)" 0.03
	verdict system "same" 16.1650 "$(mean_ms out.csv queue_wait system)" 0.03
	verdict job_execution "same" 23.0229 "$(mean_ms out.csv queue_wait job_execution)" 0.03
	verdict data_transfer "same" 37.7576 "$(mean_ms out.csv queue_wait data_transfer)" 0.03
	verdict logs_metrics "same" 138.4444 "$(mean_ms out.csv queue_wait logs_metrics)" 0.05
}

@test "M/M/1/K (law 4): the part that is lost" {
	# nine wait, one is served: K = 10
	qos-gen --count 400000 --start 0 --rate 80/s --service-time exp:10ms --class critical:share=1 --with-class --seed 15 |
		qos-route -d fifo --capacity 1kbit -l 9 --set router.max_concurrent_streams=1000000 --summary 2>sum >/dev/null
	verdict "loss" "(1-rho) rho^K/(1-rho^(K+1))" 0.0234929 "$(jq '.drops.tail / .in' sum)" 0.05
}

five_mixed() {
	five_classes exp:5ms | head -200001
}

@test "fifo, strict and edf departures equal an exact simulation, record for record" {
	five_mixed >in.csv
	for d in fifo strict edf; do
		qos-route -d "$d" --capacity 1kbit -l 1000000 --set router.max_concurrent_streams=1000000 in.csv |
			awk -F, "$ns"' NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
				{ printf "%s,%.0f\n", $c["id"], ns($c["depart"]) }' | sort >got
		"$BUILD/tests/oracle/simulate" "$d" <in.csv | sort >want
		[ "$(wc -l <want)" -eq 200000 ]
		cmp got want
		echo "# $d: 200000 departures, all equal to the ns" >&3
	done
}

@test "the greedy shaper (50): departures of a link equal the recursion, to the ns" {
	qos-gen --count 100000 --start 0 --rate 1k/s --size uniform:100:1500 --class critical:share=1 --streams 1 --with-class --seed 16 >in.csv
	qos-shape --rate 10mbit --burst 3000 -l 1000000 in.csv >out.csv
	# D = max(A, when the bucket holds the record); the bucket in exact nano-bytes: 10 Mbit/s is 1.25 bytes a us
	awk -F, "$ns"' NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
		{ a = ns($c["ts"]) - 0; l = $c["size"] * 800; d = a > last ? a : last
		  # time at which the bucket was empty, in ns; a byte takes 800 ns
		  if (NR == 2 || e < d - 2400000) e = d - 2400000
		  if (e + l > d) d = e + l
		  if (e < d - 2400000) e = d - 2400000
		  e += l; last = d; printf "%.0f\n", d }' in.csv >want
	awk -F, "$ns"' NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next } { printf "%.0f\n", ns($c["depart"]) }' out.csv >got
	cmp got want
}
