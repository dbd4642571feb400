/*
 * Numbers by name, in a report.  The tables have the path of each in the JSON, so that a baseline (baseline.c) is asked
 * by the same names.
 */
#include "stats/measure.h"

#include <math.h>

#include "stats/baseline.h"
#include "stats/measure_table.h"

const struct qos_measure_name qos_group_metrics[N_METRICS] = {
	[M_COUNT] = { "count", NULL },
	[M_BYTES] = { "bytes", NULL },
	[M_DROPS] = { "drops", NULL },
	[M_THROUGHPUT] = { "throughput", "throughput_bps" },
	[M_MEAN] = { "mean", "latency.mean" },
	[M_P50] = { "p50", "latency.p50" },
	[M_P90] = { "p90", "latency.p90" },
	[M_P99] = { "p99", "latency.p99" },
	[M_P999] = { "p99.9", "latency.p99.9" },
	[M_MAX] = { "max", "latency.max" },
	[M_TARGET] = { "target", NULL },
	[M_ATTAINMENT] = { "attainment", NULL },
	[M_MISSES] = { "deadline_misses", NULL },
	[M_FAIRNESS] = { "fairness", NULL },
	[M_STREAMS] = { "streams", NULL },
	[M_BACKLOG] = { "backlog_max", NULL },
};

const struct qos_measure_name qos_whole_metrics[N_WHOLE] = {
	[W_RECORDS] = { "records", NULL },
	[W_DROPS] = { "drops", NULL },
	[W_REJECTED] = { "rejected", "ledger.rejected" },
	[W_UNCLASSIFIED] = { "unclassified", NULL },
	[W_DURATION] = { "duration", NULL },
	[W_FAIRNESS] = { "fairness", "streams.fairness" },
	[W_ACCURACY] = { "accuracy", "accuracy.accuracy" },
	[W_BACKLOG] = { "backlog_max", NULL },
	[W_STREAMS] = { "streams.count", NULL },
	[W_UNCOUNTED] = { "streams.uncounted_records", NULL },
	[W_STREAMS_FAIRNESS] = { "streams.fairness", NULL },
	[W_IN] = { "ledger.in", NULL },
	[W_OUT] = { "ledger.out", NULL },
	[W_DROPPED] = { "ledger.dropped", NULL },
	[W_REJECTED_TOO] = { "ledger.rejected", NULL },
	[W_LEFT_OUT] = { "ledger.left_out", NULL },
};

const char *const qos_slo_metrics[N_SLO] = { "burn",     "used",     "attained", "bad",     "records",
					     "worst.5m", "worst.1h", "worst.6h", "worst.3d" };
const char *const qos_accuracy_metrics[N_ACCURACY] = { "records", "accuracy", "macro_f1" };
const char *const qos_label_metrics[N_LABEL] = { "count", "precision", "recall" };

/* --- of a group --- */

static double group_value(const struct qos_report_group *g, enum qos_group_metric m)
{
	switch (m) {
	case M_COUNT: return (double)g->n_records;
	case M_BYTES: return (double)g->out_bytes;
	case M_DROPS: return (double)g->n_dropped;
	case M_THROUGHPUT: return g->throughput_bps;
	case M_MEAN: return g->mean_s;
	case M_MAX: return g->max_s;
	case M_TARGET: return g->target_s;
	case M_ATTAINMENT: return g->attainment;
	case M_MISSES: return (double)g->n_misses;
	case M_FAIRNESS: return g->fairness;
	case M_STREAMS: return (double)g->n_streams;
	case M_BACKLOG: return (double)g->backlog_max;
	default: return g->quantile_s[m - M_P50];
	}
}

static double value_of_nothing(const struct qos_measure_names *names, int m)
{
	bool is_count =
		m == M_COUNT || m == M_BYTES || m == M_DROPS || m == M_MISSES || m == M_STREAMS || m == M_BACKLOG;

	return names->classes && is_count ? 0 : NAN;
}

static const struct qos_report_group *find(const struct qos_report_group *g, int n, struct qos_str name)
{
	for (int i = 0; i < n; i++)
		if (qos_str_equal(g[i].name, name))
			return &g[i];
	return NULL;
}

static const struct qos_report_group *find_group(const struct qos_report *r, struct qos_str name)
{
	return qos_str_is(name, "all") ? &r->all : find(r->group, r->n_groups, name);
}

static double drops_for(const struct qos_report_group *g, struct qos_str reason)
{
	for (int i = 0; i < g->n_drops; i++)
		if (qos_str_equal(g->drop[i].reason, reason))
			return (double)g->drop[i].n;
	return 0; /* nothing was dropped for that reason */
}

/* --- of the whole, and of its parts: names by number --- */

static double whole_value(const struct qos_report *r, int m)
{
	switch (m) {
	case W_RECORDS: return (double)r->all.n_records;
	case W_DROPS:
	case W_DROPPED: return (double)r->all.n_dropped;
	case W_REJECTED:
	case W_REJECTED_TOO: return (double)r->n_rejected;
	case W_UNCLASSIFIED: return (double)r->n_unclassified;
	case W_DURATION: return r->duration_s;
	case W_FAIRNESS:
	case W_STREAMS_FAIRNESS: return r->all.fairness;
	case W_ACCURACY: return r->score.n ? (double)r->score.n_right / (double)r->score.n : NAN;
	case W_BACKLOG: return (double)r->all.backlog_max;
	case W_STREAMS: return (double)r->all.n_streams;
	case W_UNCOUNTED: return (double)r->n_streams_over;
	case W_LEFT_OUT: return (double)r->n_left_out;
	case W_IN: return (double)(r->all.n_records + r->n_rejected + r->n_left_out);
	default: return (double)(r->all.n_records - r->all.n_dropped);
	}
}

static double slo_value(const struct qos_report *r, struct qos_str group, int m)
{
	for (int i = 0; i < r->n_slos; i++) {
		const struct qos_slo_result *s = &r->slo[i];

		if (!qos_str_equal(s->slo->group, group))
			continue;
		switch (m) {
		case S_BURN: return s->burn;
		case S_USED: return s->used;
		case S_ATTAINED: return s->attained;
		case S_BAD: return (double)s->n_bad;
		case S_RECORDS: return (double)s->n;
		default: return s->window[m - S_WORST].seconds > 0 ? s->window[m - S_WORST].worst : NAN;
		}
	}
	return NAN;
}

static double accuracy_value(const struct qos_report *r, int m)
{
	return m == A_RECORDS ? (double)r->score.n
	       : m == A_F1    ? (r->score.n ? r->score.macro_f1 : NAN)
			      : whole_value(r, W_ACCURACY);
}

static double label_value(const struct qos_report *r, struct qos_str name, int m)
{
	for (int i = 0; i < r->score.n_labels; i++) {
		const struct qos_report_label *l = &r->score.label[i];

		if (qos_str_equal(l->name, name))
			return m == L_COUNT ? (double)l->n : m == L_PRECISION ? l->precision : l->recall;
	}
	return m == L_COUNT ? 0 : NAN;
}

static double decision_value(const struct qos_report *r, struct qos_str name)
{
	for (int i = 0; i < r->n_decisions; i++)
		if (qos_str_equal(r->by_decision[i].reason, name))
			return (double)r->by_decision[i].n;
	return 0;
}

/* --- names to numbers --- */

static int in_list(struct qos_str name, const char *const *list, int n)
{
	for (int i = 0; i < n; i++)
		if (qos_str_is(name, list[i]))
			return i;
	return -1;
}

static int find_whole(struct qos_str name)
{
	for (int i = 0; i < N_WHOLE; i++)
		if (qos_str_is(name, qos_whole_metrics[i].name))
			return i;
	return -1;
}

/* Does the name end in .METRIC, or in its path?  Then group is what stands before it. */
static bool ends_in(struct qos_str name, const char *metric, struct qos_str *group)
{
	size_t n = metric ? strlen(metric) : 0;

	if (n == 0 || name.n <= n + 1 || name.p[name.n - n - 1] != '.' || memcmp(name.p + name.n - n, metric, n) != 0)
		return false;
	*group = (struct qos_str){ name.p, name.n - n - 1 };
	return true;
}

/* GROUP.METRIC, longer names of metrics first: a.latency.p99 is no p99 of a.latency. */
static bool split(struct qos_measure *m, struct qos_str name)
{
	for (m->metric = 0; m->metric < N_METRICS; m->metric++)
		if (ends_in(name, qos_group_metrics[m->metric].path, &m->group))
			return true;
	for (m->metric = 0; m->metric < N_METRICS; m->metric++)
		if (ends_in(name, qos_group_metrics[m->metric].name, &m->group))
			return true;
	return false;
}

static bool split_list(struct qos_measure *m, struct qos_str name, const char *const *list, int n)
{
	for (m->metric = 0; m->metric < n; m->metric++)
		if (ends_in(name, list[m->metric], &m->group))
			return true;
	return false;
}

static bool is_group(const struct qos_measure_names *names, struct qos_str name)
{
	return !names->classes || qos_str_is(name, "all") || qos_names_find(names->classes, name) >= 0;
}

static bool is_slo(const struct qos_measure_names *names, struct qos_str name)
{
	for (int i = 0; i < names->n_slos; i++)
		if (qos_str_equal(names->slo[i].group, name))
			return true;
	return false;
}

/* GROUP.drops.REASON */
static bool split_drops(struct qos_measure *m, struct qos_str name, const struct qos_measure_names *names)
{
	for (size_t i = 1; i + 7 < name.n; i++)
		if (memcmp(name.p + i, ".drops.", 7) == 0) {
			m->group = (struct qos_str){ name.p, i };
			m->item = (struct qos_str){ name.p + i + 7, name.n - i - 7 };
			return is_group(names, m->group);
		}
	return false;
}

static bool has_prefix(struct qos_str name, struct qos_str prefix, struct qos_str *rest)
{
	if (!qos_str_starts(name, prefix) || name.n == prefix.n)
		return false;
	*rest = (struct qos_str){ name.p + prefix.n, name.n - prefix.n };
	return true;
}

static bool is_time(int metric)
{
	return metric >= M_MEAN && metric <= M_TARGET;
}

bool qos_measure_find(struct qos_measure *m, struct qos_str name, const struct qos_measure_names *names)
{
	struct qos_str rest;

	*m = (struct qos_measure){ .kind = QOS_MEASURE_WHOLE };
	if (names->baseline && has_prefix(name, QOS_STR("baseline."), &rest)) {
		struct qos_measure_names without = *names;

		without.baseline = NULL;
		if (!qos_measure_find(m, rest, &without))
			return false;
		m->of_baseline = true;
		return true;
	}
	if ((m->metric = find_whole(name)) >= 0) {
		m->is_time = m->metric == W_DURATION;
		return true;
	}
	if (has_prefix(name, QOS_STR("drops."), &m->group)) {
		m->kind = QOS_MEASURE_DROPS;
		return true;
	}
	if (has_prefix(name, QOS_STR("class_by."), &m->group)) {
		m->kind = QOS_MEASURE_DECISION;
		return true;
	}
	if (has_prefix(name, QOS_STR("accuracy."), &rest)) {
		m->kind = QOS_MEASURE_ACCURACY;
		if ((m->metric = in_list(rest, qos_accuracy_metrics, N_ACCURACY)) >= 0)
			return true;
		has_prefix(rest, QOS_STR("labels."), &rest);
		m->kind = QOS_MEASURE_LABEL;
		return split_list(m, rest, qos_label_metrics, N_LABEL);
	}
	if (has_prefix(name, QOS_STR("slo."), &rest)) {
		m->kind = QOS_MEASURE_SLO;
		return split_list(m, rest, qos_slo_metrics, N_SLO) && is_slo(names, m->group);
	}
	if (has_prefix(name, QOS_STR("adapters."), &rest)) {
		m->kind = QOS_MEASURE_ADAPTER;
		return split(m, rest) && (m->is_time = is_time(m->metric), true);
	}
	m->kind = QOS_MEASURE_GROUP_DROPS;
	if (split_drops(m, name, names))
		return true;
	m->kind = QOS_MEASURE_GROUP;
	return split(m, name) && is_group(names, m->group) && (m->is_time = is_time(m->metric), true);
}

/* --- values --- */

static double value_in(const struct qos_measure *m, const struct qos_measure_names *names, const struct qos_report *r)
{
	const struct qos_report_group *g;

	switch (m->kind) {
	case QOS_MEASURE_GROUP:
		g = find_group(r, m->group);
		return g ? group_value(g, (enum qos_group_metric)m->metric) : value_of_nothing(names, m->metric);
	case QOS_MEASURE_ADAPTER:
		g = find(r->adapter, r->n_adapters, m->group);
		return g ? group_value(g, (enum qos_group_metric)m->metric) : NAN;
	case QOS_MEASURE_GROUP_DROPS:
		g = find_group(r, m->group);
		return g ? drops_for(g, m->item) : value_of_nothing(names, M_DROPS);
	case QOS_MEASURE_DROPS:
		g = find_group(r, m->group);
		return g ? (double)g->n_dropped : drops_for(&r->all, m->group);
	case QOS_MEASURE_SLO: return slo_value(r, m->group, m->metric);
	case QOS_MEASURE_ACCURACY: return accuracy_value(r, m->metric);
	case QOS_MEASURE_LABEL: return label_value(r, m->group, m->metric);
	case QOS_MEASURE_DECISION: return decision_value(r, m->group);
	default: return whole_value(r, m->metric);
	}
}

double qos_measure_value(const struct qos_measure *m, const struct qos_measure_names *names, const struct qos_report *r)
{
	return m->of_baseline ? qos_baseline_value(m, names->baseline) : value_in(m, names, r);
}
