/*
 * What happened lately?  Counts and latencies of each group over the last intervals, taken from their reports one by
 * one; older ones fall out.
 *
 * Sums over the window are made when they are asked for, so that intervals may pass faster than somebody looks.
 *
 * Cost   an interval: O(groups); memory: a sketch for each group and interval of the window, 4 bytes for each of the
 *        past.
 */
#ifndef QOS_STATS_RECENT_H
#define QOS_STATS_RECENT_H

#include "stats/report.h"

#define QOS_RECENT_WINDOW 60   /* intervals of a window, at most */
#define QOS_RECENT_PAST   256  /* intervals whose counts are remembered */
#define QOS_RECENT_GROUPS 1000 /* further ones are in the sum of all alone */

struct qos_recent;

/* n_window	intervals of the window, 1 .. QOS_RECENT_WINDOW */
int qos_recent_new(struct qos_recent **recent, int n_window, struct qos_err *err);
/* Frees it and what it owns; takes NULL. */
void qos_recent_free(struct qos_recent *t);
/* Group i begins to be, though no record of it has come.   Fails  when memory runs out. */
int qos_recent_add(struct qos_recent *t, struct qos_str name, double target_s, struct qos_err *err);
/* One more interval is over.   Fails  when memory runs out. */
int qos_recent_take(struct qos_recent *t, const struct qos_report *r, struct qos_err *err);

/* Groups so far, in the order in which they came. */
int qos_recent_groups(const struct qos_recent *t);
struct qos_str qos_recent_name(const struct qos_recent *t, int i);
/* Groups that had no room. */
uint64_t qos_recent_over(const struct qos_recent *t);
/* Intervals in the window by now. */
int qos_recent_window(const struct qos_recent *t);

/* Of one group over the window. */
struct qos_recent_sum {
	struct qos_str name;
	uint64_t n_records, n_dropped, n_targets, n_within, out_bytes;
	double quantile_s[QOS_N_QUANTILES], max_s; /* NAN without a latency */
	double target_s;                           /* NAN: it has none */
};
/*
 * Sums up group i; -1 is all.
 *
 * scale   of the reports' sketches
 */
int qos_recent_sum(const struct qos_recent *t, int i, const struct qos_sketch_scale *scale, struct qos_recent_sum *sum,
		   struct qos_err *err);
/* Records of group i (-1: all) in the window; what a list is ordered by. */
uint64_t qos_recent_records(const struct qos_recent *t, int i);
/* Records of each of the last n intervals, oldest first, 0 before the first one; n <= QOS_RECENT_PAST. */
void qos_recent_past(const struct qos_recent *t, int i, double *records, int n);

#endif
