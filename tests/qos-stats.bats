#!/usr/bin/env bats
load helper

setup() {
	cd "$BATS_TEST_TMPDIR"
	cat >t.csv <<-EOF
		ts,class,size,stream,depart,drop,max_latency
		0,critical,100,a,0.005,,
		1,critical,100,b,1.020,,
		2,critical,300,a,2.001,,0.0005
		3,logs_metrics,1000,c,4,,
		4,logs_metrics,50,c,,tail,
	EOF
}

@test "json: counts, bytes, drops, latency, attainment, fairness, ledger" {
	run -0 qos-stats -F json t.csv
	[ "$(jq -c '[.records, .drops.tail, .duration]' <<<"$output")" = "[5,1,4]" ]
	[ "$(jq -c '.classes[] | select(.class == "critical") | [.count, .bytes, .latency.max, .deadline_misses, .target]' <<<"$output")" = "[3,500,0.02,2,0.01]" ]
	[ "$(jq -c '.classes[] | select(.class == "logs_metrics") | [.count, .bytes, .drops.tail, .attainment, .throughput_bps]' <<<"$output")" = "[2,1000,1,1,2000]" ]
	[ "$(jq -c '.classes[0].fairness * 1000000 | floor' <<<"$output")" = 735294 ]
	[ "$(jq -c .ledger <<<"$output")" = '{"in":5,"out":4,"dropped":1,"rejected":0}' ]
}

@test "quantiles agree with exact ones within 1 %" {
	qos-gen --count 50000 --rate 900/s --service-time exp:1ms --with-class --start 0 --seed 5 |
		qos-route --capacity 1kbit -l 1000000 --set router.max_concurrent_streams=1000000 >out.csv
	awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next } { printf "%.9f\n", $c["depart"] - $c["ts"] }' out.csv | sort -n >lat
	qos-stats -F json --by region out.csv >r.json
	for q in p50:25000 p90:45000 p99:49500 p99.9:49950; do
		exact=$(sed -n "${q#*:}p" lat)
		jq -e --arg q "${q%:*}" --argjson e "$exact" '.groups[0].latency[$q] | . >= $e * 0.99 and . <= $e * 1.01' r.json
	done
	jq -e --argjson m "$(awk '{ s += $1 } END { printf "%.12f", s / NR }' lat)" '.groups[0].latency.mean - $m | fabs < 1e-8' r.json
}

@test "the table marks missed targets and drops, and ends with the ledger" {
	run -0 qos-stats t.csv
	[[ ${lines[0]} == class*records*p99*target* ]]
	[[ ${lines[1]} == critical*20ms!*10ms*33.3%* ]]
	[[ $output == *"in 5 = out 4 + dropped 1 (tail 1) + rejected 0; 4s"* ]]
	[[ $output != *$'\033'* ]]
}

@test "csv has a row for each group and one for all" {
	run -0 qos-stats -F csv t.csv
	[[ ${lines[0]} == class,count,bytes,drops,throughput_bps,mean,* ]]
	[[ ${lines[1]} == critical,3,500,0,1000,* && ${lines[3]} == all,5,1500,1,3000,* ]]
}

@test "--by groups by any fields" {
	run -0 bash -c 'qos-stats -F json --by stream,class t.csv | jq -c "[.groups[] | [.stream, .class, .count]]"'
	[ "$output" = '[["a","critical",2],["b","critical",1],["c","logs_metrics",2]]' ]
}

@test "checks pass, fail with the value and by how much, or are refused" {
	run -0 qos-stats --check 'all.count == 5' --check 'drops <= 1' --check 'critical.fairness > 0.7' \
		--check 'logs_metrics.attainment >= 99.9%' --check 'drops.critical == 0 && drops.tail == 1' t.csv
	run -1 qos-stats --check 'critical.p99 < 10ms' --check 'drops == 0' t.csv
	[[ $output == *"check failed: critical.p99 < 10ms: critical.p99 is 20ms (10ms over)"* ]]
	[[ $output == *"check failed: drops == 0: drops is 1 (1 over)"* ]]
	run -1 qos-stats --check 'system.p99 < 10ms' t.csv
	[[ $output == *"system.p99 was not measured"* ]]
	run -2 qos-stats --check 'critcal.p99 < 10ms' t.csv
	[[ $output == *'there is no value "critcal.p99"'* ]]
}

@test "rejected records are in the ledger, unclassified ones are told" {
	printf 'ts,size\n0,1\n1,x\n2,3\n' >b.csv
	run -3 --separate-stderr qos-stats -F json b.csv
	[ "$(jq -c '[.ledger.in, .ledger.rejected, .unclassified]' <<<"$output")" = "[3,1,2]" ]
	[[ $stderr == *'b.csv:3:3: size "x"'* ]]
}

@test "an empty input gives a report of nothing" {
	run -0 qos-stats -F json /dev/null
	[ "$(jq -c '[.records, (.classes | length)]' <<<"$output")" = "[0,0]" ]
}
