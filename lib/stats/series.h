/*
 * What happened when?  Counts over the time of a trace of any length, in as many bins as a chart has room for.
 *
 * Bins begin at whole multiples of their width, a power of two: 65 us at first, doubled when the time does not fit.  So
 * they depend on the span of the time alone, and not on the order in which it was seen.  All series of a timeline share
 * its bins.
 *
 * Cost   a shift and a few additions a record; QOS_SERIES_BINS bins a series.
 */
#ifndef QOS_STATS_SERIES_H
#define QOS_STATS_SERIES_H

#include <stdbool.h>
#include <stdint.h>

#define QOS_SERIES_BINS 512
#define QOS_SERIES_MOST 256 /* series of a timeline */

struct qos_series_bin {
	uint64_t n_in, n_out, n_dropped; /* arrived, departed, ended here */
	uint64_t n_missed;               /* of those that departed: later than their target */
	uint64_t out_bytes, latency_sum_ns;
	int64_t latency_max_ns;
};

struct qos_series {
	struct qos_series_bin bin[QOS_SERIES_BINS];
};

struct qos_timeline {
	int64_t base;                               /* number of the first bin: it begins at base << shift */
	int shift;                                  /* a bin is 1 << shift ns wide */
	int n_bins;                                 /* used so far; 0: nothing has happened */
	struct qos_series *series[QOS_SERIES_MOST]; /* [n_series], owned */
	int n_series;
};

/* One more series of zeros.   Returns  NULL when there are QOS_SERIES_MOST, or memory ran out.   Owns  the timeline. */
struct qos_series *qos_timeline_add(struct qos_timeline *t);
/* Frees the series; the struct itself is the caller's. */
void qos_timeline_free(struct qos_timeline *t);
/* Makes room for a moment; the one below calls it.   Returns  its bin. */
int qos_timeline_reach(struct qos_timeline *t, int64_t ns);

/* Bin of a moment; those that were given before are no longer valid. */
static inline int qos_timeline_at(struct qos_timeline *t, int64_t ns)
{
	uint64_t i = (uint64_t)((ns >> t->shift) - t->base);

	return i < (uint64_t)t->n_bins ? (int)i : qos_timeline_reach(t, ns);
}

static inline double qos_timeline_width_s(const struct qos_timeline *t)
{
	return (double)((uint64_t)1 << t->shift) / 1e9;
}

/* Makes room for all the time of b, in bins at least as wide as its. */
void qos_timeline_cover(struct qos_timeline *t, const struct qos_timeline *b);
/* Adds a series of b, whose time is covered, to one of t. */
void qos_series_merge_at(const struct qos_timeline *t, struct qos_series *to, const struct qos_timeline *b,
			 const struct qos_series *from);
/* Adds b to a. */
void qos_series_bin_merge(struct qos_series_bin *a, const struct qos_series_bin *b);
/* Adds n bins of b to a. */
void qos_series_merge(struct qos_series *a, const struct qos_series *b, int n);
/* The most records that were in the system at the end of a bin: arrived, and neither departed nor dropped. */
uint64_t qos_series_backlog_max(const struct qos_series *s, int n);

#endif
