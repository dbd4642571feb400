/* The numbers by number: shared by those who look them up in a report and in one that was kept as JSON. */
#ifndef QOS_STATS_MEASURE_TABLE_H
#define QOS_STATS_MEASURE_TABLE_H

#include "stats/slo.h"

enum qos_group_metric {
	M_COUNT,
	M_BYTES,
	M_DROPS,
	M_THROUGHPUT,
	M_MEAN,
	M_P50,
	M_P90,
	M_P99,
	M_P999,
	M_MAX,
	M_TARGET,
	M_ATTAINMENT,
	M_MISSES,
	M_FAIRNESS,
	M_STREAMS,
	M_BACKLOG,
	N_METRICS
};
enum qos_whole_metric {
	W_RECORDS,
	W_DROPS,
	W_REJECTED,
	W_UNCLASSIFIED,
	W_DURATION,
	W_FAIRNESS,
	W_ACCURACY,
	W_BACKLOG,
	W_STREAMS,
	W_UNCOUNTED,
	W_STREAMS_FAIRNESS,
	W_IN,
	W_OUT,
	W_DROPPED,
	W_REJECTED_TOO,
	W_LEFT_OUT,
	N_WHOLE
};
enum { S_BURN, S_USED, S_ATTAINED, S_BAD, S_RECORDS, S_WORST, N_SLO = S_WORST + QOS_SLO_WINDOWS };
enum { A_RECORDS, A_ACCURACY, A_F1, N_ACCURACY };
enum { L_COUNT, L_PRECISION, L_RECALL, N_LABEL };

/* A name, and its path in the JSON where that is another one (else NULL). */
struct qos_measure_name {
	const char *name, *path;
};
extern const struct qos_measure_name qos_group_metrics[N_METRICS];
extern const struct qos_measure_name qos_whole_metrics[N_WHOLE];
extern const char *const qos_slo_metrics[N_SLO], *const qos_accuracy_metrics[N_ACCURACY],
							 *const qos_label_metrics[N_LABEL];

#endif
