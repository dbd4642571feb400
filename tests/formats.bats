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
	printf 'ts,size\n17.05.2015 12:05:03,1\n17.05.2015 12:05:09,2\n' >d.csv
	[ "$(qos-classify --ts-format '%d.%m.%Y %T' --rule 'late: ts >= 1431864306 => critical' d.csv |
		qos-stats --ts-format '%d.%m.%Y %T' -F json | jq -c '.classes | map(select(.class == "critical").count)')" = '[1]' ]
	[ "$(qos-stats --ts-format '%d.%m.%Y %T' --where 'ts < 1431864306' -F json d.csv | jq .all.count)" = 1 ]
}

@test "JSON: what RFC 8259 allows is read, all else is refused, on 20,000 texts near its grammar" {
	need python3
	python3 "$BATS_TEST_DIRNAME/oracle/rfc8259.py" 1 20000 cases >expected
	run -3 --separate-stderr qos-classify -i jsonl cases
	sed -n 's/^{"id":"\([0-9]*\)".*/\1/p' <<<"$output" >accepted
	[ "$(wc -l <accepted)" -gt 1500 ]
	[[ "$stderr" == *" $(($(wc -l <cases) - $(wc -l <accepted))) bad records of $(wc -l <cases); left out"* ]]
	awk 'NR == FNR { got[$1] = 1; next } $2 == "y" && !got[$1] || $2 == "n" && got[$1] { print; bad = 1 } END { exit bad }' accepted expected
}

@test "any text is read as lines" {
	printf 'a,b\n"c\n' >t
	run -0 --separate-stderr qos-classify -i lines t
	[ "$(jq -rs 'map(.payload) | join("|")' <<<"$output")" = 'a,b|"c' ]
}

@test "a capture shaped faster than its packets come is the capture: every byte, time and interface, of all that are sound" {
	need_data pcap/ndpi_netflix.pcap
	need tshark
	all="-e frame.time_epoch -e frame.len -e frame.cap_len -e frame.protocols"
	for file in "$DATA"/pcap/*.pcap "$DATA"/pcap/*.pcapng "$DATA"/pcap/pcapng-basic/*.pcapng; do
		fields=$all
		[[ $file == *ng ]] && fields+=" -e frame.interface_id -e frame.interface_name"
		# shellcheck disable=SC2086
		tshark -r "$file" -T fields $fields >in.txt 2>/dev/null || continue # damaged
		tshark -r "$file" -x >in.hex 2>/dev/null
		qos-shape -q --rate 100gbit --queue-limit 1000000 "$file" -o pcapng >out.pcapng
		# shellcheck disable=SC2086
		tshark -r out.pcapng -T fields $fields >out.txt 2>/dev/null
		cmp in.txt out.txt
		cmp in.hex <(tshark -r out.pcapng -x 2>/dev/null)
		n=$((${n:-0} + 1))
	done
	[ "$n" -ge 20 ]
	qos-shape --rate 100gbit "$DATA/pcap/ndpi_netflix.pcap" -o pcap >out.pcap
	cmp <(tshark -r "$DATA/pcap/ndpi_netflix.pcap" -x 2>/dev/null) <(tshark -r out.pcap -x 2>/dev/null)
}

@test "a pipe over pcapng is the pipe over records: what each filter says stands in the packet's comment" {
	need_data pcap/ndpi_viber.pcap
	pipe() { qos-classify -o "$1" "$DATA/pcap/ndpi_viber.pcap" | qos-route --capacity 1mbit | qos-shape --rate 600kbit --queue-limit 100000; }
	pipe pcapng >p.pcapng
	pipe jsonl >p.jsonl
	cmp <(qos-stats --format json p.pcapng) <(qos-stats --format json p.jsonl)
	cmp <(qos-classify -o jsonl p.pcapng | jq -c '[(.ts * 1e6 | round), (.depart * 1e6 | round), .class]') \
		<(jq -c '[(.ts * 1e6 | round), (.depart * 1e6 | round), .class]' p.jsonl)
	run -2 qos-classify -o pcap p.jsonl
	[[ "$output" == *"only packets of a capture"* ]]
}

@test "--remark writes the class's DSCP and the checksum, --decap looks into tunnels" {
	need_data pcap/ndpi_netflix.pcap
	need tshark
	qos-classify --remark=logs_metrics:LE -o pcap "$DATA/pcap/ndpi_netflix.pcap" >r.pcap
	cmp <(tshark -o ip.check_checksum:TRUE -r r.pcap -T fields -e ip.dsfield.dscp -e ip.checksum.status 2>/dev/null | sort | uniq -c) \
		<(qos-classify -o jsonl "$DATA/pcap/ndpi_netflix.pcap" |
			jq -r '{critical: 46, system: 34, job_execution: 26, data_transfer: 10, logs_metrics: 1}[.class] | "\(.)\t1"' | sort | uniq -c)
	run -2 qos-classify --remark=logs:LE "$DATA/pcap/ndpi_netflix.pcap"
	run -2 qos-classify --remark=system:AF44 "$DATA/pcap/ndpi_netflix.pcap"
	cmp <(qos-classify --decap -o jsonl "$DATA/pcap/ndpi_vxlan.pcap" | jq -r '[.src, .dst_ip, .sport, .dport] | @tsv') \
		<(tshark -r "$DATA/pcap/ndpi_vxlan.pcap" -T fields -E occurrence=l -e ip.src -e ip.dst -e udp.srcport -e udp.dstport \
			-e tcp.srcport -e tcp.dstport 2>/dev/null | awk -F'\t' -v OFS='\t' '{ print $1, $2, $5 ? $5 : $3, $6 ? $6 : $4 }')
}

@test "a log whose lines begin with times is read as it is, others where lines are asked for" {
	printf '2015-10-18 18:01:47,978 INFO [main] job started\n2015-10-18 18:01:48,001 ERROR [main] disk failed\n' >t.log
	run -0 --separate-stderr qos-shape --rate 1mbit t.log
	[ "$(jq -rs 'map(.depart) | join(" ")' <<<"$output")" = "2015-10-18T18:01:47.978Z 2015-10-18T18:01:48.001Z" ]
	printf '[Sun Dec 04 04:47:44 2005] [notice] ok\n' >apache.log
	run -3 qos-shape apache.log
	[[ "$output" == *"no format fits"*"say what it is with --input"* ]]
	run -0 --separate-stderr qos-shape -i lines --ts-format '[%a %b %d %H:%M:%S %Y]' apache.log
	[ "$(jq -r .depart <<<"$output")" = 2005-12-04T04:47:44Z ]
}

@test "csv of the suites: what goes out is what mlr reads, and our fields" {
	need mlr
	need_data conformance/csv-spectrum/csvs
	for f in "$DATA"/conformance/csv-spectrum/csvs/*.csv "$DATA"/conformance/csv-evil/*.csv "$DATA"/text/*.csv "$DATA"/traces/*.csv \
		"$DATA"/loghub2k/*/*_structured.csv; do
		mlr --icsv --ojson cat "$f" >want.json 2>/dev/null || continue # mlr refuses it
		run -0 --separate-stderr qos-classify -q "$f"
		qos-classify -q "$f" | mlr --icsv --ojson cut -x -f class,class_by,confidence >got.json
		cmp want.json got.json
		n=$((${n:-0} + 1))
	done
	[ "$n" -ge 15 ]
}
