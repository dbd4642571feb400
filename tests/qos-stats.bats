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
	[ "$(jq -c .ledger <<<"$output")" = '{"in":5,"out":4,"dropped":1,"rejected":0,"left_out":0}' ]
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

@test "counts, bytes, drops, fairness and attainment are those that jq computes from the records" {
	qos-gen --count 20000 --rate 5k/s --with-class --start 0 --seed 9 |
		qos-route --capacity 4k/s -l 300 --keep-drops >out.csv
	qos-stats -F json out.csv >r.json
	awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
		{ printf "{\"class\":\"%s\",\"size\":%d,\"stream\":\"%s\",\"drop\":\"%s\",\"ts\":%s,\"depart\":\"%s\"}\n",
			$c["class"], $c["size"], $c["stream"], $c["drop"], $c["ts"], $c["depart"] }' out.csv >out.jsonl
	jq -s 'group_by(.class) | map({ class: .[0].class, count: length,
		bytes: (map(select(.drop == "") | .size) | add // 0), dropped: (map(select(.drop != "")) | length),
		fairness: (group_by(.stream) | map(map(select(.drop == "") | .size) | add // 0) |
			(add * add) / (length * (map(. * .) | add))),
		max: (map(select(.drop == "" and .depart != "") | (.depart | tonumber) - .ts) | max) })' out.jsonl >expected.json
	[ "$(jq 'map(.dropped) | add' expected.json)" -gt 0 ]
	jq -e --slurpfile e expected.json '[.classes[] | . as $c | $e[0][] | select(.class == $c.class) |
		.count == $c.count and .bytes == $c.bytes and .dropped == ([$c.drops[]] | add // 0) and
		(.fairness - $c.fairness | fabs) < 1e-9 and (.max - $c.latency.max | fabs) < 1e-6] |
		length == 5 and all' r.json
}

@test "quantiles of a few nanoseconds are within 1 % too" {
	{ echo ts,class,depart; echo 0,critical,0.000000001; yes 0,critical,0.000000051 | head -9; echo 0,critical,0.001; } >ns.csv
	qos-stats -F json ns.csv | jq -e '.classes[0].latency.p50 | . >= 50.49e-9 and . <= 51.51e-9'
}

@test "a class without records has counts of 0; what was not measured fails its check, negated or not" {
	run -0 qos-stats --check 'system.drops == 0' --check 'system.count == 0 || system.p99 < 10ms' t.csv
	run -1 qos-stats --check '!(system.p99 > 10ms)' t.csv
	[[ $output == *"system.p99 was not measured"* ]]
}

@test "a latency of centuries is a miss, not one that wrapped" {
	printf 'ts,class,depart,size\n-9000000000,critical,9000000000,1\n' >c.csv
	qos-stats -F json c.csv | jq -e '.classes[0] | .attainment == 0 and .deadline_misses == 1 and .latency.max > 9e9'
}

@test "a failed check outweighs bad input" {
	printf 'ts,size\n0,1\n1,x\n' >b.csv
	run -1 qos-stats --check 'records == 5' b.csv
	run -3 qos-stats --check 'records == 1' b.csv
}

@test "more groups than there is room for are counted together" {
	awk 'BEGIN { print "ts,size,id"; for (i = 0; i < 100500; i++) print i ",1," i }' >many.csv
	qos-stats -F csv --by id,size many.csv | tail -2 >last
	[[ $(<last) == "(other),(other),500,500,0,"*$'\n'"all,,100500,100500,0,"* ]]
}

@test "--where leaves records out, and says how many" {
	run -0 qos-stats -F json --where 'size > 100 && class == "critical"' t.csv
	[ "$(jq -c '[.records, .all.bytes, .ledger.in, .ledger.out, .ledger.left_out]' <<<"$output")" = "[1,300,5,1,4]" ]
	run -0 qos-stats --where 'tenant == "nobody"' t.csv
	[[ $output == *"in 5 = out 0 + dropped 0 + rejected 0 + left out 5"* ]]
	run -2 qos-stats --where 'size >' t.csv
	[[ $output == *"--where:1:7:"* ]]
	run -2 qos-stats --where 'size' t.csv
}

@test "the table fits the terminal, is coloured there alone, and not under NO_COLOR" {
	need script
	qos-gen -n 3000 --with-class --seed 1 | qos-route --capacity 2k/s >long.csv
	for cols in 200 100 60; do
		script -qec "stty cols $cols; qos-stats --ascii long.csv" /dev/null | tr -d '\r' >out
		grep -q $'\033' out
		sed 's/\x1b\[[0-9;]*m//g' out | awk -v n=$cols 'length > n && !/^in / && !/^\(/ { exit 1 }'
	done
	grep -q 'have no room in 60' out
	NO_COLOR=1 script -qec "qos-stats --ascii long.csv" /dev/null >out
	! grep -q $'\033' out
}

@test "columns of what no record told are left out" {
	printf 'ts,size\n0,1\n1,2\n' >none.csv
	run -0 qos-stats none.csv
	[ "$(head -1 <<<"$output" | tr -s ' ')" = "class records bytes drops rate over time" ]
	printf 'ts,op,depart,stream\n0,read,1,s\n1,write,9,s\n' >some.csv
	run -0 qos-stats some.csv # the default class has a target
	[[ $output == *"max  target    met   fair  over time"* ]]
}

@test "in groups that are no classes a record without a class has no target but its own" {
	printf 'ts,op,depart,max_latency,class\n0,read,9,,\n1,write,9,10,\n1,write,9,1,\n1,trim,9,,critical\n' >g.csv
	run -0 qos-stats -F json --by op g.csv
	jq -e '[.groups[].attainment] == [null, 0, 0.5] and [.groups[].deadline_misses] == [0, 1, 1] and .all.attainment < 0.34' <<<"$output"
	run -0 qos-stats --by op -w 'op == "read"' g.csv
	[ "$(head -1 <<<"$output" | tr -s ' ')" = "group records bytes drops rate mean p50 p90 p99 p99.9 max over time" ]
}

@test "the sparkline is in the locale's characters, and in ASCII where asked" {
	qos-gen -n 3000 --with-class --seed 1 >s.csv
	LC_ALL=C.UTF-8 qos-stats s.csv | grep -q '▁\|▂\|▃\|▄\|▅\|▆\|▇\|█'
	LC_ALL=C qos-stats s.csv >plain
	LC_ALL=C.UTF-8 qos-stats --ascii s.csv | cmp - plain
	! LC_ALL=C grep -q '[^ -~]' plain
}

@test "a million records give their table in less than half a second" {
	[ "${BUILD%/san}" = "$BUILD" ] || skip "instrumented"
	qos-gen -n 1M --with-class --streams 10k >million.csv
	best=9
	for _ in 1 2 3; do
		s=$( { TIMEFORMAT=%U; time qos-stats million.csv >/dev/null; } 2>&1)
		best=$(printf '%s\n' "$best" "$s" | sort -n | head -1)
	done
	jq -en --argjson s "$best" '$s < 0.5'
}

@test "--forecast finds the day in a trace, and --scale what it needs" {
	qos-gen --duration 6d --rate 1/s --start 0 --arrivals daily:0.8 --with-class --seed 2 >days.csv
	run -0 qos-stats -F json --forecast 24h --scale adapter=0.5/s days.csv
	jq -e '.forecast | .ahead == 86400 and (.arrivals | length == 6) and (.arrivals[-1] |
		.of == "all" and (.season / 86400 - 1 | fabs) < 0.05 and .error < 0.4 and .error < 0.8 * .error_of_mean and
		(.mean - 1 | fabs) < 0.15 and (.peak - 1.8 | fabs) < 0.3) and
		([.scale.needs[].count] | min <= 1 and max >= 4)' <<<"$output"
	run -0 qos-stats --forecast 24h days.csv
	[[ $output == *"forecast of arrivals, 24h ahead"*"all "*"/s now"* ]]
	run -2 qos-stats --scale adapter=1/s days.csv
	run -2 qos-stats --forecast 1h --scale 5 days.csv
}
