/* RFC 4115: counts, the law, that yellow records take nothing of what green ones are promised. */
#include "tests/unit/meter/meter.h"

static void vector(void)
{
	count("trtcm4115,cir=7mbit,cbs=100kB,eir=500kbit,ebs=200kB", QOS_GREEN, 17699, 1550, 751);
	count("trtcm4115,cir=7mbit,cbs=100kB,eir=2mbit,ebs=200kB", QOS_GREEN, 17699, 2301, 0);
	count("trtcm4115,cir=7mbit,cbs=100kB,eir=2mbit,ebs=200kB,aware", QOS_YELLOW, 0, 5399, 14601);
	count("trtcm4115,cir=7mbit,cbs=100kB,eir=2mbit,ebs=200kB,aware", QOS_RED, 0, 0, 20000);
}

static void law_holds(void)
{
	static struct trace t;

	for (uint64_t seed = 1; seed <= 20; seed++) {
		color_trace(&t, "trtcm4115,cir=3333333,cbs=4001,eir=1000003,ebs=7000,aware", seed, seed % 2);
		law(&t, QOS_GREEN, QOS_GREEN, 3333333, 4001);
		law(&t, QOS_YELLOW, -1, 4333336, 11001);
	}
}

static void apart(void)
{
	struct qos_meter_use m = meter("trtcm4115,cir=8kbit,cbs=1000,eir=8kbit,ebs=1000,aware");

	CHECK_INT(qos_meter_color(&m, 1000, QOS_YELLOW, 0), QOS_YELLOW);
	CHECK_INT(qos_meter_color(&m, 1, QOS_YELLOW, 0), QOS_RED); /* though C is full */
	CHECK_INT(qos_meter_color(&m, 1000, QOS_GREEN, 0), QOS_GREEN);
	CHECK_INT(qos_meter_color(&m, 1000, QOS_GREEN, 1000 * MS - 1), QOS_RED);
	CHECK_INT(qos_meter_color(&m, 1000, QOS_GREEN, 3000 * MS), QOS_GREEN); /* what C could not hold is lost */
	CHECK_INT(qos_meter_color(&m, 1000, QOS_GREEN, 3000 * MS), QOS_YELLOW);
	CHECK_INT(qos_meter_color(&m, 1, QOS_GREEN, 3000 * MS), QOS_RED);
}

static void refused(void)
{
	CHECK_TEXT(refusal("trtcm4115,eir=1mbit,ebs=1000"), "trtcm4115 without cir; write for example cir=7mbit");
	CHECK_TEXT(refusal("trtcm4115,cir=1mbit,eir=1mbit"),
		   "trtcm4115: with cbs and ebs both 0 all is red; write for example cbs=100kB");
}

int main(void)
{
	RUN("20,000 packets have the colours that the RFC gives, blind and aware", vector);
	RUN("green <= cbs + cir t on every interval, and nothing is worse without need", law_holds);
	RUN("the two buckets lend each other nothing", apart);
	RUN("no rate and no burst are refused", refused);
	qos_arena_free(&arena);
	return DONE();
}
