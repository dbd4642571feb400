#!/usr/bin/env bats
# Overload: who is turned away, how many are, and what is left to the others.
load ../helper
load verdict

setup() {
	cd "$BATS_TEST_TMPDIR"
}

# 60 s of 10, 20, 30, 40, 50 records a second, evenly spaced, for a server of 100 a second
steady() {
	awk 'BEGIN { split("critical system job_execution data_transfer logs_metrics", name, " ")
		print "ts,id,stream,class,service_time"
		for (t = 0; t < 60; t++) for (i = 0; i < 150; i++) {
			k = 5; if (i % 15 < 10) k = 4; if (i % 15 < 6) k = 3; if (i % 15 < 3) k = 2; if (i % 15 < 1) k = 1
			printf "%.6f,%d,%s%d,%s,0.01\n", t + i / 150, n++, name[k], i % 50, name[k] } }'
}

@test "strict shedding (29): 10, 20, 30, 40, 50 on 100 admits 10, 20, 30, 40, 0, exactly" {
	steady >in.csv
	qos-route -d strict --capacity 1kbit -l 100000 --shed=always --keep-drops --summary in.csv 2>sum >out.csv
	# from the second window on: before that nothing is known
	for k in critical:10 system:20 job_execution:30 data_transfer:40 logs_metrics:0; do
		verdict "${k%:*}" "min(offered, what is left of 100), a second" "${k#*:}" \
			"$(awk -F, -v k="${k%:*}" '$4 == k && $1 >= 2 && $8 == "" { n++ } END { print n / 58 }' out.csv)" 0
	done
	verdict "loss" "1 - 1/rho" 0.3333333 "$(awk -F, 'NR > 1 && $1 >= 2 { all++; lost += $8 == "shed" } END { printf "%.7f", lost / all }' out.csv)" 1e-6
}

random() { # SEED: load 1.5 of a server of 1000 a second, in the same parts
	qos-gen --count 150000 --start 0 --seed "$1" --with-class --streams 500 \
		--class critical:rate=100/s,service=exp:1ms --class system:rate=200/s,service=exp:1ms \
		--class job_execution:rate=300/s,service=exp:1ms --class data_transfer:rate=400/s,service=exp:1ms \
		--class logs_metrics:rate=500/s,service=exp:1ms
}

@test "random arrivals at 1.5 of the capacity: the loss is 1 - 1/rho whatever is shed, and the urgent lose nothing" {
	random 21 >in.csv
	for when in never congested always; do
		qos-route -d strict --capacity 1kbit -l 1000 --shed=$when --summary in.csv 2>sum >out.csv
		verdict "$when" "loss 1 - 1/rho" 0.3333 "$(jq '1 - .out / .in' sum)" 0.03
		[ "$(jq '[.classes[] | select(.class == "critical" or .class == "system" or .class == "job_execution") | .drops | add // 0] | add' sum)" -le "$([ $when = always ] && echo 300 || echo 0)" ]
		echo "# $when: lost by class $(jq -c '[.classes[].drops | add // 0]' sum) of $(jq -c '[.classes[].in]' sum)" >&3
	done
}

@test "inside the class in which the cut falls whole streams are in or out" {
	qos-gen --count 60000 --start 0 --seed 22 --with-class --streams 400 \
		--class critical:rate=200/s,service=const:1ms --class logs_metrics:rate=1600/s,service=const:1ms >in.csv
	qos-route -d strict --capacity 1kbit -l 100000 --shed=always --keep-drops --set router.shed_window=10s in.csv >out.csv
	# by window (2000 records): a stream that has both kinds of records in it
	awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
		$c["class"] == "logs_metrics" { print $c["id"] "," $c["stream"] "," ($c["drop"] == "shed") }' out.csv |
		awk -F, '{ n[$2]++; shed[$2] += $3 } END {
			for (s in n) { all++; if (shed[s] == 0) in_++; else if (shed[s] >= 0.9 * n[s]) out++ }
			printf "# %d streams: %d never shed, %d nearly always (800 of 1600 fit)\n", all, in_, out
			exit !(in_ > 0.3 * all && out > 0.3 * all) }' >&3
}

@test "retry_after is the records ahead over the drain rate" {
	# 20 a second for a server of 10, five wait: (5 + 1) / 10
	awk 'BEGIN { print "ts,id,class,service_time"; for (i = 0; i < 400; i++) printf "%.2f,%d,critical,0.1\n", i / 20, i }' >in.csv
	qos-route -d fifo --capacity 1kbit -l 5 --keep-drops --summary in.csv 2>sum >out.csv
	verdict "retry_after" "(n + 1) / drain s" 0.6 "$(awk -F, '$7 == "tail" && $1 > 1 { s += $8; n++ } END { print s / n }' out.csv)" 0
	verdict "retry_after_max" "the same" 0.6 "$(jq '.queues[0].retry_after_max' sum)" 0
	# what waits in less urgent classes is not ahead, but with fifo (4 or 5 of the other class wait)
	awk 'BEGIN { print "ts,id,class,service_time"; for (i = 0; i < 400; i++) printf "%.2f,%d,%s,0.1\n", i / 20, i, i % 4 ? "critical" : "system" }' >in.csv
	for d in strict:0.6:0 fifo:1.05:0.05; do
		qos-route -d "${d%%:*}" --capacity 1kbit -l 5 --keep-drops in.csv >out.csv
		IFS=: read -r name want tolerance <<<"$d"
		verdict "$name" "(n at least as urgent + 1) / drain s" "$want" \
			"$(awk -F, '$3 == "critical" && $7 == "tail" && $1 > 10 { s += $8; n++ } END { print s / n }' out.csv)" "$tolerance"
	done
}
