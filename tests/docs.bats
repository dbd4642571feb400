#!/usr/bin/env bats
# What the documents promise.
load helper

ROOT="$BATS_TEST_DIRNAME/.."

@test "the pipe of the README prints what the README shows" {
	cd "$ROOT"
	export LC_ALL=C.UTF-8
	qos-classify examples/access.log | qos-route --capacity 50/s | qos-shape --rate 50mbit | qos-stats |
		sed 's/^/    /; s/ *$//' >"$BATS_TEST_TMPDIR/now"
	awk '/\$ qos-classify examples\/access.log/ { on = 1; next } on && !/^(    |$)/ { exit } on' README.md |
		sed -e :a -e '/^\n*$/{$d;N;ba' -e '}' >"$BATS_TEST_TMPDIR/shown"
	diff "$BATS_TEST_TMPDIR/now" "$BATS_TEST_TMPDIR/shown"
}

@test "the manuals list the options that the filters have" {
	cd "$ROOT"
	BUILD="$BUILD" man/options --check
}

@test "the manuals are clean" {
	need mandoc
	for page in "$ROOT"/man/*.[15]; do
		run -0 mandoc -T lint -W warning "$page"
		[ -z "$output" ]
	done
}

@test "the example of qos-config(5) loads" {
	awk '/^\.Bd -literal/ { on = 1; next } /^\.Ed/ { on = 0 } on' "$ROOT/man/qos-config.5" >"$BATS_TEST_TMPDIR/c.yaml"
	run -0 qos-classify -c "$BATS_TEST_TMPDIR/c.yaml" --check-config
	[[ $output == *"ok: 2 classes, 2 rules"* ]]
}

@test "a program finds the installed library through pkg-config" {
	need pkg-config
	env -u MAKEFLAGS -u MFLAGS -u SAN make -s -C "$ROOT" install PREFIX=/usr DESTDIR="$BATS_TEST_TMPDIR/root" >/dev/null
	[ -x "$BATS_TEST_TMPDIR/root/usr/bin/qos-shape" ]
	[ -f "$BATS_TEST_TMPDIR/root/usr/share/man/man1/qos-shape.1" ]
	cat >"$BATS_TEST_TMPDIR/p.c" <<-'EOF'
		#include <qos.h>
		#include <stdio.h>
		int main(void) {
			struct qos_config *c; struct qos_err e = { 0 };
			int rc = qos_config_load(&c, NULL, NULL, 0, &e);
			printf("%d %d\n", rc, c->n_classes);
			qos_config_free(c);
			return rc;
		}
	EOF
	cd "$BATS_TEST_TMPDIR"
	export PKG_CONFIG_PATH="$PWD/root/usr/lib/pkgconfig" PKG_CONFIG_SYSROOT_DIR="$PWD/root"
	# shellcheck disable=SC2046 # words
	cc -o p p.c $(pkg-config --cflags --libs qos)
	LD_LIBRARY_PATH="$PWD/root/usr/lib" run -0 ./p
	[ "$output" = "0 5" ]
}
