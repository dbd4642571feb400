#!/usr/bin/env bats
load helper

setup() {
	cd "$BATS_TEST_TMPDIR"
	printf 'id,type,size,payload\na,health_check,10,ok\nb,job,2000000,build 7\nc,,5,kernel panic\nd,,5,nothing\n' >t.csv
}

@test "embedded rules: type first, then words, then the default class" {
	run -0 qos-classify t.csv
	[ "${lines[0]}" = "id,type,size,payload,class,class_by,confidence" ]
	[ "${lines[1]}" = "a,health_check,10,ok,critical,rule:health,1" ]
	[ "${lines[2]}" = "b,job,2000000,build 7,job_execution,rule:job,1" ]
	[ "${lines[3]}" = "c,,5,kernel panic,critical,rule:words-urgent,1" ]
	[ "${lines[4]}" = "d,,5,nothing,logs_metrics,default,0" ]
}

@test "--rule comes before the rules of the config; units in expressions" {
	run -0 qos-classify --rule 'big: size > 1MiB => data_transfer' t.csv
	[ "${lines[2]}" = "b,job,2000000,build 7,data_transfer,rule:big,1" ]
	[ "${lines[1]}" = "a,health_check,10,ok,critical,rule:health,1" ]
}

@test "among equals the greatest sum of weights wins, and confidence is its part" {
	cat >c.yaml <<-EOF
		rules:
		  - {name: one, when: 'size > 1', class: system, weight: 3}
		  - {name: two, when: 'size > 2', class: critical, weight: 2}
		  - {name: three, when: 'size > 3', class: critical, weight: 2.5}
	EOF
	run -0 qos-classify -c c.yaml t.csv
	[ "${lines[1]}" = "a,health_check,10,ok,critical,rule:three,0.6" ]
}

@test "the whole language" {
	printf 'a,b,ts,HTTP Status,priority,ip\n5,text,1.5,404,high,10.1.2.3\n' >l.csv
	for e in 'a == 5' 'a != 4' 'a*2+1 == 11' 'a % 2 == 1' '-a < 0' 'a / 2 == 2.5' 'b ~ /^te.t$/' 'b !~ /x{3}/' 'b =~ /TEXT/i' \
		'b in ("x", "text")' 'a in (1, 5)' 'has(a) && !has(zzz)' 'not has(zzz) and (a > 9 or b == "text")' \
		'startswith(b, "te")' 'endswith(b, "xt")' 'contains(b, "ex")' 'lower("TEXT") == b' 'upper(b) == "TEXT"' \
		'length(b) == 4' 'number("7") == 7' 'min(a, 3) == 3' 'max(a, 3) == 5' 'abs(0 - a) == 5' '`HTTP Status` >= 400' \
		'priority > "normal" && priority < "critical"' 'cidr(ip, "10.0.0.0/8")' '!cidr(ip, "10.2.0.0/16")' 'ts == 1500ms' \
		'a > 0.5 && a < 1e3' "b == 'text'" 'a >= 5 || zzz == 1' '!(zzz == 1)' '(a + 1) * 2 == 12'; do
		[ "$(qos-classify --rule "x: $e => critical" l.csv | tail -1 | rev | cut -d, -f2 | rev)" = rule:x ] || { echo "false: $e"; return 1; }
	done
	for e in 'zzz == 1' 'zzz != 1' 'zzz ~ /./' 'zzz !~ /./' 'a > b' 'a == "text"' 'b < 3' 'has(zzz)'; do
		[ "$(qos-classify --rule "x: $e => critical" l.csv | tail -1 | rev | cut -d, -f2 | rev)" != rule:x ] || { echo "true: $e"; return 1; }
	done
}

@test "errors in expressions name their place and what to do" {
	run -2 qos-classify --rule 'x: size > "abc" => critical' t.csv
	[[ $output == *"--rule:1:9: size is a size in bytes and this is a text: they never compare; write the number without quotes" ]]
	run -2 qos-classify --rule 'x: size >> 3 => critical' t.csv
	[[ $output == *"--rule:1:10: "* ]]
	run -2 qos-classify --rule 'x: payload ~ /(/ => critical' t.csv
	[[ $output == *"--rule:1:"*"in the regular expression"* ]]
	run -2 qos-classify --rule 'x: sise(a) => critical' t.csv
	[[ $output == *'there is no function "sise"'* ]]
	run -2 qos-classify --rule 'x: a == 1 => urgent' t.csv
	[[ $output == *'there is no class "urgent"'* ]]
	run -2 qos-classify --rule 'x: type = "a" => critical' t.csv
	[[ $output == *"= alone; write == to compare"* ]]
}

@test "look-ahead and back references work, a hopeless pattern ends" {
	printf 'payload\nfoobar\nfooqux\nabcabc\naaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaX\n' >p.csv
	run -0 qos-classify --rule 'x: payload ~ /foo(?=bar)/ => critical' --rule 'y: payload ~ /(abc)\1/ => system' \
		--rule 'z: payload ~ /^(a+)+$/ => data_transfer' p.csv
	[[ ${lines[1]} == foobar,critical,rule:x,1 && ${lines[2]} == *default* && ${lines[3]} == abcabc,system,rule:y,1 ]]
	[[ ${lines[4]} == *default* ]]
}

@test "JSON Lines: nested fields, values in place, everything else byte for byte" {
	printf '{"b": 1.50, "meta" : {"env":"prod"}, "class" : "old", "x":[1, 2]}\n{}\n' >t.jsonl
	run -0 qos-classify --rule 'p: meta.env == "prod" => system' t.jsonl
	[ "${lines[0]}" = '{"b": 1.50, "meta" : {"env":"prod"}, "class" : "system", "x":[1, 2],"class_by":"rule:p","confidence":1}' ]
	[ "${lines[1]}" = '{"class":"logs_metrics","class_by":"default","confidence":0}' ]
}

@test "a bad line is refused alone, named, and the exit status says so" {
	printf '{"a":1}\n{"a":}\n{"a":2}\n[1]\n{"a":"\\ud800"}\n{"a":3}\n' >bad.jsonl
	run -3 --separate-stderr qos-classify bad.jsonl
	[ "${#lines[@]}" -eq 3 ]
	[[ $stderr == *"bad.jsonl:2:6: "* && $stderr == *"bad.jsonl:4:1: is no JSON object"* && $stderr == *"bad.jsonl:5:"*"lone surrogate"* ]]
	[[ $stderr == *"3 bad records of 6; left out"* ]]
	run -3 --separate-stderr qos-classify --on-error pass bad.jsonl
	[ "${#lines[@]}" -eq 6 ]
	[ "${lines[1]}" = '{"a":}' ]
	run -3 --separate-stderr qos-classify --on-error fail bad.jsonl
	[ "${#lines[@]}" -eq 1 ]
}

@test "a row with too few or too many columns says so" {
	printf 'a,b\n1,2\n1\n1,2,3\n' >r.csv
	run -3 qos-classify -i csv r.csv
	[[ $output == *"r.csv:3:"*"row has 1 column"*"the header has 2"* && $output == *"r.csv:4:"*"row has 3 columns"* ]]
}

@test "quotes, quoted newlines and CRLF pass as they are" {
	printf 'a,b\r\n"x ""y"", z","line 1\nline 2"\r\n' >q.csv
	run -0 bash -c 'qos-classify q.csv | tail -n +2 | head -c 28 | od -c | head -2'
	qos-classify q.csv >out.csv
	printf 'a,b,class,class_by,confidence\r\n"x ""y"", z","line 1\nline 2",logs_metrics,default,0\r\n' | cmp - out.csv
}

@test "ten messages at most, and a total" {
	{ echo a,b; for _ in $(seq 25); do echo 1; done; } >many.csv
	run -3 qos-classify -i csv many.csv
	[ "$(grep -c 'many.csv:' <<<"$output")" -eq 10 ]
	[[ $output == *"25 bad records of 25; left out"* ]]
	run -3 qos-classify -i csv -q many.csv
	[ "$(grep -c 'many.csv:' <<<"$output")" -eq 0 ]
}

@test "a record over --max-record is refused, its neighbours are not" {
	{ echo a; echo 1; head -c 100000 /dev/zero | tr '\0' x; echo; echo 2; } >long.csv
	run -3 --separate-stderr qos-classify -i csv --max-record 1KiB long.csv
	[ "${#lines[@]}" -eq 3 ]
	[[ $stderr == *"long.csv:3"*"over 1024 bytes"* ]]
}

@test "an access log becomes JSON Lines with its fields" {
	echo '1.2.3.4 - bob [10/Oct/2000:13:55:36 -0700] "GET /healthz HTTP/1.0" 200 -' >a.log
	run -0 qos-classify a.log
	[ "$(jq -r '"\(.remote_host) \(.user) \(.method) \(.path) \(.status) \(.size) \(.class)"' <<<"$output")" = \
		"1.2.3.4 bob GET /healthz 200 0 critical" ]
}

@test "formats: asked for, explained, and refused with the nearest name" {
	run -0 --separate-stderr qos-classify --explain-format t.csv
	[[ $stderr == *"csv: "* ]]
	run -0 --separate-stderr qos-classify -v t.csv
	[[ $stderr == *"csv: "* && $stderr == *"4 records read (95 bytes), "*" bytes written"* ]]
	run -2 qos-classify -i jsnl t.csv
	[[ $output == *'there is no format "jsnl"; did you mean "jsonl"?' ]]
	run -2 qos-classify -o pcap t.csv
	[[ $output == *"can be written as a capture"* ]]
	run -0 qos-classify -i help
	[[ $output == *csv*jsonl*clf*pcap* ]]
}

@test "csv to JSON Lines and back" {
	qos-classify -o jsonl t.csv >o.jsonl
	[ "$(jq -r .class o.jsonl | head -1)" = critical ]
	[ "$(jq -c 'select(.id == "b") | .size' o.jsonl)" = 2000000 ]
	run -0 qos-classify -o csv o.jsonl
	[ "${lines[0]}" = "id,type,size,payload,class,class_by,confidence" ]
}

@test "--summary counts classes and rules" {
	run -0 --separate-stderr qos-classify --summary t.csv
	[ "$(jq -c '[.records, .default, .classes.critical, .rules.health]' <<<"$stderr")" = "[4,1,2,1]" ]
}

@test "help, version and usage" {
	run -0 qos-classify --help
	[[ $output == "Usage: qos-classify "*"--rule"*"Exit status"* ]]
	run -0 qos-classify --version
	[[ $output == "qos-classify (qosutils) "* ]]
	run -2 qos-classify --rulee x
	[[ $output == *"did you mean --rule?" ]]
	run -4 qos-classify no-such-file.csv
	[[ $output == *"no-such-file.csv: No such file or directory"* ]]
	run -4 bash -c 'qos-classify --help >/dev/full'
	run -4 bash -c 'qos-classify t.csv >/dev/full'
	[[ $output == *"cannot write"* ]]
}

@test "a closed pipe ends the filter quietly" {
	qos-gen --count 100000 --seed 1 >big.csv
	run -0 bash -c 'set -o pipefail; qos-classify big.csv | head -1'
	[ "${#lines[@]}" -eq 1 ]
}

@test "a live pipe passes each record on at once" {
	mkfifo in out
	qos-classify -i csv <in >out &
	exec 7>in 8<out
	printf 'type\nalert\n' >&7
	read -r -t 5 header <&8
	read -r -t 5 line <&8
	[ "$line" = "alert,critical,rule:alert,1" ]
	exec 7>&-
	wait $!
}

@test "SIGTERM drains and ends by the signal" {
	mkfifo in
	qos-classify -i csv <in >out.csv &
	pid=$!
	exec 7>in
	printf 'type\nalert\n' >&7
	for _ in $(seq 100); do grep -q '^alert' out.csv && break; sleep 0.1; done # it passes on what it has before it waits
	kill -TERM $pid
	run -143 bash -c "tail --pid=$pid -f /dev/null; exit 143"
	wait $pid && false || [ $? -eq 143 ]
	grep -q '^alert,critical' out.csv
	exec 7>&-
}

# label,payload: two kinds of messages under words that no rule of the default configuration knows
lessons() {
	echo "label,payload"
	for i in $(seq "$1"); do
		printf 'fruit,%s apples and a pear\nvegetable,%s carrots with leek\n' "$i" "$i"
	done
}

@test "what was learned is saved, loaded and used" {
	lessons 10 >train.csv
	run -0 --separate-stderr qos-classify --learn -L --save-model m --summary train.csv
	[[ $stderr == *'"learned":20'* ]]
	printf 'payload\nsome pears\nmore leek\n' >new.csv
	run -0 qos-classify --model m new.csv
	[[ ${lines[1]} == "some pears,fruit,ml:linear,0."* ]]
	[[ ${lines[2]} == "more leek,vegetable,ml:linear,0."* ]]
	run -0 qos-classify --describe m
	[[ $output == *"learned: 20 examples"*'"vegetable"'* ]]
}

@test "learning in two parts gives the bytes of learning at once" {
	lessons 40 >all.csv
	head -31 all.csv >a.csv
	{ head -1 all.csv; tail -n +32 all.csv; } >b.csv
	qos-classify --learn -L --save-model once all.csv >whole.csv
	qos-classify --learn -L --save-model m a.csv >out.csv
	qos-classify --learn --model m --save-model m b.csv | tail -n +2 >>out.csv
	cmp once m
	cmp whole.csv out.csv
	qos-classify --learn -L --epochs 3 --save-model m3 all.csv >/dev/null
	qos-classify --learn -L --epochs 3 --save-model again all.csv >/dev/null
	cmp m3 again
	! cmp -s m3 once
}

@test "under ml_threshold the default class is given" {
	sed 's/fruit/critical/; s/vegetable/system/' <(lessons 4) >train.csv
	qos-classify --learn --save-model m train.csv >/dev/null
	printf 'payload\napples and a pear\n' >new.csv
	run -0 qos-classify --model m new.csv
	[ "${lines[1]}" = "apples and a pear,logs_metrics,default,0" ]
	run -0 qos-classify --model m --set classifier.ml_threshold=0.1 new.csv
	[[ ${lines[1]} == "apples and a pear,critical,ml:linear,0."* ]]
	run -0 qos-classify --model m --set classifier.ml_threshold=0.1 --set classifier.enable_ml=false new.csv
	[ "${lines[1]}" = "apples and a pear,logs_metrics,default,0" ]
}

@test "a model file that is damaged, truncated, newer or something else is refused" {
	lessons 3 >train.csv
	qos-classify --learn -L --save-model m train.csv >/dev/null
	head -c 1000 m >short
	run -5 qos-classify --model short train.csv
	[[ $output == *"short is truncated"* ]]
	{ head -c 500 m; printf x; tail -c +502 m; } >bad
	run -5 qos-classify --model bad train.csv
	[[ $output == *"bad is damaged: the checksum of a section is wrong"* ]]
	{ head -c 8 m; printf '\007'; tail -c +10 m; } >new
	run -5 qos-classify --model new train.csv
	[[ $output == *"new has version 7; this program reads up to 1"* ]]
	run -5 qos-classify --describe train.csv
	run -4 qos-classify --model missing train.csv
	run -2 qos-classify --save-model m train.csv
	[[ $output == *"nothing is learned; add --learn"* ]]
	run -2 qos-classify --set classifier.model=oracle train.csv
	run -2 qos-classify --set classifier.costs=cheap train.csv
}

@test "a reason is given for each answer" {
	lessons 10 >train.csv
	qos-classify --learn -L --save-model m train.csv >/dev/null
	printf 'payload\nsome carrots\n' >new.csv
	run -0 qos-classify --model m --explain new.csv
	[[ ${lines[1]} == *"carrots +0."* ]]
	printf 'type\nalert\n' >rule.csv
	run -0 qos-classify --explain rule.csv
	[[ ${lines[1]} == alert,critical,rule:alert,1,*type* ]]
}

@test "costs raise the recall of the urgent class, at a price" {
	{ echo label,payload; for i in $(seq 300); do echo "normal,common $((i % 7))"; [ $((i % 3)) -gt 0 ] || echo "urgent,common $((i % 7))"; done; } >train.csv
	recall() { sed -n 's/.*"urgent":{"precision":[0-9.]*,"recall":\([0-9.]*\).*/\1/p'; }
	dear=$(qos-classify --learn -L --set classifier.costs=urgent=9 --summary train.csv 2>&1 >/dev/null | recall)
	cheap=$(qos-classify --learn -L --summary train.csv 2>&1 >/dev/null | recall)
	awk -v a="$dear" -v b="$cheap" 'BEGIN { exit !(a > 0.8 && b < 0.2) }'
}

@test "balanced costs find what is rare" {
	{ echo label,payload; for i in $(seq 300); do echo "normal,common $((i % 7))"; [ $((i % 5)) -gt 0 ] || echo "rare,common $((i % 7))"; done; } >train.csv
	qos-classify --learn -L --epochs 3 --save-model m train.csv >/dev/null
	printf 'payload\ncommon 1\n' >new.csv
	run -0 qos-classify --model m new.csv
	[[ ${lines[1]} == "common 1,normal,"* ]]
	equal=$(qos-classify --learn -L --summary train.csv 2>&1 >/dev/null | sed -n 's/.*"rare":{[^{]*"recall":\([0-9.]*\).*/\1/p')
	balanced=$(qos-classify --learn -L --set classifier.costs=balanced --summary train.csv 2>&1 >/dev/null |
		sed -n 's/.*"rare":{[^{]*"recall":\([0-9.]*\).*/\1/p')
	echo "recall of the rare one: $equal, balanced $balanced"
	awk -v a="$equal" -v b="$balanced" 'BEGIN { exit !(b > a) }'
}

# of the model, from a summary
accuracy() {
	sed -n 's/.*"guessed":{"records":[0-9]*,"accuracy":\([0-9.]*\).*/\1/p'
}

@test "real prices: a tree and an ensemble learn as they go, better than repeating the last label" {
	need_data tabular/elec.csv
	for model in tree ensemble; do
		qos-classify -f label=class --learn -L --set classifier.model=$model --summary "$DATA/tabular/elec.csv" \
			2>&1 >/dev/null | accuracy >$model
	done
	echo "tree $(<tree), at least 0.80; ensemble $(<ensemble), over 0.853"
	awk -v t="$(<tree)" -v e="$(<ensemble)" 'BEGIN { exit !(t >= 0.80 && e > 0.853) }'
}

@test "a tree that was saved goes on as if nothing had happened" {
	qos-gen --count 3000 --seed 4 >all.csv
	head -1501 all.csv >a.csv
	{ head -1 all.csv; tail -n +1502 all.csv; } >b.csv
	for model in tree ensemble; do
		set=(-f label=type -L --learn --set "classifier.model=$model")
		qos-classify "${set[@]}" --save-model once all.csv >whole.csv
		qos-classify "${set[@]}" --save-model m a.csv >out.csv
		qos-classify "${set[@]}" --model m --save-model m b.csv | tail -n +2 >>out.csv
		cmp once m
		cmp whole.csv out.csv
	done
}

@test "real texts: questions to a bank are told apart" {
	need_data text/banking77_train.csv
	map=(-f payload=text -f label=category)
	qos-classify -i csv "${map[@]}" --learn -L --epochs 8 --save-model m "$DATA/text/banking77_train.csv" >/dev/null
	got=$(qos-classify -i csv "${map[@]}" --model m --summary "$DATA/text/banking77_test.csv" 2>&1 >/dev/null | accuracy)
	echo "accuracy $got, at least 0.902"
	awk -v a="$got" 'BEGIN { exit !(a >= 0.902) }'
}

@test "SIGHUP reads the configuration again; a bad one is refused and the old one kept" {
	rules() { printf 'rules:\n  - {name: one, when: "%s", class: %s}\n' "$1" "$2" >c.yaml; }
	say() { # line: written, and its answer waited for
		local n=$(($(wc -l <out) + 1))

		echo "$1" >&7
		for _ in {1..100}; do
			[ "$(wc -l <out)" -ge "$n" ] && break
			sleep 0.02
		done
		tail -1 out
	}
	rules 'size > 1' system
	mkfifo in
	: >out
	qos-classify -v -c c.yaml -i jsonl <in >>out 2>said &
	exec 7>in
	[[ "$(say '{"size":5}')" == *'"class":"system","class_by":"rule:one"'* ]]
	rules 'size > 1' critical
	kill -HUP $!
	for _ in {1..100}; do grep -q 'read again' said && break; sleep 0.02; done
	[[ "$(say '{"size":5}')" == *'"class":"critical"'* ]]
	rules 'size >' system
	kill -HUP $!
	for _ in {1..100}; do grep -q 'stays as it was: .*c.yaml:2' said && break; sleep 0.02; done
	grep 'stays as it was' said
	[[ "$(say '{"size":5}')" == *'"class":"critical"'* ]]
	exec 7>&-
	wait $!
}

@test "a tenant's records are at most as urgent as its max_class, and demotions are counted" {
	printf 'type,tenant\nalert,guest\nalert,owner\nlog,guest\nalert,\n' >n.csv
	printf 'tenants:\n  - {name: guest, max_class: data_transfer}\n  - {name: owner}\n' >n.yaml
	run -0 --separate-stderr qos-classify -c n.yaml --summary n.csv
	[ "${lines[1]}" = "alert,guest,data_transfer,rule:alert,1" ]
	[ "${lines[2]}" = "alert,owner,critical,rule:alert,1" ]
	[[ ${lines[3]} == log,guest,logs_metrics,* && ${lines[4]} == alert,,critical,* ]]
	[[ $stderr == *'"demoted":{"guest":1}'* ]]
	qos-classify -c n.yaml --dump-config >d.yaml
	qos-classify -c d.yaml n.csv | cmp - <(qos-classify -c n.yaml n.csv)
}

@test "--rule-stats: hits of each rule, and the rules that can never decide" {
	cat >s.yaml <<-EOF
		rules:
		  - {name: any, when: 'size >= 0', class: system, priority: 1}
		  - {name: dead, when: 'false', class: critical}
		  - {name: off, when: 'size > 3', class: critical, enabled: no}
	EOF
	run -0 --separate-stderr qos-classify -c s.yaml --rule-stats t.csv
	[[ $stderr == *"           4 100.00%  any"*"0   0.00%  dead"*"can never be true"*"off"*"disabled"*"0   0.00%  (default)"* ]]
	[ "${#lines[@]}" = 5 ]
	run -0 --separate-stderr qos-classify --rule 'a: true => system' --rule-stats t.csv
	[[ $stderr == *"100.00%  a "* ]]
}

@test "--test-config: the tests beside the rules, by class and by what decided" {
	cat >w.yaml <<-EOF
		rules:
		  - {name: big, when: 'size > 1MiB', class: data_transfer}
		  - {name: prod, when: 'meta.env == "prod"', class: system}
		tests:
		  - {record: {size: 2000000}, class: data_transfer, by: 'rule:big'}
		  - {record: {size: 5, meta: {env: prod}}, class: system}
		  - {record: {payload: "say \"hi\""}, class: logs_metrics, by: default}
	EOF
	run -0 qos-classify -c w.yaml --test-config
	[ "$output" = "w.yaml: 3 tests passed, 0 failed" ]
	qos-classify -c w.yaml --dump-config >d.yaml
	run -0 qos-classify -c d.yaml --test-config
	[ "$output" = "d.yaml: 3 tests passed, 0 failed" ]
	sed -i 's/by: default/by: "rule:big"/; s/class: system}$/class: critical}/' w.yaml
	run -1 --separate-stderr qos-classify -c w.yaml --test-config
	[[ ${lines[0]} == w.yaml:6:*": test 2: "* || ${lines[0]} == w.yaml:*": test "* ]]
	[[ $output == *"test 3: logs_metrics by default, not logs_metrics by rule:big"* ]]
	[[ $stderr == *"of 3 tests failed"* ]]
	printf 'tests:\n  - {record: 5, class: system}\n' >x.yaml
	run -2 qos-classify -c x.yaml --test-config
	[[ $output == *"x.yaml:2:5: a test is {record:"* ]]
}

@test "--suggest-rules: what it writes is a config that says what the labels say" {
	qos-gen --count 5000 --payload --seed 4 | qos-classify | sed '1s/,class,class_by,confidence/,label,by,sure/' >l.csv
	qos-classify --suggest-rules l.csv >s.yaml
	grep -q "when: 'type == \"alert\"', class: \"critical\", priority: [0-9]*}  # support [0-9]*, precision 1.0000" s.yaml
	grep -q '^# 5000 labelled records; the rules cover 5000 of them, 5000 as labelled' s.yaml
	run -0 qos-classify -c s.yaml --check-config
	qos-classify -c s.yaml l.csv | awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next } $at["label"] != $at["class"] { exit 1 }'
}

# trace.csv: with labels; bare.csv: without; labels.csv: id,label
parted() {
	qos-gen --count 4000 --payload --labels --seed 3 >trace.csv
	awk -F, -v OFS=, '{ print $NF > "/dev/null"; NF--; print }' trace.csv >bare.csv
	awk -F, -v OFS=, '{ print $2, $NF }' trace.csv >labels.csv
}

@test "--feedback FILE: labels by id teach what labels in the records would" {
	parted
	qos-classify --learn --save-model a.model -o jsonl trace.csv | jq -c 'del(.label)' >a.jsonl
	qos-classify --feedback labels.csv --save-model b.model -o jsonl bare.csv | jq -c . >b.jsonl
	cmp a.jsonl b.jsonl
	cmp a.model b.model
	jq -R 'split(",") | {label: .[1], id: .[0]}' -c labels.csv | sed 1d | shuf --random-source=<(yes) >labels.jsonl
	run -0 --separate-stderr qos-classify -q --summary --feedback labels.jsonl bare.csv
	jq -e '.learning | .learned == 4000 and .guessed.records > 3900 and .guessed.accuracy > 0.9' <<<"$stderr"
}

@test "--feedback FIFO: labels that come after their records, while others run" {
	parted
	mkfifo labels
	{ # the labels of the first half when it has gone through, then those of the second half before it
		exec 9>labels
		cat half >/dev/null # until the first half was written
		sed -n 1,2001p labels.csv >&9
		sleep 0.7
		sed -n '2002,$p' labels.csv >&9
		sleep 0.7
		echo >go
	} &
	mkfifo half go
	{ sed -n 1,2001p bare.csv; echo >half; cat go >/dev/null; sed -n '2002,$p' bare.csv; } |
		qos-classify -q --summary --feedback labels 2>summary >out.csv
	wait
	[ "$(wc -l <out.csv)" = 4001 ]
	jq -e '.learning | .learned == 4000 and .lost == 0 and .feedback == null' summary
}

@test "--feedback: what has no id, no label or no such class is counted" {
	parted
	printf 'id,label\nm1,critical\n,system\nm2,\nm3,urgent\nm9999,system\n' >bad.csv
	run -3 --separate-stderr qos-classify -q --summary --feedback bad.csv bare.csv
	[[ $stderr == *"bad.csv: 2 of 5 lines have no id, or no label, or are bad"* ]]
	jq -e '.learning | .learned == 1 and .unknown_labels == 1 and .feedback.waiting == 4000' <<<"$(grep '^{' <<<"$stderr")"
	run -4 qos-classify --feedback none.csv bare.csv
	run -2 qos-classify --feedback bad.csv --set classifier.enable_ml=false bare.csv
}
