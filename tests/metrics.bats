#!/usr/bin/env bats
# What Prometheus reads: --metrics FILE of every filter, qos-stats --format prom, and the examples for it.
load helper

setup() {
	cd "$BATS_TEST_TMPDIR"
	ROOT="$BATS_TEST_DIRNAME/.."
}

# value NAME{LABELS} FILE: the value of a sample
value() {
	awk -v want="$1" 'index($0, want " ") == 1 { print substr($0, length(want) + 2) }' "$2"
}

@test "every filter writes metrics that promtool takes, with the numbers of its summary" {
	qos-gen -n 5000 --rate 2k/s --with-class --labels --payload --seed 3 --metrics gen.prom >g.csv
	qos-classify --learn --metrics classify.prom --summary g.csv 2>classify.json >c.csv
	qos-route --capacity 1800/s -l 50 --keep-drops --metrics route.prom --summary g.csv 2>route.json >r.csv
	qos-shape --rate 30mbit -l 50 --keep-drops --metrics shape.prom --summary r.csv 2>shape.json >s.csv
	qos-stats --metrics stats.prom -F json s.csv >stats.json
	qos-stats -F prom s.csv >report.prom
	[ "$(value 'qos_out_records_total{filter="qos-gen",class="critical"}' gen.prom)" = "$(grep -c ,critical, g.csv)" ]
	[ "$(value 'qos_classify_decided_records_total{filter="qos-classify",by="default"}' classify.prom)" = "$(jq .default classify.json)" ]
	for f in route shape; do
		jq -r '.classes[] | "\(.class) \(.in) \(.out) \(.drops.tail // 0) \(.wait_max)"' $f.json >classes
		[ "$(wc -l <classes)" = 5 ]
		while read -r class in out tail wait; do
			[ "$(value "qos_in_records_total{filter=\"qos-$f\",class=\"$class\"}" $f.prom)" = "$in" ]
			[ "$(value "qos_out_records_total{filter=\"qos-$f\",class=\"$class\"}" $f.prom)" = "$out" ]
			[ "$(value "qos_wait_seconds_count{filter=\"qos-$f\",class=\"$class\"}" $f.prom)" = "$out" ]
			dropped=$(value "qos_dropped_records_total{filter=\"qos-$f\",class=\"$class\",reason=\"tail\"}" $f.prom)
			[ "${dropped:-0}" = "$tail" ]
			jq -en --argjson a "$wait" --argjson b "$(value "qos_wait_max_seconds{filter=\"qos-$f\",class=\"$class\"}" $f.prom)" '$a - $b | fabs < 1e-8'
		done <classes
	done
	jq -e '.drops | add > 0' route.json
	[ "$(value 'qos_latency_seconds{filter="qos-stats",class="system",quantile="0.99"}' stats.prom)" = \
		"$(jq '.classes[] | select(.class == "system").latency.p99' stats.json)" ]
	diff <(grep -v -e input_ -e output_ -e build stats.prom) report.prom
	need promtool
	for f in *.prom; do
		run -0 promtool check metrics <"$f"
		[ -z "$output" ]
	done
}

@test "the metrics file is replaced while records flow, and while the input is silent" {
	mkfifo in
	qos-route --capacity 1k/s --set router.metrics_interval=200ms --metrics m.prom in >/dev/null &
	pid=$!
	exec 7>in
	printf 'ts,class\n1,critical\n2,critical\n' >&7
	for _ in $(seq 50); do
		[ "$(value 'qos_input_records_total{filter="qos-route"}' m.prom)" = 2 ] && break
		sleep 0.1
	done
	[ "$(value 'qos_input_records_total{filter="qos-route"}' m.prom)" = 2 ]
	printf '3,critical\n' >&7
	exec 7>&-
	wait $pid
	[ "$(value 'qos_out_records_total{filter="qos-route",class="critical"}' m.prom)" = 3 ]
	[ "$(ls)" = $'in\nm.prom' ]
}

@test "metrics that cannot be written are refused before the first record" {
	printf 'ts,class\n1,critical\n' >t.csv
	run -4 qos-route --metrics /nowhere/m.prom t.csv
	[[ $output == *"cannot write beside /nowhere/m.prom"* ]]
	[[ $output != *critical* ]]
}

@test "names from hostile input stay inside their quotes" {
	printf 'ts,tenant\n1,"a""} 1\nqos_fake 2\\"\n2,\033]0;x\007\n' >t.csv
	run -0 qos-stats -F prom --by tenant t.csv
	[[ $output == *'qos_records_total{filter="qos-stats",tenant="a\"} 1\nqos_fake 2\\"} 1'* ]]
	[[ $output != *$'\033'* ]]
	[[ $output != *$'\nqos_fake'* ]]
	need promtool
	run -0 promtool check metrics <<<"$output"
}

@test "--limit-bytes counts its bytes" {
	head -c 5000 /dev/zero | qos-shape --limit-bytes --rate 1gbit --metrics m.prom >/dev/null
	[ "$(value 'qos_paced_bytes_total{filter="qos-shape"}' m.prom)" = 5000 ]
}

@test "the example alerts are rules, and they and the dashboard ask for metrics that exist" {
	jq -r '.panels[].targets[].expr' "$ROOT/examples/prometheus/dashboard.json" >asked
	grep -A3 'expr:' "$ROOT/examples/prometheus/alerts.yml" >>asked
	grep -oE 'qos_[a-z0-9_]+' asked | sort -u >names
	[ "$(wc -l <names)" -gt 15 ]
	while read -r name; do
		base=${name%_sum}
		grep -qF "\"${base%_count}\"" "$ROOT"/cmd/*.c "$ROOT"/cmd/cli/*.c "$ROOT"/lib/render/prom.c || { echo "no $name"; return 1; }
	done <names
	need promtool
	run -0 promtool check rules "$ROOT/examples/prometheus/alerts.yml"
	[[ $output == *"7 rules found"* ]]
}
