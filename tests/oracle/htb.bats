#!/usr/bin/env bats
# The kernel's HTB as the oracle of qos-shape: five classes on 20 Mbit, all backlogged, in network namespaces.
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

@test "shares of five backlogged classes are the kernel's, within 1 %" {
	ip -n "$NS" addr add 10.9.0.1/24 dev va
	ip -n "$NS" link set va up
	ip -n "$NS" link set vb up
	ip -n "$NS" neigh add 10.9.0.2 lladdr 02:00:00:00:00:02 dev va
	tc -n "$NS" class add dev va parent 1: classid 1:1 htb rate 20mbit ceil 20mbit quantum 1500
	i=0
	for rate in 6000 5000 5000 3000 1000; do
		i=$((i + 1))
		tc -n "$NS" class add dev va parent 1:1 classid 1:${i}0 htb rate ${rate}kbit ceil 20mbit burst 30k quantum $((rate * 3 / 2))
		tc -n "$NS" qdisc add dev va parent 1:${i}0 pfifo limit 1000
		tc -n "$NS" filter add dev va parent 1: protocol ip u32 match ip dport $((9000 + i)) 0xffff flowid 1:${i}0
	done
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
