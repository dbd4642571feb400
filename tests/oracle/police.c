/*
 * Counts of colours that other meters are published with, or that follow from the RFCs, over millions of packets.
 *
 *   police METER n gap_num gap_den size [colour]	packet k comes at k * gap_num / gap_den ns, rounded up
 *
 * Prints the number of green, yellow and red ones.
 */
#include <stdio.h>
#include <stdlib.h>

#include "meter/meter.h"

int main(int argc, char **argv)
{
	struct qos_arena arena = { 0 };
	struct qos_meter_use use;
	struct qos_err err;
	int64_t n[QOS_N_COLORS] = { 0 };
	int was;

	if (argc < 6)
		return 2;
	was = argc > 6 ? qos_color_find(qos_str(argv[6])) : 0;
	if (was < 0 || qos_meter_read(&use, qos_str(argv[1]), &arena, &err)) {
		fprintf(stderr, "%s\n", was < 0 ? "no such colour" : err.text);
		return 2;
	}
	for (int64_t k = 0; k < atoll(argv[2]); k++) {
		__int128 at = (__int128)k * atoll(argv[3]);
		int64_t den = atoll(argv[4]);

		n[qos_meter_color(&use, atoll(argv[5]), (enum qos_color)was, (int64_t)((at + den - 1) / den))]++;
	}
	printf("%lld %lld %lld\n", (long long)n[0], (long long)n[1], (long long)n[2]);
	qos_arena_free(&arena);
	return 0;
}
