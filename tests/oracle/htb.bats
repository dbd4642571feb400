#!/usr/bin/env bats
# The kernel's HTB as the oracle of qos-shape: five classes, in a network namespace.
load ../helper

NS=qosutils-$$

setup() {
	cd "$BATS_TEST_TMPDIR"
	[ "$(id -u)" -eq 0 ] || skip "needs root for network namespaces"
	need ip
	need tc
	need python3
	ip netns add "$NS" 2>/dev/null || skip "this machine has no network namespaces"
	ip -n "$NS" link set lo up
	ip -n "$NS" link add name va type veth peer name vb 2>/dev/null || { ip netns del "$NS"; skip "this machine has no veth"; }
	tc -n "$NS" qdisc add dev va root handle 1: htb default 50 2>/dev/null || { ip netns del "$NS"; skip "this kernel has no HTB"; }
}

teardown() {
	ip netns del "$NS" 2>/dev/null || true
}

sent_bytes() { # what each leaf has sent so far
	tc -n "$NS" -s class show dev va | awk '/^class htb 1:[1-5]0/ { id = substr($3, 3, 1) } / Sent / && id { print id, $2; id = "" }' | sort
}

# KBIT BURST BURST_OF_LINK PACKETS: the device with five classes of the shares that we have by default
classes() {
	ip -n "$NS" addr add 10.9.0.1/24 dev va
	ip -n "$NS" link set va up
	ip -n "$NS" link set vb up
	ip -n "$NS" neigh add 10.9.0.2 lladdr 02:00:00:00:00:02 dev va
	tc -n "$NS" class add dev va parent 1: classid 1:1 htb rate "${1}kbit" ceil "${1}kbit" burst "$3" cburst "$3" quantum 1514
	local i=0 percent
	for percent in 30 25 25 15 5; do
		i=$((i + 1))
		tc -n "$NS" class add dev va parent 1:1 classid 1:${i}0 htb rate $((percent * $1 / 100))kbit ceil "${1}kbit" \
			burst "$2" cburst "$2" quantum $((percent * 300))
		tc -n "$NS" qdisc add dev va parent 1:${i}0 pfifo limit "$4"
		tc -n "$NS" filter add dev va parent 1: protocol ip u32 match ip dport $((9000 + i)) 0xffff flowid 1:${i}0
	done
}

# The same packets through both, at the moments at which the kernel got them: bytes that left from 0.5 s to 4.5 s within
# 2 %, mean delay within 10 % + 2 ms.  Bursts are small, since the kernel lets a class that is owed its floor pass even
# when the link is in debt, which we do not.
compare() {
	classes 8000 3k 8k 10000
	ip netns exec "$NS" python3 "$BATS_TEST_DIRNAME/htb.py" "$1" va vb >kernel.csv || skip "no packet sockets here"
	qos-shape --rate 8mbit --burst 8KiB -l 100000 kernel.csv \
		--class critical:rate=2400kbit,ceil=8mbit,burst=3KiB,cburst=3KiB,quantum=9000 \
		--class system:rate=2mbit,ceil=8mbit,burst=3KiB,cburst=3KiB,quantum=7500 \
		--class job_execution:rate=2mbit,ceil=8mbit,burst=3KiB,cburst=3KiB,quantum=7500 \
		--class data_transfer:rate=1200kbit,ceil=8mbit,burst=3KiB,cburst=3KiB,quantum=4500 \
		--class logs_metrics:rate=400kbit,ceil=8mbit,burst=3KiB,cburst=3KiB,quantum=1500 >ours.csv
	[ "$(grep -c ',$' kernel.csv)" -eq 0 ]
	awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
		{ k = $c["class"]; n[k]++; kd[k] += $c["left"] - $c["ts"]; od[k] += $c["depart"] - $c["ts"]
		  if ($c["left"] >= 0.5 && $c["left"] < 4.5) kb[k] += $c["size"]
		  if ($c["depart"] >= 0.5 && $c["depart"] < 4.5) ob[k] += $c["size"] }
		END { for (k in n) { a = kd[k] / n[k] * 1000; b = od[k] / n[k] * 1000; e = ob[k] / kb[k] - 1; d = b > a ? b - a : a - b
			wrong = e > 0.02 || e < -0.02 || d > a * 0.1 + 2; bad = bad || wrong
			printf "# %-14s %5d packets: bytes %+.2f %%; mean delay kernel %.1f ms, ours %.1f ms (%+.1f %%): %s\n",
				k, n[k], 100 * e, a, b, 100 * (b / a - 1), wrong ? "DIFFERS" : "holds" }
		      exit bad || NR < 5000 }' ours.csv >&3
}

@test "all five backlogged, mixed sizes: throughput within 2 %, mean delay within 10 % + 2 ms of the kernel's" {
	compare backlogged
}

@test "two of five idle: throughput within 2 %, mean delay within 10 % + 2 ms of the kernel's" {
	compare two-idle
}

@test "one of five on and off: throughput within 2 %, mean delay within 10 % + 2 ms of the kernel's" {
	compare on-off
}

@test "shares of five backlogged classes are the kernel's, within 1 %" {
	classes 20000 30k 30k 1000
	# everybody sends more than the link has; counted from 1 s on, when the buckets that were full at the start are empty
	ip netns exec "$NS" python3 - <<-'EOF' &
		import socket, time
		s = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(5)]
		for x in s: x.setblocking(False)
		data, end = bytes(958), time.time() + 9
		while time.time() < end:
		    for i in range(5):
		        try: s[i].sendto(data, ("10.9.0.2", 9001 + i))
		        except BlockingIOError: pass
		    time.sleep(0.0002)
	EOF
	sender=$!
	sleep 1.5
	sent_bytes >before
	sleep 7
	sent_bytes >after
	wait "$sender"
	paste before after | awk '{ print $1, $4 - $2 }' >kernel
	cat kernel >&2
	# the same with us: records of 1000 bytes as they stand on the wire
	qos-gen --count 60000 --rate 1M/s --start 0 --size const:1000 --with-class --seed 1 \
		--class critical:share=20% --class system:share=20% --class job_execution:share=20% \
		--class data_transfer:share=20% --class logs_metrics:share=20% |
		qos-shape --rate 20mbit -l 100000 |
		awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next } $c["depart"] > 0.5 && $c["depart"] < 3 { n[$c["class"]]++ }
			END { split("critical system job_execution data_transfer logs_metrics", w, " "); for (i = 1; i <= 5; i++) print i, n[w[i]] }' >ours
	paste kernel ours | awk '{ k[NR] = $2; o[NR] = $4; ks += $2; os += $4 } END { for (i = 1; i <= NR; i++) {
		a = 100 * k[i] / ks; b = 100 * o[i] / os
		bad = bad || a - b > 0.01 * a || b - a > 0.01 * a
		printf "# class %d: kernel %.2f %%, ours %.2f %%: %s\n", i, a, b, (a - b > 0.01 * a || b - a > 0.01 * a) ? "DIFFERS" : "holds" }
		exit bad || NR != 5 }' >&3
}
