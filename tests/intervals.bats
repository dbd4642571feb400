#!/usr/bin/env bats
# qos-stats by intervals: reports of each, and alerts that tell a change once.
load helper

setup() {
	cd "$BATS_TEST_TMPDIR"
}

# 100 records a second for 60 s; from 20 to 30 s, and in second 45, each is late by 1 s
late_trace() {
	awk 'BEGIN { print "ts,class,depart"; for (i = 0; i < 6000; i++) { t = i / 100
		late = (t >= 20 && t < 30) || (t >= 45 && t < 46)
		printf "%.2f,critical,%.2f\n", t - (late ? 1 : 0), t } }'
}

@test "intervals add up to the whole, and each is that of its records alone" {
	qos-gen -n 20000 --rate 2k/s --with-class --start 0 --seed 2 | qos-route --capacity 2500/s >r.csv
	qos-stats -F json r.csv >all.json
	qos-stats -F json --interval 1s r.csv >each.json
	jq -s -e --slurpfile all all.json '(map(.records) | add) == $all[0].records and (map(.all.bytes) | add) == $all[0].all.bytes and
		(map(.from) | . == (. | sort | unique)) and all(.interval == 1) and length >= 10' each.json
	# the fourth second on its own, by its departures
	awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; print; next } { d = $c["depart"] } d >= 3 && d < 4' r.csv >four.csv
	qos-stats -F json four.csv >four.json
	jq -s -e --slurpfile four four.json '.[3] | .from == 3 and .records == $four[0].records and .all.latency == $four[0].all.latency and
		.classes[0].count == $four[0].classes[0].count' each.json
	qos-stats -F csv --interval 1s r.csv >each.csv
	[ "$(grep -c ^from, each.csv)" = 1 ]
	[ "$(awk -F, '$2 == "all" { n += $3 } END { print n }' each.csv)" = 20000 ]
	run -0 qos-stats --interval 5s r.csv
	[ "${lines[0]}" = "== 1970-01-01T00:00:00Z, 5s" ]
	run -2 qos-stats --interval 1s -F html r.csv
	[[ $output == *"--interval: write table, json or csv, not html"* ]]
	run -2 qos-stats --interval 0 r.csv
}

@test "checks with intervals are of the whole" {
	late_trace >t.csv
	run -0 qos-stats --interval 10s --check 'records == 6000' t.csv
	run -1 qos-stats --interval 10s --check 'records == 5999' t.csv
}

@test "an alert tells each change once, its command with the facts" {
	late_trace >t.csv
	run -0 --separate-stderr qos-stats --alert 'critical.p50 > 500ms' \
		--exec 'echo "$QOS_ALERT_STATE|$QOS_ALERT_TIME|$QOS_ALERT|$QOS_ALERT_VALUES" >>told; cat' t.csv
	[ "$(sort told)" = "firing|1970-01-01T00:00:21Z|critical.p50 > 500ms|critical.p50 is 1s (500ms over)
firing|1970-01-01T00:00:46Z|critical.p50 > 500ms|critical.p50 is 1s (500ms over)
resolved|1970-01-01T00:00:31Z|critical.p50 > 500ms|critical.p50 is 0 (500ms under)
resolved|1970-01-01T00:00:47Z|critical.p50 > 500ms|critical.p50 is 0 (500ms under)" ]
	[ "$(grep -c 'alert firing at' <<<"$stderr")" = 2 ]
	[[ $output == *"in 6000 = out 6000"* ]]
}

@test "a hold time lets short changes pass" {
	late_trace >t.csv
	run -0 --separate-stderr qos-stats --hold 3s --alert 'critical.p50 > 500ms' t.csv
	[ "$(grep -c 'alert' <<<"$stderr")" = 2 ]
	[[ $stderr == *"alert firing at 1970-01-01T00:00:23Z"*"alert resolved at 1970-01-01T00:00:33Z"* ]]
	run -0 --separate-stderr qos-stats --hold 11s --alert 'critical.p50 > 500ms' t.csv
	[ -z "$stderr" ]
}

@test "what was not measured changes no alert; a failing command is told; what cannot be asked is refused" {
	printf 'ts,class,depart\n0,critical,1\n5,system,5.1\n9,critical,9.1\n' >t.csv
	run -0 --separate-stderr qos-stats --alert 'critical.p50 > 500ms' --exec 'exit 3' t.csv
	[ "$(grep -c 'alert ' <<<"$stderr")" = 2 ]
	[[ $stderr == *"a command of --exec failed"* ]]
	[[ $stderr == *"resolved at 1970-01-01T00:00:10Z"* ]]
	run -2 qos-stats --alert 'critcal.p50 > 1s' t.csv
	run -2 qos-stats --exec true t.csv
	run -2 qos-stats --alert 'records > 1' --exec true --exec true t.csv
}

@test "a live pipe that falls silent ends its intervals by the clock, and an alert fires" {
	mkfifo in
	qos-stats --interval 500ms --follow -F csv --alert 'all.count < 5' --exec 'touch quiet' in >out 2>err &
	pid=$!
	exec 7>in
	now=$(date +%s)
	{ echo ts,class; for i in $(seq 20); do echo "$now.$((100 + i)),critical"; done; } >&7
	for _ in $(seq 80); do
		[ -e quiet ] && break
		sleep 0.1
	done
	[ -e quiet ]
	[ "$(grep -c ,all, out)" -ge 2 ]
	exec 7>&-
	wait $pid
	[ "$(grep -c 'alert firing' err)" = 1 ]
}
