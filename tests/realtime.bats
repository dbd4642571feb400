#!/usr/bin/env bats
# The filters by the clock: --realtime, --replay, --loop, --backpressure, signals.  Bounds are wide, since a test machine is
# busy.
load helper

setup() {
	T="$BATS_TEST_TMPDIR"
}

ns() { date +%s%N; }

@test "a replay takes the time that the trace does, and writes what virtual time writes" {
	qos-gen --count 2000 --rate 4k/s --size const:500 --with-class --seed 3 >"$T/t.csv"
	start=$(ns)
	run -0 --separate-stderr qos-shape --rate 20mbit --replay --summary "$T/t.csv"
	took=$((($(ns) - start) / 1000000))
	[ "$took" -ge 450 ] && [ "$took" -lt 1500 ]
	diff <(printf '%s\n' "$output") <(qos-shape --rate 20mbit "$T/t.csv")
	jq -e '.lateness.p50 < 0.01 and .elapsed > 0.45 and .lateness.p50 <= .lateness.p99 and .lateness.p99 <= .lateness.max' <<<"$stderr"
}

@test "a replay at ten times the speed takes a tenth, and --replay=max no time" {
	printf 'ts,class\n10,critical\n13,critical\n' >"$T/t.csv"
	start=$(ns)
	run -0 qos-route --capacity 1k/s --replay=10 "$T/t.csv"
	took=$((($(ns) - start) / 1000000))
	[ "$took" -ge 299 ] && [ "$took" -lt 800 ]
	[ "${lines[2]}" = "13,critical,0,13.001" ]
	start=$(ns)
	run -0 qos-route --capacity 1k/s --replay=max "$T/t.csv"
	[ $((($(ns) - start) / 1000000)) -lt 250 ]
	[ "${lines[2]}" = "13,critical,0,13.001" ]
	run -2 qos-route --replay=fast "$T/t.csv"
	[[ $output == *'--replay: "fast" is no speed'* ]]
	run -2 qos-route --replay --realtime "$T/t.csv"
}

@test "a replay goes on while a slow pipe is silent" {
	run -0 bash -c '(printf "ts,class,service_time\n0,critical,0.05\n"; sleep 0.5; printf "0.6,critical,0\n") |
		qos-route --capacity 1/s --replay | while read -r line; do echo "$(date +%s%N) $line"; done'
	a=$(awk 'NR == 2 { print $1 }' <<<"$output")
	b=$(awk 'NR == 3 { print $1 }' <<<"$output")
	[ $((b - a)) -gt 300000000 ] # the first left at 0.05 s, not when the second came
}

@test "live records need no ts, arrive when they are read, and leave when they are due" {
	run -0 bash -c 'for i in 1 2 3; do echo "{\"id\":$i,\"class\":\"critical\",\"service_time\":0.1}"; done |
		qos-route --realtime --capacity 1/s -i jsonl'
	[ "${#lines[@]}" -eq 3 ]
	printf '%s\n' "${lines[@]}" | jq -se '.[2].depart - .[0].depart | . > 0.1999 and . < 0.2001'
	printf '%s\n' "${lines[@]}" | jq -se --argjson now "$(date +%s)" '.[0].depart - $now | . > -5 and . < 5'
}

@test "what has left is written while the input is silent" {
	mkfifo "$T/in"
	qos-shape --realtime --rate 1mbit -i jsonl <"$T/in" >"$T/out" &
	exec 7>"$T/in"
	echo '{"class":"critical"}' >&7
	for _ in {1..50}; do
		[ -s "$T/out" ] && break
		sleep 0.02
	done
	[ -s "$T/out" ]
	exec 7>&-
	wait $!
}

@test "live output keeps its rate to 0.5 %" {
	awk 'BEGIN { print "class,payload"; for (i = 0; i < 30000; i++) printf "critical,%0990d\n", i }' >"$T/t.csv"
	run -143 bash -c 'qos-shape --realtime --backpressure --rate 16mbit -l 100 --drain-timeout 0 "$1" >"$2" & sleep 1.5; kill $!; wait $!' - "$T/t.csv" "$T/out"
	awk -F, 'NR == 2 { first = $NF } NR > 2 { last = $NF; bits += 999 * 8 }
		END { rate = bits / (last - first); printf "%.0f bit/s\n", rate; exit !(rate > 15.92e6 && rate < 16.08e6) }' "$T/out"
}

@test "backpressure waits where records were dropped" {
	{ echo class; yes critical | head -300; } >"$T/t.csv"
	run -0 --separate-stderr qos-route --realtime --capacity 2k/s -l 10 --summary "$T/t.csv"
	jq -e '.drops.tail > 200 and .in == .out + .drops.tail' <<<"$stderr"
	run -0 --separate-stderr qos-route --realtime --capacity 2k/s -l 10 --backpressure --summary "$T/t.csv"
	jq -e '.out == 300 and .drops == {} and (.classes[0].queued_max <= 10)' <<<"$stderr"
}

@test "SIGTERM ends reading, drains what is queued, and ends the filter by that signal" {
	mkfifo "$T/in"
	qos-route --realtime --capacity 20/s --summary -i csv <"$T/in" >"$T/out" 2>"$T/sum" &
	exec 7>"$T/in"
	{ echo class; yes critical | head -10; } >&7
	sleep 0.2
	kill $!
	rc=0; wait $! || rc=$?
	[ "$rc" -eq 143 ]
	exec 7>&-
	[ "$(wc -l <"$T/out")" -eq 11 ]
	jq -e '.in == 10 and .out == 10 and .queued == 0' "$T/sum"
}

@test "--drain-timeout leaves what takes longer, counted as queued" {
	mkfifo "$T/in"
	qos-route --realtime --capacity 20/s --drain-timeout 100ms --summary -i csv <"$T/in" >"$T/out" 2>"$T/sum" &
	exec 7>"$T/in"
	{ echo class; yes critical | head -100; } >&7
	sleep 0.2
	kill $!
	rc=0; wait $! || rc=$?
	[ "$rc" -eq 143 ]
	exec 7>&-
	jq -e '.in == 100 and .queued > 50 and .in == .out + .queued' "$T/sum"
}

@test "SIGUSR1 tells the summary so far while time goes on" {
	mkfifo "$T/in"
	qos-route --realtime --capacity 10/s -i csv <"$T/in" >"$T/out" 2>"$T/sum" &
	exec 7>"$T/in"
	{ echo class; yes critical | head -4; } >&7
	sleep 0.25
	kill -USR1 $!
	sleep 0.1
	jq -e '.in == 4 and .out >= 1 and .queued >= 1' "$T/sum"
	exec 7>&-
	wait $!
	[ "$(wc -l <"$T/out")" -eq 5 ]
}

@test "--loop reads files again, as if the trace went on" {
	printf 'ts,class\n100,critical\n101,critical\n102,critical\n' >"$T/t.csv"
	run -0 qos-route --loop 3 --capacity 10/s "$T/t.csv"
	[ "${#lines[@]}" -eq 10 ]
	[ "${lines[4]}" = "103,critical,0,103.1" ]
	[ "${lines[9]}" = "108,critical,0,108.1" ]
	run -2 qos-route --loop 3 --capacity 10/s - <"$T/t.csv"
	[[ $output == *"no file that can be read again"* ]]
}

@test "a reader that goes away ends a live filter quietly" {
	run -0 bash -c '(echo class; echo critical; sleep 0.3; echo critical; sleep 5) | { qos-route --realtime; echo "rc $?" >&2; } | head -2 >/dev/null'
	[ "$output" = "rc 0" ]
}

@test "--limit-bytes paces plain bytes, and changes none" {
	head -c 300000 /dev/urandom >"$T/in"
	start=$(ns)
	qos-shape --limit-bytes --rate 4mbit --summary "$T/in" 2>"$T/sum" >"$T/out"
	took=$((($(ns) - start) / 1000000))
	cmp "$T/in" "$T/out"
	[ "$took" -ge 599 ] && [ "$took" -lt 900 ]
	jq -e '.written_bytes == 300000 and .elapsed >= 0.6 and .elapsed < 0.9' "$T/sum"
}

@test "--limit-bytes does not make up for time in which the input was silent" {
	# a second for the filter to start: its time counts from the first byte that it reads
	run -0 bash -c '(sleep 1; head -c 1000 /dev/zero; sleep 0.5; head -c 50000 /dev/zero) | qos-shape --limit-bytes --rate 800kbit --summary 2>&1 >/dev/null'
	jq -e '.elapsed > 0.99 and .elapsed < 1.4' <<<"$output" # 0.5 s and 50,000 bytes of 100,000/s
}

@test "--progress tells how far it is, and takes its line away" {
	{ echo ts,class; for i in {0..9}; do echo "0.0$i,critical"; echo "0.6,critical"; done | sort -n; } >"$T/t.csv"
	run -0 --separate-stderr qos-route --replay --progress "$T/t.csv"
	[[ $stderr == *"qos-route: "*" of "*"%, "*" records, "*"/s"* ]]
	[[ $stderr == *$'\r\033[K' ]]
	run -0 --separate-stderr qos-route --replay "$T/t.csv"
	[ -z "$stderr" ]
}
