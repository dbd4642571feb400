#!/usr/bin/env bats
load helper

@test "the link's rate spaces records, and depart is exact" {
	printf 'ts,class,size\n0,critical,1250\n0,critical,1250\n0,critical,1250\n' >"$BATS_TEST_TMPDIR/t.csv"
	run -0 qos-shape --rate 1mbit "$BATS_TEST_TMPDIR/t.csv"
	[ "${lines[0]}" = "ts,class,size,shape_wait,depart" ]
	[ "${lines[1]}" = "0,critical,1250,0,0" ]
	[ "${lines[2]}" = "0,critical,1250,0.01,0.01" ]
	[ "${lines[3]}" = "0,critical,1250,0.02,0.02" ]
}

@test "a burst lets records through at once; larger ones than the burst are dropped" {
	printf 'ts,class,size\n0,critical,1000\n0,critical,1000\n0,critical,1000\n0,critical,2001\n' >"$BATS_TEST_TMPDIR/t.csv"
	run -0 qos-shape --rate 8kbit --burst 2000 --keep-drops "$BATS_TEST_TMPDIR/t.csv"
	[ "$(printf '%s\n' "${lines[@]}" | grep -c ',0,0,$')" -eq 2 ]
	[[ $output == *"0,critical,2001,,,oversize"* ]]
	[[ $output == *"0,critical,1000,1,1,"* ]]
}

@test "a class's ceil holds on an idle link" {
	printf 'ts,class,size\n0,critical,1000\n0,critical,1000\n' >"$BATS_TEST_TMPDIR/t.csv"
	run -0 qos-shape --rate 1mbit --class critical:rate=4kbit,ceil=8kbit "$BATS_TEST_TMPDIR/t.csv"
	[[ ${lines[2]} == *,1,1 ]]
}

@test "all backlogged classes get their shares" {
	qos-gen --count 20000 --rate 1M/s --size const:1000 --with-class --seed 3 >"$BATS_TEST_TMPDIR/t.csv"
	qos-shape --rate 20mbit -l 100000 "$BATS_TEST_TMPDIR/t.csv" >"$BATS_TEST_TMPDIR/out.csv"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/out.csv")" -eq 20001 ]
	# for the first 1.6 s everybody still waits
	awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
		$c["depart"] < 1.6 { n[$c["class"]]++; all++ }
		END { split("critical 30 system 25 job_execution 25 data_transfer 15 logs_metrics 5", w, " ")
		      for (i = 1; i < 10; i += 2) { got = 100 * n[w[i]] / all; if (got < w[i + 1] * 0.97 || got > w[i + 1] * 1.03) { print w[i], got; bad = 1 } }
		      exit bad }' "$BATS_TEST_TMPDIR/out.csv"
}

@test "guarantees beyond the link are refused with the sum" {
	run -2 qos-shape --rate 1mbit --class critical:rate=600kbit /dev/null
	[[ $output == *"add up to 1.3Mbit/s, the link has 1Mbit/s"* ]]
}

@test "an unknown class is refused with the nearest name" {
	run -2 qos-shape --class critcal:rate=1kbit /dev/null
	[[ $output == *critcal*critical* ]]
}

@test "a bad unit says what a right one looks like" {
	run -2 qos-shape --rate 10parsec /dev/null
	[[ $output == *'--rate: "10parsec" has a unit that is not known; write for example 9600, 10kbit'* ]]
	run -2 qos-shape --rate 99999999999gbit /dev/null
	[[ $output == *"too large"* ]]
}

@test "a stream that floods does not hold up another of its class" {
	{ echo ts,class,size,stream
	  for _ in $(seq 100); do echo 0,critical,1000,flood; done
	  echo 0.0001,critical,1000,other; } >"$BATS_TEST_TMPDIR/t.csv"
	run -0 qos-shape --rate 8mbit "$BATS_TEST_TMPDIR/t.csv"
	wait_ms=$(printf '%s\n' "${lines[@]}" | awk -F, '/other/ { print $(NF - 1) * 1000 }')
	awk -v w="$wait_ms" 'BEGIN { exit !(w < 3) }'
	run -0 qos-shape --rate 8mbit --stream-field class "$BATS_TEST_TMPDIR/t.csv"
	[[ ${lines[101]} == *other* ]]
}

@test "a queue limit drops the newest, counted" {
	qos-gen --count 1000 --rate 1M/s --size const:1000 --with-class --seed 3 >"$BATS_TEST_TMPDIR/t.csv"
	run -0 --separate-stderr qos-shape --rate 1mbit -l 10 --summary "$BATS_TEST_TMPDIR/t.csv"
	[ "$(jq '.in == .out + .drops.tail' <<<"$stderr")" = true ]
	[ "$(jq '.in' <<<"$stderr")" -eq 1000 ]
}

@test "a policer colors records, delays none, and counts colors" {
	printf 'ts,class,size\n0,critical,1000\n0,critical,1000\n0,system,1000\n0.5,critical,500\n' >"$BATS_TEST_TMPDIR/t.csv"
	run -0 --separate-stderr qos-shape --police srtcm,cir=8kbit,cbs=1000,ebs=1000 --rate 1gbit --burst 1MB --summary "$BATS_TEST_TMPDIR/t.csv"
	[ "${lines[0]}" = "ts,class,size,shape_wait,depart,color" ]
	[ "$(printf '%s\n' "${lines[@]}" | cut -d, -f4,6 | tail -n +2 | sort | tr '\n' ' ')" = "0,green 0,green 0,red 0,yellow " ]
	[ "$(jq -c '.police[0] | [.meter, .green.records, .green.bytes, .yellow.records, .red.bytes]' <<<"$stderr")" = '["srtcm",2,1500,1,1000]' ]
}

@test "a class's policer drops what is red, and the link's sees the rest" {
	printf 'ts,class,size\n0,critical,1000\n0,critical,1000\n0,system,1000\n' >"$BATS_TEST_TMPDIR/t.csv"
	run -0 --separate-stderr qos-shape --police critical:gcra,rate=8kbit,burst=1000,drop --police gcra,rate=8kbit,burst=2000 \
		--keep-drops --summary "$BATS_TEST_TMPDIR/t.csv"
	[[ $output == *"0,critical,1000,,,red,police"* ]]
	[[ $output == *"0,system,1000,"*",green,"* ]]
	[ "$(jq -c '[.drops.police, (.police[] | .green.records)]' <<<"$stderr")" = '[1,2,1]' ]
}

@test "an aware policer reads the color that came; a blind one writes its own" {
	printf 'ts,class,size,color\n0,critical,1000,red\n0,critical,1000,yellow\n' >"$BATS_TEST_TMPDIR/t.csv"
	run -0 qos-shape --police srtcm,cir=8kbit,cbs=1000,ebs=1000,aware "$BATS_TEST_TMPDIR/t.csv"
	[[ ${lines[1]} == 0,critical,1000,red,* && ${lines[2]} == 0,critical,1000,yellow,* ]]
	run -0 qos-shape --police srtcm,cir=8kbit,cbs=1000,ebs=1000 "$BATS_TEST_TMPDIR/t.csv"
	[[ ${lines[1]} == 0,critical,1000,green,* && ${lines[2]} == 0,critical,1000,yellow,* ]]
	printf 'ts,class,size,color\n0,critical,1000,blue\n' >"$BATS_TEST_TMPDIR/t.csv"
	run -3 qos-shape --police srtcm,cir=8kbit,cbs=1000,aware "$BATS_TEST_TMPDIR/t.csv"
	[[ $output == *'color "blue": no such color'* ]]
}

@test "policers of the configuration, and what is wrong with one" {
	printf 'classes:\n  - {name: a, share: 0.5, police: "gcra,records=1,per=1s,drop"}\nbandwidth: {police: "trtcm,cir=1mbit,cbs=1kB,pir=2mbit,pbs=2kB"}\n' >"$BATS_TEST_TMPDIR/c.yaml"
	printf 'ts,class,size\n0,a,1000\n0.999999999,a,1000\n1,a,1000\n' >"$BATS_TEST_TMPDIR/t.csv"
	run -0 --separate-stderr qos-shape -c "$BATS_TEST_TMPDIR/c.yaml" --summary "$BATS_TEST_TMPDIR/t.csv"
	[ "$(jq -c '[.out, .drops.police, .police[0].meter, .police[1].class]' <<<"$stderr")" = '[2,1,"trtcm","a"]' ]
	qos-shape -c "$BATS_TEST_TMPDIR/c.yaml" --dump-config >"$BATS_TEST_TMPDIR/d.yaml"
	run -0 qos-shape -c "$BATS_TEST_TMPDIR/d.yaml" --dump-config
	[[ $output == *'police: "gcra,records=1,per=1s,drop"'* && $output == *'police: "trtcm,cir=1mbit,cbs=1kB,pir=2mbit,pbs=2kB"'* ]]
	run -2 qos-shape --police srtcm,cir=0,cbs=1 /dev/null
	[[ $output == *"cir"* ]]
	run -2 qos-shape --police critical:gcra,rate=1mbit /dev/null
	[[ $output == *"class critical: police: gcra wants either rate and burst, or records"* ]]
	run -2 qos-shape --police critcal:gcra,rate=1mbit,burst=1 /dev/null
	[[ $output == *'did you mean "critical"'* ]]
}

@test "a link that degrades at 10 s and returns at 20 s holds to the nanosecond, also for what waits" {
	printf '10s rate=800kbit # a tenth\n20s rate=8mbit\n' >"$BATS_TEST_TMPDIR/s"
	awk 'BEGIN { print "ts,class,size"; for (i = 0; i < 12000; i++) print "5,system,1000" }' >"$BATS_TEST_TMPDIR/t.csv"
	qos-shape --rate 8mbit -l 20000 --schedule "$BATS_TEST_TMPDIR/s" "$BATS_TEST_TMPDIR/t.csv" >"$BATS_TEST_TMPDIR/out.csv"
	awk -F, 'NR > 1 { i = NR - 2; t = i <= 10000 ? i : i <= 11000 ? 10000 + (i - 10000) * 10 : 20000 + i - 11000
		d = $5 - 5 - t / 1000; bad = bad || d * d > 1e-20; n++ } END { exit bad || n != 12000 }' "$BATS_TEST_TMPDIR/out.csv"
	printf '10s rate=800kbit\n20s rate=0\n' >"$BATS_TEST_TMPDIR/s"
	run -2 qos-shape --schedule "$BATS_TEST_TMPDIR/s" "$BATS_TEST_TMPDIR/t.csv"
	[[ $output == *"the link is down at the end"* ]]
	printf '10s critical:rate=1parsec\n' >"$BATS_TEST_TMPDIR/s"
	run -2 qos-shape --schedule "$BATS_TEST_TMPDIR/s" "$BATS_TEST_TMPDIR/t.csv"
	[[ $output == *"/s:1:14: "*"1parsec"* ]]
}

@test "framing is charged by packet, and the link's latency comes after the wait" {
	printf 'ts,class,size\n0,critical,1000\n0,critical,1000\n' >"$BATS_TEST_TMPDIR/t.csv"
	run -0 qos-shape --rate 8mbit --overhead 40 --mtu 400 --link-latency 20ms "$BATS_TEST_TMPDIR/t.csv"
	[ "${lines[1]}" = "0,critical,1000,0,0.02" ]
	[ "${lines[2]}" = "0,critical,1000,0.00112,0.02112" ]
	run -0 qos-shape --rate 8mbit --overhead 40 "$BATS_TEST_TMPDIR/t.csv"
	[ "${lines[2]}" = "0,critical,1000,0.00104,0.00104" ]
}

@test "the smallest rate that meets a condition, as a table and as JSON" {
	awk 'BEGIN { print "ts,class,size"; for (i = 0; i < 20; i++) print "0,critical,1000"; for (i = 0; i < 20; i++) print "0,system,1000" }' >"$BATS_TEST_TMPDIR/t.csv"
	run -0 qos-shape --solve 'all.max <= 39ms && drops == 0' "$BATS_TEST_TMPDIR/t.csv"
	[[ ${lines[0]} == "rate "*"critical.p99 "*"system.p99" ]]
	[[ ${lines[6]} == "8Mbit/s "*" yes "* ]]
	[[ ${lines[5]} == "7.6Mbit/s "*" no "* ]]
	[[ ${lines[12]} == "smallest rate: 8Mbit/s (8000"* ]]
	run -0 qos-shape --solve 'all.max <= 39ms && drops == 0' -o jsonl "$BATS_TEST_TMPDIR/t.csv"
	[ "$(jq -s 'last.smallest.rate >= 8000000 and last.smallest.rate < 8000100 and (.[:-1] | map(.holds) | index(true)) == 5' <<<"$output")" = true ]
	run -0 qos-shape --rate 8mbit --class critical:burst=1000 --class system:burst=1000 --vary shares --solve 'critical.max < 25ms' "$BATS_TEST_TMPDIR/t.csv"
	[[ $output == *"smallest share: "*"%"* ]]
}

@test "what no rate meets, and what cannot be asked" {
	printf 'ts,class,size\n0,critical,1000\n0,critical,1000\n' >"$BATS_TEST_TMPDIR/t.csv"
	run -1 qos-shape --solve 'all.max < 0ms' "$BATS_TEST_TMPDIR/t.csv"
	[[ $output == *"no rate meets it: all.max < 0ms: all.max is "* ]]
	run -2 qos-shape --solve 'all.mox < 0ms' "$BATS_TEST_TMPDIR/t.csv"
	run -2 qos-shape --solve 'all.max < 1ms' --vary colors "$BATS_TEST_TMPDIR/t.csv"
	[[ $output == *'"colors" does not vary'* ]]
	run -2 qos-shape --solve 'all.max < 1ms' -o csv "$BATS_TEST_TMPDIR/t.csv"
	run -2 qos-shape --solve 'all.max < 1ms' /dev/null
}

@test "two policies on one trace: the difference by class with its interval" {
	cd "$BATS_TEST_TMPDIR"
	printf 'classes:\n  - {name: a, share: 0.5}\n  - {name: b, share: 0.5}\nbandwidth: {total_bandwidth: 10mbit}\n' >old.yaml
	printf 'classes:\n  - {name: b, share: 0.1}\n  - {name: a, share: 0.9}\nbandwidth: {total_bandwidth: 10mbit}\n' >new.yaml
	qos-gen --count 20000 --class a:rate=600/s,size=1000 --class b:rate=600/s,size=1000 --with-class --start 0 --seed 2 >t.csv
	run -0 qos-shape --compare old.yaml --compare new.yaml t.csv
	[[ ${lines[0]} == "a: old.yaml, b: new.yaml" && ${lines[2]} == "a: "*" records" ]]
	[[ ${lines[3]} == "  mean "*" less" && ${lines[7]} == "  mean "*" more" ]]
	run -0 qos-shape --compare old.yaml --compare new.yaml -o jsonl t.csv
	# what one class waits less the other waits more: the whole stays (Kleinrock's law)
	[ "$(jq -s 'map(select(.class == "all"))[0].mean | .difference < 1e-9 and .difference > -1e-9' <<<"$output")" = true ]
	[ "$(jq -s '.[0].mean | .low < .difference and .difference < .high and .high < 0' <<<"$output")" = true ]
	first=$output
	run -0 qos-shape --compare old.yaml --compare new.yaml -o jsonl t.csv
	[ "$output" = "$first" ]
	run -0 qos-shape --compare old.yaml --compare old.yaml -o jsonl t.csv
	[ "$(jq -s 'all(.mean.low == 0 and .mean.high == 0 and .p99.low == 0)' <<<"$output")" = true ]
	run -2 qos-shape --compare old.yaml t.csv
	printf 'classes: [{name: a}]\n' >other.yaml
	run -2 qos-shape --compare old.yaml --compare other.yaml t.csv
	[[ $output == *"old.yaml and other.yaml have different classes"* ]]
}

@test "queue management keeps a class's queue short, or marks" {
	qos-gen --count 5000 --rate 1200/s --size 1000 --class critical:share=100% --with-class --start 0 --seed 1 >"$BATS_TEST_TMPDIR/t.csv"
	for aqm in codel fq_codel pie red,min=5,max=50; do
		run -0 --separate-stderr qos-shape --rate 8mbit --stream-field class --aqm $aqm --summary "$BATS_TEST_TMPDIR/t.csv"
		[ "$(jq '.drops.aqm > 100 and .in == .out + .drops.aqm' <<<"$stderr")" = true ]
	done
	run -0 --separate-stderr qos-shape --rate 8mbit --summary "$BATS_TEST_TMPDIR/t.csv"
	unmanaged=$(jq '.classes[0].wait_mean' <<<"$stderr")
	run -0 --separate-stderr qos-shape --rate 8mbit --stream-field class --aqm codel --summary "$BATS_TEST_TMPDIR/t.csv"
	[ "$(jq ".classes[0].wait_mean < $unmanaged * 0.6" <<<"$stderr")" = true ]
	run -0 --separate-stderr qos-shape --rate 8mbit --aqm codel --mark --summary "$BATS_TEST_TMPDIR/t.csv"
	[ "${lines[0]##*,}" = mark ]
	[ "$(jq '.out == 5000 and .aqm[0].marked > 20' <<<"$stderr")" = true ]
	[ "$(printf '%s\n' "${lines[@]}" | grep -c ',codel$')" -eq "$(jq '.aqm[0].marked' <<<"$stderr")" ]
	printf 'classes: [{name: critical, share: 1, aqm: "codel,target=1ms"}]\n' >"$BATS_TEST_TMPDIR/c.yaml"
	run -0 --separate-stderr qos-shape -c "$BATS_TEST_TMPDIR/c.yaml" --rate 8mbit --summary "$BATS_TEST_TMPDIR/t.csv"
	[ "$(jq '.drops.aqm > 100' <<<"$stderr")" = true ]
	run -2 qos-shape --aqm cudel /dev/null
	[[ $output == *'did you mean "codel"'* ]]
}

@test "codel in a class of one stream drops what it drops in the router, to the record" {
	qos-gen --count 5000 --rate 1200/s --size 1000 --class critical:share=100% --with-class --start 0 --seed 1 >"$BATS_TEST_TMPDIR/t.csv"
	qos-shape --rate 8mbit --stream-field class --aqm codel "$BATS_TEST_TMPDIR/t.csv" | cut -d, -f2 >"$BATS_TEST_TMPDIR/shape"
	qos-route --capacity 8mbit --aqm codel "$BATS_TEST_TMPDIR/t.csv" | cut -d, -f2 >"$BATS_TEST_TMPDIR/route"
	cmp "$BATS_TEST_TMPDIR/shape" "$BATS_TEST_TMPDIR/route"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/shape")" -lt 4600 ]
}

@test "streams ask for a rate, and are told what they got and which limit they met" {
	cat >"$BATS_TEST_TMPDIR/t.csv" <<-'EOF'
		ts,class,stream,size,op,rate
		0,critical,a,,allocate,300kbit
		0,critical,b,,allocate,400kbit
		0,critical,c,,allocate,1bit/s
		0,critical,c,,allocate,fast
		0,critical,c,,borrow,1kbit
		0.1,critical,a,15000,,
		1,critical,a,,update,
		1,critical,b,,release,
		1,critical,b,,release,
		1,critical,c,,allocate,100kbit
	EOF
	run -0 --separate-stderr qos-shape --rate 1mbit --allocate --summary "$BATS_TEST_TMPDIR/t.csv"
	[ "${lines[0]}" = "ts,class,stream,size,op,rate,shape_wait,depart,granted,utilisation,reason" ]
	[ "$(printf '%s\n' "${lines[@]:1}" | cut -d, -f3,5,9- | tr '\n' ' ')" = \
		"a,allocate,300000,0,full b,allocate,350000,0,link c,allocate,0,0,link c,allocate,0,0,rate c,borrow,0,0,op a,,,, a,update,300000,0.4,full b,release,350000,0,released b,release,0,0,unknown c,allocate,100000,0,full " ]
	[ "$(jq -c '[.in, .out, (.allocations | .full, .part, .refused, .released, .now, .granted_bps, .classes[0].granted_bps)]' <<<"$stderr")" = \
		'[10,10,3,1,4,1,2,400000,400000]' ]
}

@test "a class is guaranteed what its streams were promised, and the least urgent gives first" {
	{
		echo ts,class,stream,size,op,rate
		echo 0,critical,a,,allocate,600kbit
		for ((i = 0; i < 400; i++)); do echo 0,critical,a,1000,,; echo 0,system,s,1000,,; echo 0,data_transfer,d,1000,,; done
	} >"$BATS_TEST_TMPDIR/t.csv"
	kept() { # bytes of each class among those that left from 1 s to 3 s
		qos-shape --rate 1mbit --burst 1000 --set bandwidth.burst_multiplier=0.1 "$@" "$BATS_TEST_TMPDIR/t.csv" |
			awk -F, '$2 == "critical" && $8 >= 1 && $8 < 3 { n++ } $8 >= 1 && $8 < 3 { all++ } END { printf "%.2f", n / all }'
	}
	awk -v with="$(kept --allocate)" -v without="$(kept)" 'BEGIN { print with, without; exit !(with >= 0.6 && without < 0.5) }'
}

@test "an allocation that nobody uses ends; one that is used stays" {
	cat >"$BATS_TEST_TMPDIR/t.csv" <<-'EOF'
		ts,class,stream,size,op,rate
		0,critical,a,,allocate,300kbit
		0,critical,b,,allocate,325kbit
		4,critical,a,100,,
		5.5,critical,b,,update,
		5.5,critical,a,,update,
	EOF
	run -0 --separate-stderr qos-shape --rate 1mbit --allocate --allocation-idle 5s --summary "$BATS_TEST_TMPDIR/t.csv"
	[[ $output == *b,,update,*,0,0,unknown$'\n'* ]]
	[[ $output == *a,,update,*,300000,*,full ]]
	[ "$(jq -c '.allocations | [.expired, .now]' <<<"$stderr")" = '[1,1]' ]
}

@test "lending, tenants and the number of allocations limit what is promised" {
	printf 'ts,class,stream,op,rate,tenant\n0,critical,a,allocate,1mbit,acme\n0,system,b,allocate,1kbit,x\n0,system,c,allocate,1kbit,x\n' \
		>"$BATS_TEST_TMPDIR/t.csv"
	run -0 qos-shape --rate 1mbit --allocate --lend 0% "$BATS_TEST_TMPDIR/t.csv"
	[[ ${lines[1]} == *,300000,0,link ]]
	printf 'tenants:\n- name: acme\n  share: 10%%\n' >"$BATS_TEST_TMPDIR/c.yaml"
	run -0 qos-shape --rate 1mbit --allocate -c "$BATS_TEST_TMPDIR/c.yaml" --allocations 2 "$BATS_TEST_TMPDIR/t.csv"
	[[ ${lines[1]} == *,100000,0,tenant ]]
	[[ ${lines[3]} == *,0,0,most ]]
	run -2 qos-shape --allocate --lend 2 "$BATS_TEST_TMPDIR/t.csv"
	run -2 qos-shape --allocate --solve 'drops == 0' "$BATS_TEST_TMPDIR/t.csv"
	[[ $output == *"choose one"* ]]
}

@test "a stream gets what it was promised beside the backlogged streams of its class" {
	{
		echo ts,class,stream,size,op,rate
		echo 0,critical,a,,allocate,400kbit
		echo 0,critical,b,,allocate,100kbit
		for ((i = 0; i < 300; i++)); do for s in a b c d e; do echo 0,critical,$s,1000,,; done; done
		echo 3,critical,a,,update,
		echo 3,critical,a,,release,
	} >"$BATS_TEST_TMPDIR/t.csv"
	run -0 qos-shape --rate 1mbit --allocate "$BATS_TEST_TMPDIR/t.csv"
	part() { # of the link between two moments: a b c d e, in percent
		printf '%s\n' "${lines[@]:1}" | awk -F, -v from="$1" -v to="$2" '!$5 && $8 >= from && $8 < to { n[$3]++; all++ }
			END { printf "%.0f %.0f %.0f %.0f %.0f\n", 100*n["a"]/all, 100*n["b"]/all, 100*n["c"]/all, 100*n["d"]/all, 100*n["e"]/all }'
	}
	[ "$(part 0.5 2.9)" = "40 10 17 17 17" ]
	[ "$(part 3.1 4)" = "23 10 22 22 22" ]
	[[ $output == *"3,critical,a,,update,,0,3,400000,1.00667,full"* ]]
}

@test "requests may come beside the records, by time, and are answered beside them" {
	printf 'ts,class,stream,size\n0,critical,a,1000\n2,critical,a,50000\n' >"$BATS_TEST_TMPDIR/t.csv"
	printf '%s\n' '{"ts":0,"op":"allocate","class":"critical","stream":"a","rate":"400kbit"}' \
		'{"ts":1,"op":"update","class":"critical","stream":"a"}' \
		'{"ts":3,"op":"update","class":"critical","stream":"a","rate":100000}' \
		'{"ts":4,"op":"release","class":"critical","stream":"b"}' >"$BATS_TEST_TMPDIR/r.jsonl"
	run -0 --separate-stderr qos-shape --rate 1mbit --control "$BATS_TEST_TMPDIR/r.jsonl" --answers "$BATS_TEST_TMPDIR/a.jsonl" \
		--summary "$BATS_TEST_TMPDIR/t.csv"
	[ "${#lines[@]}" -eq 3 ]
	[ "$(jq -r '[.granted, .utilisation, .reason] | join(" ")' "$BATS_TEST_TMPDIR/a.jsonl" | paste -sd,)" = \
		"400000 0 full,400000 0.02 full,100000 0.5 full,0 0 unknown" ]
	[ "$(jq -c '[.in, .out, (.allocations | .full, .refused, .now)]' <<<"$stderr")" = '[2,2,3,1,1]' ]
	# through a pipe; nobody reads the answers
	run -0 --separate-stderr qos-shape --rate 1mbit --control <(cat "$BATS_TEST_TMPDIR/r.jsonl") --summary "$BATS_TEST_TMPDIR/t.csv"
	[ "$(jq -c '.allocations.full' <<<"$stderr")" = 3 ]
}

@test "a control file that cannot be is refused" {
	printf 'ts,class,size\n0,critical,1000\n' >"$BATS_TEST_TMPDIR/t.csv"
	run -4 qos-shape --control "$BATS_TEST_TMPDIR/none" "$BATS_TEST_TMPDIR/t.csv"
	printf 'ts,op,class\n0,allocate,nobody\n' >"$BATS_TEST_TMPDIR/r.csv"
	run -3 qos-shape --control "$BATS_TEST_TMPDIR/r.csv" "$BATS_TEST_TMPDIR/t.csv"
	[[ $output == *"no such class"* ]]
	run -2 qos-shape --answers "$BATS_TEST_TMPDIR/a" "$BATS_TEST_TMPDIR/t.csv"
	run -4 qos-shape --control "$BATS_TEST_TMPDIR/r.csv" --answers /nowhere/a "$BATS_TEST_TMPDIR/t.csv"
}

@test "congestion begins at 80% of a queue's limit and ends below three quarters of that, with its length" {
	# ten records that take 1 ms each: the first leaves at once, 8 still wait at 1 ms, 5 at 4 ms; the same a second later
	{
		echo "ts,size,class"
		for t in 100 101; do for i in {1..10}; do echo "$t,1000,critical"; done; done
		for i in {1..8}; do echo "102,1000,system"; done
	} > "$BATS_TEST_TMPDIR/t.csv"
	run -0 --separate-stderr qos-shape --rate 8mbit -l 10 --summary --metrics "$BATS_TEST_TMPDIR/m.prom" "$BATS_TEST_TMPDIR/t.csv"
	[[ $stderr == *'"congestion":[{"class":"critical","congestions":2,"congested":0.008},'* ]]
	grep -x 'qos_shape_congestions_total{filter="qos-shape",class="critical"} 2' "$BATS_TEST_TMPDIR/m.prom"
	grep -x 'qos_shape_congested_seconds_total{filter="qos-shape",class="critical"} 0.008' "$BATS_TEST_TMPDIR/m.prom"
	run -0 --separate-stderr qos-shape --rate 8mbit -l 14 --summary "$BATS_TEST_TMPDIR/t.csv"
	[[ $stderr == *'"congestion":[{"class":"critical","congestions":0,"congested":0},'* ]]
}
