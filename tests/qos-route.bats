#!/usr/bin/env bats
load helper

trace() { # four records: two at the same time
	cat <<-EOF
		ts,id,class,size,service_time
		0,a,logs_metrics,100,0.010
		0,b,critical,100,0.010
		0.005,c,system,100,0.010
		0.100,d,critical,100,0.010
	EOF
}

@test "strict serves the urgent class of one moment first, and writes queue_wait and depart" {
	run -0 qos-route -d strict --capacity 1mbit <(trace)
	[ "${lines[0]}" = "ts,id,class,size,service_time,queue_wait,depart" ]
	[ "${lines[1]}" = "0,b,critical,100,0.010,0,0.01" ]
	[ "${lines[2]}" = "0.005,c,system,100,0.010,0.005,0.02" ]
	[ "${lines[3]}" = "0,a,logs_metrics,100,0.010,0.02,0.03" ]
	[ "${lines[4]}" = "0.100,d,critical,100,0.010,0,0.11" ]
}

@test "fifo keeps the order of the input" {
	run -0 qos-route -d fifo --capacity 1mbit <(trace)
	[[ ${lines[1]} == "0,a,"* && ${lines[2]} == "0,b,"* && ${lines[3]} == "0.005,c,"* ]]
}

@test "edf serves by max_latency where it is given" {
	printf 'ts,id,class,max_latency,service_time\n0,a,critical,9,1\n0,b,critical,5,1\n0,c,logs_metrics,1,1\n' >"$BATS_TEST_TMPDIR/t.csv"
	run -0 qos-route -d edf --capacity 1/s "$BATS_TEST_TMPDIR/t.csv"
	[[ ${lines[1]} == "0,c,"* && ${lines[2]} == "0,b,"* && ${lines[3]} == "0,a,"* ]]
}

@test "without service_time the size over the capacity counts, exactly" {
	printf 'ts,class,size\n0,critical,1\n0,critical,1\n0,critical,1\n' >"$BATS_TEST_TMPDIR/t.csv"
	run -0 qos-route --capacity 7bit "$BATS_TEST_TMPDIR/t.csv"
	[[ ${lines[1]} == *,1.142857142 && ${lines[2]} == *,2.285714285 && ${lines[3]} == *,3.428571428 ]]
}

@test "a message rate is a capacity too" {
	printf 'ts,class,size\n0,critical,1\n0,critical,9999\n' >"$BATS_TEST_TMPDIR/t.csv"
	run -0 qos-route --capacity 4/s "$BATS_TEST_TMPDIR/t.csv"
	[[ ${lines[1]} == *,0.25 && ${lines[2]} == *,0.5 ]]
}

@test "with no capacity anywhere nothing waits" {
	run -0 qos-route <(trace)
	[[ ${lines[1]} == *,0,0 && ${lines[4]} == *,0,0.1 ]]
}

@test "a full queue drops; --keep-drops passes the dropped on with the reason; in = out + drops" {
	printf 'ts,class,size\n' >"$BATS_TEST_TMPDIR/t.csv"
	for _ in 1 2 3 4 5; do echo 0,critical,100; done >>"$BATS_TEST_TMPDIR/t.csv"
	run -0 --separate-stderr qos-route --capacity 1/s -l 2 --summary "$BATS_TEST_TMPDIR/t.csv"
	[ "${#lines[@]}" -eq 3 ]
	[ "$(jq -r '"\(.in) \(.out) \(.drops.tail)"' <<<"$stderr")" = "5 2 3" ]
	run -0 qos-route --capacity 1/s -l 2 --keep-drops "$BATS_TEST_TMPDIR/t.csv"
	[ "${lines[0]}" = "ts,class,size,queue_wait,depart,drop,retry_after" ]
	[ "${lines[1]}" = "0,critical,100,,,tail," ]
	[ "$(printf '%s\n' "${lines[@]}" | grep -c ',tail,')" -eq 3 ]
}

@test "records dropped by an earlier filter go on untouched" {
	printf 'ts,class,size,depart,drop\n0,critical,1,,tail\n1,critical,1,2,\n' >"$BATS_TEST_TMPDIR/t.csv"
	run -0 qos-route --capacity 1/s --keep-drops "$BATS_TEST_TMPDIR/t.csv"
	[ "${lines[1]}" = "0,critical,1,,tail,," ]
	[[ ${lines[2]} == "1,critical,1,3,,0," ]]
}

@test "one active stream too many is dropped and counted" {
	printf 'ts,class,size,stream\n0,critical,1,a\n0,critical,1,b\n0,critical,1,a\n' >"$BATS_TEST_TMPDIR/t.csv"
	run -0 --separate-stderr qos-route --capacity 1/s --set router.max_concurrent_streams=1 --summary "$BATS_TEST_TMPDIR/t.csv"
	[ "$(jq '.drops.streams' <<<"$stderr")" -eq 1 ]
}

@test "a sim adapter has servers and a latency, and its name is written" {
	printf 'ts,class,service_time\n0,critical,1\n0,critical,1\n0,critical,1\n' >"$BATS_TEST_TMPDIR/t.csv"
	run -0 qos-route --adapter 'one=sim:?concurrency=2&latency=500ms' "$BATS_TEST_TMPDIR/t.csv"
	[ "${lines[0]}" = "ts,class,service_time,adapter,queue_wait,depart" ]
	[ "${lines[1]}" = "0,critical,1,one,0,1.5" ]
	[ "${lines[3]}" = "0,critical,1,one,1,2.5" ]
}

# adapter of each record, in the order of the input
adapters_of() { awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next } { print $c["id"], $c["adapter"] }' | sort -n | cut -d' ' -f2 | tr '\n' ' '; }
moments() { # N: so many records, one at a time
	echo ts,id,class,stream,dst,service,region,service_time
	for ((i = 1; i <= $1; i++)); do echo "$i,$i,critical,s$((i % 3)),${2:-},${3:-},${4:-},0.1"; done
}
three=(-a 'a=sim:?weight=5&region=eu-west&services=auth+mail' -a 'b=sim:?region=eu-east&services=mail' -a 'c=sim:?region=us')

@test "--strategy chooses at arrival: round_robin in turn, weighted by weight" {
	[ "$(moments 6 | qos-route --strategy round_robin "${three[@]}" | adapters_of)" = "a b c a b c " ]
	[ "$(moments 7 | qos-route --strategy weighted "${three[@]}" | adapters_of)" = "a a b a c a a " ]
	[ "$(moments 3 | qos-route "${three[@]}" | adapters_of)" = "a a a " ]
	run -2 qos-route --strategy round_robbin "${three[@]}" /dev/null
	[[ $output == *'there is no strategy "round_robbin"; did you mean "round_robin"?'* ]]
	run -2 qos-route --strategy nothing --check-config
}

@test "a stream keeps its adapter under maglev and rendezvous" {
	for s in maglev rendezvous; do
		moments 30 | qos-route --strategy $s "${three[@]}" >"$BATS_TEST_TMPDIR/out"
		[ "$(awk -F, 'NR > 1 { print $4, $9 }' "$BATS_TEST_TMPDIR/out" | sort -u | wc -l)" -eq 3 ]
	done
}

@test "dst names an adapter, a service or all; what is not there is dropped for route" {
	[ "$(moments 2 direct:c | qos-route "${three[@]}" | adapters_of)" = "c c " ]
	[ "$(moments 2 service:mail | qos-route "${three[@]}" | adapters_of)" = "a a " ]
	[ "$(moments 2 '' mail | qos-route --strategy service "${three[@]}" | adapters_of)" = "a a " ]
	[ "$(moments 2 '' '' us | qos-route --strategy geo "${three[@]}" | adapters_of)" = "c c " ]
	moments 2 direct:z | qos-route --keep-drops --summary "${three[@]}" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/sum"
	[ "$(jq -c '[.in,.out,.queued,.drops.route]' "$BATS_TEST_TMPDIR/sum")" = "[2,0,0,2]" ]
	[ "$(grep -c ',route,' "$BATS_TEST_TMPDIR/out")" -eq 2 ]
}

@test "broadcast gives each adapter a copy, and the record goes on once, when the slowest has it" {
	moments 4 broadcast | qos-route -a a=sim: -a 'b=sim:?latency=300ms' --summary >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/sum"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/out")" -eq 5 ]
	[ "$(sed -n 2p "$BATS_TEST_TMPDIR/out")" = "1,1,critical,s1,broadcast,,,0.1,broadcast,0,1.4" ]
	[ "$(jq -c '[.in,.out,.queued,.adapters[0].served,.adapters[1].served]' "$BATS_TEST_TMPDIR/sum")" = "[4,4,0,4,4]" ]
	# what comes between is a record of its own
	awk -F, -v OFS=, 'NR > 1 && NR % 2 { $5 = "" } { print }' <(moments 9 broadcast) |
		qos-route --strategy p2c -a a=sim: -a b=sim: --summary >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/sum"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/out")" -eq 10 ]
	[ "$(cut -d, -f9 "$BATS_TEST_TMPDIR/out" | grep -c broadcast)" -eq 5 ]
	jq -e '.out == 9 and .queued == 0' "$BATS_TEST_TMPDIR/sum"
	# real ones get one each, standard output one
	cd "$BATS_TEST_TMPDIR"
	moments 4 broadcast | qos-route -a 'a=file:a.csv' -a 'b=file:b.csv' -a 'c=sim:' >all.csv
	[ "$(wc -l <all.csv)" -eq 5 ]
	cmp all.csv a.csv
	cmp all.csv b.csv
}

@test "a bound record waits for its adapter, in the order of the discipline there; classes may have strategies of their own" {
	printf 'ts,id,class,dst,service_time\n0,1,critical,direct:a,1\n0.1,2,logs_metrics,direct:a,1\n0.2,3,critical,direct:a,1\n0.3,4,critical,,1\n' >"$BATS_TEST_TMPDIR/t.csv"
	run -0 qos-route -d strict -a a=sim: -a b=sim: "$BATS_TEST_TMPDIR/t.csv"
	[ "${lines[1]}" = "0,1,critical,direct:a,1,a,0,1" ]
	[ "${lines[2]}" = "0.3,4,critical,,1,b,0,1.3" ]
	[ "${lines[3]}" = "0.2,3,critical,direct:a,1,a,0.8,2" ]
	[ "${lines[4]}" = "0.1,2,logs_metrics,direct:a,1,a,1.9,3" ]
	[ "$(moments 4 | qos-route --set classes.critical.strategy=round_robin "${three[@]}" | adapters_of)" = "a b c a " ]
	[ "$(moments 4 | qos-route --set router.load_balancing=false --strategy p2c "${three[@]}" | adapters_of)" = "a a a a " ]
}

@test "an adapter that fails: what is in service fails, what waits goes elsewhere, by name it waits; the ledger balances" {
	moments 20 | sed 's/,0.1$/,1.5/' >"$BATS_TEST_TMPDIR/t.csv"
	for s in late round_robin least_loaded p2c maglev rendezvous weighted broadcast; do
		qos-route --strategy $s -a 'a=sim:?fail=4s-12s' -a b=sim: --keep-drops --summary "$BATS_TEST_TMPDIR/t.csv" 2>"$BATS_TEST_TMPDIR/sum" >"$BATS_TEST_TMPDIR/out"
		[ "$(wc -l <"$BATS_TEST_TMPDIR/out")" -eq 21 ]
		jq -e '.in == 20 and .queued == 0 and .out + ([.drops[]] | add // 0) == .in and .adapters[0].down == 8 and .adapters[0].downs == 1' "$BATS_TEST_TMPDIR/sum"
	done
	qos-route --strategy round_robin -a 'a=sim:?fail=4s-12s' -a b=sim: --keep-drops "$BATS_TEST_TMPDIR/t.csv" >"$BATS_TEST_TMPDIR/out"
	[ "$(adapters_of <"$BATS_TEST_TMPDIR/out" | cut -d' ' -f5-12)" = "b b b b b b b b" ]
	moments 6 direct:a | sed 's/,0.1$/,1.5/' | qos-route -a 'a=sim:?fail=4s-12s' -a b=sim: --keep-drops >"$BATS_TEST_TMPDIR/out"
	[ "$(grep -c ',error,' "$BATS_TEST_TMPDIR/out")" -eq 1 ]
	[ "$(adapters_of <"$BATS_TEST_TMPDIR/out")" = "a a a a a a " ]
	[ "$(tail -1 "$BATS_TEST_TMPDIR/out" | cut -d, -f11)" = 17.5 ]
}

@test "a law of latency, a slow time and errors by chance are those that were asked for" {
	qos-gen --count 20000 --start 0 --rate 100/s --with-class --seed 3 >"$BATS_TEST_TMPDIR/t.csv"
	qos-route -a 'a=sim:?latency=exp:20ms&error=5%' --keep-drops --summary "$BATS_TEST_TMPDIR/t.csv" 2>"$BATS_TEST_TMPDIR/sum" |
		awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next } $c["drop"] == "" { n++; s += $c["depart"] - $c["ts"] } END { exit !(s / n > 0.0194 && s / n < 0.0206) }'
	jq -e '.drops.error > 880 and .drops.error < 1120 and .adapters[0].errors == .drops.error' "$BATS_TEST_TMPDIR/sum"
	printf 'ts,class,service_time\n0,critical,1\n10,critical,1\n' | qos-route -a 'a=sim:?slow=5s-20s:3x' >"$BATS_TEST_TMPDIR/out"
	[ "$(cut -d, -f6 "$BATS_TEST_TMPDIR/out" | tr '\n' ' ')" = "depart 1 13 " ]
	run -2 qos-route -a 'a=sim:?latency=gauss:1ms' --check-config
	[[ $output == *'no law of latency; write exp:2ms, uniform:1ms-3ms or 2ms'* ]]
	run -0 qos-route -a 'a=sim:?fail=1s-2s&error=1%&latency=exp:3ms' --dump-config
	[[ $output == *'faults: "fail=1s-2s,error=1%"'* && $output == *'latency: "exp:3ms"'* ]]
}

@test "an adapter that fails record after record is ejected, tried, and comes back; the slow one too, when that is asked for" {
	# b fails everything until 100 s; ejected for 30 s, then for 60 s, then tried with success
	qos-gen --count 20000 --start 0 --rate 100/s --service-time const:1ms --class critical:share=1 --with-class --seed 4 >"$BATS_TEST_TMPDIR/t.csv"
	for s in late round_robin p2c; do
		qos-route --strategy $s -a a=sim: -a 'b=sim:?error=100%' -a c=sim: --summary "$BATS_TEST_TMPDIR/t.csv" 2>"$BATS_TEST_TMPDIR/sum" >/dev/null
		jq -e '.in == 20000 and .out + .drops.error == .in and .drops.error <= 12 and .queued == 0' "$BATS_TEST_TMPDIR/sum"
		[ $s = late ] || jq -e '.adapters[1].ejections >= 2 and .adapters[1].ejected > 100 and .adapters[0].ejections == 0' "$BATS_TEST_TMPDIR/sum"
	done
	qos-route --strategy round_robin -a a=sim: -a 'b=sim:?slow=50s-60s:20x' -a c=sim: --set router.outlier_latency=3 --set router.ejection_time=5s --summary "$BATS_TEST_TMPDIR/t.csv" 2>"$BATS_TEST_TMPDIR/sum" >/dev/null
	jq -e '.out == 20000 and .adapters[1].ejections == 2 and .adapters[1].ejected > 10 and .adapters[1].ejected < 20' "$BATS_TEST_TMPDIR/sum"
	# never more than half, and off where it is set to 0
	qos-route --strategy round_robin -a 'a=sim:?error=100%' -a 'b=sim:?error=100%' --summary "$BATS_TEST_TMPDIR/t.csv" 2>"$BATS_TEST_TMPDIR/sum" >/dev/null
	jq -e '.adapters[0].ejections + .adapters[1].ejections >= 1 and .drops.error == 20000' "$BATS_TEST_TMPDIR/sum"
	qos-route --strategy round_robin -a a=sim: -a 'b=sim:?error=100%' --set router.outlier_errors=0 --summary "$BATS_TEST_TMPDIR/t.csv" 2>"$BATS_TEST_TMPDIR/sum" >/dev/null
	jq -e '.adapters[1].ejections == 0 and .drops.error == 10000' "$BATS_TEST_TMPDIR/sum"
}

@test "the clock starts at depart of the filter before" {
	printf 'ts,class,depart,service_time\n0,critical,5,1\n' >"$BATS_TEST_TMPDIR/t.csv"
	run -0 qos-route --capacity 1/s "$BATS_TEST_TMPDIR/t.csv"
	[ "${lines[1]}" = "0,critical,6,1,0" ]
}

@test "a missing ts is bad input that says what to do" {
	printf 'time,class\n0,critical\n' >"$BATS_TEST_TMPDIR/t.csv"
	run -3 qos-route --capacity 1/s "$BATS_TEST_TMPDIR/t.csv"
	[[ $output == *"t.csv:2: "*"no ts"*"-f ts=COLUMN"* ]]
	run -0 qos-route --capacity 1/s -f ts=time "$BATS_TEST_TMPDIR/t.csv"
}

@test "an unsorted trace is counted and said, and treated as arriving now" {
	printf 'ts,class\n5,critical\n3,critical\n' >"$BATS_TEST_TMPDIR/t.csv"
	run -0 --separate-stderr qos-route -d fifo --capacity 1/s "$BATS_TEST_TMPDIR/t.csv"
	[ "${lines[2]}" = "3,critical,1,7" ]
	[[ $stderr == *"1 record came with an earlier time than the one before (up to 2 s)"*"sort the trace"* ]]
}

@test "an unknown class name is bad input" {
	printf 'ts,class\n0,critical\n1,urgent\n' >"$BATS_TEST_TMPDIR/t.csv"
	run -3 qos-route --capacity 1/s "$BATS_TEST_TMPDIR/t.csv"
	[[ $output == *'t.csv:3:3: '*'urgent'* ]]
}

@test "a record without a class gets the default one, counted" {
	printf 'ts,id\n0,a\n' >"$BATS_TEST_TMPDIR/t.csv"
	run -0 --separate-stderr qos-route --capacity 1/s --summary "$BATS_TEST_TMPDIR/t.csv"
	[ "$(jq '.unclassified' <<<"$stderr")" -eq 1 ]
	[ "$(jq '.classes[] | select(.class == "logs_metrics") | .out' <<<"$stderr")" -eq 1 ]
}

@test "an empty input gives an empty output" {
	run -0 qos-route --capacity 1/s /dev/null
	[ -z "$output" ]
}

@test "a discipline that does not exist is refused with the nearest name" {
	run -2 qos-route -d strikt /dev/null
	[[ $output == 'qos-route: there is no discipline "strikt"; did you mean "strict"?' ]]
	run -0 qos-route -d help
	[[ $output == *fifo*strict* || $output == *strict*fifo* ]]
}

@test "times keep the form that they came in" {
	printf '{"ts":"2015-05-17T10:05:03.5Z","class":"system","service_time":0.25}\n' >"$BATS_TEST_TMPDIR/t.jsonl"
	run -0 qos-route --capacity 1/s "$BATS_TEST_TMPDIR/t.jsonl"
	[ "$(jq -r .depart <<<"$output")" = "2015-05-17T10:05:03.75Z" ]
	printf 'ts,class,service_time\n1431857103500,system,0.0000005\n' >"$BATS_TEST_TMPDIR/t.csv"
	run -0 qos-route --capacity 1/s "$BATS_TEST_TMPDIR/t.csv"
	[[ ${lines[1]} == *,1431857103500.0005 ]]
}

# five classes, each sending a quarter of what the server can do: 1000-byte records on 8 Mbit/s, one a ms
overload() {
	qos-gen --count 20000 --rate 1250/s --start 0 --size const:1000 --with-class --seed 3 --streams 20 \
		--class critical:share=20% --class system:share=20% --class job_execution:share=20% \
		--class data_transfer:share=20% --class logs_metrics:share=20%
}

# departures of each class between two times while all wait
departed() { # departed FROM TO <csv
	awk -F, -v from="$1" -v to="$2" 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
		$c["depart"] + 0 >= from && $c["depart"] + 0 < to { n[$c["class"]]++; all++ }
		END { split("critical system job_execution data_transfer logs_metrics", w, " "); for (i = 1; i <= 5; i++) print w[i], 100 * n[w[i]] / all }'
}

@test "drr, wfq and wrr give backlogged classes their shares" {
	overload >"$BATS_TEST_TMPDIR/t.csv"
	for d in drr wfq wrr; do
		qos-route -d $d --capacity 2mbit -l 100000 --set classes.critical.share=0.4 --set classes.system.share=0.3 \
			--set classes.job_execution.share=0.15 --set classes.data_transfer.share=0.1 \
			--set classes.logs_metrics.share=0.05 "$BATS_TEST_TMPDIR/t.csv" | departed 4 14 >"$BATS_TEST_TMPDIR/got"
		awk -v d=$d 'BEGIN { split("40 30 15 10 5", want, " ") } $2 > want[NR] * 1.02 || $2 < want[NR] * 0.98 { bad = 1 }
			{ printf "# %s %s %.1f %%\n", d, $1, $2 } END { exit bad }' "$BATS_TEST_TMPDIR/got"
	done
}

@test "codel holds the wait near its target where tail drop lets it grow" {
	overload >"$BATS_TEST_TMPDIR/t.csv"
	tail=$(qos-route -d fifo --capacity 9mbit "$BATS_TEST_TMPDIR/t.csv" | qos-stats -F json | jq '.classes[0].latency.p50')
	codel=$(qos-route -d fifo --capacity 9mbit --aqm codel,target=20ms --keep-drops "$BATS_TEST_TMPDIR/t.csv" >"$BATS_TEST_TMPDIR/o.csv"
		qos-stats -F json "$BATS_TEST_TMPDIR/o.csv" | jq '.classes[0].latency.p50')
	awk -v t="$tail" -v c="$codel" 'BEGIN { printf "# median wait: tail drop %.3f s, codel %.3f s\n", t, c; exit !(c < t / 5) }'
	[ "$(grep -c ',aqm,' "$BATS_TEST_TMPDIR/o.csv")" -gt 100 ]
	[ "$(wc -l <"$BATS_TEST_TMPDIR/o.csv")" -eq 20001 ]
}

@test "marks say which management would have dropped, and nothing is lost" {
	overload >"$BATS_TEST_TMPDIR/t.csv"
	qos-route -d fifo --capacity 9mbit --aqm codel --mark --summary "$BATS_TEST_TMPDIR/t.csv" >"$BATS_TEST_TMPDIR/o.csv" 2>"$BATS_TEST_TMPDIR/e"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/o.csv")" -eq 20001 ]
	marks=$(head -1 "$BATS_TEST_TMPDIR/o.csv" | tr , '\n' | grep -n '^mark$' | cut -d: -f1)
	n=$(cut -d, -f"$marks" "$BATS_TEST_TMPDIR/o.csv" | grep -c '^codel$')
	[ "$n" -gt 0 ]
	[ "$n" -eq "$(tail -1 "$BATS_TEST_TMPDIR/e" | jq '[.queues[].marked] | add')" ]
}

@test "what is past its deadline is dropped before service and counted apart" {
	printf 'ts,class,service_time,max_latency\n0,system,1,9\n0,system,1,0.5\n0,system,1,5\n' >"$BATS_TEST_TMPDIR/t.csv"
	run -0 --separate-stderr qos-route -d fifo --capacity 1/s --drop-expired --keep-drops --summary "$BATS_TEST_TMPDIR/t.csv"
	[ "${lines[1]}" = "0,system,1,9,0,1,," ]
	[ "${lines[2]}" = "0,system,1,0.5,,,expired," ]
	[ "${lines[3]}" = "0,system,1,5,1,2,," ]
	[ "$(jq '.drops.expired' <<<"$stderr")" -eq 1 ]
}

@test "no class waits longer for service than the bound beside it" {
	overload >"$BATS_TEST_TMPDIR/t.csv"
	for d in qos drr wfq; do
		qos-route -d $d --capacity 8mbit --summary "$BATS_TEST_TMPDIR/t.csv" 2>&1 >/dev/null | tail -1 >"$BATS_TEST_TMPDIR/s"
		jq -e '[.queues[] | .gap_max > 0 and .gap_max <= .gap_bound] | all' "$BATS_TEST_TMPDIR/s"
	done
	qos-route -d strict --capacity 8mbit --summary "$BATS_TEST_TMPDIR/t.csv" 2>&1 >/dev/null | tail -1 >"$BATS_TEST_TMPDIR/s"
	jq -e '.queues[4].gap_bound == null and .queues[4].congestions >= 0' "$BATS_TEST_TMPDIR/s"
}

@test "fq_codel: a stream that floods does not slow the others of its class" {
	{
		echo ts,stream,class,size
		awk 'BEGIN { for (i = 0; i < 4000; i++) { printf "%.4f,flood,system,1000\n", i * 0.0005; if (i % 20 == 0) printf "%.4f,quiet,system,1000\n", i * 0.0005 } }'
	} >"$BATS_TEST_TMPDIR/t.csv"
	for aqm in tail fq_codel; do
		qos-route -d fifo --capacity 8mbit --aqm $aqm "$BATS_TEST_TMPDIR/t.csv" |
			awk -F, '$2 == "quiet" && $5 > most { most = $5 } END { print most }' >"$BATS_TEST_TMPDIR/$aqm"
	done
	echo "# longest wait of the quiet stream: tail $(cat "$BATS_TEST_TMPDIR/tail") s, fq_codel $(cat "$BATS_TEST_TMPDIR/fq_codel") s"
	awk -v t="$(cat "$BATS_TEST_TMPDIR/tail")" -v f="$(cat "$BATS_TEST_TMPDIR/fq_codel")" 'BEGIN { exit !(t > 0.5 && f <= 0.002) }'
}

@test "an unknown queue management is refused with the nearest name" {
	run -2 qos-route --aqm fq_coddel --capacity 1/s /dev/null
	[[ $output == *'there is no queue management "fq_coddel"'* ]]
	run -0 qos-route --aqm help
	[[ $output == *codel*target*pie*red* ]]
}

@test "when all queues together are full the lowest class makes room, counted as overflow" {
	{
		echo ts,id,class
		for i in 1 2 3 4; do echo "0,l$i,logs_metrics"; done
		for i in 1 2 3; do echo "0,c$i,critical"; done
		echo 0,l5,logs_metrics
	} >"$BATS_TEST_TMPDIR/t.csv"
	run -0 --separate-stderr qos-route -d strict --capacity 1/s --max-queued 4 --keep-drops --summary "$BATS_TEST_TMPDIR/t.csv"
	[ "$(printf '%s\n' "${lines[@]}" | awk -F, '$6 == "overflow" { printf "%s ", $2 }')" = "l4 l3 l2 l5 " ]
	[ "$(jq -c '[.in, .out, .drops.overflow, .room.depth_max, (.classes[] | select(.class == "logs_metrics") | .drops.overflow)]' <<<"$stderr")" = "[8,4,4,4,4]" ]
	run -0 qos-route -d strict --capacity 1/s --set router.max_queued=4 --keep-drops "$BATS_TEST_TMPDIR/t.csv"
	[ "$(printf '%s\n' "${lines[@]}" | grep -c overflow)" -eq 4 ]
	run -0 qos-route -d strict --capacity 1/s --max-queued-bytes 100 --keep-drops "$BATS_TEST_TMPDIR/t.csv"
	[ "$(printf '%s\n' "${lines[@]}" | grep critical | grep -c overflow)" -eq 0 ]
}

@test "--shed turns the lowest class away, never the most urgent one, and says where the cut is" {
	awk 'BEGIN { print "ts,class,service_time"; for (i = 0; i < 6000; i++) printf "%.4f,%s,0.01\n", i / 200, i % 4 ? "logs_metrics" : "critical" }' >"$BATS_TEST_TMPDIR/t.csv"
	run -0 --separate-stderr qos-route --capacity 1kbit --shed=always --summary "$BATS_TEST_TMPDIR/t.csv"
	[ "$(jq -r '.shed.class' <<<"$stderr")" = logs_metrics ]
	[ "$(jq '.shed.active and .shed.admitted > 0.2 and .shed.admitted < 0.5 and .drops.shed > 2700 and .drops.shed < 3100' <<<"$stderr")" = true ]
	[ "$(jq '.classes[] | select(.class == "critical") | .drops | length' <<<"$stderr")" -eq 0 ]
	# not congested: nothing is shed, unless it is always
	run -0 --separate-stderr qos-route --capacity 1kbit -l 100000 --shed --summary "$BATS_TEST_TMPDIR/t.csv"
	[ "$(jq '.drops | length' <<<"$stderr")" -eq 0 ]
	run -0 --separate-stderr qos-route --capacity 1kbit -l 1000 --shed --summary "$BATS_TEST_TMPDIR/t.csv"
	[ "$(jq '.drops.shed > 0 and .drops.tail == null' <<<"$stderr")" = true ]
	# a class that may be shed by its config
	run -0 --separate-stderr qos-route --capacity 1kbit --shed=always --set classes.logs_metrics.shed=no --set classes.critical.shed=yes --summary "$BATS_TEST_TMPDIR/t.csv"
	[ "$(jq '.classes[] | select(.class == "critical") | .drops.shed > 1000' <<<"$stderr")" = true ]
}

@test "a time to shed that is none is refused" {
	run -2 qos-route --shed=often --capacity 1/s /dev/null
	[[ $output == *'"often" is no time to shed; write never, congested or always'* ]]
	run -2 qos-route --set classes.critical.shed=maybe --check-config
	[[ $output == *"shed: is neither true nor false"* ]]
}

@test "a tenant above its rate is refused, one at its ceil waits, and the summary tells of each" {
	cat >"$BATS_TEST_TMPDIR/t.yaml" <<-EOF
		tenants:
		  - {name: a, share: 50%, rate: 10/s, streams: 1}
		  - {name: b, ceil: 8kbit}
	EOF
	awk 'BEGIN { print "ts,class,size,service_time,tenant"
		for (i = 0; i < 1000; i++) printf "%.2f,critical,100,0.0001,%s\n", i / 100, substr("abc", i % 3 + 1, 1) }' >"$BATS_TEST_TMPDIR/t.csv"
	run -0 --separate-stderr qos-route -c "$BATS_TEST_TMPDIR/t.yaml" --capacity 1mbit --keep-drops --summary "$BATS_TEST_TMPDIR/t.csv"
	[ "$(jq -c '[.tenants[] | [.tenant, .in, .out, .drops.rate]]' <<<"$stderr")" = '[["a",334,101,233],["b",333,333,null],["(others)",333,333,null]]' ]
	# 33 records a second of 100 bytes come, 10 a second leave
	[ "$(jq '.tenants[1].wait_max > 20 and .tenants[1].wait_max < 24 and .tenants[2].wait_max < 0.001' <<<"$stderr")" = true ]
	[[ ${lines[*]} == *",a,,,rate,0.0"* ]]
	printf 'ts,class,tenant,stream\n0,critical,a,1\n0,critical,a,2\n0,critical,b,1\n0,critical,b,2\n' >"$BATS_TEST_TMPDIR/t.csv"
	run -0 --separate-stderr qos-route -c "$BATS_TEST_TMPDIR/t.yaml" --set tenants.a.rate=1k/s --capacity 1/s --summary --metrics "$BATS_TEST_TMPDIR/m" "$BATS_TEST_TMPDIR/t.csv"
	[ "$(jq -c '[.tenants[] | .drops]' <<<"$stderr")" = '[{"streams":1},{},{}]' ]
	grep 'qos_tenant_dropped_records_total{.*tenant="a",reason="streams"} 1' "$BATS_TEST_TMPDIR/m"
}

@test "shares of tenants over 100 %, and limits that are none, are refused" {
	printf 'tenants:\n  - {name: a, share: 60%%}\n  - {name: b, share: 50%%}\n  - {name: c, rate: fast}\n' >"$BATS_TEST_TMPDIR/t.yaml"
	run -2 qos-route -c "$BATS_TEST_TMPDIR/t.yaml" --check-config
	[[ $output == *"t.yaml:3:"*"shares of tenants add up to 110%"* ]]
	[[ $output == *"rate: "*'"fast" is no'* ]]
}

@test "room for all queues is taken from the lowest class, before whatever adapter it waits" {
	{
		echo ts,id,class,dst,service_time
		for i in 1 2 3 4 5 6; do echo "0,l$i,logs_metrics,direct:a,1"; done
		for i in 1 2 3 4; do echo "0,c$i,critical,direct:b,1"; done
		echo 0,l7,logs_metrics,direct:b,1
	} >"$BATS_TEST_TMPDIR/t.csv"
	run -0 --separate-stderr qos-route -d strict -a a=sim: -a b=sim: --max-queued 6 --keep-drops --summary "$BATS_TEST_TMPDIR/t.csv"
	[ "$(printf '%s\n' "${lines[@]}" | awk -F, '$9 == "overflow" { printf "%s ", $2 }')" = "l6 l5 l4 l3 l7 " ]
	[ "$(jq -c '[.in, .out, .drops.overflow, .room.depth_max]' <<<"$stderr")" = "[11,6,5,6]" ]
}

@test "in = out + drops with all of it: strategies, faults, tenants, overflow, shedding" {
	qos-gen --count 30000 --start 0 --rate 3k/s --seed 5 --streams 50 --tenants 3 --with-class --service-time const:1ms >"$BATS_TEST_TMPDIR/t.csv"
	printf 'tenants:\n  - {name: t0, share: 50%%}\n  - {name: t1, rate: 800/s, ceil: 700/s}\n' >"$BATS_TEST_TMPDIR/t.yaml"
	for strategy in late round_robin p2c; do
		for d in qos drr wfq; do
			qos-route -c "$BATS_TEST_TMPDIR/t.yaml" -d $d --strategy $strategy -a 'a=sim:?fail=3s-5s&error=1%' -a b=sim: --max-queued 200 \
				--max-queued-bytes 400KB --shed --summary "$BATS_TEST_TMPDIR/t.csv" 2>"$BATS_TEST_TMPDIR/sum" | wc -l >"$BATS_TEST_TMPDIR/n"
			jq -e --argjson n "$(cat "$BATS_TEST_TMPDIR/n")" '.in == 30000 and .in == .out + ([.drops[]] | add) and .out == $n - 1
				and .room.depth == 0 and .room.depth_max <= 200 and .room.bytes_max <= 400000
				and .in == ([.tenants[].in] | add) and .out == ([.tenants[].out] | add)
				and ([.drops[]] | add) == ([.tenants[].drops[]] | add)' "$BATS_TEST_TMPDIR/sum"
		done
	done
}
