#!/usr/bin/env bats
load helper

setup() {
	cd "$BATS_TEST_TMPDIR"
}

@test "the embedded default is valid, and its dump loads back to the same" {
	run -0 qos-classify --check-config
	[[ $output == "embedded default: ok: 5 classes, "* ]]
	qos-classify --dump-config | grep -v '^#' >one.yaml
	qos-classify -c one.yaml --dump-config | grep -v '^#' >two.yaml
	cmp one.yaml two.yaml
}

@test "every error at once, each with its place, the line and a caret" {
	cat >bad.yaml <<-EOF
		classes:
		  - {name: a, priority: 0, share: 80%, latancy_target: 1s}
		  - {name: b, priority: 1, share: 50%, rate: fast}
		routr: {max_queue_size: 5}
	EOF
	run -2 qos-classify -c bad.yaml --check-config
	[[ $output == *'bad.yaml:2:40: there is no key "latancy_target" here; did you mean "latency_target"?'* ]]
	[[ $output == *'bad.yaml:4:1: there is no key "routr" here; did you mean "router"?'* ]]
	[[ $output == *$'latancy_target: 1s}\n                                           ^\n'* ]]
	sed -i 's/latancy/latency/; /routr/d' bad.yaml
	run -2 qos-classify -c bad.yaml --check-config
	[[ $output == *'bad.yaml:3:46: rate: "fast" is no bit rate'* ]]
	[[ $output == *"bad.yaml:3:35: shares add up to 130%; lower one of them to reach 100%"* ]]
}

@test "--set overrides one key, by name or number in lists" {
	run -0 bash -c 'qos-classify --set router.max_queue_size=5 --set classes.system.share=0.2 --set classes.0.latency_target=1s --dump-config'
	[[ $output == *"max_queue_size: 5"* && $output == *"share: 0.2"* ]]
	run -2 qos-classify --set router.max_que=5 --check-config
	[[ $output == *'--set:1:8: there is no key "max_que" here; did you mean "max_queue_size"?'* ]]
	run -2 qos-classify --set router --check-config
	[[ $output == *"is not KEY=VALUE"* ]]
}

@test "an expression that cannot be right is found where it stands" {
	printf 'rules:\n  - {name: x, class: system, when: "size > \x27a\x27"}\n' >r.yaml
	run -2 qos-classify -c r.yaml --check-config
	[[ $output == *"r.yaml:2:4"*": size is a size in bytes and this is a text"* ]]
}

@test "own classes leave out embedded rules for classes that are not there" {
	printf 'classes:\n  - {name: gold, priority: 0, share: 60%%}\n  - {name: lead, priority: 1, share: 40%%}\n' >c.yaml
	run -0 bash -c 'printf "type\nalert\n" | qos-classify -i csv -c c.yaml'
	[[ ${lines[1]} == "alert,lead,default,0" ]]
}

@test "a schema maps foreign columns" {
	printf 'schema: {ts: when, type: kind}\n' >s.yaml
	printf 'when,kind\n5,alert\n' >t.csv
	run -0 bash -c 'qos-classify -c s.yaml t.csv | qos-route -c s.yaml --capacity 1/s'
	[ "${lines[1]}" = "5,alert,critical,rule:alert,1,0,6" ]
}

@test "QOS_CONFIG names the file, -c wins" {
	printf 'classifier: {default_class: critical}\n' >q.yaml
	printf 'a\nx\n' >t.csv
	QOS_CONFIG=q.yaml run -0 qos-classify -i csv t.csv
	[[ ${lines[1]} == "x,critical,default,0" ]]
	QOS_CONFIG=missing.yaml run -4 qos-classify -i csv t.csv
	QOS_CONFIG=missing.yaml run -0 qos-classify -c q.yaml -i csv t.csv
}

@test "aliases, second documents and broken YAML are refused with their place" {
	printf 'router: &a {max_queue_size: 5}\nbandwidth: *a\n' >a.yaml
	run -2 qos-classify -c a.yaml --check-config
	[[ $output == *"a.yaml:2:12: aliases are not read"* ]]
	printf 'router: {}\n---\nrouter: {}\n' >d.yaml
	run -2 qos-classify -c d.yaml --check-config
	[[ $output == *"d.yaml:2:1: a second document"* ]]
	printf 'router: [\n' >b.yaml
	run -2 qos-classify -c b.yaml --check-config
	[[ $output == *"b.yaml:2:1: "* ]]
}

@test "rules that can never decide are told as warnings" {
	cat >w.yaml <<-EOF
		rules:
		  - {name: first, when: 'type in ("a", "b")', class: system, priority: 1}
		  - {name: second, when: 'type == "a" && size > 5', class: critical, priority: 2}
		  - {name: never, when: 'false', class: critical}
	EOF
	run -0 qos-classify -c w.yaml --check-config
	[[ $output == *"w.yaml:3:"*"warning: rule second never decides: first always comes before it"* ]]
	[[ $output == *"w.yaml:4:"*"warning: rule never can never be true"* ]]
	[[ $output == *"ok: 5 classes, 3 rules"* ]]
}
