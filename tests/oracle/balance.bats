#!/usr/bin/env bats
# Laws of balancing, against the strategies of the library.
load ../helper

@test "supermarket, balls in bins, pick law, Maglev, rendezvous, bounded load (laws 14-16, 38-41)" {
	run "$BUILD/tests/oracle/balance"
	sed 's/^/# /' <<<"$output" >&3
	[ "$status" -eq 0 ]
	[[ $output != *VIOLATED* ]]
}
