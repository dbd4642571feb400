/* The report's names and end. */
#include "stats/report.h"

#include <stdlib.h>

const double qos_quantile_part[QOS_N_QUANTILES] = { 0.5, 0.9, 0.99, 0.999 };
const char *const qos_quantile_name[QOS_N_QUANTILES] = { "p50", "p90", "p99", "p99.9" };

void qos_report_free(struct qos_report *r)
{
	if (!r)
		return;
	qos_sketch_free(&r->latency);
	free(r->series);
	qos_arena_free(&r->arena);
	free(r);
}
