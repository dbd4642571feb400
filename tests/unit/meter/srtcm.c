/* RFC 2697: counts of a published vector, the law, what overflows. */
#include "tests/unit/meter/meter.h"

/* The vector of the VPP policer, without its rounding. */
static void vector(void)
{
	count("srtcm,cir=7mbit,cbs=100kB,ebs=200kB", QOS_GREEN, 17699, 400, 1901);
	count("srtcm,cir=7mbit,cbs=100kB,ebs=200kB,aware", QOS_GREEN, 17699, 400, 1901);
	count("srtcm,cir=7mbit,cbs=100kB,ebs=200kB,aware", QOS_YELLOW, 0, 17899, 2101);
	count("srtcm,cir=7mbit,cbs=100kB,ebs=200kB,aware", QOS_RED, 0, 0, 20000);
	count("srtcm,cir=7mbit,cbs=100kB,ebs=200kB", QOS_RED, 17699, 400, 1901);
}

static void law_holds(void)
{
	static struct trace t;

	for (uint64_t seed = 1; seed <= 20; seed++) {
		color_trace(&t, "srtcm,cir=3333333,cbs=4001,ebs=7000,aware", seed, seed % 2);
		law(&t, QOS_GREEN, QOS_GREEN, 3333333, 4001);
		law(&t, QOS_YELLOW, -1, 3333333, 11001);
	}
}

/* E fills with what C cannot hold, and with nothing else. */
static void overflow(void)
{
	struct qos_meter_use m = meter("srtcm,cir=8kbit,cbs=1000,ebs=1000"); /* 1 byte a ms */

	CHECK_INT(qos_meter_color(&m, 1000, QOS_GREEN, 0), QOS_GREEN);
	CHECK_INT(qos_meter_color(&m, 1000, QOS_GREEN, 0), QOS_YELLOW);
	CHECK_INT(qos_meter_color(&m, 1000, QOS_GREEN, 1000 * MS - 1), QOS_RED);
	CHECK_INT(qos_meter_color(&m, 1000, QOS_GREEN, 1000 * MS), QOS_GREEN);
	CHECK_INT(qos_meter_color(&m, 501, QOS_GREEN, 2500 * MS), QOS_GREEN); /* C was full at 2000, E has 500 */
	CHECK_INT(qos_meter_color(&m, 500, QOS_GREEN, 2500 * MS), QOS_YELLOW);
	CHECK_INT(qos_meter_color(&m, 500, QOS_GREEN, 2500 * MS), QOS_RED);
	CHECK_INT(qos_meter_color(&m, 499, QOS_GREEN, 2500 * MS), QOS_GREEN);
}

static void refused(void)
{
	CHECK_TEXT(refusal("srtcm,cbs=1000"), "srtcm without cir; write for example cir=7mbit");
	CHECK_TEXT(refusal("srtcm,cir=1mbit"),
		   "srtcm: with cbs and ebs both 0 all is red; write for example cbs=100kB");
	count("srtcm,cir=7mbit,ebs=200kB", QOS_GREEN, 0, 17899, 2101);
}

int main(void)
{
	RUN("20,000 packets have the published colours, blind and aware", vector);
	RUN("green <= cbs + cir t on every interval, and nothing is worse without need", law_holds);
	RUN("the second bucket gets what runs over, to the byte", overflow);
	RUN("no rate and no burst are refused; one burst is enough", refused);
	qos_arena_free(&arena);
	return DONE();
}
