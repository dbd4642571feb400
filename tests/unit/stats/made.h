/* A small report made by hand. */
#ifndef TESTS_UNIT_STATS_MADE_H
#define TESTS_UNIT_STATS_MADE_H

#include <math.h>
#include <stdlib.h>

#include "stats/report.h"

static __attribute__((unused)) struct qos_report *made_report(void)
{
	struct qos_report *r = calloc(1, sizeof(*r));
	struct qos_drop_count *drop = qos_arena_get(&r->arena, sizeof(*drop));

	*drop = (struct qos_drop_count){ QOS_STR("tail"), 2 };
	r->group = qos_arena_get(&r->arena, 2 * sizeof(*r->group));
	r->n_groups = 2;
	r->group[0] = (struct qos_report_group){ .name = QOS_STR("critical"),
						 .n_records = 10,
						 .n_dropped = 2,
						 .n_latencies = 8,
						 .n_within = 6,
						 .n_misses = 2,
						 .out_bytes = 800,
						 .drop = drop,
						 .n_drops = 1,
						 .throughput_bps = 3200,
						 .mean_s = 0.005,
						 .quantile_s = { 0.004, 0.009, 0.0123, 0.0123 },
						 .max_s = 0.0123,
						 .target_s = 0.01,
						 .attainment = 0.75,
						 .fairness = 0.5,
						 .n_streams = 2 };
	r->group[1] = (struct qos_report_group){ .name = QOS_STR("a\033[31m,\"b"),
						 .n_records = 1,
						 .out_bytes = 5,
						 .throughput_bps = 20,
						 .mean_s = NAN,
						 .quantile_s = { NAN, NAN, NAN, NAN },
						 .max_s = NAN,
						 .target_s = NAN,
						 .attainment = NAN,
						 .fairness = NAN };
	r->all = r->group[0];
	r->all.name = QOS_STR("all");
	r->all.n_records = 11;
	r->all.out_bytes = 805;
	r->all.target_s = NAN;
	r->duration_s = 2;
	r->n_unclassified = 1;
	r->n_rejected = 3;
	return r;
}

#endif
