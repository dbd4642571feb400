/* A report kept as JSON, asked by the names that a report is asked by. */
#include "stats/baseline.h"

#include <math.h>

#include "tests/unit/test.h"

static const char json[] =
	"{\"records\": 5, \"drops\": {\"tail\": 2, \"codel\": 1}, \"duration\": 4.5,\n"
	" \"classes\": [{\"class\": \"critical\", \"count\": 3, \"drops\": {\"tail\": 2}, \"throughput_bps\": 8e3,\n"
	"  \"latency\": {\"p99\": 0.02, \"p99.9\": 1.5e-05, \"max\": null}, \"target\": 0.01}],\n"
	" \"all\": {\"class\": \"all\", \"count\": 5, \"latency\": {\"p99\": 0.5}},\n"
	" \"streams\": {\"count\": 7, \"fairness\": 0.25},\n"
	" \"adapters\": [{\"adapter\": \"d\", \"count\": 4, \"latency\": {\"p50\": 2}}],\n"
	" \"class_by\": {\"rule\": 6}, \"slo\": [{\"class\": \"critical\", \"burn\": 2.5, \"worst\": {\"1h\": 9}}],\n"
	" \"accuracy\": {\"accuracy\": 0.9, \"macro_f1\": 0.7, \"labels\": {\"critical\": {\"recall\": 0.6}}},\n"
	" \"ledger\": {\"in\": 6, \"rejected\": 1}}";

static struct qos_place *root;
static struct qos_slo slo = { .group = { "critical", 8 } };

static double value(const char *name)
{
	struct qos_measure_names names = { .baseline = root, .slo = &slo, .n_slos = 1 };
	struct qos_measure m;

	CHECK(qos_measure_find(&m, qos_str(name), &names));
	return qos_measure_value(&m, &names, NULL);
}

static void values(void)
{
	CHECK(value("baseline.critical.p99") == 0.02 && value("baseline.critical.p99.9") == 1.5e-05);
	CHECK(value("baseline.critical.throughput") == 8000 && value("baseline.critical.drops") == 2);
	CHECK(value("baseline.critical.drops.tail") == 2 && value("baseline.critical.drops.codel") == 0);
	CHECK(value("baseline.drops") == 3 && value("baseline.drops.codel") == 1 &&
	      value("baseline.drops.critical") == 2);
	CHECK(value("baseline.all.p99") == 0.5 && value("baseline.all.count") == 5 && value("baseline.records") == 5);
	CHECK(value("baseline.streams.count") == 7 && value("baseline.fairness") == 0.25);
	CHECK(value("baseline.adapters.d.p50") == 2 && value("baseline.class_by.rule") == 6);
	CHECK(value("baseline.accuracy") == 0.9 && value("baseline.accuracy.macro_f1") == 0.7);
	CHECK(value("baseline.accuracy.critical.recall") == 0.6 && value("baseline.duration") == 4.5);
	CHECK(value("baseline.slo.critical.burn") == 2.5 && value("baseline.slo.critical.worst.1h") == 9);
	CHECK(value("baseline.rejected") == 1 && value("baseline.ledger.in") == 6);
	CHECK(isnan(value("baseline.critical.max")) && isnan(value("baseline.system.p99")));
	CHECK(isnan(value("baseline.adapters.x.p50")) && isnan(value("baseline.ledger.out")));
}

static const char *refusal(const char *text)
{
	static struct qos_err err;
	struct qos_arena arena = { 0 };
	struct qos_place *p;

	CHECK_INT(qos_baseline_parse(&p, &arena, qos_str(text), "old.json", &err), QOS_EUSAGE);
	qos_arena_free(&arena);
	return err.text;
}

static void refused(void)
{
	CHECK(strstr(refusal("{}"), "old.json is no report by class"));
	CHECK(strstr(refusal("[1, 2]"), "old.json is no report by class"));
	CHECK(strstr(refusal("{\"records\": 1, \"groups\": []}"), "no report by class"));
	CHECK(strstr(refusal("{\"records\": [1"), "old.json is no JSON"));
}

int main(void)
{
	struct qos_arena arena = { 0 };

	CHECK_INT(qos_baseline_parse(&root, &arena, qos_str(json), "old.json", NULL), 0);
	RUN("every number of the JSON is found by its name", values);
	RUN("what is no report is refused", refused);
	qos_arena_free(&arena);
	return DONE();
}
