#!/usr/bin/env bats
# Fairness of Kubernetes' priority and fairness (its queue set tests, where margins are 1 to 26 %) and a throttle of two in
# five seconds, held exactly: in virtual time nothing is random.
load ../helper

# STREAM RECORDS START SIZE: a client that is always backlogged from then on
client() {
	awk -v s="$1" -v n="$2" -v t="$3" -v b="$4" 'BEGIN { for (i = 0; i < n; i++) printf "%s,critical,%s,%s\n", t, s, b }'
}

# FIELD FROM TO: departures by stream between two moments, as "a=N b=N"; of the records, or of their bytes
between() {
	awk -F, -v what="$1" -v from="$2" -v to="$3" '
		NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
		{ at = $column["depart"] }
		at > from && at <= to { n[$3] += what == "bytes" ? $4 : 1 }
		END { printf "a=%d b=%d\n", n["a"], n["b"] }'
}

@test "two clients at four seats of one second: 2.0 a second each" {
	{ echo ts,class,stream,size; client a 200 0 1; client b 200 0 1; } >"$BATS_TEST_TMPDIR/t.csv"
	for d in drr wfq; do
		got=$(qos-route -d $d --adapter 'seats=sim:?rate=1/s&concurrency=4' "$BATS_TEST_TMPDIR/t.csv" | between records 0 40)
		echo "# $d: expected a=80 b=80, measured $got" >&3
		[ "$got" = "a=80 b=80" ]
	done
}

@test "two clients at one seat of one second, held for another: 0.25 a second each" {
	{ echo ts,class,stream,size; client a 50 0 1; client b 50 0 1; } >"$BATS_TEST_TMPDIR/t.csv"
	for d in drr wfq; do
		got=$(qos-route -d $d --adapter 'seat=sim:?rate=0.5/s' "$BATS_TEST_TMPDIR/t.csv" | between records 0 80)
		echo "# $d: expected a=20 b=20, measured $got" >&3
		[ "$got" = "a=20 b=20" ]
	done
}

@test "widths of 1 and 2 on a link: equal bytes, half as many of the wide" {
	{ echo ts,class,stream,size; client a 400 0 1000; client b 400 0 2000; } >"$BATS_TEST_TMPDIR/t.csv"
	qos-shape --rate 160kbit --burst 2000 "$BATS_TEST_TMPDIR/t.csv" >"$BATS_TEST_TMPDIR/out.csv"
	got=$(between bytes 2 20 <"$BATS_TEST_TMPDIR/out.csv")
	echo "# expected a=180000 b=180000, measured $got" >&3
	[ "$got" = "a=180000 b=180000" ]
}

@test "no windup: who was idle for 30 s has no claim for it, and who was busy owes nothing" {
	{ echo ts,class,stream,size; client b 1000 0 1000; client a 1000 30 1000; } >"$BATS_TEST_TMPDIR/t.csv"
	for filter in "qos-shape --rate 80kbit --burst 1000" "qos-route -d drr --adapter link=sim:?rate=80kbit" \
		"qos-route -d wfq --adapter link=sim:?rate=80kbit"; do
		$filter "$BATS_TEST_TMPDIR/t.csv" >"$BATS_TEST_TMPDIR/out.csv"
		got=$(between records 30.5 50.5 <"$BATS_TEST_TMPDIR/out.csv")
		echo "# $filter: expected a=100 b=100, measured $got" >&3
		[ "$got" = "a=100 b=100" ]
	done
}

@test "a throttle of 2 in 5 s: two at 0 s pass, one at 2 s does not, one at 5 s does" {
	printf 'ts,class,stream,size\n0,critical,a,1000\n0,critical,b,1000\n2,critical,c,1000\n5,critical,d,1000\n' >"$BATS_TEST_TMPDIR/t.csv"
	got=$(qos-shape --police gcra,rate=3200bit/s,burst=2000,drop "$BATS_TEST_TMPDIR/t.csv" | awk -F, 'NR > 1 { printf "%s", $3 }')
	echo "# expected abd, measured $got" >&3
	[ "$got" = abd ]
}
