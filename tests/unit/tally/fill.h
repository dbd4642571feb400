/* A tally over records that a seed makes: classes, drops, streams, adapters, labels, times. */
#ifndef TESTS_UNIT_TALLY_FILL_H
#define TESTS_UNIT_TALLY_FILL_H

#include "base/rng.h"
#include "tally/tally.h"
#include "tests/unit/drive.h"

struct filled {
	struct qos_config config;
	struct qos_class_config classes[2];
	struct qos_fields *fields;
	struct qos_slo slo[1];
	struct qos_tally_options options;
	struct qos_tally *tally;
};

/* by_region	group by that field, and not by class */
static void filled_open(struct filled *f, bool by_region)
{
	config_of(&f->config, f->classes, 2, (double[2]){ 0.5, 0.5 });
	f->options = (struct qos_tally_options){ .streams_most = 100000, .slo = f->slo, .n_slos = 1 };
	if (by_region) {
		f->options.by[0] = QOS_F_REGION;
		f->options.n_by = 1;
	}
	CHECK(qos_slo_parse(&f->slo[0], "all: 90% < 10ms", NULL, NULL) == 0);
	CHECK(qos_fields_new(&f->fields, NULL) == 0);
	CHECK(qos_tally_new(&f->tally, &f->config, &f->options, f->fields, NULL) == 0);
}

static void filled_close(struct filled *f)
{
	qos_tally_free(f->tally);
	qos_fields_free(f->fields);
}

static void filled_set(struct qos_record *r, struct qos_cell *cell, char *bytes, int field, const char *name,
		       uint64_t i)
{
	int n = snprintf(bytes + r->n_bytes, 20, "%s%llu", name, (unsigned long long)i);

	cell[field] = (struct qos_cell){ r->n_bytes, (uint32_t)n, QOS_CELL_TEXT };
	r->n_bytes += (uint32_t)n;
}

/* Record i of the trace. */
static __attribute__((unused)) void filled_push(struct filled *f, uint64_t i)
{
	struct qos_stage stage = qos_tally_stage(f->tally);
	char bytes[200] = "";
	struct qos_cell cell[QOS_N_KNOWN] = { 0 };
	struct qos_record r = { .bytes = bytes, .cell = cell, .deadline_ns = QOS_UNSET };
	struct qos_sink out = { 0 };
	struct qos_rng rng;

	qos_rng_seed(&rng, i + 1);
	r.class = (int16_t)qos_rng_below(&rng, 2);
	r.ts_ns = (int64_t)(i * 1000003);
	r.arrival_ns = r.ts_ns + (int64_t)(1e7 * qos_rng_exponential(&rng));
	r.size_bytes = 1 + (int64_t)qos_rng_below(&rng, 3000);
	filled_set(&r, cell, bytes, QOS_F_STREAM, "s", qos_rng_below(&rng, 50));
	filled_set(&r, cell, bytes, QOS_F_REGION, "r", qos_rng_below(&rng, 90));
	filled_set(&r, cell, bytes, QOS_F_ADAPTER, "a", qos_rng_below(&rng, 5));
	filled_set(&r, cell, bytes, QOS_F_CLASS_BY, "rule:", qos_rng_below(&rng, 5));
	filled_set(&r, cell, bytes, QOS_F_LABEL, "l", qos_rng_below(&rng, 4));
	if (qos_rng_below(&rng, 10) == 0) {
		filled_set(&r, cell, bytes, QOS_F_DROP, "why", qos_rng_below(&rng, 3));
		r.drop = QOS_DROP_UPSTREAM;
	} else {
		filled_set(&r, cell, bytes, QOS_F_DEPART, "", 1);
	}
	stage.push(stage.self, &r, 0, &out);
}

#endif
