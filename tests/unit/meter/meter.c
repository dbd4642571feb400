/* What every meter owes: full at the first record, time that stands or runs, a colour that gets no better. */
#include "tests/unit/meter/meter.h"

static const char *const texts[] = { "srtcm,cir=1mbit,cbs=3000,ebs=3000", "trtcm,cir=1mbit,cbs=3000,pir=2mbit,pbs=6000",
				     "trtcm4115,cir=1mbit,cbs=3000,eir=1mbit,ebs=3000", "gcra,rate=1mbit,burst=3000" };

/* Whenever the first record comes, before the epoch too, buckets are full, and no fuller for having waited. */
static void full_at_first(void)
{
	static const int64_t starts[] = { -1000000 * MS, 0, 1700000000000 * MS };

	for (int i = 0; i < 4; i++)
		for (int k = 0; k < 3; k++) {
			struct qos_meter_use m = meter(texts[i]);

			CHECK_INT(qos_meter_color(&m, 1500, QOS_GREEN, starts[k]), QOS_GREEN);
			CHECK_INT(qos_meter_color(&m, 1500, QOS_GREEN, starts[k]), QOS_GREEN);
			CHECK(qos_meter_color(&m, 1, QOS_GREEN, starts[k]) != QOS_GREEN);
			CHECK_INT(qos_meter_color(&m, 3000, QOS_GREEN, starts[k] + 1000000 * MS), QOS_GREEN);
			CHECK(qos_meter_color(&m, 1, QOS_GREEN, starts[k] + 1000000 * MS) != QOS_GREEN);
		}
}

static void never_better(void)
{
	static struct trace t;

	for (int i = 0; i < 4; i++) {
		char text[100];

		snprintf(text, sizeof(text), "%s,aware", texts[i]);
		color_trace(&t, text, 5, true);
		for (int k = 0; k < t.n; k++)
			CHECK(t.at[k].is >= t.at[k].was);
	}
}

/* The largest rate, size and gap there are do not overflow. */
static void extremes(void)
{
	struct qos_meter_use m = meter("srtcm,cir=9000000000gbit,cbs=9000000TB,ebs=9000000TB");

	CHECK_INT(qos_meter_color(&m, INT64_MAX / 2, QOS_GREEN, INT64_MIN + 1), QOS_GREEN);
	CHECK_INT(qos_meter_color(&m, INT64_MAX / 2, QOS_GREEN, INT64_MIN + 1), QOS_YELLOW);
	CHECK_INT(qos_meter_color(&m, INT64_MAX / 2, QOS_GREEN, INT64_MAX - 1), QOS_GREEN);
}

static void names(void)
{
	struct qos_meter_use use;
	struct qos_buf b = { 0 };
	struct qos_err err;

	CHECK_INT(qos_meter_read(&use, QOS_STR(""), &arena, &err), 0);
	CHECK(!use.meter);
	CHECK_TEXT(refusal("srtmc,cir=1mbit"), "there is no meter \"srtmc\"; did you mean \"srtcm\"?");
	CHECK_TEXT(refusal("srtcm,cirr=1mbit"), "there is no parameter \"cirr\"; did you mean \"cir\"?");
	qos_meters_help(&b);
	qos_buf_add(&b, "", 1);
	CHECK(strstr(b.p, "trtcm4115") && strstr(b.p, "committed burst"));
	qos_buf_free(&b);
	use = meter("gcra,rate=1mbit,burst=1,drop");
	CHECK(use.params->drop && !use.params->aware);
}

int main(void)
{
	RUN("buckets are full at the first record, and hold no more later", full_at_first);
	RUN("an aware meter never makes a colour better", never_better);
	RUN("the largest numbers there are do not overflow", extremes);
	RUN("names and parameters are looked up, the nearest one is offered", names);
	qos_arena_free(&arena);
	return DONE();
}
