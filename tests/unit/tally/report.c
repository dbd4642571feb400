/* What the report says of adapters, decisions, labels, objectives and time. */
#include <math.h>
#include <stdlib.h>

#include "tally/tally.h"
#include "tests/unit/drive.h"

#define MS 1000000LL

struct made {
	int class;
	int64_t ts_ns, depart_ns;
	const char *drop, *adapter, *by, *label;
};

static const struct made made[] = {
	{ 0, 0, 5 * MS, "", "disk", "rule:a", "c0" },      { 0, 1 * MS, 30 * MS, "", "disk", "rule:b", "c1" },
	{ 1, 2 * MS, 4 * MS, "", "net", "default", "c1" }, { 1, 900 * MS, 0, "tail", "", "ml:x", "other" },
	{ 1, 1000 * MS, 1001 * MS, "", "net", "", "" },
};

static struct qos_tally *t;

static struct qos_cell add(char *bytes, const char *text)
{
	struct qos_cell c = { (uint32_t)strlen(bytes), (uint32_t)strlen(text),
			      *text ? QOS_CELL_TEXT : QOS_CELL_ABSENT };

	strcat(bytes, text);
	return c;
}

static void push(const struct made *m)
{
	char bytes[200] = "";
	struct qos_cell cell[QOS_N_KNOWN] = { 0 };
	struct qos_stage stage = qos_tally_stage(t);
	struct qos_sink out = { 0 };
	struct qos_record r = { .bytes = bytes,
				.cell = cell,
				.class = (int16_t)m->class,
				.ts_ns = m->ts_ns,
				.arrival_ns = m->depart_ns ? m->depart_ns : m->ts_ns,
				.size_bytes = 10,
				.deadline_ns = QOS_UNSET,
				.drop = *m->drop ? QOS_DROP_UPSTREAM : QOS_DROP_NONE };

	cell[QOS_F_DROP] = add(bytes, m->drop);
	cell[QOS_F_ADAPTER] = add(bytes, m->adapter);
	cell[QOS_F_CLASS_BY] = add(bytes, m->by);
	cell[QOS_F_LABEL] = add(bytes, m->label);
	cell[QOS_F_DEPART] = add(bytes, m->depart_ns ? "1" : "");
	r.n_bytes = (uint32_t)strlen(bytes);
	stage.push(stage.self, &r, 0, &out);
}

static void parts(void)
{
	struct qos_class_config classes[2];
	struct qos_config c;
	struct qos_fields *f;
	struct qos_slo slo[2];
	struct qos_tally_options o = { .streams_most = 10, .slo = slo, .n_slos = 2 };
	struct qos_report *r;
	const struct qos_report_score *s;

	config_of(&c, classes, 2, (double[2]){ 0.5, 0.5 });
	classes[0].name = QOS_STR("c0");
	classes[1].name = QOS_STR("c1");
	CHECK(qos_slo_parse(&slo[0], "c0: 90% < 10ms", NULL, NULL) == 0);
	CHECK(qos_slo_parse(&slo[1], "all: 50% < 1s", NULL, NULL) == 0);
	CHECK(qos_fields_new(&f, NULL) == 0);
	CHECK(qos_tally_new(&t, &c, &o, f, NULL) == 0);
	for (size_t i = 0; i < sizeof(made) / sizeof(*made); i++)
		push(&made[i]);
	CHECK(qos_tally_report(t, 0, &r, NULL) == 0);

	CHECK_INT(r->n_adapters, 2);
	CHECK(qos_str_is(r->adapter[0].name, "disk") && r->adapter[0].n_records == 2 && r->adapter[0].out_bytes == 20);
	CHECK(r->adapter[0].max_s == 0.029 && r->adapter[1].n_latencies == 2);
	CHECK_INT(r->n_decisions, 3);
	CHECK(qos_str_is(r->by_decision[2].reason, "rule") && r->by_decision[2].n == 2 && r->by_decision[0].n == 1);
	s = &r->score;
	CHECK(s->n == 4 && s->n_right == 2 && s->n_labels == 3);
	CHECK(qos_str_is(s->label[2].name, "other") && s->label[2].n == 1 && s->label[1].recall == 0.5);
	CHECK(s->answer[1 * 3 + 0] == 1 && s->answer[2 * 3 + 1] == 1 && s->answer[0] == 1);
	CHECK(r->slo[0].n == 2 && r->slo[0].n_bad == 1 && fabs(r->slo[0].burn - 5) < 1e-9);
	CHECK(r->slo[1].n == 5 && r->slo[1].n_bad == 1); /* the dropped one is bad */
	CHECK(r->timeline.n_bins > 200 && r->group[0].series && r->all.series);
	CHECK_INT(r->all.series->bin[0].n_in, 3);
	CHECK(r->group[0].backlog_max == 2 && r->all.backlog_max == 3);
	qos_report_free(r);
	qos_tally_free(t);
	qos_fields_free(f);
}

int main(void)
{
	RUN("adapters, decisions, labels, objectives and time are in the report", parts);
	return DONE();
}
