/* A small report made by hand. */
#ifndef TESTS_UNIT_STATS_MADE_H
#define TESTS_UNIT_STATS_MADE_H

#include <math.h>
#include <stdlib.h>

#include "stats/report.h"

/* What only some records say. */
static __attribute__((unused)) void made_parts(struct qos_report *r)
{
	static struct qos_slo slo = { .text = { "critical: 90% < 10ms", 20 },
				      .group = { "critical", 8 },
				      .objective = 0.9,
				      .within_ns = 10000000,
				      .period_ns = 2592000000000000 };
	static struct qos_slo_result result = {
		.slo = &slo, .n = 10, .n_bad = 4, .attained = 0.6, .burn = 4, .used = 0.001
	};
	static struct qos_report_group adapter = {
		.name = { "disk \"1\"", 8 }, .n_records = 4, .out_bytes = 40, .max_s = 0.5
	};
	static struct qos_drop_count by[] = { { { "rule", 4 }, 7 }, { { "default", 7 }, 4 } };
	static struct qos_report_label label[] = { { { "critical", 8 }, 3, 0.75, 1 }, { { "system", 6 }, 2, 1, 0.5 } };
	static const uint64_t answer[] = { 3, 0, 1, 1 };

	result.window[1] = (struct qos_slo_window){ 3600, 6.5 };
	r->slo = &result;
	r->n_slos = 1;
	r->adapter = &adapter;
	r->n_adapters = 1;
	r->by_decision = by;
	r->n_decisions = 2;
	r->score = (struct qos_report_score){
		.n = 5, .n_right = 4, .macro_f1 = 0.75, .n_labels = 2, .label = label, .answer = answer
	};
}

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
						 .n_targets = 8,
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
	r->group[0].backlog_max = 6;
	r->all = r->group[0];
	r->all.name = QOS_STR("all");
	r->all.n_records = 11;
	r->all.out_bytes = 805;
	r->all.target_s = NAN;
	r->duration_s = 2;
	r->n_unclassified = 1;
	r->n_rejected = 3;
	made_parts(r);
	return r;
}

#endif
