#!/usr/bin/env bats
# What a user of qos-gen sees.
load helper

@test "the default is a thousand records as CSV with a header" {
	run -0 qos-gen
	[ "${#lines[@]}" -eq 1001 ]
	[ "${lines[0]}" = ts,id,stream,type,priority,size ]
	[[ ${lines[1]} =~ ^17356896[0-9]{2}\.[0-9]{9},m1,s[0-9]+,[a-z_]+,[a-z]+,[0-9]+$ ]]
	[ -z "$stderr" ]
}

@test "every line of JSON Lines is an object with typed fields" {
	run -0 qos-gen -n 500 -o jsonl --payload --labels --with-class --tenants 3 --service-time exp:10ms
	[ "${#lines[@]}" -eq 500 ]
	[ "$(printf '%s\n' "$output" | jq -s 'all(.[]; (.ts | type) == "number" and (.size | type) == "number" and
		(.service_time | type) == "number" and (.id | type) == "string" and .label == .class)')" = true ]
	[ "$(printf '%s\n' "$output" | jq -s -r '.[0] | keys_unsorted | join(" ")')" = \
		"ts id stream tenant type priority size service_time payload label class" ]
}

@test "the same seed gives the same bytes, another seed others" {
	a=$(qos-gen -n 2000 --payload --seed 5 | cksum)
	[ "$a" = "$(qos-gen -n 2000 --payload --seed 5 | cksum)" ]
	[ "$a" != "$(qos-gen -n 2000 --payload --seed 6 | cksum)" ]
}

@test "CSV and JSON Lines say the same" {
	csv=$(qos-gen -n 300 --payload | tail -n +2 | cut -d, -f2-)
	json=$(qos-gen -n 300 --payload -o jsonl |
		jq -r '[.id, .stream, .type, .priority, .size, .payload] | join(",")')
	[ "$csv" = "$json" ]
}

@test "time stamps never go back and end before the duration does" {
	qos-gen --duration 2s --start 100 | awk -F, '
		NR > 1 { bad += $1 + 0 < last || $1 < 100 || $1 >= 102; last = $1 + 0; n++ }
		END { exit bad || n < 1800 || n > 2200 }'
}

@test "constant arrivals are exact to the nanosecond" {
	run -0 qos-gen -n 4 --class a --rate 3/s --arrivals constant --start 1000 --fields ts,id
	[ "$output" = "ts,id
1000.000000000,m1
1000.333333333,m2
1000.666666666,m3
1001.000000000,m4" ]
}

@test "the classes of the default mix have their shares" {
	qos-gen -n 100000 --labels | awk -F, 'NR > 1 { n[$7]++ } END {
		s["critical"] = 30; s["system"] = 25; s["job_execution"] = 25
		s["data_transfer"] = 15; s["logs_metrics"] = 5
		for (c in n) { if (!(c in s)) exit 1; d = n[c] / 1000 - s[c]; if (d > 0.8 || d < -0.8) exit 1; k++ }
		exit k != 5 }'
}

@test "a load is kept within two percent" {
	qos-gen --duration 100s --rate 10mbit --size exp:1000 | awk -F, 'NR > 1 { bytes += $6 }
		END { r = bytes * 8 / 100 / 10e6; exit !(r > 0.98 && r < 1.02) }'
}

@test "adding a class leaves the others as they were" {
	one=$(qos-gen --duration 5s --class a:rate=100/s --labels | awk -F, '$7 == "a" { print $1, $3, $4, $6 }')
	two=$(qos-gen --duration 5s --class b:rate=1k/s --class a:rate=100/s --labels |
		awk -F, '$7 == "a" { print $1, $3, $4, $6 }')
	[ -n "$one" ]
	[ "$one" = "$two" ]
}

@test "Zipf's law makes the first stream the most popular" {
	qos-gen -n 20000 --streams 1000 --zipf 1 | awk -F, 'NR > 1 { n[$3]++ } END {
		share = n["s0"] / 20000; exit !(share > 0.125 && share < 0.142 && n["s0"] > n["s1"]) }' # 1 / 7.485
}

@test "a mixture of sizes has just these sizes" {
	run -0 bash -c "qos-gen -n 1000 --size '60%:200,40%:1500' --fields size | tail -n +2 | sort -nu"
	[ "$output" = "200
1500" ]
}

@test "the summary counts what was written" {
	run -0 --separate-stderr bash -c 'qos-gen -n 1234 --summary >/dev/null'
	[ "$(printf '%s' "$stderr" | jq '[.classes[].count] | add')" = 1234 ]
	bytes=$(qos-gen -n 1234 | wc -c)
	[ "$(printf '%s' "$stderr" | jq .written_bytes)" = "$bytes" ]
}

@test "what is wrong is refused with status 2 and what would be right" {
	run -2 qos-gen --size gamma:5
	[[ $output == *"--size: \"gamma:5\" is no law; write for example 1500"* ]]
	run -2 qos-gen --rate 0/s
	[[ $output == *"5k/s"* ]]
	run -2 qos-gen --class 'a:shear=3'
	[[ $output == *"did you mean share?"* ]]
	run -2 qos-gen --class a:share=60% --class b:share=60%
	[[ $output == *"add up to 120%"* ]]
	run -2 qos-gen --fields ts,sise
	[[ $output == *"did you mean size?"* ]]
	run -2 qos-gen -o xml
	[[ $output == *"none of csv, jsonl"* ]]
	run -2 qos-gen --start yesterday
	[[ $output == *"is no time stamp"* ]]
	run -2 qos-gen --count 0
	run -2 qos-gen file
	[[ $output == *"nothing to read"* ]]
}

@test "a reader that goes away ends it quietly" {
	run -0 --separate-stderr bash -o pipefail -c '{ qos-gen -n 10M; echo "status $?" >&2; } | head -1 >/dev/null'
	[ "$stderr" = "status 0" ]
}

@test "a full disk is an error" {
	[ -w /dev/full ] || skip "there is no /dev/full"
	run -4 bash -c 'qos-gen >/dev/full'
	[[ $output == *"cannot write to standard output"* ]]
}

@test "an interrupt ends it by that signal" {
	run -0 bash -c 'qos-gen -n 1000G >/dev/null & sleep 0.2; kill -TERM $!; wait $!; [ $? -eq 143 ]'
}
