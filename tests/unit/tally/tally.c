/* The tally over records made by hand. */
#include "tally/tally.h"

#include <math.h>

#include "tests/unit/drive.h"

#define MS 1000000LL

struct made {
	int class;
	int64_t ts_ns, depart_ns, size_bytes, max_latency_ns;
	const char *stream, *drop;
};

static struct qos_report *tally(const struct made *m, int n, const struct qos_tally_options *o)
{
	struct qos_class_config classes[2];
	struct qos_config c;
	struct qos_fields *f;
	struct qos_tally *t;
	struct qos_report *report;
	struct qos_stage stage;
	struct qos_sink out = { 0 };

	config_of(&c, classes, 2, (double[2]){ 0.5, 0.5 });
	CHECK(qos_fields_new(&f, NULL) == 0);
	CHECK(qos_tally_new(&t, &c, o, f, NULL) == 0);
	stage = qos_tally_stage(t);
	for (int i = 0; i < n; i++) {
		char bytes[64];
		struct qos_cell cell[QOS_N_KNOWN] = { 0 };
		int at = snprintf(bytes, sizeof(bytes), "%s|%s", m[i].stream, m[i].drop);
		struct qos_record r = { .bytes = bytes,
					.n_bytes = (uint32_t)at,
					.cell = cell,
					.class = (int16_t)m[i].class,
					.ts_ns = m[i].ts_ns,
					.arrival_ns = m[i].depart_ns ? m[i].depart_ns : m[i].ts_ns,
					.size_bytes = m[i].size_bytes,
					.deadline_ns = m[i].max_latency_ns ? m[i].max_latency_ns : QOS_UNSET,
					.drop = *m[i].drop ? QOS_DROP_UPSTREAM : QOS_DROP_NONE };

		cell[QOS_F_STREAM] = (struct qos_cell){ 0, (uint32_t)strlen(m[i].stream), QOS_CELL_TEXT };
		if (*m[i].drop)
			cell[QOS_F_DROP] = (struct qos_cell){ (uint32_t)strlen(m[i].stream) + 1,
							      (uint32_t)strlen(m[i].drop), QOS_CELL_TEXT };
		if (m[i].depart_ns)
			cell[QOS_F_DEPART] = (struct qos_cell){ 0, 1, QOS_CELL_TEXT };
		stage.push(stage.self, &r, 0, &out);
	}
	CHECK(qos_tally_report(t, 7, &report, NULL) == 0);
	qos_tally_free(t);
	qos_fields_free(f);
	return report;
}

static const struct made made[] = {
	{ 0, 0, 5 * MS, 100, 0, "a", "" },
	{ 0, 1000 * MS, 1020 * MS, 100, 0, "b", "" },
	{ 0, 2000 * MS, 2001 * MS, 300, MS / 2, "a", "" },
	{ -1, 3000 * MS, 4000 * MS, 1000, 0, "c", "" },
	{ 1, 4000 * MS, 0, 50, 0, "c", "tail" },
};

static void by_class(void)
{
	struct qos_report *r = tally(made, 5, &(struct qos_tally_options){ .streams_most = 100 });

	CHECK_INT(r->n_groups, 2);
	CHECK_INT(r->group[0].n_records, 3);
	CHECK_INT(r->group[0].out_bytes, 500);
	CHECK_INT(r->group[0].n_misses, 2);
	CHECK(r->group[0].attainment > 0.333 && r->group[0].attainment < 0.334);
	CHECK(r->group[0].max_s == 0.02);
	CHECK(fabs(r->group[0].fairness - 500.0 * 500 / (2 * (400.0 * 400 + 100 * 100))) < 1e-12);
	CHECK_INT(r->group[1].n_records, 2);
	CHECK_INT(r->group[1].n_dropped, 1);
	CHECK(qos_str_is(r->group[1].drop[0].reason, "tail"));
	CHECK(r->group[1].throughput_bps == 2000);
	CHECK_INT(r->all.n_records, 5);
	CHECK_INT(r->n_unclassified, 1);
	CHECK_INT(r->n_rejected, 7);
	CHECK(r->duration_s == 4);
	qos_report_free(r);
}

static void by_field(void)
{
	struct qos_report *r =
		tally(made, 5, &(struct qos_tally_options){ .by = { QOS_F_STREAM }, .n_by = 1, .streams_most = 1 });

	CHECK_INT(r->n_groups, 3);
	CHECK(qos_str_is(r->group[0].name, "a") && qos_str_is(r->group[0].by[0], "a"));
	CHECK_INT(r->group[0].n_records, 2);
	CHECK_INT(r->group[2].n_records, 2);
	CHECK_INT(r->n_streams_over, 2);
	CHECK(isnan(r->group[0].target_s));
	qos_report_free(r);
}

static void of_nothing(void)
{
	struct qos_report *r = tally(made, 0, &(struct qos_tally_options){ .streams_most = 1 });

	CHECK_INT(r->n_groups, 0);
	CHECK_INT(r->all.n_records, 0);
	CHECK(r->duration_s == 0 && isnan(r->all.mean_s) && isnan(r->all.fairness));
	qos_report_free(r);
}

int main(void)
{
	RUN("records are counted by class: bytes, drops, latency, targets, fairness", by_class);
	RUN("records are counted by any field, streams beyond the limit are told", by_field);
	RUN("nothing gives a report of nothing", of_nothing);
	return DONE();
}
