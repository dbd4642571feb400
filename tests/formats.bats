#!/usr/bin/env bats
# Every format in and out, as a user of any filter meets it.
load helper

setup() { cd "$BATS_TEST_TMPDIR" || return 1; }

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
