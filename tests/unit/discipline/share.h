/* Backlogged classes under a discipline that shares bytes: how far any two come apart, over every interval. */
#ifndef TESTS_UNIT_DISCIPLINE_SHARE_H
#define TESTS_UNIT_DISCIPLINE_SHARE_H

#include "tests/unit/discipline/serve.h"

#define SHARE_WEIGHTS         \
	{                     \
		6, 5, 5, 3, 1 \
	}              /* of 20: 30, 25, 25, 15, 5 % */
#define SHARE_SCALE 30 /* least common multiple */

/*
 * The greatest difference, over all pairs and all intervals in which every class is backlogged, of bytes per weight,
 * times SHARE_SCALE.  A difference over an interval is one of running differences, so their span is the maximum.
 */
static int64_t share_apart(const struct qos_discipline *d, int steps, int64_t least_bytes, int64_t most_bytes)
{
	static const double shares[] = { 0.3, 0.25, 0.25, 0.15, 0.05 };
	static const int64_t targets[] = { 1000000000, 1000000000, 1000000000, 1000000000, 1000000000 };
	static const int64_t weight[] = SHARE_WEIGHTS;
	static struct qos_record r[40];
	int64_t sent[5] = { 0 }, low[5][5] = { 0 }, high[5][5] = { 0 }, apart = 0;
	uint64_t x = 88172645463325252ull;
	struct serve s;

	serve_open(&s, d, 5, shares, targets);
	for (int i = 0; i < 40; i++)
		serve_push(&s, &r[i], i % 5, 0, most_bytes);
	for (int step = 0; step < steps; step++) {
		struct qos_record *out = serve_next(&s);
		int rank = out->class;

		sent[rank] += out->size_bytes * (SHARE_SCALE / weight[rank]);
		for (int i = 0; i < 5; i++)
			for (int k = 0; k < i; k++) {
				int64_t gap = sent[i] - sent[k];

				if (gap < low[i][k])
					low[i][k] = gap;
				if (gap > high[i][k])
					high[i][k] = gap;
				if (high[i][k] - low[i][k] > apart)
					apart = high[i][k] - low[i][k];
			}
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		serve_push(&s, out, rank, 0, least_bytes + (int64_t)(x % (uint64_t)(most_bytes - least_bytes + 1)));
	}
	serve_close(&s);
	return apart;
}

#endif
