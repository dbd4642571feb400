/* Bins that widen. */
#include "stats/series.h"

#include <stdlib.h>
#include <string.h>

#define SHIFT_FIRST 16 /* 65 us */

struct qos_series *qos_timeline_add(struct qos_timeline *t)
{
	struct qos_series *s = t->n_series < QOS_SERIES_MOST ? calloc(1, sizeof(*s)) : NULL;

	if (s)
		t->series[t->n_series++] = s;
	return s;
}

void qos_timeline_free(struct qos_timeline *t)
{
	for (int i = 0; i < t->n_series; i++)
		free(t->series[i]);
	*t = (struct qos_timeline){ 0 };
}

void qos_series_bin_merge(struct qos_series_bin *a, const struct qos_series_bin *b)
{
	a->n_in += b->n_in;
	a->n_out += b->n_out;
	a->n_dropped += b->n_dropped;
	a->n_missed += b->n_missed;
	a->out_bytes += b->out_bytes;
	a->latency_sum_ns += b->latency_sum_ns;
	if (b->latency_max_ns > a->latency_max_ns)
		a->latency_max_ns = b->latency_max_ns;
}

void qos_series_merge(struct qos_series *a, const struct qos_series *b, int n)
{
	for (int i = 0; i < n; i++)
		qos_series_bin_merge(&a->bin[i], &b->bin[i]);
}

/* Bins in pairs. */
static void widen(struct qos_timeline *t)
{
	for (int k = 0; k < t->n_series; k++) {
		struct qos_series_bin *bin = t->series[k]->bin;

		for (int i = 0; i < QOS_SERIES_BINS / 2; i++) {
			if (i)
				bin[i] = bin[2 * i];
			qos_series_bin_merge(&bin[i], &bin[2 * i + 1]);
		}
		memset(bin + QOS_SERIES_BINS / 2, 0, QOS_SERIES_BINS / 2 * sizeof(*bin));
	}
	t->shift++;
	t->n_bins = (t->n_bins + 1) / 2;
}

/* n more bins before the first one. */
static void move(struct qos_timeline *t, int n)
{
	for (int k = 0; k < t->n_series; k++) {
		struct qos_series_bin *bin = t->series[k]->bin;

		memmove(bin + n, bin, (size_t)t->n_bins * sizeof(*bin));
		memset(bin, 0, (size_t)n * sizeof(*bin));
	}
	t->n_bins += n;
	t->origin_ns -= (int64_t)n << t->shift;
}

/* How many bins are missing before the first one. */
static uint64_t missing(const struct qos_timeline *t, int64_t ns)
{
	return (((uint64_t)t->origin_ns - (uint64_t)ns - 1) >> t->shift) + 1;
}

int qos_timeline_reach(struct qos_timeline *t, int64_t ns)
{
	uint64_t i;

	if (t->n_bins == 0) {
		t->shift = SHIFT_FIRST;
		t->origin_ns = ns;
		t->n_bins = 1;
	}
	if (ns < t->origin_ns) {
		while (t->shift < 62 && (uint64_t)t->n_bins + missing(t, ns) > QOS_SERIES_BINS)
			widen(t);
		if ((__int128)t->origin_ns - ((__int128)missing(t, ns) << t->shift) >= INT64_MIN)
			move(t, (int)missing(t, ns));
		return 0; /* before the beginning of time as 64 bits tell it: counted with its first moment */
	}
	while ((i = ((uint64_t)ns - (uint64_t)t->origin_ns) >> t->shift) >= QOS_SERIES_BINS)
		widen(t);
	if ((int)i >= t->n_bins)
		t->n_bins = (int)i + 1;
	return (int)i;
}

uint64_t qos_series_backlog_max(const struct qos_series *s, int n)
{
	uint64_t in = 0, out = 0, most = 0;

	for (int i = 0; i < n; i++) {
		in += s->bin[i].n_in;
		out += s->bin[i].n_out + s->bin[i].n_dropped;
		if (in > out && in - out > most)
			most = in - out;
	}
	return most;
}
