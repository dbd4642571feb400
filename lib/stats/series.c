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

/* Bins in pairs, those of one time at the width that is twice as large. */
static void widen(struct qos_timeline *t)
{
	int odd = (int)(t->base & 1), n = t->n_bins;

	t->n_bins = (int)((t->base + n - 1) >> 1) - (int)(t->base >> 1) + 1;
	for (int k = 0; k < t->n_series; k++) {
		struct qos_series_bin *bin = t->series[k]->bin;

		for (int i = 0; i < t->n_bins; i++) { /* what is read stands at or behind what is written */
			struct qos_series_bin sum = { 0 };
			int from = 2 * i - odd;

			if (from >= 0)
				sum = bin[from];
			if (from + 1 < n)
				qos_series_bin_merge(&sum, &bin[from + 1]);
			bin[i] = sum;
		}
		memset(bin + t->n_bins, 0, (size_t)(n - t->n_bins) * sizeof(*bin));
	}
	t->base >>= 1;
	t->shift++;
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
	t->base -= n;
}

int qos_timeline_reach(struct qos_timeline *t, int64_t ns)
{
	int64_t at, last;

	if (t->n_bins == 0) {
		t->shift = SHIFT_FIRST;
		t->base = ns >> SHIFT_FIRST;
		t->n_bins = 1;
	}
	for (;; widen(t)) {
		at = ns >> t->shift;
		last = t->base + t->n_bins - 1;
		if ((at > last ? at : last) - (at < t->base ? at : t->base) < QOS_SERIES_BINS)
			break;
	}
	if (at < t->base)
		move(t, (int)(t->base - at));
	if (at > last)
		t->n_bins = (int)(at - t->base) + 1;
	return (int)(at - t->base);
}

void qos_timeline_cover(struct qos_timeline *t, const struct qos_timeline *b)
{
	if (!b->n_bins)
		return;
	if (!t->n_bins) {
		t->shift = b->shift;
		t->base = b->base;
		t->n_bins = b->n_bins;
		return;
	}
	while (t->shift < b->shift)
		widen(t);
	qos_timeline_reach(t, b->base * ((int64_t)1 << b->shift));
	qos_timeline_reach(t, (b->base + b->n_bins - 1) * ((int64_t)1 << b->shift));
}

void qos_series_merge_at(const struct qos_timeline *t, struct qos_series *to, const struct qos_timeline *b,
			 const struct qos_series *from)
{
	for (int i = 0; i < b->n_bins; i++)
		qos_series_bin_merge(&to->bin[((b->base + i) >> (t->shift - b->shift)) - t->base], &from->bin[i]);
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
