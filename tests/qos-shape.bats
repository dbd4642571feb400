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
