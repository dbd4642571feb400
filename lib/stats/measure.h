/*
 * The numbers of a report by name: `critical.p99`, `drops.tail`, `accuracy.macro_f1`, `baseline.critical.p99`.
 *
 * GROUP.METRIC	      GROUP a class (with --by: its values joined by '/'), or all; METRIC count bytes drops throughput
 *		      mean p50 p90 p99 p99.9 max target attainment deadline_misses fairness streams backlog_max; also as
 *		      the JSON has them: throughput_bps, latency.p99; GROUP.drops.REASON
 * adapters.NAME.METRIC
 * drops.NAME	      of a class, or for a reason
 * slo.GROUP.X	      burn used attained bad records, worst.5m worst.1h worst.6h worst.3d
 * accuracy.X	      records accuracy macro_f1; accuracy.LABEL.X: count precision recall
 * class_by.NAME      records that were decided so: rule pattern ml default
 * streams.X	      count uncounted_records fairness
 * ledger.X	      in out dropped rejected
 * NAME		      records drops rejected unclassified duration fairness accuracy backlog_max
 * baseline.ANY	      any of these, as a report that was kept as JSON has it
 */
#ifndef QOS_STATS_MEASURE_H
#define QOS_STATS_MEASURE_H

#include "base/names.h"
#include "config/place.h"
#include "stats/report.h"

struct qos_measure {
	enum qos_measure_kind {
		QOS_MEASURE_GROUP,
		QOS_MEASURE_ADAPTER,
		QOS_MEASURE_GROUP_DROPS, /* of one reason */
		QOS_MEASURE_DROPS,       /* of a class or a reason */
		QOS_MEASURE_SLO,
		QOS_MEASURE_ACCURACY,
		QOS_MEASURE_LABEL,
		QOS_MEASURE_DECISION,
		QOS_MEASURE_WHOLE,
	} kind;
	int metric;           /* of the kind */
	struct qos_str group; /* class, adapter, label ...: a slice of the name */
	struct qos_str item;  /* a reason */
	bool is_time;         /* seconds */
	bool of_baseline;
};

/* What names may stand for. */
struct qos_measure_names {
	const struct qos_names *classes; /* that may be a group, beside all; NULL: any (--by) */
	const struct qos_slo *slo;       /* [n_slos] */
	int n_slos;
	const struct qos_place *baseline; /* NULL: there is none */
};

/* Finds a measure by its name, which must outlive it.   Returns  false when there is none. */
bool qos_measure_find(struct qos_measure *m, struct qos_str name, const struct qos_measure_names *names);
/*
 * Its value; NAN when it was not measured.  A class that the config knows (classes) and no record has counts of 0; a
 * group of --by may be a name that was mistyped.
 */
double qos_measure_value(const struct qos_measure *m, const struct qos_measure_names *names,
			 const struct qos_report *r);

#endif
