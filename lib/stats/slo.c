/* Error budgets from counts over time. */
#include "stats/slo.h"

#include <math.h>

#include "unit/unit.h"

#define DAY_NS 86400000000000

const char *const qos_slo_window_name[QOS_SLO_WINDOWS] = { "5m", "1h", "6h", "3d" };
static const double window_s[QOS_SLO_WINDOWS] = { 300, 3600, 21600, 259200 };

static struct qos_str trim(struct qos_str s)
{
	while (s.n && (*s.p == ' ' || *s.p == '\t'))
		s.p++, s.n--;
	while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
		s.n--;
	return s;
}

/* The part of *rest before a mark, trimmed; *rest is what stands behind it.   Returns  false without the mark. */
static bool cut(struct qos_str *rest, const char *mark, bool last, struct qos_str *part)
{
	size_t n = strlen(mark), at = 0;
	bool found = false;

	for (size_t i = 0; i + n <= rest->n && (last || !found); i++)
		if (memcmp(rest->p + i, mark, n) == 0) {
			at = i;
			found = true;
		}
	if (!found)
		return false;
	*part = trim((struct qos_str){ rest->p, at });
	*rest = trim((struct qos_str){ rest->p + at + n, rest->n - at - n });
	return true;
}

static int refuse(const char *text, const char *why, struct qos_err *err)
{
	return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "\"%s\": %s", text, why);
}

int qos_slo_parse(struct qos_slo *slo, const char *text, const struct qos_names *classes, struct qos_err *err)
{
	struct qos_str rest = trim(qos_str(text)), share, within;
	char why[200];

	*slo = (struct qos_slo){ .text = rest, .period_ns = 30 * DAY_NS };
	if (!cut(&rest, ":", true, &slo->group) || !cut(&rest, "<", false, &share) || !slo->group.n)
		return refuse(text, "write CLASS: SHARE < TIME, as in 'critical: 99.9% < 10ms'", err);
	if (classes && !qos_str_is(slo->group, "all") && qos_names_find(classes, slo->group) < 0)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "there is no class \"%.*s\"", QOS_STR_ARG(slo->group));
	if (rest.n && *rest.p == '=')
		rest = trim((struct qos_str){ rest.p + 1, rest.n - 1 });
	within = rest;
	if (cut(&rest, " over ", false, &within) &&
	    (qos_unit_duration(rest, 1000000000, &slo->period_ns, why) || slo->period_ns <= 0))
		return refuse(text, "the period behind over is a time like 30d or 6h", err);
	if (qos_unit_share(share, &slo->objective, why))
		return refuse(text, why, err);
	if (!(slo->objective > 0 && slo->objective < 1))
		return refuse(text, "the share is above 0 and below 100%; 100% would leave no budget", err);
	return qos_unit_duration(within, 1000000000, &slo->within_ns, why) ? refuse(text, why, err) : 0;
}

static double burn_of(const struct qos_slo *slo, uint64_t n, uint64_t n_bad)
{
	return n ? (double)n_bad / (double)n / (1 - slo->objective) : NAN;
}

/* The worst of all windows of so many bins. */
static double worst_of(const struct qos_slo *slo, const struct qos_series *s, int n_bins, int width)
{
	uint64_t n = 0, n_bad = 0;
	double worst = 0;

	for (int i = 0; i < n_bins; i++) {
		n += s->bin[i].n_out;
		n_bad += s->bin[i].n_missed;
		if (i >= width) {
			n -= s->bin[i - width].n_out;
			n_bad -= s->bin[i - width].n_missed;
		}
		if (i >= width - 1 && n && burn_of(slo, n, n_bad) > worst)
			worst = burn_of(slo, n, n_bad);
	}
	return worst;
}

void qos_slo_measure(const struct qos_slo *slo, const struct qos_series *s, const struct qos_timeline *t,
		     double duration_s, struct qos_slo_result *to)
{
	double width_s = qos_timeline_width_s(t);

	*to = (struct qos_slo_result){ .slo = slo };
	for (int i = 0; i < t->n_bins; i++) {
		to->n += s->bin[i].n_out;
		to->n_bad += s->bin[i].n_missed;
	}
	to->attained = to->n ? 1 - (double)to->n_bad / (double)to->n : NAN;
	to->burn = burn_of(slo, to->n, to->n_bad);
	to->used = to->burn * duration_s / ((double)slo->period_ns / 1e9);
	for (int i = 0; i < QOS_SLO_WINDOWS; i++) {
		double bins = ceil(window_s[i] / width_s);

		if (bins > t->n_bins || window_s[i] > duration_s)
			continue;
		to->window[i].seconds = bins * width_s;
		to->window[i].worst = worst_of(slo, s, t->n_bins, (int)bins);
	}
}
