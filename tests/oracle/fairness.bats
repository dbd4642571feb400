#!/usr/bin/env bats
# Laws of fairness, service curves and due dates, against the disciplines of the library.
load ../helper

@test "DRR and WFQ fairness on every interval, service curves, ETS, due dates (laws 23-25, 45)" {
	run "$BUILD/tests/oracle/fairness"
	sed 's/^/# /' <<<"$output" >&3
	[ "$status" -eq 0 ]
	[[ $output != *VIOLATED* ]]
}
