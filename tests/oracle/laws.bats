#!/usr/bin/env bats
# More closed forms and exact identities, against the router and the shaper; where it can be, one run for several laws.
load ../helper

ALL="-l 1000000 --set router.max_concurrent_streams=1000000"

setup() {
	cd "$BATS_TEST_TMPDIR"
}

# verdict NAME FORMULA EXPECTED MEASURED TOLERANCE(relative)
verdict() {
	awk -v name="$1" -v formula="$2" -v e="$3" -v m="$4" -v tol="$5" 'BEGIN {
		ok = (m != "" && m - e <= e * tol && e - m <= e * tol)
		printf "# %s: %s; expected %g, measured %g: %s\n", name, formula, e, m, ok ? "holds" : "VIOLATED"
		exit !ok }' >&3
}

# at_most NAME FORMULA BOUND MEASURED
at_most() {
	awk -v name="$1" -v formula="$2" -v e="$3" -v m="$4" 'BEGIN {
		ok = (m != "" && m + 0 <= e)
		printf "# %s: %s; at most %g, measured %g: %s\n", name, formula, e, m, ok ? "holds" : "VIOLATED"
		exit !ok }' >&3
}

# awk over the columns of a trace by name: c["ts"] is its number
columns='NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }'
# ns since the epoch of a decimal number of seconds, exactly
ns='function ns(s,  p) { p = index(s, "."); if (!p) return (s "000000000") + 0; return substr(s, 1, p - 1) * 1000000000 + substr(substr(s, p + 1) "000000000", 1, 9) }'

mean_ms() { # FILE [CLASS]: of queue_wait
	awk -F, -v class="${2:-}" "$columns"' class == "" || $c["class"] == class { s += $c["queue_wait"]; n++ }
		END { printf "%.6f", 1000 * s / n }' "$1"
}

quantile_ms() { # SHARE <numbers of ns: the smallest that so many are not above
	sort -n | awk -v q="$1" '{ x[NR] = $1 } END { i = int(q * NR); if (i < q * NR) i++; printf "%.4f", x[i] / 1e6 }'
}

@test "M/M/1 (3): quantiles of the time in system and of the wait; Lindley (49), exactly; Kingman (54)" {
	qos-gen --count 400000 --start 0 --rate 80/s --service-time exp:10ms --with-class --seed 11 |
		qos-route -d fifo --capacity 1kbit $ALL >out.csv
	awk -F, "$ns $columns"' { w = ns($c["queue_wait"]); printf "%.0f\n", w > "waits"
		printf "%.0f\n", w + ns($c["service_time"]) > "sojourns" }' out.csv
	verdict "M/M/1 median" "ln 2/(mu-lambda) ms" 34.657 "$(quantile_ms 0.5 <sojourns)" 0.04
	verdict "M/M/1 p99" "ln 100/(mu-lambda) ms" 230.259 "$(quantile_ms 0.99 <sojourns)" 0.04
	verdict "M/M/1 p99 of the wait" "ln(100 rho)/(mu-lambda) ms" 219.101 "$(quantile_ms 0.99 <waits)" 0.04
	at_most "Kingman (54)" "mean wait, lambda(sa^2+ss^2)/(2(1-rho)) ms" 51.25 "$(mean_ms out.csv)"
	awk -F, "$ns $columns"' { a = ns($c["ts"]); if (NR > 2) { w += s - (a - last); if (w < 0) w = 0 }
		s = ns($c["service_time"]); last = a; wrong += w != ns($c["queue_wait"]); n++ }
		END { printf "# Lindley: W(n+1) = max(0, W + S - A); %d waits, wrong: expected 0, measured %d: %s\n",
			n, wrong, wrong ? "VIOLATED" : "holds"; exit wrong || n != 400000 }' out.csv >&3
}

@test "Lindley (49), the vector: A = 0 1 2 3 10 11, S = 2 3 1 4 2 1 gives W = 0 1 3 3 0 1" {
	printf 'ts,service_time\n0,2\n1,3\n2,1\n3,4\n10,2\n11,1\n' | qos-route -d fifo --capacity 1kbit |
		awk -F, "$columns"' { printf "%s ", $c["queue_wait"] + 0 } END { print "" }' >got
	echo "# W: expected 0 1 3 3 0 1, measured $(cat got)" >&3
	[ "$(cat got)" = "0 1 3 3 0 1 " ]
}

@test "Pollaczek-Khinchine (6): 60 % of 200 B, 40 % of 1500 B on 10 Mbit/s at load 0.7" {
	qos-gen --count 400000 --start 0 --rate 1215.28/s --size '60%:200,40%:1500' --class critical:share=1 --with-class --seed 12 |
		qos-route -d fifo --capacity 10mbit $ALL >out.csv
	verdict "M/G/1 wait" "lambda E[S^2]/(2(1-rho)) ms" 1.19778 "$(mean_ms out.csv)" 0.03
}

@test "M/M/1/K (4): at and above the capacity" {
	for case in '100/s:0.0909091' '125/s:0.2187943'; do
		qos-gen --count 300000 --start 0 --rate "${case%:*}" --service-time exp:10ms --class critical:share=1 --with-class --seed 15 |
			qos-route -d fifo --capacity 1kbit -l 9 --set router.max_concurrent_streams=1000000 --no-output --summary 2>sum
		verdict "M/M/1/10 loss at ${case%:*}" "(1-rho) rho^K/(1-rho^(K+1))" "${case#*:}" "$(jq '.drops.tail / .in' sum)" 0.03
	done
}

@test "batch Poisson (52): 40 batches of 4 a second, 5 ms each" {
	qos-gen --count 100000 --start 0 --rate 40/s --service-time const:5ms --class critical:share=1 --with-class --seed 16 |
		awk 'NR == 1 { print; next } { for (k = 0; k < 4; k++) print }' |
		qos-route -d fifo --capacity 1kbit $ALL >out.csv
	verdict "batch wait" "rho/(1-rho) S/2 + S(E[b^2]-E[b])/(2E[b](1-rho)) ms" 47.5 "$(mean_ms out.csv)" 0.03
}

# jobs cut into records of 100 bytes, a stream each: mean of time in system by size of job, in ms and as slowdown
processor_sharing() { # <jobs; 100 kB/s
	awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; print "ts,stream,size,class"; next }
		{ n = int($c["size"] / 100 + 0.5); for (k = 0; k < n; k++) print $c["ts"], "j" NR, 100, "critical" }' |
		qos-route -d drr --capacity 800kbit $ALL |
		awk -F, "$columns"' { s = $c["stream"]; if (!n[s]++) t0[s] = $c["ts"]; end[s] = $c["depart"] }
			END { for (s in n) { t = end[s] - t0[s]; b = n[s] > 20; k[b]++; slow[b] += t / (n[s] * 0.001); sum += t; all++ }
				printf "%.4f %.4f %.4f\n", slow[0] / k[0], slow[1] / k[1], 1000 * sum / all }'
}

@test "processor sharing (11): streams of one class in turn slow every job down by 1/(1-rho), small or large" {
	qos-gen --count 60000 --start 0 --rate 40/s --class critical:share=1 --with-class --seed 21 --size uniform:1000:3000 |
		processor_sharing >ps
	read -r small large _ <ps
	verdict "M/G/1 PS, jobs up to 2 kB" "1/(1-rho) at rho 0.8" 5 "$small" 0.06
	verdict "M/G/1 PS, jobs above 2 kB" "the same" 5 "$large" 0.06
}

@test "processor sharing (51), equal weights: M/M/1 in turn has the mean of M/M/1" {
	# a mean of 10 records of 1 ms, 80 jobs a second
	qos-gen --count 100000 --start 0 --rate 80/s --class critical:share=1 --with-class --seed 22 --size exp:1000 |
		awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i } NR > 1 && $c["size"] < 100 { $c["size"] = 100 } { print }' |
		processor_sharing >ps
	read -r _ _ mean <ps
	load=$(qos-gen --count 100000 --start 0 --rate 80/s --class critical:share=1 --with-class --seed 22 --size exp:1000 |
		awk -F, "$columns"' { n = int($c["size"] / 100 + 0.5); s += n > 1 ? n : 1; last = $c["ts"] } END { printf "%.6f", s / 1000 / last }')
	verdict "M/M/1 PS" "S/(1-rho) ms at the load of the trace, $load" \
		"$(awk -v r="$load" 'BEGIN { print r / 80 * 1000 / (1 - r) }')" "$mean" 0.08
}

@test "c mu (10): of all 120 static orders the one by falling cost over service is cheapest, and ours is as cheap" {
	# class k: arrivals a second, service in ms, cost of a second's wait
	cat >classes <<-'EOF'
		30 2 1
		30 4 8
		20 8 10
		10 16 40
		5 64 64
	EOF
	awk '{ l[NR] = $1 / 1000; s[NR] = $2; c[NR] = $3; w0 += l[NR] * s[NR] * s[NR] / 2 }
		function cost(   i, k, before, sum) {
			before = sum = 0
			for (i = 1; i <= 5; i++) {
				k = at[i]
				sum += c[k] * l[k] * w0 / ((1 - before) * (1 - before - l[k] * s[k]))
				before += l[k] * s[k]
			}
			return sum
		}
		function all(n,   k) {
			if (n > 5) { printf "%.6f %d %d %d %d %d\n", cost(), at[1], at[2], at[3], at[4], at[5]; return }
			for (k = 1; k <= 5; k++) if (!used[k]) { used[k] = 1; at[n] = k; all(n + 1); used[k] = 0 }
		}
		END { all(1) }' classes | sort -n >orders
	[ "$(wc -l <orders)" -eq 120 ]
	echo "# c mu: cheapest of 120 orders: expected 4 2 3 5 1, measured $(head -1 orders | cut -d' ' -f2-)" >&3
	[ "$(head -1 orders | cut -d' ' -f2-)" = "4 2 3 5 1" ]
	names=(critical system job_execution data_transfer logs_metrics)
	for line in 1 60; do
		read -r want order < <(sed -n "${line}p" orders)
		args=() rank=0 costs=""
		for k in $order; do
			read -r rate service cost < <(sed -n "${k}p" classes)
			args+=(--class "${names[rank]}:rate=$rate/s,service=const:${service}ms")
			costs+=" ${names[rank]} $(awk -v c="$cost" -v l="$rate" 'BEGIN { print c * l / 1000 }')"
			rank=$((rank + 1))
		done
		qos-gen --count 400000 --start 0 --seed 23 --with-class "${args[@]}" | qos-route -d strict --capacity 1kbit $ALL >out.csv
		got=$(awk -F, -v costs="$costs" "$columns"' { w[$c["class"]] += $c["queue_wait"]; n[$c["class"]]++ }
			END { split(costs, x, " "); for (i = 1; i <= 10; i += 2) s += x[i + 1] * 1000 * w[x[i]] / n[x[i]]; print s }' out.csv)
		verdict "cost of order $order" "sum c lambda W" "$want" "$got" 0.05
	done
}

@test "strict priority (22): what is left serves the lower class within T2 = (b1 + Lmax)/R2" {
	# 10 kB at once at 1 s, then 0.25 MB/s in records of 1000 B; 1500 B records wait below all the time; 1.25 MB/s
	awk 'BEGIN { print "ts,size,class"; for (i = 0; i < 2000; i++) print "0,1500,system"
		for (i = 0; i < 10; i++) print "1,1000,critical"
		for (i = 1; i <= 200; i++) printf "%.3f,1000,critical\n", 1 + i * 0.004 }' |
		qos-route -d strict --capacity 10mbit $ALL >out.csv
	# on any interval of the lower one: R2 (t - s) - what it got <= R2 T2; R2 is 1 MB/s
	late=$(awk -F, "$columns"' $c["class"] == "system" && $c["depart"] < 1.8 { owed = $c["depart"] * 1e6 - got; got += $c["size"]
		if (owed > most) most = owed; owed = $c["depart"] * 1e6 - got; if (NR == 2 || owed < least) least = owed
		if (most - least > worst) worst = most - least; most = owed > least ? most : owed } END { print worst / 1000 }' out.csv)
	at_most "residual service" "(b1 + Lmax)/R2 + one record's service, ms" 13 "$late"
	at_most "strict, the upper class" "waits (Lmax + b1 - L)/C, ms" 8.4 \
		"$(awk -F, "$columns"' $c["class"] == "critical" { w = 1000 * $c["queue_wait"]; if (w > m) m = w } END { print m }' out.csv)"
}

@test "Parekh and Gallager (23): a flow within (15 kB, 1 Mbit/s) waits at most 121.2 ms among backlogged others" {
	awk 'BEGIN { print "ts,size,class"
		for (i = 0; i < 5000; i++) { print "0,1500,system"; print "0,1500,job_execution"; print "0,1500,data_transfer" }
		for (b = 1; b <= 20; b++) for (i = 0; i < 10; i++) printf "%.3f,1500,logs_metrics\n", b * 0.137 }' >in.csv
	for d in wfq drr; do
		qos-route -d $d --capacity 10mbit $ALL --set classes.critical.share=10% --set classes.system.share=30% \
			--set classes.job_execution.share=30% --set classes.data_transfer.share=20% --set classes.logs_metrics.share=10% \
			in.csv >out.csv
		worst=$(awk -F, "$columns"' $c["class"] == "logs_metrics" { t = 1000 * ($c["depart"] - $c["ts"]); if (t > m) m = t } END { print m }' out.csv)
		if [ $d = wfq ]; then
			at_most "wfq delay" "sigma/g + Lmax/C, ms" 121.2 "$worst"
		else
			echo "# drr delay, for comparison: $worst ms" >&3
		fi
	done
}

@test "no stream is reordered (47) by fifo, strict, wrr, drr, wfq" {
	qos-gen --count 100000 --start 0 --rate 10k/s --streams 50 --with-class --seed 24 >in.csv
	for d in fifo strict wrr drr wfq; do
		qos-route -d $d --capacity 50mbit $ALL in.csv |
			awk -F, -v d=$d "$columns"' { k = $c["class"] " " $c["stream"]; id = substr($c["id"], 2) + 0
				bad += id < last[k]; last[k] = id } END { printf "# %s: records before an earlier one of their stream: expected 0, measured %d: %s\n",
				d, bad, bad ? "VIOLATED" : "holds"; exit bad > 0 || NR != 100001 }' >&3
	done
}

@test "metamorphic (48): streams renamed, times scaled, a lower class added" {
	qos-gen --count 100000 --start 0 --rate 180/s --streams 50 --service-time exp:5ms --with-class --seed 25 >in.csv
	awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; print; next } { $c["stream"] = "renamed-" 7919 * substr($c["stream"], 2); print }' in.csv >renamed.csv
	awk -F, -v OFS=, "$ns"' NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; print; next }
		{ for (k = 1; k <= 2; k++) { n = k == 1 ? c["ts"] : c["service_time"]; x = 2 * ns($n)
			$n = sprintf("%d.%09d", int(x / 1000000000), x % 1000000000) } print }' in.csv >doubled.csv
	for d in fifo strict wrr drr wfq; do
		qos-route -d $d --capacity 1kbit $ALL in.csv | awk -F, "$ns $columns"' { printf "%s %.0f\n", $c["id"], ns($c["depart"]) }' >a
		qos-route -d $d --capacity 1kbit $ALL renamed.csv | awk -F, "$ns $columns"' { printf "%s %.0f\n", $c["id"], ns($c["depart"]) }' >b
		cmp a b
		qos-route -d $d --capacity 1kbit $ALL doubled.csv | awk -F, "$ns $columns"' { printf "%s %.0f\n", $c["id"], ns($c["depart"]) / 2 }' >b
		cmp a b
		echo "# $d: 100000 departures are the same with streams renamed, and twice as late with all times doubled: holds" >&3
	done
	awk -F, "$columns"' $c["class"] != "logs_metrics" { print }' in.csv >upper
	{ head -1 in.csv; cat upper; } >upper.csv
	for f in in upper; do
		qos-route -d strict --capacity 1kbit $ALL $f.csv |
			awk -F, "$columns"' $c["class"] == "critical" { print $c["id"], $c["queue_wait"] }' | sort >$f.waits
	done
	longest=$(awk -F, "$columns"' $c["class"] == "logs_metrics" && $c["service_time"] > m { m = $c["service_time"] } END { print 1000 * m }' in.csv)
	at_most "strict, a lower class added" "no critical record waits longer by more than one lower service, ms" "$longest" \
		"$(join in.waits upper.waits | awk '{ d = 1000 * ($2 - $3); if (d > m) m = d } END { print m + 0 }')"
}

@test "the greedy shaper (50), the vector: 5 x 1500 B through (3000 B, 1 MB/s) leave at 0 0 1.5 3 4.5 ms" {
	printf 'ts,size,class\n0,1500,critical\n0,1500,critical\n0,1500,critical\n0,1500,critical\n0,1500,critical\n' |
		qos-shape --rate 8mbit --burst 3000 | awk -F, "$columns"' { printf "%g ", 1000 * $c["depart"] } END { print "" }' >got
	echo "# D: expected 0 0 1.5 3 4.5, measured $(cat got)" >&3
	[ "$(cat got)" = "0 0 1.5 3 4.5 " ]
}
