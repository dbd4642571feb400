/*
 * What happened, as numbers: what renderers show and gates ask.  Its sketches are those of who made it (the tally),
 * which goes on to live and counts nothing more while the report is looked at.
 */
#ifndef QOS_STATS_REPORT_H
#define QOS_STATS_REPORT_H

#include <stdint.h>

#include "base/arena.h"
#include "stats/series.h"
#include "stats/sketch.h"
#include "stats/slo.h"

enum qos_quantile { QOS_P50, QOS_P90, QOS_P99, QOS_P999, QOS_N_QUANTILES };
extern const double qos_quantile_part[QOS_N_QUANTILES];      /* 0.5 ... */
extern const char *const qos_quantile_name[QOS_N_QUANTILES]; /* "p50" ... */

struct qos_drop_count { /* of a reason, or of another name */
	struct qos_str reason;
	uint64_t n;
};

struct qos_report_group {
	struct qos_str name;                        /* of the class; with --by the values, joined by '/' */
	struct qos_str *by;                         /* [n_by] the values */
	uint64_t n_records;                         /* dropped ones too */
	uint64_t n_dropped, n_latencies, n_targets; /* with a latency, and with a target for it */
	uint64_t n_within, n_misses;                /* within its target; beyond it */
	uint64_t out_bytes;                         /* of what was not dropped */
	struct qos_drop_count *drop;                /* [n_drops] by reason */
	int n_drops;
	double throughput_bps;                             /* NAN when no time passed */
	double mean_s, quantile_s[QOS_N_QUANTILES], max_s; /* of the latency; NAN without one */
	double target_s;                                   /* of the class; NAN where the group has none of its own */
	double attainment;                                 /* 0..1; NAN without a latency that has a target */
	double fairness; /* Jain's index over the streams' bytes; NAN without a stream */
	uint64_t n_streams;
	uint64_t backlog_max;             /* most records in the system, at the ends of the timeline's bins */
	const struct qos_series *series;  /* over time, borrowed; NULL: not followed */
	const struct qos_sketch *latency; /* all of them, in nanoseconds; borrowed; NULL: unknown */
};

/* How right the classes were, by `label`. */
struct qos_report_score {
	uint64_t n, n_right; /* records with a label */
	double macro_f1;
	int n_labels;
	struct qos_report_label {
		struct qos_str name;
		uint64_t n; /* records of this label */
		double precision, recall;
	} * label;              /* [n_labels] */
	const uint64_t *answer; /* [n_labels * n_labels] truth, then answer */
};

struct qos_outlook; /* stats/forecast.h */

struct qos_report {
	struct qos_arena arena; /* owns all of it */
	struct qos_str *by;     /* [n_by] field names; n_by 0: by class */
	int n_by;
	struct qos_report_group all, *group; /* [n_groups] */
	int n_groups;
	struct qos_report_group *adapter; /* [n_adapters] the same by adapter, where records name one */
	int n_adapters;
	struct qos_drop_count *by_decision; /* [n_decisions] records by what stands before the colon of class_by */
	int n_decisions;
	struct qos_report_score score;
	struct qos_slo_result *slo; /* [n_slos] */
	int n_slos;
	struct qos_timeline timeline;         /* of the series; its list of them is not to be used */
	struct qos_series *series;            /* of all, owned */
	int64_t interval_ns, from_ns;         /* of an interval: its length and beginning; 0: of all */
	int64_t first_ns;                     /* arrival; INT64_MAX: no record has a time */
	double duration_s;                    /* first arrival to last departure */
	uint64_t n_unclassified;              /* without a class: counted under the default one */
	uint64_t n_rejected;                  /* bad input */
	uint64_t n_left_out;                  /* by --where */
	struct qos_sketch latency;            /* of all, owned */
	const struct qos_sketch_scale *scale; /* of the sketches, borrowed */
	uint64_t n_streams_over;              /* records of streams beyond the limit: not in the fairness */
	const struct qos_outlook *outlook;    /* of --forecast; NULL: not asked for */
};

/* Frees it and what it owns; takes NULL. */
void qos_report_free(struct qos_report *r);

#endif
