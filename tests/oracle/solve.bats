#!/usr/bin/env bats
# The smallest rate that qos-shape --solve finds, against closed forms.
load ../helper

# EXPECTED PART TRACE OPTIONS...: within that part of the expected rate
solves() {
	local rate
	rate=$(qos-shape --stream-field class -l 1000000 -o jsonl "${@:4}" "$3" | jq -s 'last.smallest.rate')
	awk -v got="$rate" -v want="$1" -v part="$2" -v what="${*:4}" 'BEGIN {
		ok = got > want * (1 - part) && got < want * (1 + part)
		printf "# %s: found %.0f bit/s, law %.0f (%+.2f %%): %s\n", what, got, want, 100 * (got / want - 1), ok ? "holds" : "VIOLATED"
		exit !ok }' >&3
}

# The link's bucket holds b, so a record that would be through at T leaves at T - b / r:
#   P(delay > t) = exp(-(mu - lambda)(t + b / r)),   E = exp(-(mu - lambda) b / r) / (mu - lambda),   mu = r / size
@test "M/M/1: the rates for a 99th percentile of 10 ms and a mean of 2 ms" {
	qos-gen --count 400000 --rate 1k/s --size exp:1000 --seed 3 --start 0 >"$BATS_TEST_TMPDIR/t.csv"
	solves 9576726 0.015 "$BATS_TEST_TMPDIR/t.csv" --burst 16000 --solve 'all.p99 < 10ms'
	solves 8854307 0.015 "$BATS_TEST_TMPDIR/t.csv" --burst 16000 --solve 'all.mean < 2ms'
}

# Wq = rho / (2 mu (1 - rho)): with records of one size b / r is the service time
@test "M/D/1: the rate for a mean wait of 5 ms" {
	qos-gen --count 400000 --rate 1k/s --size 1000 --seed 3 --start 0 >"$BATS_TEST_TMPDIR/t.csv"
	solves 8732864 0.005 "$BATS_TEST_TMPDIR/t.csv" --solve 'all.mean < 5ms'
}

# A source of 20 kB at once and 1 MB/s waits (sigma - b) / R at most, network calculus' delay bound: reached by this one.
@test "network calculus: the rate for a delay bound of 15 ms" {
	awk 'BEGIN { print "ts,class,size"; for (i = 0; i < 20; i++) print "0,critical,1000"
		for (i = 1; i < 2000; i++) print i / 1000 ",critical,1000" }' >"$BATS_TEST_TMPDIR/t.csv"
	solves 10133333.3 0.00002 "$BATS_TEST_TMPDIR/t.csv" --solve 'all.max <= 15ms'
}
