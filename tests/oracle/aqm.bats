#!/usr/bin/env bats
# Laws of queue management, and relations that ns-3's tests find, against the members of the library.
load ../helper

@test "CoDel's control law, PIE's step and gaps, RED's spread (laws 26-28), as ns-3" {
	run "$BUILD/tests/oracle/aqm"
	sed 's/^/# /' <<<"$output" >&3
	[ "$status" -eq 0 ]
	[[ $output != *VIOLATED* ]]
}
