#!/usr/bin/env bats
# The programs of examples/ against the library as it is installed.
load helper

setup_file() {
	ROOT="$BATS_TEST_DIRNAME/.."
	env -u MAKEFLAGS -u MFLAGS -u SAN make -s -C "$ROOT" install PREFIX=/usr DESTDIR="$BATS_FILE_TMPDIR/root" >/dev/null
}

# Builds examples/$1.c with what pkg-config says of the installed library, and runs it.
example() {
	need pkg-config
	export PKG_CONFIG_PATH="$BATS_FILE_TMPDIR/root/usr/lib/pkgconfig" PKG_CONFIG_SYSROOT_DIR="$BATS_FILE_TMPDIR/root"
	# shellcheck disable=SC2046 # words
	cc -std=c11 -Wall -Wextra -Wno-unused-parameter -Werror -o "$BATS_TEST_TMPDIR/$1" "$BATS_TEST_DIRNAME/../examples/$1.c" \
		$(pkg-config --cflags --libs qos)
	LD_LIBRARY_PATH="$BATS_FILE_TMPDIR/root/usr/lib" run -0 "$BATS_TEST_TMPDIR/$1"
}

@test "a program routes messages: the urgent one first, and each for as long as its size takes" {
	example route
	[ "${lines[0]}" = "critical      waited 0.000 s for uplink" ]
	[ "${lines[1]}" = "data_transfer waited 0.100 s for uplink" ]
	[ "${lines[2]}" = "logs_metrics  waited 2.100 s for uplink" ]
	[ "${#lines[@]}" -eq 3 ]
}

@test "a program allocates and releases bandwidth" {
	example allocate
	[ "${lines[0]}" = "voice asks 64k      64000 bit/s,   0% used, full" ]
	[ "${lines[1]}" = "video asks 800k    586000 bit/s,   0% used, link" ]
	[ "${lines[2]}" = "screen asks 100k        0 bit/s,   0% used, link" ]
	[ "${lines[3]}" = "video asks 293k    293000 bit/s,  50% used, full" ]
	[ "${lines[4]}" = "screen asks 100k   100000 bit/s,   0% used, full" ]
	[ "${lines[5]}" = "video releases     293000 bit/s,   0% used, released" ]
	[ "${lines[6]}" = "1 ended unused, 100000 bit/s are promised" ]
}

@test "a program learns from labelled messages, and classifies others by rule, by model, or by default" {
	example classify
	[[ ${lines[0]} == "critical      ml:linear 0."*"  node nine is down and does not answer" ]]
	[[ ${lines[1]} == "system        rule:words-failure 1  disk failure on node nine" ]]
	[[ ${lines[2]} == "logs_metrics  ml:linear 0."* ]]
	[[ ${lines[3]} == "logs_metrics  default "*"  lunch is served" ]]
	[[ ${lines[4]} == "data_transfer ml:linear 0."* ]]
}

@test "the static library alone is enough, and needs what pkg-config --static says" {
	need pkg-config
	cp -r "$BATS_FILE_TMPDIR/root" "$BATS_TEST_TMPDIR"
	rm "$BATS_TEST_TMPDIR"/root/usr/lib/libqos.so*
	export PKG_CONFIG_PATH="$BATS_TEST_TMPDIR/root/usr/lib/pkgconfig" PKG_CONFIG_SYSROOT_DIR="$BATS_TEST_TMPDIR/root"
	# shellcheck disable=SC2046 # words
	cc -o "$BATS_TEST_TMPDIR/p" "$BATS_TEST_DIRNAME/../examples/allocate.c" $(pkg-config --static --cflags --libs qos)
	run -0 "$BATS_TEST_TMPDIR/p"
	[ "${#lines[@]}" -eq 7 ]
}
