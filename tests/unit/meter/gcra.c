/* The generic cell rate algorithm: its own recursion, the law, throttles of records. */
#include "tests/unit/meter/meter.h"

static void vector(void)
{
	count("gcra,rate=8500kbit,burst=100kB", QOS_GREEN, 20000, 0, 0);
	count("gcra,rate=7mbit,burst=100kB", QOS_GREEN, 17699, 0, 2301);
}

/* T = 10 ms, tau = 45 ms, cells 1 ms apart: 1 + floor(45 / 9) = 6 conform, the rest of twelve do not. */
static void cells(void)
{
	struct qos_meter_use m = meter("gcra,rate=800kbit,burst=5500"); /* 1000 bytes in T; T + tau */

	for (int i = 0; i < 12; i++)
		CHECK_INT(qos_meter_color(&m, 1000, QOS_GREEN, i * MS), i < 6 ? QOS_GREEN : QOS_RED);
	CHECK_INT(qos_meter_color(&m, 1000, QOS_GREEN, 15 * MS - 1), QOS_RED);
	CHECK_INT(qos_meter_color(&m, 1000, QOS_GREEN, 15 * MS), QOS_GREEN);
}

/* conform iff t >= TAT - tau; TAT = max(t, TAT) + T */
static void recursion(void)
{
	struct qos_meter_use m = meter("gcra,rate=8mbit,burst=7300"); /* T = 1 ms for 1000 bytes, tau = 6.3 ms */
	int64_t tat_ns = 0, now_ns = 0;
	struct qos_rng rng;

	qos_rng_seed(&rng, 7);
	for (int i = 0; i < 100000; i++) {
		bool conforms = now_ns >= tat_ns - 6300000;

		CHECK_INT(qos_meter_color(&m, 1000, QOS_GREEN, now_ns), conforms ? QOS_GREEN : QOS_RED);
		if (conforms)
			tat_ns = (now_ns > tat_ns ? now_ns : tat_ns) + MS;
		now_ns += (int64_t)(qos_rng_next(&rng) % (uint64_t)(2 * MS));
	}
}

static void law_holds(void)
{
	static struct trace t;

	for (uint64_t seed = 1; seed <= 20; seed++) {
		color_trace(&t, "gcra,rate=3333333,burst=4001,aware", seed, seed % 2);
		law(&t, QOS_YELLOW, QOS_YELLOW, 3333333, 4001);
	}
}

/* Two in 5 s: two at 0 pass, one at 2 s does not, one at 5 s does.  Sizes do not count. */
static void records(void)
{
	struct qos_meter_use m = meter("gcra,records=2,per=5s");

	CHECK_INT(qos_meter_color(&m, 1, QOS_GREEN, 0), QOS_GREEN);
	CHECK_INT(qos_meter_color(&m, 1000000, QOS_GREEN, 0), QOS_GREEN);
	CHECK_INT(qos_meter_color(&m, 1, QOS_GREEN, 2000 * MS), QOS_RED);
	CHECK_INT(qos_meter_color(&m, 1, QOS_GREEN, 5000 * MS), QOS_GREEN);
}

static void refused(void)
{
	static const char why[] = "gcra wants either rate and burst, or records; write for example "
				  "rate=7mbit,burst=100kB or records=100,per=1s";

	CHECK_TEXT(refusal("gcra"), why);
	CHECK_TEXT(refusal("gcra,rate=1mbit"), why);
	CHECK_TEXT(refusal("gcra,rate=1mbit,burst=1,records=2"), why);
}

int main(void)
{
	RUN("20,000 packets have the published colours", vector);
	RUN("six cells back to back conform, to the nanosecond", cells);
	RUN("the bucket is the recursion of I.371, 100,000 random cells", recursion);
	RUN("green <= burst + rate t on every interval, and red is never needless", law_holds);
	RUN("a throttle of records: two in 5 s", records);
	RUN("neither rate nor records, or both, are refused", refused);
	qos_arena_free(&arena);
	return DONE();
}
