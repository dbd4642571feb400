#!/usr/bin/env bats
# Water filling against its laws and the published vectors.
load ../helper

@test "max-min, floors with weighted excess, clamped weighted shares (laws 34-36)" {
	run "$BUILD/tests/oracle/share"
	sed 's/^/# /' <<<"$output" >&3
	[ "$status" -eq 0 ]
	[[ $output != *VIOLATED* ]]
}
