#!/usr/bin/env bats
# All filters end to end, on the samples that come with the project and on real data.
load helper

setup() {
	cd "$BATS_TEST_TMPDIR"
	SAMPLES="$BATS_TEST_DIRNAME/../examples"
}

pipe() {
	qos-classify "$@" | qos-route --capacity 2k/s | qos-shape --rate 50mbit
}

@test "same input, config and seed: same bytes" {
	[ "$(pipe "$SAMPLES/trace.csv" | sha256sum)" = "$(cat "$BATS_TEST_DIRNAME/data/golden.sha256")" ]
	[ "$(qos-gen --count 10000 --seed 9 | sha256sum)" = "$(qos-gen --count 10000 --seed 9 | sha256sum)" ]
	[ "$(qos-gen --count 10000 --seed 9 | sha256sum)" != "$(qos-gen --count 10000 --seed 8 | sha256sum)" ]
}

@test "nothing is lost in silence: in = out + drops, through every filter" {
	qos-classify "$SAMPLES/trace.csv" | qos-route --capacity 500/s -l 20 --keep-drops --summary 2>route.json |
		qos-shape --rate 5mbit -l 20 --keep-drops --summary 2>shape.json | qos-stats -F json >stats.json
	[ "$(jq .records stats.json)" -eq 3000 ]
	jq -e '.in == .out + ([.drops[]] | add)' route.json
	jq -e '.in == .out + ([.drops[]] | add)' shape.json
	[ "$(jq '.drops.tail' stats.json)" -eq $(($(jq .drops.tail route.json) + $(jq .drops.tail shape.json))) ]
	[ "$(jq .drops.tail route.json)" -gt 0 ]
	[ "$(jq .drops.upstream shape.json)" -eq "$(jq .drops.tail route.json)" ]
}

@test "output is in order of departure, and every depart is at or after ts" {
	pipe "$SAMPLES/trace.csv" >out.csv
	awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
		{ d = substr($c["depart"], 6) + 0; t = substr($c["ts"], 6) + 0; if (d < last || d < t) exit 1; last = d }' out.csv
}

@test "csv and JSON Lines give the same decisions" {
	qos-classify -o jsonl "$SAMPLES/trace.csv" >in.jsonl
	pipe "$SAMPLES/trace.csv" >one.csv
	pipe in.jsonl | jq -r '[.id, .class, .queue_wait, .shape_wait] | @csv' | tr -d '"' >two
	awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next } { print $c["id"] "," $c["class"] "," $c["queue_wait"] "," $c["shape_wait"] }' one.csv >one
	# jq prints small numbers its own way
	awk -F, '{ printf "%s,%s,%.9f,%.9f\n", $1, $2, $3, $4 }' one >a
	awk -F, '{ printf "%s,%s,%.9f,%.9f\n", $1, $2, $3, $4 }' two >b
	cmp a b
}

@test "every access log of the real data goes through" {
	need_data traces
	need zstd
	zstd -dcq "$DATA/traces/elastic_apache_access.log.zst" >a.log
	qos-classify -i clf a.log | qos-route 2>late | qos-shape --rate 100mbit | qos-stats -F json >r.json
	[ "$(jq .records r.json)" -eq 10000 ]
	[ "$(jq .ledger.rejected r.json)" -eq 0 ]
	grep -q 'earlier time' late
}

@test "every capture of the real data gives as many records as tshark counts packets" {
	need_data pcap
	need tshark
	for f in "$DATA"/pcap/*.pcap "$DATA"/pcap/*.pcapng "$DATA"/pcap/pcapng-basic/*.pcapng; do
		want=$(tshark -r "$f" -T fields -e frame.number 2>/dev/null | wc -l)
		got=$({ qos-classify "$f" || [ $? -eq 3 ]; } 2>/dev/null | qos-shape --rate 1mbit -l 100000 2>/dev/null | qos-stats -F json 2>/dev/null | jq .records)
		[ "$got" -eq "$want" ] || { echo "$f: $got records, $want packets"; return 1; }
	done
}

@test "damaged captures give an error, not a crash" {
	need_data pcap
	run -3 qos-classify "$DATA/pcap/pcapparser_err-eof.bin"
	run -3 --separate-stderr qos-classify "$DATA/pcap/ndpi_fuzz-2021-10-13.pcap"
	[[ $stderr == *"21-10-13.pcap:2: "*"damaged"* ]]
	run -3 qos-classify -i pcap "$SAMPLES/access.log"
	[[ $output == *"access.log"* ]]
	for n in 10 30 99 500 2000; do
		head -c $n "$DATA/pcap/ndpi_mgcp.pcap" >cut.pcap
		run qos-classify -i pcap cut.pcap
		[ "$status" -eq 3 ]
	done
}
