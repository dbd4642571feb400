#!/usr/bin/env bats
# What allocations promise, on every interval of a random trace.
load ../helper

@test "no stream falls behind its promise by more than a round of the classes and two records, whenever one looks" {
	for seed in 1 2 3; do
		{
			printf '%s\n' ts,class,stream,size,op,rate 0,critical,a,,allocate,150kbit 0,critical,b,,allocate,300kbit \
				0,system,a,,allocate,100kbit 0,data_transfer,a,,allocate,60kbit
			awk -v seed="$seed" 'BEGIN {
				srand(seed)
				n = split("critical system job_execution data_transfer logs_metrics", class, " ")
				split("a b c d", stream, " ")
				for (i = 0; i < 1200; i++) for (c = 1; c <= n; c++) for (s = 1; s <= 4; s++)
					printf "0,%s,%s,%d,,\n", class[c], stream[s], 40 + int(rand() * 1461)
			}'
		} >"$BATS_TEST_TMPDIR/t.csv"
		# guarantees become 450 250 200 75 25 kbit/s, quanta of 1500 bytes for the least of them
		run -0 awk -F, -v largest=1500 -v round=60000 -v link=125000 '
			$5 == "allocate" { rate[$2 "/" $3] = $9 / 8; next }
			NR > 1 {
				key = $2 "/" $3
				if (!(key in rate) || $8 > 20) next
				behind = rate[key] * $8 - sent[key]
				if (behind - least[key] > worst[key]) worst[key] = behind - least[key]
				sent[key] += $4
				behind -= $4
				if (behind < least[key]) least[key] = behind
			}
			END {
				for (key in rate) {
					bound = rate[key] / link * round + 2 * largest
					ok = sent[key] > 0 && worst[key] <= bound
					printf "%s: expected at most %.0f bytes behind, measured %.0f: %s\n", key, bound, worst[key], ok ? "holds" : "VIOLATED"
				}
			}' <(qos-shape --rate 1mbit --allocate --set router.max_queue_size=100000 "$BATS_TEST_TMPDIR/t.csv")
		sed 's/^/# /' <<<"$output" >&3
		[ "${#lines[@]}" -eq 4 ]
		[[ $output != *VIOLATED* ]]
	done
}
