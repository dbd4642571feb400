/*
 * When was it bad?  Periods of a class in which records were dropped, or more than a tenth of those that departed had
 * missed their target; two of them with less than two bins between them are one.
 */
#ifndef QOS_STATS_PERIOD_H
#define QOS_STATS_PERIOD_H

#include "stats/series.h"

struct qos_period {
	int first, last; /* bins */
	struct qos_series_bin sum;
	uint64_t backlog_max; /* at the end of one of its bins */
};

/* The first `most` of them, into period[].   Returns  how many there are, which may be more. */
int qos_periods(const struct qos_series *s, int n_bins, struct qos_period *period, int most);

#endif
