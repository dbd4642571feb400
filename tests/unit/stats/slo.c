/* Error budgets: burn rates of the Site Reliability Workbook, windows, refusals. */
#include "stats/slo.h"

#include <math.h>

#include "tests/unit/test.h"

static struct qos_names classes;
static struct qos_slo slo;
static struct qos_err err;

static bool parse(const char *text)
{
	return qos_slo_parse(&slo, text, &classes, &err) == 0;
}

static void reads(void)
{
	CHECK(parse(" critical : 99.9% < 10ms "));
	CHECK(qos_str_is(slo.group, "critical") && fabs(slo.objective - 0.999) < 1e-12 && slo.within_ns == 10000000);
	CHECK_INT(slo.period_ns, 2592000000000000);
	CHECK(parse("all: 0.5 <= 1s over 6h"));
	CHECK(qos_str_is(slo.group, "all") && slo.objective == 0.5 && slo.within_ns == 1000000000);
	CHECK_INT(slo.period_ns, 21600000000000);
	CHECK(parse("system:90%<5 over 7d") && slo.period_ns == 604800000000000);
	CHECK(qos_slo_parse(&slo, "a:b: 90% < 1s", NULL, &err) == 0 && qos_str_is(slo.group, "a:b"));
}

static void refuses(void)
{
	CHECK(!parse("critcal: 99% < 1s") && strstr(err.text, "there is no class \"critcal\""));
	CHECK(!parse("critical 99% < 1s") && strstr(err.text, "write CLASS: SHARE < TIME"));
	CHECK(!parse("critical: 99% > 1s") && strstr(err.text, "write CLASS: SHARE < TIME"));
	CHECK(!parse("critical: 100% < 1s") && strstr(err.text, "no budget"));
	CHECK(!parse("critical: 0 < 1s") && !parse("critical: x < 1s") && !parse("critical: 9% < fast"));
	CHECK(!parse("critical: 9% < 1s over 0s") && !parse("critical: 9% < 1s over soon"));
	CHECK(!parse(": 9% < 1s") && !parse(""));
}

/* A day in bins of some 275 s: 1.44 % bad in one hour, none else; 99.9 % over 30 days. */
static void burns(void)
{
	struct qos_timeline t = { 0 };
	struct qos_series *s = qos_timeline_add(&t);
	struct qos_slo_result r;
	const int64_t minute_ns = 60000000000;

	CHECK(parse("critical: 99.9% < 10ms"));
	for (int i = 0; i < 1440; i++)
		s->bin[qos_timeline_at(&t, i * minute_ns)].n_out += 10000;
	for (int i = 600; i < 660; i++)
		s->bin[qos_timeline_at(&t, i * minute_ns)].n_missed += 144;
	qos_slo_measure(&slo, s, &t, 86400, &r);
	CHECK_INT(r.n, 14400000);
	CHECK_INT(r.n_bad, 60 * 144);
	CHECK(fabs(r.burn - 0.6) < 1e-9 && fabs(r.attained - (1 - 0.0006)) < 1e-12);
	CHECK(fabs(r.used - 0.02) < 1e-9); /* 14.4 for an hour: 2 % of 30 days (ch. 5) */
	CHECK(r.window[0].seconds >= 300 && r.window[0].worst > 13 && r.window[0].worst < 15);
	CHECK(r.window[1].seconds >= 3600 && r.window[1].worst > 13 && r.window[1].worst < 14.5);
	CHECK(fabs(r.window[2].worst - 2.4) < 0.1); /* spread over six hours */
	CHECK(r.window[3].seconds == 0);            /* three days: longer than the trace */
	qos_timeline_free(&t);
}

static void nothing(void)
{
	struct qos_timeline t = { 0 };
	struct qos_series *s = qos_timeline_add(&t);
	struct qos_slo_result r;

	qos_slo_measure(&slo, s, &t, 0, &r);
	CHECK(r.n == 0 && isnan(r.attained) && isnan(r.burn) && r.window[0].seconds == 0);
	qos_timeline_free(&t);
}

int main(void)
{
	qos_names_add(&classes, QOS_STR("critical"));
	qos_names_add(&classes, QOS_STR("system"));
	RUN("objectives are read", reads);
	RUN("what is no objective is refused with what would be right", refuses);
	RUN("14.4 times the rate for an hour takes 2 % of a month's budget", burns);
	RUN("nothing measured is told as such", nothing);
	qos_names_free(&classes);
	return DONE();
}
