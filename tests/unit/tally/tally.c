/* The tally over records made by hand. */
#include "tally/tally.h"

#include <math.h>
#include <stdlib.h>

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
		char bytes[800];
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
	CHECK_INT(r->n_streams_over, 3); /* the dropped one too: it is not in the fairness */
	CHECK(isnan(r->group[0].target_s));
	qos_report_free(r);
}

static const struct qos_tally_options by_default = { .streams_most = 100 };

/* Two that got all, one whose only record was dropped. */
static void starved(void)
{
	static const struct made m[] = { { 0, 0, MS, 100, 0, "a", "" },
					 { 0, 0, MS, 100, 0, "b", "" },
					 { 0, 0, 0, 100, 0, "c", "tail" } };
	struct qos_report *r = tally(m, 3, &by_default);

	CHECK_INT(r->group[0].n_streams, 3);
	CHECK(fabs(r->group[0].fairness - 2.0 / 3) < 1e-12);
	CHECK_INT(r->group[0].out_bytes, 200);
	qos_report_free(r);
}

static void stream_names(void)
{
	static char a[300], b[300];
	struct made m[] = { { 0, 0, MS, 1, 0, a, "" }, { 0, 0, MS, 2, 0, b, "" }, { 0, 0, MS, 4, 0, a, "" } };
	struct qos_report *r;

	memset(a, 'x', sizeof(a) - 1);
	memcpy(b, a, sizeof(a));
	b[298] = 'y';
	r = tally(m, 3, &by_default);
	CHECK_INT(r->group[0].n_streams, 2);
	CHECK(fabs(r->group[0].fairness - 7.0 * 7 / (2 * (5.0 * 5 + 2 * 2))) < 1e-12);
	qos_report_free(r);
	m[0].stream = m[1].stream = m[2].stream = "";
	r = tally(m, 3, &by_default);
	CHECK_INT(r->group[0].n_streams, 0);
	CHECK(isnan(r->group[0].fairness));
	qos_report_free(r);
}

/* 400 years and more do not wrap into the past. */
static void long_ago(void)
{
	static const struct made m[] = { { 0, -9000000000LL * 1000000000, 9000000000LL * 1000000000, 1, 0, "a", "" } };
	struct qos_report *r = tally(m, 1, &by_default);

	CHECK(r->group[0].max_s > 9e9 && r->group[0].attainment == 0);
	CHECK_INT(r->group[0].n_misses, 1);
	CHECK(r->duration_s == 18e9);
	qos_report_free(r);
}

/* 100,000 groups are told apart, and nothing of the further ones is lost. */
static void many_groups(void)
{
	enum { N = 100020 };
	struct made *m = calloc(N, sizeof(*m));
	char(*name)[8] = calloc(N, sizeof(*name));
	struct qos_report *r;

	for (int i = 0; m && name && i < N; i++) {
		snprintf(name[i], sizeof(name[i]), "%d", i);
		m[i] = (struct made){ 0, i * MS, 0, 3, 0, name[i], "" };
	}
	r = tally(m, N, &(struct qos_tally_options){ .by = { QOS_F_STREAM }, .n_by = 1, .streams_most = 1 });
	CHECK_INT(r->n_groups, 100001);
	CHECK_INT(r->all.n_records, N);
	CHECK(qos_str_is(r->group[100000].name, "(other)"));
	CHECK_INT(r->group[100000].n_records, 20);
	qos_report_free(r);
	free(m);
	free(name);
}

static void many_reasons(void)
{
	static struct made m[70];
	static char reason[70][8];
	struct qos_report *r;

	for (int i = 0; i < 70; i++) {
		snprintf(reason[i], sizeof(reason[i]), "r%d", i);
		m[i] = (struct made){ 0, i * MS, 0, 1, 0, "a", reason[i] };
	}
	r = tally(m, 70, &by_default);
	CHECK_INT(r->all.n_dropped, 70);
	CHECK_INT(r->all.n_drops, 64);
	CHECK(qos_str_is(r->all.drop[63].reason, "other"));
	CHECK_INT(r->all.drop[63].n, 7);
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
	RUN("a stream of which all was dropped makes the sharing less fair", starved);
	RUN("streams are told apart by the whole of their names; an empty name is none", stream_names);
	RUN("a latency beyond 292 years is the longest that can be said, and a miss", long_ago);
	RUN("records of more groups than there is room for are counted together", many_groups);
	RUN("drops of more reasons than there is room for are counted together", many_reasons);
	RUN("nothing gives a report of nothing", of_nothing);
	return DONE();
}
