#!/usr/bin/env bats
# Every format in and out, as a user of any filter meets it.
load helper

setup() {
	SAMPLES="$BATS_TEST_DIRNAME/../examples"
	cd "$BATS_TEST_TMPDIR" || return 1
}

@test "packed input is unpacked, from files and from pipes, and damage is told" {
	need zstd
	qos-gen --count 20000 --seed 1 >t.csv
	qos-classify t.csv >plain.csv
	gzip -k t.csv && xz -k t.csv && zstd -q t.csv
	for f in t.csv.gz t.csv.xz t.csv.zst; do
		qos-classify "$f" | cmp - plain.csv
		qos-classify <"$f" | cmp - plain.csv
	done
	head -c 20000 t.csv.xz >cut.xz
	run -3 --separate-stderr qos-classify cut.xz
	[[ "$stderr" == *"cut.xz: damaged xz data at byte 20000: it is cut short"* ]]
	printf '%s\n' "${lines[@]}" | cmp -n 1000 - plain.csv
}

@test "syslog is read in all its forms, the year is given, and a log of a year's turn stays in order" {
	cat >s.log <<-'END'
		<34>Dec 31 23:59:59 h su[7]: one
		Jan  1 00:00:01 h su: two
		<86>1 2016-01-01T00:00:02.5Z h app 23 ID5 [e@1 user="T\"2"] three
	END
	run -0 --separate-stderr qos-classify --ts-year 2015 --rule 'e: has(e@1.user) => critical' s.log
	[ "$(jq -r '[.ts,.app,.payload] | @csv' <<<"$output" | tr -d '"' | tr '\n' ' ')" = \
		"1451606399,su,one 1451606401,su,two 2016-01-01T00:00:02.5Z,app,three " ]
	[ "$(jq -r '."e@1.user" // empty' <<<"$output")" = 'T"2' ]
	run -2 qos-classify --ts-year 3000 s.log
}

@test "real syslog: as many records as lines" {
	need_data traces/elastic_auth.log.zst
	need zstd
	[ "$(qos-classify "$DATA/traces/elastic_auth.log.zst" | wc -l)" -eq \
		"$(zstd -dcq "$DATA/traces/elastic_auth.log.zst" | wc -l)" ]
	for f in "$DATA"/conformance/syslog-otel/[Rr][Ff][Cc]*; do
		[ "$(qos-classify "$f" | jq -r .host)" != null ]
	done
}

@test "logfmt goes in and out, byte for byte where nothing is ours" {
	printf 'ts=1.5 msg="a b"  type=alert retry\n' >a
	run -0 qos-classify a
	[ "$output" = 'ts=1.5 msg="a b"  type=alert retry class=critical class_by=rule:alert confidence=1' ]
	run -0 bash -c 'qos-gen --count 100 --seed 1 | qos-classify -o logfmt | qos-shape --rate 1mbit -o jsonl | jq -s length'
	[ "$output" = 100 ]
}

@test "the journal is read by its own names and passes on as it came" {
	echo '{"__REALTIME_TIMESTAMP":"1700000000000000","_SYSTEMD_UNIT":"a.service","MESSAGE":"m","PRIORITY":"3"}' >j
	run -0 --separate-stderr qos-classify --rule 'a: service == "a.service" && payload == "m" => critical' j
	[[ "$output" == '{"__REALTIME_TIMESTAMP":"1700000000000000","_SYSTEMD_UNIT":"a.service","MESSAGE":"m","PRIORITY":"3","class":"critical",'* ]]
	run -0 --separate-stderr bash -c 'qos-shape --rate 1mbit j | jq -r .depart'
	[ "$output" = 1700000000000000 ]
}

@test "tsv goes in and out; columns of one name are told apart and told of" {
	printf 'ts\tsize\tpayload\tsize\n1\t100\tsay "hi"\t7\n2\t200\t"a\tb"\t8\n' >t.tsv
	run -0 --separate-stderr qos-classify -v t.tsv
	[ "${lines[0]}" = $'ts\tsize\tpayload\tsize\tclass\tclass_by\tconfidence' ]
	[ "${lines[1]}" = $'1\t100\tsay "hi"\t7\tlogs_metrics\tdefault\t0' ]
	[[ "$stderr" == *'tsv (95 of 100)'*'t.tsv:1: warning: columns 2 and 4 are both named "size"; the later is called "size_2"'* ]]
	[ "$(qos-classify -q -o jsonl t.tsv | jq -sc 'map(.size_2, .payload)')" = '[7,"say \"hi\"",8,"a\tb"]' ]
	cmp <(qos-classify -o tsv "$SAMPLES/trace.csv" | qos-classify -o csv | qos-shape --rate 1gbit) \
		<(qos-classify "$SAMPLES/trace.csv" | qos-classify | qos-shape --rate 1gbit)
}

@test "--csv-safe makes what a spreadsheet would run text, and says so" {
	printf 'ts,payload\n1,=1+2\n2,-5\n3,"@a,b"\n' >t.csv
	run -0 --separate-stderr qos-classify --csv-safe t.csv
	[ "$(printf '%s\n' "${lines[@]}" | cut -d, -f2 | paste -sd' ')" = "payload \"'=1+2\" -5 \"'@a" ]
	[[ "$stderr" == *"2 cells that a spreadsheet would run have been made text"* ]]
	run -0 --separate-stderr qos-classify t.csv
	[ "${lines[1]}" = "1,=1+2,logs_metrics,default,0" ]
}

@test "time stamps of any form are read by a description" {
	printf 'ts,size\n17.05.2015 12:05:03.5 +0200,125\n17.05.2015 12:05:03.5,125\n' >t.csv
	run -3 --separate-stderr qos-shape --rate 1kbit --ts-format '%d.%m.%Y %H:%M:%S.%f %z' t.csv
	[ "${lines[1]}" = "17.05.2015 12:05:03.5 +0200,125,0,2015-05-17T10:05:03.5Z" ]
	[ "${#lines[@]}" = 2 ]
	[[ "$stderr" == *'t.csv:3:1: ts "17.05.2015 12:05:03.5": is not of the form %d.%m.%Y %H:%M:%S.%f %z (--ts-format)'* ]]
	run -2 qos-shape --ts-format '%Q' t.csv
}

@test "any text is read as lines" {
	printf 'a,b\n"c\n' >t
	run -0 --separate-stderr qos-classify -i lines t
	[ "$(jq -rs 'map(.payload) | join("|")' <<<"$output")" = 'a,b|"c' ]
}

@test "a capture shaped faster than its packets come is the capture: every byte and time" {
	need_data pcap/ndpi_netflix.pcap
	need tshark
	fields="-T fields -e frame.time_epoch -e frame.len -e frame.cap_len -e frame.encap_type"
	for name in ndpi_netflix.pcap ndpi_stun_signal.pcapng zeek_mixed-vlan-mpls.pcap zeek_pcapng-multi-interface.pcapng; do
		file=$DATA/pcap/$name
		for format in pcap pcapng; do
			qos-shape --rate 100gbit "$file" -o $format >"out.$format"
			# shellcheck disable=SC2086
			cmp <(tshark -r "$file" $fields 2>/dev/null) <(tshark -r "out.$format" $fields 2>/dev/null)
			cmp <(tshark -r "$file" -x 2>/dev/null) <(tshark -r "out.$format" -x 2>/dev/null)
		done
	done
	tshark -r out.pcapng -T fields -e frame.comment 2>/dev/null | grep -q 'depart='
}

@test "a shaped capture is slower by its time stamps, and the next filter reads it" {
	need_data pcap/ndpi_netflix.pcap
	qos-shape --rate 1mbit --queue-limit 100000 "$DATA/pcap/ndpi_netflix.pcap" -o pcapng >slow.pcapng
	qos-shape --rate 1mbit --queue-limit 100000 "$DATA/pcap/ndpi_netflix.pcap" >slow.jsonl
	cmp <(qos-classify slow.pcapng | jq '.ts * 1000000 | round') <(jq '.depart * 1000000 | round' slow.jsonl)
	run -2 qos-classify -o pcap slow.jsonl
	[[ "$output" == *"only packets of a capture"* ]]
}
