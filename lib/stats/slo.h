/*
 * Error budgets: 'critical: 99.9% < 10ms over 30d' lets one record in a thousand be later than 10 ms, or be dropped.
 *
 * Burn rate is how fast the budget is used: at 1 it is empty just at the end of its period, at 14.4 an hour takes 2 %
 * of a budget for 30 days.
 *
 * After  The Site Reliability Workbook, chapter 5.
 */
#ifndef QOS_STATS_SLO_H
#define QOS_STATS_SLO_H

#include "base/err.h"
#include "base/names.h"
#include "stats/series.h"

#define QOS_SLOS_MOST   16
#define QOS_SLO_WINDOWS 4

struct qos_slo {
	struct qos_str text;  /* as it was written, borrowed */
	struct qos_str group; /* a slice of it */
	double objective;     /* 0..1 */
	int64_t within_ns;
	int64_t period_ns; /* of the budget; 30 days */
};

/* What became of it. */
struct qos_slo_result {
	const struct qos_slo *slo;
	uint64_t n, n_bad; /* departed or dropped; of them too late or dropped */
	double attained;   /* 0..1; NAN when there was nothing */
	double burn;       /* of the whole time; NAN as well */
	double used;       /* part of the period's budget that this time took */
	struct qos_slo_window {
		double seconds; /* as long as bins make it; 0: the trace is shorter */
		double worst;   /* burn in the worst one */
	} window[QOS_SLO_WINDOWS];
};

/* names of the windows: "5m" "1h" "6h" "3d" */
extern const char *const qos_slo_window_name[QOS_SLO_WINDOWS];

/*
 * Reads 'GROUP: SHARE < TIME [over PERIOD]'.
 *
 * classes	names that may stand for a group, beside all; NULL: any
 * Fails	QOS_EUSAGE, saying what would be right.
 */
int qos_slo_parse(struct qos_slo *slo, const char *text, const struct qos_names *classes, struct qos_err *err);
/* From a series whose n_out and n_missed are those of this slo. */
void qos_slo_measure(const struct qos_slo *slo, const struct qos_series *s, const struct qos_timeline *t,
		     double duration_s, struct qos_slo_result *to);

#endif
