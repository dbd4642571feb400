/* Every number of a report by its name. */
#include "stats/measure.h"

#include "tests/unit/stats/made.h"
#include "tests/unit/test.h"

static struct qos_names classes;
static struct qos_measure_names names;
static struct qos_report *report;

static double value(const char *name)
{
	struct qos_measure m;

	if (!qos_measure_find(&m, qos_str(name), &names))
		return -1;
	return qos_measure_value(&m, &names, report);
}

static void values(void)
{
	static const struct {
		const char *name;
		double value;
	} all[] = { { "critical.count", 10 },
		    { "critical.bytes", 800 },
		    { "critical.drops", 2 },
		    { "critical.throughput", 3200 },
		    { "critical.throughput_bps", 3200 },
		    { "critical.mean", 0.005 },
		    { "critical.p50", 0.004 },
		    { "critical.latency.p90", 0.009 },
		    { "critical.p99.9", 0.0123 },
		    { "critical.latency.p99.9", 0.0123 },
		    { "critical.max", 0.0123 },
		    { "critical.target", 0.01 },
		    { "critical.attainment", 0.75 },
		    { "critical.deadline_misses", 2 },
		    { "critical.fairness", 0.5 },
		    { "critical.streams", 2 },
		    { "critical.backlog_max", 6 },
		    { "critical.drops.tail", 2 },
		    { "critical.drops.codel", 0 },
		    { "all.count", 11 },
		    { "all.drops.tail", 2 },
		    { "drops.tail", 2 },
		    { "drops.critical", 2 },
		    { "drops.nobody", 0 },
		    { "system.count", 0 },
		    { "records", 11 },
		    { "drops", 2 },
		    { "rejected", 3 },
		    { "unclassified", 1 },
		    { "duration", 2 },
		    { "fairness", 0.5 },
		    { "streams.fairness", 0.5 },
		    { "streams.count", 2 },
		    { "streams.uncounted_records", 0 },
		    { "backlog_max", 6 },
		    { "ledger.in", 14 },
		    { "ledger.out", 9 },
		    { "ledger.dropped", 2 },
		    { "ledger.rejected", 3 },
		    { "accuracy", 0.8 },
		    { "accuracy.accuracy", 0.8 },
		    { "accuracy.records", 5 },
		    { "accuracy.macro_f1", 0.75 },
		    { "accuracy.critical.precision", 0.75 },
		    { "accuracy.labels.system.recall", 0.5 },
		    { "accuracy.system.count", 2 },
		    { "accuracy.nobody.count", 0 },
		    { "class_by.rule", 7 },
		    { "class_by.ml", 0 },
		    { "adapters.disk \"1\".count", 4 },
		    { "adapters.disk \"1\".latency.max", 0.5 },
		    { "slo.critical.burn", 4 },
		    { "slo.critical.used", 0.001 },
		    { "slo.critical.attained", 0.6 },
		    { "slo.critical.bad", 4 },
		    { "slo.critical.records", 10 },
		    { "slo.critical.worst.1h", 6.5 } };

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (value(all[i].name) != all[i].value) {
			printf("# %s is %g\n", all[i].name, value(all[i].name));
			test_failures++;
		}
}

static void unmeasured(void)
{
	CHECK(isnan(value("system.p99")) && isnan(value("all.target")) && isnan(value("slo.critical.worst.5m")));
	CHECK(isnan(value("adapters.none.p99")) && isnan(value("accuracy.nobody.recall")));
}

static void none(void)
{
	static const char *const no[] = {
		"critcal.p99",     "critical",     "critical.p98", "p99",  "critical.latency",
		"slo.system.burn", "slo.critical", "drops.",       ".p99", "baseline.critical.p99",
		"accuracy.x.f1",   "streams",      "adapters.x"
	};

	for (size_t i = 0; i < sizeof(no) / sizeof(*no); i++)
		CHECK(value(no[i]) == -1);
	names.classes = NULL; /* --by: any group may be meant */
	CHECK(isnan(value("a/b.count")));
	names.classes = &classes;
}

int main(void)
{
	qos_names_add(&classes, QOS_STR("critical"));
	qos_names_add(&classes, QOS_STR("system"));
	report = made_report();
	names = (struct qos_measure_names){ .classes = &classes, .slo = report->slo->slo, .n_slos = 1 };
	RUN("every number has its name", values);
	RUN("what was not measured is not a number", unmeasured);
	RUN("other names stand for nothing", none);
	qos_report_free(report);
	qos_names_free(&classes);
	return DONE();
}
