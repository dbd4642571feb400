#!/usr/bin/env bats
# qos-stats --live in a pseudo-terminal of tmux: what it shows, its keys, and the terminal as it was afterwards.
load helper

setup() {
	need tmux
	cd "$BATS_TEST_TMPDIR"
	export LANG=C.UTF-8 ASAN_OPTIONS=handle_segv=0 # of a sanitized build: faults are ours
	screen new-session -d -x 120 -y 30 'PS1="$ " TERM=screen-256color PATH="'"$PATH"'" bash --norc --noprofile'
	wait_for '^\$'
	enter 'stty -g >before'
	wait_for_file before
	mkfifo in
}

teardown() {
	[ -z "${fed:-}" ] || exec 7>&-
	screen kill-server 2>/dev/null || true
}

screen() {
	tmux -S "$BATS_TEST_TMPDIR/tmux" -f /dev/null "$@"
}

# enter TEXT: types it into the shell
enter() {
	screen send-keys -l "$1"
	screen send-keys Enter
}

shown() {
	screen capture-pane -p
}

# wait_for REGEX: until a line of the screen is like that; fails after 10 s
wait_for() {
	for _ in {1..100}; do
		shown | grep -qE -- "$1" && return
		sleep 0.1
	done
	echo "never shown: $1"
	shown
	return 1
}

wait_for_file() {
	for _ in {1..100}; do
		[ ! -s "$1" ] || return 0
		sleep 0.1
	done
	return 1
}

# feed: what comes through fifo `in` from now on is written to descriptor 7
feed() {
	exec 7>in
	fed=1
}

# 10 records/s of 100 bytes for 65 s, late by 0.1 s (so that 99 depart in the first 10 s); every tenth is dropped, each second one is of another tenant
trace() {
	awk 'BEGIN { print "ts,class,tenant,size,depart,drop"
		for (i = 0; i < 650; i++) printf "%.1f,critical,%s,100,%.1f,%s\n", i / 10, i % 2 ? "a" : "b",
			(i + 1) / 10, i % 10 == 9 ? "tail" : "" }'
}

# The shell has its line back, the terminal its modes, and the screen what was on it.
sane() {
	enter 'stty -g >after; echo back'
	wait_for '^back$'
	wait_for_file after
	cmp before after
	! shown | grep -q 'q quits'
	[ "$(screen display-message -p '#{alternate_on} #{cursor_flag}')" = "0 1" ]
}

@test "the last window is shown in numbers, bars and alerts, and q quits with the report" {
	enter "qos-stats --live --interval 10s --window 30s --alert 'drops > 9' --alert 'drops > 99' <in; echo rc=\$?"
	feed
	wait_for 'no interval is over yet' # before the first record
	trace >&7
	wait_for 'T00:01:00Z'
	shown
	shown | grep -q 'records 599  dropped 59  bad 0  the last 30s, a bar is 10s'
	shown | grep -qE '^critical +10\.0 +7\.2kbit/s +30! +100ms! +100ms! +100ms! +10ms +0% +██████$'
	shown | grep -qE '^system +0\.0 +0bit/s +0 +- +- +- +50ms +-'
	shown | grep -qE '^all +10\.0 +7\.2kbit/s +30!'
	shown | grep -q '^ALERT  drops > 9: drops is 10 (1 over)'
	shown | grep -q '^quiet  drops > 99: drops is 10'
	shown | grep -q 'alert firing at 1970-01-01T00:00:20Z' # which stderr would have got
	screen send-keys q
	wait_for 'rc=0'
	shown | grep -q 'in 650 = out 585 + dropped 65 (tail 65)'
	[ "$(shown | grep -c 'qos-stats: alert firing at 1970-01-01T00:00:20Z')" = 1 ]
	sane
}

@test "it is drawn anew when the terminal changes its size, columns go where there is no room" {
	enter "qos-stats --live --interval 10s <in"
	feed
	trace >&7
	wait_for 'T00:01:00Z'
	shown | grep -qE 'rec/s +rate +drops +p50 +p99 +max +target +met  over time'
	screen resize-window -x 50 -y 12
	wait_for '^class +rec/s +p99  over time'
	! shown | grep -q target
	shown | grep -qE '^all +10\.0 +100ms'
	[ "$(shown | sed -n '3p')" = "" ] # no line has run into the next
	screen resize-window -x 10 -y 2 # too small for anything
	sleep 0.6
	screen resize-window -x 120 -y 30
	wait_for 'rec/s +rate +drops +p50 +p99 +max +target +met  over time'
	screen send-keys q
	sane
}

@test "the busiest groups are first, the list can be moved, a pause keeps the picture" {
	screen resize-window -x 100 -y 10
	enter "qos-stats --live --interval 10s --by stream <in"
	feed
	awk 'BEGIN { print "ts,stream"; for (s = 1; s <= 20; s++) for (i = 0; i < s; i++) print s / 10 "," "s" s; print "11,s1" }' >&7
	wait_for 'groups 1 to 4 of 20'
	[ "$(shown | grep -oE '^s[0-9]+' | tr '\n' ' ')" = "s20 s19 s18 s17 " ]
	screen send-keys Down Down
	wait_for 'groups 3 to 6 of 20'
	screen send-keys NPage NPage NPage NPage NPage
	wait_for 'groups 17 to 20 of 20'
	screen send-keys p
	wait_for 'paused'
	shown >paused
	printf '21,s1\n' >&7
	sleep 0.6
	shown | cmp - paused
	screen send-keys p
	wait_for 'T00:00:20Z'
	screen send-keys q
	sane
}

@test "the terminal is as it was after any signal that ends the filter" {
	for signal in INT TERM HUP QUIT USR2 SEGV ABRT; do
		enter "sh -c 'echo \$\$ >pid; exec qos-stats --live --interval 10s <in'"
		feed
		trace >&7
		wait_for 'T00:01:00Z'
		kill -s "$signal" "$(cat pid)"
		while kill -0 "$(cat pid)" 2>/dev/null; do sleep 0.05; done
		enter 'echo rc=$?'
		wait_for "rc=$((128 + $(kill -l "$signal")))"
		sane
		exec 7>&-
		enter 'clear; rm after'
	done
}

@test "stopped by the terminal and continued, it draws again" {
	enter "qos-stats --live --interval 10s <in"
	feed
	trace >&7
	wait_for 'T00:01:00Z'
	screen send-keys C-z
	wait_for 'Stopped'
	sane
	enter fg
	wait_for 'T00:01:00Z'
	screen send-keys q
	sane
}

@test "the end of the input ends the view, and the report is printed" {
	trace >t.csv
	enter "qos-stats --live t.csv; echo rc=\$?"
	wait_for 'rc=0'
	shown | grep -q 'in 650 = out 585 + dropped 65 (tail 65)'
	sane
}

@test "records without a time are shown as they come" {
	enter "qos-stats --live --interval 200ms <in"
	feed
	printf '{"class":"critical","n":1}\n{"class":"critical","n":2}\n' >&7
	wait_for 'records 2 '
	screen send-keys q
	sane
}

@test "records pass through unchanged, the report goes beside them" {
	trace >t.csv
	run -0 --separate-stderr qos-stats --tee -F json t.csv
	[ "$output" = "$(cat t.csv)" ]
	[ "$(jq .records <<<"$stderr")" = 650 ]
	run -0 --separate-stderr qos-stats --tee --interval 30s -F csv t.csv
	[ "$output" = "$(cat t.csv)" ]
	[ "$(grep -c ,all, <<<"$stderr")" = 3 ]
	run -2 qos-stats --tee --tap --check 'drops == 0' t.csv
	[[ $output == *"--tee: standard output is for the records"* ]]
	enter "qos-stats --live --tee --interval 10s <in >copy.csv; echo rc=\$?"
	feed
	cat t.csv >&7
	wait_for 'T00:01:00Z'
	screen send-keys q
	wait_for 'rc=0'
	cmp t.csv copy.csv
	sane
}

@test "without a terminal, or with one of an unknown kind, it is refused" {
	trace >t.csv
	run -2 setsid -w qos-stats --live t.csv </dev/null
	[[ $output == "qos-stats: --live: there is no terminal to draw on" ]]
	# ncurses leaks what it looked up
	enter "ASAN_OPTIONS=detect_leaks=0 TERM=nonesuch qos-stats --live t.csv; echo rc=\$?"
	wait_for 'rc=2'
	shown | grep -q 'nothing is known of this kind of terminal: TERM=nonesuch'
	run -2 qos-stats --live --interval 1s --window 10m t.csv
	[[ $output == *"--window: at most 60 intervals (--interval) long"* ]]
	sane
}
