/* Queue management of the shaper: ns-3's CoDel vector by class and by stream, conservation, what is not paid for. */
#include "shape/manage.h"

#include "shape/shaper.h"
#include "tests/unit/drive.h"

#define MS 1000000LL

static struct qos_class_config classes[1];
static struct qos_config c;
static struct departures d;
static struct qos_fields *fields;
static struct qos_err err;
static struct qos_ledger ledger;

static void run(const char *aqm, bool mark, const struct arrival *in, int n)
{
	struct qos_shaper_options o = { .stream_field = QOS_F_STREAM, .mark = mark, .keep_drops = true };
	struct qos_shaper *s = NULL;
	struct qos_stage stage;

	c.aqm = qos_str(aqm);
	CHECK_INT(qos_shaper_new(&s, &c, &o, fields, &err), 0);
	stage = qos_shaper_stage(s);
	drive(&stage, in, n, &d);
	ledger = *qos_shaper_ledger(s);
	if (mark)
		CHECK(qos_shaper_manage(s)->class[0].n_marked > 0);
	qos_shaper_free(s);
}

/* 20 records at 0, asked for at 10, 210, 210 and 420 ms: 0, 1, 1 and 3 drops in all. */
static void as_ns3(void)
{
	struct qos_manage m;
	struct qos_record r = { .size_bytes = 1000 };
	static const int64_t at[] = { 10, 210, 210, 420 };
	static const int dropped[] = { 0, 1, 1, 3 };
	int n_dropped = 0;

	config_of(&c, classes, 1, (double[1]){ 1 });
	c.aqm = QOS_STR("codel");
	CHECK_INT(qos_manage_init(&m, &c, false, &err), 0);
	for (int i = 0; i < 20; i++) {
		CHECK(qos_manage_arrives(&m, &r, NULL, 0));
		qos_manage_queued(&m, &r, NULL);
	}
	for (int i = 0; i < 4; i++) {
		while (!qos_manage_leaves(&m, &r, NULL, at[i] * MS))
			n_dropped++;
		CHECK_INT(n_dropped, dropped[i]);
	}
	qos_manage_free(&m);
	classes[0].aqm = QOS_STR("cudel");
	CHECK_INT(qos_manage_init(&m, &c, false, &err), QOS_EUSAGE);
}

/* Twice what the link can take: all come out or are dropped, and a drop leaves no hole in the link's time. */
static void conserves(void)
{
	static const char *const aqms[] = { "codel", "fq_codel", "pie", "fq_pie", "red,min=5,max=50" };
	static struct arrival in[4000];

	for (int i = 0; i < 4000; i++)
		in[i] = (struct arrival){ i * MS / 2, 0, 1000, QOS_UNSET, i % 2 ? "a" : "b" };
	for (int k = 0; k < 5; k++) {
		int64_t last_ns = -MS;

		config_of(&c, classes, 1, (double[1]){ 1 });
		run(aqms[k], false, in, 4000);
		CHECK_INT(d.n, 4000);
		CHECK_INT(ledger.class[0].n_out + ledger.class[0].dropped[QOS_DROP_AQM], 4000);
		CHECK(ledger.class[0].dropped[QOS_DROP_AQM] > 50);
		for (int i = 0; i < d.n; i++) {
			if (d.at[i].drop)
				continue;
			CHECK_INT(d.at[i].depart_ns, last_ns + MS); /* back to back */
			last_ns += MS;
		}
	}
	run("codel", true, in, 4000);
	CHECK_INT(ledger.class[0].n_out, 4000);
}

int main(void)
{
	CHECK(qos_fields_new(&fields, &err) == 0);
	RUN("ns-3's CoDel vector; an unknown name is refused", as_ns3);
	RUN("what is dropped and what leaves is all, and the link never idles for a drop", conserves);
	qos_fields_free(fields);
	return DONE();
}
