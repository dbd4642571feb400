/* RFC 2698: counts of a published vector, the laws of both rates, refusals. */
#include "tests/unit/meter/meter.h"

static void vector(void)
{
	count("trtcm,cir=7mbit,cbs=100kB,pir=9mbit,pbs=200kB", QOS_GREEN, 17699, 2301, 0);
	count("trtcm,cir=7mbit,cbs=100kB,pir=7500kbit,pbs=200kB", QOS_GREEN, 17699, 1450, 851);
	count("trtcm,cir=7mbit,cbs=100kB,pir=7500kbit,pbs=200kB,aware", QOS_YELLOW, 0, 19149, 851);
	count("trtcm,cir=7mbit,cbs=100kB,pir=7500kbit,pbs=200kB,aware", QOS_RED, 0, 0, 20000);
}

static void law_holds(void)
{
	static struct trace t;

	for (uint64_t seed = 1; seed <= 20; seed++) {
		color_trace(&t, "trtcm,cir=3333333,cbs=4001,pir=5000001,pbs=6000,aware", seed, seed % 2);
		law(&t, QOS_GREEN, -1, 3333333, 4001);
		law(&t, QOS_YELLOW, QOS_YELLOW, 5000001, 6000);
	}
}

/* Red takes nothing, yellow nothing of the committed bucket. */
static void taking(void)
{
	struct qos_meter_use m = meter("trtcm,cir=8kbit,cbs=1000,pir=16kbit,pbs=1500");

	CHECK_INT(qos_meter_color(&m, 1501, QOS_GREEN, 0), QOS_RED);
	CHECK_INT(qos_meter_color(&m, 1001, QOS_GREEN, 0), QOS_YELLOW);
	CHECK_INT(qos_meter_color(&m, 500, QOS_GREEN, 0), QOS_RED);
	CHECK_INT(qos_meter_color(&m, 499, QOS_GREEN, 0), QOS_GREEN);
	CHECK_INT(qos_meter_color(&m, 501, QOS_GREEN, 250 * MS), QOS_RED); /* 500 in P */
	CHECK_INT(qos_meter_color(&m, 500, QOS_GREEN, 250 * MS), QOS_GREEN);
}

static void refused(void)
{
	CHECK_TEXT(refusal("trtcm,cir=2mbit,cbs=1000,pir=1mbit,pbs=1000"), "trtcm: pir is below cir; raise it");
	CHECK_TEXT(refusal("trtcm,cir=2mbit,cbs=1000,pir=2mbit"),
		   "trtcm without pbs; write for example cir=7mbit,cbs=100kB,pir=9mbit,pbs=200kB");
	CHECK_TEXT(refusal("trtcm,cir=2mbit,cbs=0,pir=2mbit,pbs=1"), "cbs is 0; it may be 1 to anything");
}

int main(void)
{
	RUN("20,000 packets have the published colours, blind and aware", vector);
	RUN("both rates hold on every interval, and red is never needless", law_holds);
	RUN("red takes nothing, yellow from the peak alone", taking);
	RUN("a peak below the committed rate and empty buckets are refused", refused);
	qos_arena_free(&arena);
	return DONE();
}
