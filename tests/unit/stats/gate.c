/* Gates over a report made by hand. */
#include "stats/gate.h"

#include "tests/unit/stats/made.h"
#include "tests/unit/test.h"

static struct qos_names classes;
static struct qos_measure_names names = { .classes = &classes };

/* "" when it holds, else why not; "refused: ..." when it cannot be asked. */
static const char *check(const char *text)
{
	static char said[600];
	struct qos_report *r = made_report();
	struct qos_gate *g;
	struct qos_err err;
	struct qos_buf why = { 0 };

	said[0] = 0;
	if (qos_gate_new(&g, "--check", text, &names, &err))
		snprintf(said, sizeof(said), "refused: %s", err.text);
	else if (!qos_gate_holds(g, r, &why))
		snprintf(said, sizeof(said), "%s", why.p);
	qos_gate_free(g);
	qos_buf_free(&why);
	qos_report_free(r);
	return said;
}

static void hold(void)
{
	static const char *const true_ones[] = { "critical.p50 < 5ms",
						 "critical.p99.9 >= 12ms",
						 "drops == 2",
						 "drops.tail == 2",
						 "drops.critical == 2",
						 "drops.codel == 0",
						 "all.count == 11",
						 "records == 11",
						 "rejected == 3",
						 "unclassified == 1",
						 "duration == 2s",
						 "critical.attainment >= 74.9%",
						 "critical.attainment < 75.1% && records > 0",
						 "fairness == 0.5",
						 "critical.throughput == 3200",
						 "critical.target == 10ms",
						 "critical.deadline_misses == 2",
						 "critical.bytes + 5 == all.bytes" };

	for (size_t i = 0; i < sizeof(true_ones) / sizeof(*true_ones); i++)
		CHECK_TEXT(check(true_ones[i]), "");
}

static void fail(void)
{
	CHECK_TEXT(check("critical.p99 < 10ms"), "critical.p99 < 10ms: critical.p99 is 12.3ms (2.3ms over)");
	CHECK_TEXT(check("critical.count > 12"), "critical.count > 12: critical.count is 10 (2 under)");
	CHECK_TEXT(check("drops == 0 && records == 11"), "drops == 0 && records == 11: drops is 2, records is 11");
	CHECK_TEXT(check("system.p99 < 1h"), "system.p99 < 1h: system.p99 was not measured");
}

/* A class that the config knows and no record has; p99 stands for all that is not measured of it. */
static void of_nothing(void)
{
	CHECK_TEXT(check("system.drops == 0 && system.count == 0 && system.bytes == 0"), "");
	CHECK_TEXT(check("system.deadline_misses == 0"), "");
	CHECK(strstr(check("system.count == 1"), "system.count is 0 (1 under)"));
	CHECK_TEXT(check("system.count == 0 || system.p99 < 10ms"), "");
	CHECK(strstr(check("system.p99 > 1ms"), "was not measured"));
	CHECK(strstr(check("!(system.p99 > 10ms)"), "was not measured"));
	CHECK(strstr(check("!(system.p99 < 10ms)"), "was not measured"));
	CHECK(strstr(check("system.p99 <= system.max"), "was not measured"));
}

/* What is not known decides nothing, whatever stands around it. */
static void unknown(void)
{
	static const char *const open[] = { "system.p99 == 5ms",
					    "!(system.p99 == 5ms)",
					    "!(system.p99 != 5ms)",
					    "system.p99 != 5ms",
					    "system.p99 == system.max",
					    "!(2 * system.p99 == 10ms)",
					    "system.p99 in (5ms, 6ms)",
					    "!(system.p99 in (5ms, 6ms))",
					    "system.p99 < 1 || system.p99 >= 1",
					    "critical.count / system.count > 0",
					    "max(system.p99, 1) > 0",
					    "!(system.p99 < 1 && critical.count == 10)" };

	for (size_t i = 0; i < sizeof(open) / sizeof(*open); i++)
		CHECK(check(open[i])[0]);
	CHECK_TEXT(check("!(system.p99 < 1 && critical.count == 11)"), "");
	CHECK_TEXT(check("critical.count == 10 || system.p99 < 1"), "");
	CHECK_TEXT(check("system.p99 < 1 || critical.count == 10"), "");
	CHECK_TEXT(check("!has(system.p99) && has(critical.p99)"), "");
	CHECK_TEXT(check("critical.count in (9, 10) && !(critical.count in (1, 2))"), "");
	CHECK_TEXT(check("min(critical.p50, critical.p99) == critical.p50 && abs(0 - critical.count) == 10"), "");
	CHECK_TEXT(check("max(critical.p50, 1) == 1 && -critical.count < 0 && critical.count % 3 == 1"), "");
	CHECK_TEXT(check("critical.count - 1 == 9 && critical.count / 4 == 2.5 && critical.count != 9"), "");
}

static void refused(void)
{
	CHECK_TEXT(check("critcal.p99 < 1"), "refused: --check:1:1: there is no value \"critcal.p99\"");
	CHECK(strstr(check("critical.p98 < 1"), "there is no value"));
	CHECK(strstr(check("critical.p99 <"), "refused: --check:1:15: "));
	CHECK(strstr(check("critical.p99 == \"x\""), "refused: --check:1:"));
}

int main(void)
{
	qos_names_add(&classes, QOS_STR("critical"));
	qos_names_add(&classes, QOS_STR("system"));
	RUN("checks that are true hold", hold);
	RUN("a check that fails tells the value and by how much", fail);
	RUN("a class without records has counts of 0, and no check on its latency holds", of_nothing);
	RUN("what was not measured leaves a check open, unless the rest decides", unknown);
	RUN("what cannot be asked is refused with its place", refused);
	qos_names_free(&classes);
	return DONE();
}
