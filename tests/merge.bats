#!/usr/bin/env bats
# States of reports: --format sketch and --merge.
load helper

SLO='critical: 99% < 10ms'

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	qos-gen --count 20000 --rate 900/s --service-time exp:1ms --labels --start 0 --seed 5 | qos-classify |
		qos-route --capacity 950/s -l 20 --keep-drops --adapter 'a=sim:?rate=5mbit' --adapter 'b=sim:?rate=5mbit' >out.csv
	awk 'BEGIN { srand(3) } NR == 1 { for (i = 0; i < 100; i++) print > ("s" i ".csv"); next }
		NR % 4999 == 0 { sub(/^[^,]*/, "bad") } { print > ("s" int(rand() * 100) ".csv"); print > "all" }' out.csv
	{ head -1 out.csv; cat all; } >whole.csv
	for i in {0..99}; do
		qos-stats -q -F sketch --slo "$SLO" "s$i.csv" >"s$i.qos" || [ $? = 3 ]
	done
}

setup() {
	cd "$BATS_FILE_TMPDIR"
}

@test "a hundred parts, merged in any order, give the JSON of the whole, byte for byte" {
	run -1 --separate-stderr qos-stats -q -F json --slo "$SLO" whole.csv
	printf '%s\n' "$output" >whole.json
	jq -e '.ledger.rejected == 4 and (.drops.tail > 50) and (.adapters | length == 2) and .accuracy.records > 10000 and
		.slo[0].bad > 0 and .streams.count > 100' whole.json
	qos-stats --merge -F json --slo "$SLO" s?.qos s??.qos 2>err | cmp - whole.json
	ls s*.qos | sort -r | xargs cat | qos-stats -m -F json --slo "$SLO" 2>err | cmp - whole.json
}

@test "merged states can be merged again" {
	qos-stats --merge -F sketch --slo "$SLO" s?.qos >one.qos
	qos-stats --merge -F sketch --slo "$SLO" s??.qos >two.qos
	qos-stats --merge -F json one.qos two.qos >a.json
	qos-stats --merge -F json s*.qos >b.json
	cmp a.json b.json
}

@test "an objective is judged by whoever merges, and has to be known to the states" {
	run -1 qos-stats --merge --slo "$SLO" s*.qos
	[[ $output == *"check failed: $SLO: "*"records were late or dropped"* ]]
	run -2 qos-stats --merge --slo 'critical: 90% < 10ms' s*.qos
	[[ $output == *'s0.qos does not know the objective "critical: 90% < 10ms"'* ]]
	run -0 qos-stats --merge --check 'all.count == 19996' --check 'rejected == 4' s*.qos
	run -1 qos-stats --merge --check 'critical.p99 < 1us' s*.qos
}

@test "groups of --by are kept in the state; other groups are refused" {
	qos-stats -q -F sketch --by stream,adapter s1.csv >x.qos
	qos-stats -q -F sketch --by stream,adapter s2.csv >y.qos
	{ cat s1.csv; sed 1d s2.csv; } | qos-stats -q -F json --by stream,adapter >want.json
	qos-stats --merge x.qos y.qos -F json | jq 'del(.groups[].backlog_max)' >got.json
	jq 'del(.groups[].backlog_max)' want.json | cmp - got.json
	run -2 qos-stats --merge x.qos s0.qos
	[[ $output == *"s0.qos was made with other groups"* ]]
	run -2 qos-stats --merge s0.qos --set classes.critical.latency_target=11ms
	[[ $output == *"other classes or targets"* ]]
}

@test "what is damaged, newer, or no state is refused with exit 5" {
	head -c 500 s0.qos >cut.qos
	run -5 qos-stats --merge s1.qos cut.qos
	[[ $output == *"cut.qos is truncated"* ]]
	cp s0.qos bad.qos
	printf X | dd of=bad.qos bs=1 seek=900 conv=notrunc status=none
	run -5 qos-stats --merge bad.qos
	[[ $output == *"bad.qos is damaged"* ]]
	run -5 qos-stats --merge out.csv
	[[ $output == *"out.csv is no such file"* ]]
	run -4 qos-stats --merge none.qos
}

@test "what needs single records is refused with --merge" {
	run -2 qos-stats --merge --where 'size > 1' s0.qos
	[[ $output == *"single records are not seen any more"* ]]
	run -2 qos-stats -F sketch --interval 1s out.csv
	[[ $output == *"--interval: write table, json or csv, not sketch"* ]]
	run -2 qos-stats -F sketch --tap --check 'drops == 0' out.csv
}

@test "neither the state nor the memory grows with the number of records" {
	[ "${BUILD%/san}" = "$BUILD" ] || skip "instrumented"
	need python3
	memory() { # RECORDS: kilobytes at most
		qos-gen -n "$1" --with-class --streams 1000 >r.csv
		python3 -c 'import resource, subprocess
with open("r.qos", "w") as f: subprocess.run(["qos-stats", "-F", "sketch", "r.csv"], stdout=f, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)'
	}
	few=$(memory 20k) few_bytes=$(stat -c %s r.qos)
	many=$(memory 1M) many_bytes=$(stat -c %s r.qos)
	echo "# 20,000 records: $few KiB, state $few_bytes bytes; 1,000,000: $many KiB, state $many_bytes bytes" >&3
	[ "$many" -lt $((few + 1024)) ]
	[ "$many_bytes" -lt $((2 * few_bytes)) ]
}
