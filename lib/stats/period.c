/* Bad times, from counts over time. */
#include "stats/period.h"

#define GAP 2 /* bins; as many good ones end a period */

static bool is_bad(const struct qos_series_bin *b)
{
	return b->n_dropped || 10 * b->n_missed > b->n_out;
}

int qos_periods(const struct qos_series *s, int n_bins, struct qos_period *period, int most)
{
	uint64_t in = 0, out = 0;
	struct qos_period now = { 0 };
	int n = 0;

	for (int i = 0; i < n_bins; i++) {
		const struct qos_series_bin *b = &s->bin[i];
		bool bad = is_bad(b);

		in += b->n_in;
		out += b->n_out + b->n_dropped;
		if (bad && (n == 0 || i - now.last > GAP)) {
			now = (struct qos_period){ .first = i };
			n++;
		}
		if (!bad)
			continue;
		now.last = i;
		qos_series_bin_merge(&now.sum, b);
		if (in > out && in - out > now.backlog_max)
			now.backlog_max = in - out;
		if (n <= most)
			period[n - 1] = now;
	}
	return n;
}
