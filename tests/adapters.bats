#!/usr/bin/env bats
# Real adapters: each transport, and what happens when one is lost.
load helper

setup() {
	T="$BATS_TEST_TMPDIR"
	cd "$T"
	qos-gen --count 20000 --rate 20k/s --with-class --seed 1 >t.csv
	qos-route --capacity 1M/s t.csv >want.csv
}

route() { qos-route --capacity 1M/s --no-output --summary "$@" 2>sum; }

# FILE has what stdout would have had
same() {
	cut -d, -f1-2 "$1" | cmp - <(cut -d, -f1-2 want.csv)
}

@test "file: appends, with one header" {
	route -a one=file:out.csv t.csv
	same out.csv
	jq -e '.adapters[0] | .sent == 20000 and .left == 0 and .restarts == 0' sum
	route -a one=file:out.csv t.csv
	[ "$(wc -l <out.csv)" -eq 40001 ]
}

@test "file: makes files by class" {
	route -a 'one=file:{class}.csv' t.csv
	[ "$(cat critical.csv system.csv job_execution.csv data_transfer.csv logs_metrics.csv | wc -l)" -eq 20005 ]
	[ "$(head -1 critical.csv)" = "$(head -1 system.csv)" ]
	[ "$(tail -n +2 critical.csv | grep -vc ,critical,)" -eq 0 ]
}

@test "file: makes files by stream, more than are kept open" {
	mkdir s
	route -a 'one=file:s/{stream}.csv' t.csv
	[ "$(cat s/*.csv | grep -vc ^ts,)" -eq 20000 ]
	[ "$(find s -name '*.csv' | wc -l)" -eq "$(tail -n +2 t.csv | cut -d, -f3 | sort -u | wc -l)" ]
}

@test "file: a new one is begun at SIGHUP, and nothing is lost" {
	qos-route --replay -a one=file:out.csv --no-output t.csv &
	sleep 0.5
	mv out.csv old.csv
	kill -HUP $!
	wait $!
	[ -s out.csv ]
	[ "$(head -1 out.csv)" = "$(head -1 old.csv)" ]
	[ "$(cat old.csv out.csv | grep -vc ^ts,)" -eq 20000 ]
}

@test "exec: feeds a command, and waits for it" {
	route -a 'one=exec:sleep 0.3; cat >out.csv' t.csv
	same out.csv
}

@test "exec: a command that fails at the end is given its window again, then told" {
	run -4 qos-route --capacity 1M/s --no-output -a 'one=exec:cat >>out.csv; exit 1' t.csv
	[[ $output == *" records could not be delivered (adapter one: Broken pipe)"* ]]
}

@test "fifo: waits for a reader" {
	mkfifo f
	(sleep 0.3; cat f >out.csv) &
	route -a one=fifo:f t.csv
	wait $!
	same out.csv
}

@test "fd: writes to a descriptor" {
	route -a one=fd:5 t.csv 5>out.csv
	same out.csv
	run -2 qos-route -a one=fd:7 t.csv
	[[ $output == *'"7" is no open descriptor'* ]]
}

@test "null: counts" {
	route -a one=null: t.csv
	jq -e '.adapters[0] | .sent == 20000 and .bytes > 1000000' sum
}

@test "unix: connects, once there is somebody" {
	need socat
	(sleep 0.3; exec timeout 20 socat -u UNIX-LISTEN:s CREATE:out.csv) &
	route -a one=unix:s t.csv
	wait $!
	same out.csv
}

@test "tcp: connects, and a closed connection is made again" {
	need python3
	cat >peer.py <<-'EOF'
		import socket, sys
		s = socket.create_server(("127.0.0.1", 0))
		print(s.getsockname()[1], flush=True)
		out = open("out.csv", "wb")
		c = s.accept()[0]
		out.write(c.recv(5000))      # and then it is gone
		c.close()
		out.write(b"\n")
		c = s.accept()[0]
		while True:
		    b = c.recv(65536)
		    if not b: break
		    out.write(b)
	EOF
	timeout 20 python3 peer.py >port &
	for _ in {1..100}; do [ -s port ] && break; sleep 0.05; done
	route -a "one=tcp:127.0.0.1:$(cat port)" t.csv
	wait $!
	jq -e '.adapters[0] | .restarts >= 1 and .left == 0' sum
	[ "$(grep -oE '^[0-9.]+,m[0-9]+,' out.csv | sort -u | wc -l)" -eq 20000 ]
}

@test "udp: a record is a datagram" {
	need python3
	cat >peer.py <<-'EOF'
		import socket
		s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
		s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
		s.bind(("127.0.0.1", 0))
		s.settimeout(5)
		print(s.getsockname()[1], flush=True)
		for i in range(100): assert s.recv(65536).startswith(b"17")
	EOF
	head -101 t.csv >few.csv
	timeout 20 python3 peer.py >port &
	for _ in {1..100}; do [ -s port ] && break; sleep 0.05; done
	route -a "one=udp:127.0.0.1:$(cat port)" few.csv
	wait $!
}

@test "a peer that is not there is named at the end" {
	head -11 t.csv >few.csv
	run -4 qos-route --capacity 1M/s --no-output -a one=tcp:127.0.0.1:1 few.csv
	[[ $output == "qos-route: 10 records could not be delivered (adapter one: Connection refused)"* ]]
}

@test "an unknown kind, delivery or place is refused" {
	run -2 qos-route -a one=http://x t.csv
	[[ $output == *'"http://x" is no adapter'* ]]
	run -2 qos-route -a one=null:,delivery=maybe t.csv
	[[ $output == *'write at_least_once or at_most_once'* ]]
	run -2 qos-route -a one=tcp:nowhere t.csv
	[[ $output == *'"nowhere" is no HOST:PORT'* ]]
	run -0 qos-route -a help
	[[ $output == *sim*file*exec* ]]
}

# 4 commands at 50,000 records/s; one is killed, later one is stopped and goes on.  Prints nothing; leaves k?.csv, sum.
drill() {
	local i router adapters=()

	qos-gen --count 200000 --rate 50k/s --with-class --seed 1 >d.csv
	for i in 1 2 3 4; do
		adapters+=(-a "k$i=exec:echo \$\$ >pid$i; exec cat >>k$i.csv,rate=20k/s,stuck=100ms,delivery=$1")
	done
	qos-route --replay "${adapters[@]}" --no-output --summary d.csv 2>sum &
	router=$!
	sleep 1
	kill -KILL "$(cat pid2)"
	sleep 1
	kill -STOP "$(cat pid3)"
	sleep 1
	kill -CONT "$(cat pid3)"
	wait "$router"
	cat k?.csv | grep -v ^ts, | cut -d, -f2 | sort | uniq -c | awk '{ n++; twice += $1 - 1 } END { print n, twice + 0 }' >got
}

@test "adapter loss drill: at least once, a killed and a stopped command lose nothing and delay nobody else" {
	drill at_least_once
	[ "$(cut -d' ' -f1 got)" -eq 200000 ]
	jq -e '.adapters | .[1].restarts >= 1 and .[2].stuck >= 1 and ([.[].lost] | add) == 0 and ([.[].left] | add) == 0' sum
	jq -e '[.adapters[1, 2].failed_over] | min > 0' sum
	jq -e '[.adapters[0, 3].wait_p99] | max < 0.05' sum
}

@test "adapter loss drill: at most once, nothing arrives twice" {
	drill at_most_once
	[ "$(cut -d' ' -f2 got)" -eq 0 ]
	[ "$(cut -d' ' -f1 got)" -gt 190000 ]
	jq -e '([.adapters[].again] | add) == 0 and .adapters[2].stuck >= 1' sum
}
