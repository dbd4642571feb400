#!/usr/bin/env bats
# The gates of qos-stats: whatever the JSON has can be checked; baselines, error budgets, TAP and JUnit.
load helper

setup() {
	cd "$BATS_TEST_TMPDIR"
	cat >t.csv <<-EOF
		ts,class,size,stream,depart,drop,adapter,class_by,label
		0,critical,100,a,0.005,,one,rule:x,critical
		1,critical,100,b,1.020,,two,rule:y,critical
		2,critical,300,a,2.001,,one,default,system
		3,logs_metrics,1000,c,4,,two,ml:linear,logs_metrics
		4,logs_metrics,50,c,,tail,,default,
	EOF
}

@test "every number of the JSON can be checked by its path" {
	qos-gen -n 20000 --rate 2k/s --with-class --labels --seed 4 --start 0 |
		qos-route --capacity 1900/s -l 100 --keep-drops -a 'a=sim:?rate=1k/s' -a 'b=sim:?rate=1k/s' >r.csv
	qos-stats -F json --slo 'critical: 1% < 1h' r.csv >r.json
	jq -r '
		def nums($at): to_entries[] | select(.value | type == "number") | [$at + .key, .value];
		(. | nums("")),
		((.classes[], .all) | .class as $c | nums($c + "."), (.latency | nums($c + ".latency.")), (.latency | nums($c + ".")),
			(.drops | nums($c + ".drops."))),
		(.drops | nums("drops.")), (.streams | nums("streams.")), (.ledger | nums("ledger.")), (.class_by | nums("class_by.")),
		(.accuracy | nums("accuracy."), (.labels | to_entries[] | .key as $l | .value | nums("accuracy." + $l + "."))),
		(.adapters[] | .adapter as $a | nums("adapters." + $a + "."), (.latency | nums("adapters." + $a + ".latency."))),
		(.slo[] | .class as $c | del(.objective, .within, .period) | nums("slo." + $c + "."))
		| select(.[0] | endswith(".dropped") and startswith("adapters") | not) | @tsv' r.json >paths
	[ "$(wc -l <paths)" -gt 150 ]
	while IFS=$'\t' read -r path value; do
		tol=$(jq -n --argjson v "$value" '$v | fabs * 1e-9')
		printf '%s\0' --check "abs(\`$path\` - ($value)) <= $tol"
	done <paths >args
	xargs -0 -n 120 sh -c 'qos-stats --slo "critical: 1% < 1h" --tap "$@" r.csv' sh <args >out 2>/dev/null || true
	[ "$(grep -c '^ok.*abs' out)" = "$(wc -l <paths)" ]
	! grep '^not ok' out
}

@test "a negated equality on what was not measured does not hold" {
	for check in '!(system.p99 == 5ms)' 'system.p99 != 5ms' '!(system.p99 in (1ms, 2ms))' '!(2 * system.p99 == 10ms)' \
		'system.p99 < 1s || system.p99 >= 1s'; do
		run -1 qos-stats --check "$check" t.csv
		[[ $output == *"system.p99 was not measured"* ]]
	done
	run -0 qos-stats --check '!(critical.p99 == 5ms) && !has(system.p99)' t.csv
	run -1 qos-stats --check '!(critical.max == 20ms)' t.csv
}

@test "a baseline gates a regression, and only that" {
	qos-stats -F json t.csv >old.json
	sed 's/1,critical,100,b,1.020/1,critical,100,b,1.030/' t.csv >new.csv
	run -0 qos-stats --baseline old.json --check 'critical.max <= 1.1 * baseline.critical.max' --check 'drops == baseline.drops' t.csv
	run -1 qos-stats --baseline old.json --check 'critical.max < 1.1 * baseline.critical.max' --check 'drops == baseline.drops' new.csv
	[[ $output == *"check failed: critical.max < 1.1 * baseline.critical.max: critical.max is 30ms (8ms over), baseline.critical.max is 20ms"* ]]
	run -1 qos-stats --baseline old.json --check 'baseline.system.p99 < 1s' t.csv
	[[ $output == *"baseline.system.p99 was not measured"* ]]
	run -2 qos-stats --check 'baseline.critical.p99 < 1s' t.csv
	[[ $output == *'there is no value "baseline.critical.p99"'* ]]
	run -2 qos-stats --baseline old.json --check 'baseline.critcal.p99 < 1s' t.csv
	run -2 qos-stats --baseline t.csv --check 'records > 0' t.csv
	run -4 qos-stats --baseline /nowhere.json t.csv
}

@test "error budgets: burn, part of the budget, exit 1 when it is overspent" {
	run -1 qos-stats --slo 'critical: 90% < 10ms' --slo 'logs_metrics: 40% < 5s over 8s' t.csv
	[[ $output == *"slo critical: 90% < 10ms: 66.666%, burn 3.33!, 0.000514% of the budget of"* ]]
	[[ $output == *"slo logs_metrics: 40% < 5s over 8s: 50.000%, burn 0.833, 41.7% of the budget of 8s"* ]]
	[[ $output == *"check failed: critical: 90% < 10ms: 1 of 3 records were late or dropped (66.6667% good), burn rate 3.333"* ]]
	[[ $output != *"check failed: logs"* ]]
	run -1 qos-stats --slo 'system: 90% < 10ms' t.csv
	[[ $output == *"no record was measured"* ]]
	run -2 qos-stats --slo 'critcal: 90% < 10ms' t.csv
	[[ $output == *'--slo: there is no class "critcal"'* ]]
	run -0 qos-stats --slo 'critical: 60% < 10ms' --check 'slo.critical.burn < 0.9' --check 'slo.critical.bad == 1' t.csv
}

@test "the burn rates of the workbook: 14.4 for an hour takes 2 % of 30 days, the worst hour is told" {
	awk 'BEGIN { print "ts,class,depart"; for (i = 0; i < 86400; i++) for (k = 0; k < 4; k++) {
		bad = i >= 36000 && i < 39600 && (i * 4 + k) % 160 < 23
		printf "%d.%d,critical,%d.%d\n", i, k, i + (bad ? 2 : 0), k } }' >day.csv
	qos-stats -F json --slo 'critical: 99% < 1s' day.csv >day.json
	jq -e '.slo[0] | (.used - 0.02 | fabs) < 1e-4 and (.burn - 0.6 | fabs) < 2e-3 and .worst["1h"] > 13 and .worst["1h"] <= 14.5 and
		.worst["6h"] > 2.3 and .worst["6h"] < 2.5 and (.worst | has("3d") | not)' day.json
}

@test "TAP and JUnit tell each check, hostile names and all" {
	run -1 --separate-stderr qos-stats --tap --junit j.xml --check 'all.count == 5' --check 'critical.max < 10ms' t.csv
	[ "${lines[0]}" = "TAP version 13" ]
	[ "${lines[1]}" = "1..2" ]
	[ "${lines[2]}" = "ok 1 - all.count == 5" ]
	[ "${lines[3]}" = "not ok 2 - critical.max < 10ms" ]
	[[ $output == *'message: "critical.max is 20ms (10ms over)"'* ]]
	[[ $output != *"p99.9"* ]]
	grep -F '<testsuites tests="2" failures="1">' j.xml
	grep -F 'name="critical.max &lt; 10ms"><failure message="critical.max is 20ms (10ms over)"/>' j.xml
	if command -v python3 >/dev/null; then
		python3 -c 'import xml.dom.minidom as m; assert len(m.parse("j.xml").getElementsByTagName("testcase")) == 2'
	fi
	run -4 qos-stats --junit /nowhere/j.xml --check 'records == 5' t.csv
}

@test "accuracy, adapters and decisions are in the JSON" {
	qos-stats -F json t.csv >t.json
	jq -e '.accuracy | .records == 4 and .accuracy == 0.75 and .labels.system.answered.critical == 1 and .labels.critical.recall == 1' t.json
	jq -e '.adapters | map(.adapter + ":" + (.count | tostring)) == ["one:2", "two:2"]' t.json
	jq -e '.class_by == {"rule": 2, "default": 2, "ml": 1}' t.json
	jq -e '.all.latency.max == 1 and .all.count == 5' t.json
}
