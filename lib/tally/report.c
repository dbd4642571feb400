/* The tally's counts as a report.  Classes are in the order of the configuration, all else by name, so that a report
 * does not depend on who came first. */
#include <math.h>
#include <stdlib.h>

#include "tally/counts.h"

static struct qos_str keep(struct qos_report *r, struct qos_str s)
{
	return (struct qos_str){ qos_arena_copy(&r->arena, s), s.n };
}

struct place {
	struct qos_str name;
	int i;
};

static int compare_places(const void *a, const void *b)
{
	return qos_str_compare(((const struct place *)a)->name, ((const struct place *)b)->name);
}

/* The numbers of names: those from `first` to `most` sorted, (other) behind them.   Returns  NULL, memory. */
static const struct place *by_name(struct qos_report *r, const struct qos_names *names, uint32_t first, uint32_t most)
{
	struct place *p = qos_arena_get(&r->arena, ((size_t)names->n + 1) * sizeof(*p));

	for (uint32_t i = 0; p && i < names->n; i++)
		p[i] = (struct place){ names->name[i], (int)i };
	most = names->n < most ? names->n : most;
	if (p && most > first)
		qsort(p + first, most - first, sizeof(*p), compare_places);
	return p;
}

/* The values of a group's key, and its name with '/' between them. */
static void name_group(const struct qos_tally *t, struct qos_report *r, struct qos_report_group *g, int i)
{
	struct qos_str key;
	char *name;
	size_t from = 0;
	int n = 0;

	if (!t->options.n_by) {
		g->name = t->config->classes[i].name;
		return;
	}
	key = keep(r, t->keys.name[i]);
	name = qos_arena_copy(&r->arena, key);
	g->by = qos_arena_get(&r->arena, (size_t)r->n_by * sizeof(*g->by));
	if (!key.p || !name || !g->by)
		return;
	for (size_t k = 0; k <= key.n; k++) {
		if (k < key.n && key.p[k] != 0x1f)
			continue;
		if (n < r->n_by)
			g->by[n++] = (struct qos_str){ key.p + from, k - from };
		from = k + 1;
		name[k] = k < key.n ? '/' : 0;
	}
	g->name = (struct qos_str){ name, key.n };
}

static void measure(const struct qos_tally_group *from, const struct qos_sketch_scale *scale, double duration_s,
		    struct qos_report_group *g)
{
	bool any = from->n_latencies > 0;

	g->n_records = from->n_records;
	g->n_dropped = from->n_dropped;
	g->n_latencies = from->n_latencies;
	g->n_within = from->n_within;
	g->n_targets = from->n_targets;
	g->n_misses = from->n_targets - from->n_within;
	g->out_bytes = from->out_bytes;
	g->throughput_bps = duration_s > 0 ? 8 * (double)from->out_bytes / duration_s : NAN;
	g->mean_s = any ? qos_sketch_mean(&from->latency) / 1e9 : NAN;
	g->max_s = any ? (double)from->latency.max / 1e9 : NAN;
	for (int q = 0; q < QOS_N_QUANTILES; q++)
		g->quantile_s[q] = any ? qos_sketch_quantile(&from->latency, scale, qos_quantile_part[q]) / 1e9 : NAN;
	g->latency = &from->latency;
	g->attainment = from->n_targets ? (double)from->n_within / (double)from->n_targets : NAN;
	g->target_s = NAN;
}

static void list_drops(const struct qos_tally *t, struct qos_report *r, const struct qos_tally_group *from,
		       struct qos_report_group *g)
{
	const struct place *p = by_name(r, &t->reasons, 0, QOS_TALLY_REASONS - 1);

	g->drop = qos_arena_get(&r->arena, (t->reasons.n + 1) * sizeof(*g->drop));
	for (uint32_t i = 0; p && g->drop && i < t->reasons.n; i++)
		if (from->dropped[p[i].i])
			g->drop[g->n_drops++] = (struct qos_drop_count){ keep(r, p[i].name), from->dropped[p[i].i] };
}

static bool sum_up(const struct qos_tally *t, struct qos_tally_group *all)
{
	for (int i = 0; i < t->groups.n; i++) {
		const struct qos_tally_group *g = t->groups.group[i];

		if (!g)
			continue;
		all->n_records += g->n_records;
		all->n_dropped += g->n_dropped;
		all->n_latencies += g->n_latencies;
		all->n_targets += g->n_targets;
		all->n_within += g->n_within;
		all->out_bytes += g->out_bytes;
		for (int k = 0; k < QOS_TALLY_REASONS; k++)
			all->dropped[k] += g->dropped[k];
		if (!qos_sketch_merge(&all->latency, &g->latency))
			return false;
	}
	return true;
}

/* The series of all: of those that are followed, and of the rest. */
static bool add_series(const struct qos_tally *t, struct qos_report *r)
{
	r->timeline = t->timeline;
	r->timeline.n_series = 0;
	r->series = calloc(1, sizeof(*r->series));
	if (!r->series)
		return false;
	qos_series_merge(r->series, t->rest, t->timeline.n_bins);
	for (int i = 0; i < r->n_groups; i++)
		if (r->group[i].series)
			qos_series_merge(r->series, r->group[i].series, t->timeline.n_bins);
	r->all.series = r->series;
	r->all.backlog_max = qos_series_backlog_max(r->series, t->timeline.n_bins);
	return true;
}

static void add_group(const struct qos_tally *t, struct qos_report *r, int i, struct qos_fairness *all)
{
	const struct qos_tally_group *from = t->groups.group[i];
	struct qos_report_group *g = &r->group[r->n_groups++];
	struct qos_fairness fairness = { 0 };

	measure(from, t->scale, r->duration_s, g);
	name_group(t, r, g, i);
	list_drops(t, r, from, g);
	if (!t->options.n_by)
		g->target_s = (double)t->config->classes[i].latency_target_ns / 1e9;
	qos_portions_measure(&from->streams, &fairness);
	g->fairness = qos_fairness_jain(&fairness);
	g->n_streams = fairness.n;
	g->series = from->series == t->rest ? NULL : from->series;
	if (g->series)
		g->backlog_max = qos_series_backlog_max(g->series, t->timeline.n_bins);
	qos_portions_measure(&from->streams, all);
}

static bool fill(const struct qos_tally *t, struct qos_report *r)
{
	struct qos_tally_group all = { 0 };
	struct qos_fairness fairness = { 0 };
	const struct place *p = NULL;

	r->group = qos_arena_get(&r->arena, (size_t)(t->groups.n + 1) * sizeof(*r->group));
	if (!r->group || !sum_up(t, &all)) {
		qos_sketch_free(&all.latency);
		return false;
	}
	r->scale = t->scale;
	r->latency = all.latency;
	measure(&all, t->scale, r->duration_s, &r->all);
	r->all.latency = &r->latency;
	list_drops(t, r, &all, &r->all);
	r->all.name = QOS_STR("all");
	if (t->options.n_by && !(p = by_name(r, &t->keys, 0, QOS_TALLY_GROUPS)))
		return false;
	for (int i = 0; i < t->groups.n; i++)
		if (t->groups.group[p ? p[i].i : i])
			add_group(t, r, p ? p[i].i : i, &fairness);
	r->all.fairness = qos_fairness_jain(&fairness);
	r->all.n_streams = fairness.n;
	return add_series(t, r);
}

/* --- what only some records say --- */

static bool add_adapters(const struct qos_tally *t, struct qos_report *r)
{
	const struct place *p = by_name(r, &t->adapter_names, 0, QOS_TALLY_ADAPTERS);

	r->adapter = qos_arena_get(&r->arena, ((size_t)t->adapters.n + 1) * sizeof(*r->adapter));
	for (int i = 0; p && r->adapter && i < t->adapters.n; i++) {
		struct qos_report_group *g = &r->adapter[r->n_adapters++];

		measure(t->adapters.group[p[i].i], t->scale, r->duration_s, g);
		g->name = keep(r, p[i].name);
		g->fairness = NAN;
	}
	return p && r->adapter;
}

static bool add_decisions(const struct qos_tally *t, struct qos_report *r)
{
	const struct place *p = by_name(r, &t->decisions, 0, QOS_TALLY_DECISIONS);

	r->by_decision = qos_arena_get(&r->arena, ((size_t)t->decisions.n + 1) * sizeof(*r->by_decision));
	for (uint32_t i = 0; p && r->by_decision && i < t->decisions.n; i++)
		r->by_decision[r->n_decisions++] = (struct qos_drop_count){ keep(r, p[i].name), t->n_decided[p[i].i] };
	return p && r->by_decision;
}

/* As qos_score_macro_f1(), in the order of the report: a sum of fractions depends on it in its last digit. */
static double macro_f1(const struct qos_report_score *s)
{
	double sum = 0, n = 0;

	for (int i = 0; i < s->n_labels; i++) {
		uint64_t right = s->answer[i * s->n_labels + i], either = s->label[i].n;

		for (int k = 0; k < s->n_labels; k++)
			either += s->answer[k * s->n_labels + i];
		sum += either ? 2 * (double)right / (double)either : 0;
		n += either > 0;
	}
	return sum / n;
}

static bool add_score(const struct qos_tally *t, struct qos_report *r)
{
	struct qos_report_score *s = &r->score;
	const struct place *p = by_name(r, &t->labels, (uint32_t)t->config->n_classes, QOS_TALLY_LABELS);
	size_t n = (size_t)t->score.n_labels, n_all = t->labels.n;
	uint64_t *answer = qos_arena_get(&r->arena, (n * n + 1) * sizeof(*answer));
	int *at = qos_arena_get(&r->arena, (n_all + 1) * sizeof(*at));

	s->label = qos_arena_get(&r->arena, (n + 1) * sizeof(*s->label));
	if (!p || !answer || !at || !s->label)
		return false;
	for (size_t i = 0; i < n_all; i++) /* of those that were seen */
		if (p[i].i < (int)n)
			at[s->n_labels++] = p[i].i;
	s->n = t->score.n;
	s->n_right = t->score.n_right;
	s->answer = answer;
	for (int i = 0; i < s->n_labels; i++) {
		s->label[i] = (struct qos_report_label){ .name = keep(r, t->labels.name[at[i]]),
							 .precision = qos_score_precision(&t->score, at[i]),
							 .recall = qos_score_recall(&t->score, at[i]) };
		for (int k = 0; k < s->n_labels; k++)
			s->label[i].n += answer[(size_t)i * n + (size_t)k] = qos_score_count(&t->score, at[i], at[k]);
	}
	s->macro_f1 = s->n ? macro_f1(s) : NAN;
	return true;
}

static bool add_slos(const struct qos_tally *t, struct qos_report *r)
{
	r->slo = qos_arena_get(&r->arena, ((size_t)t->options.n_slos + 1) * sizeof(*r->slo));
	for (int i = 0; r->slo && i < t->options.n_slos; i++)
		qos_slo_measure(&t->options.slo[i], t->slo[i], &t->timeline, r->duration_s, &r->slo[r->n_slos++]);
	return r->slo != NULL;
}

static double duration_of(const struct qos_tally *t)
{
	int64_t span_ns;

	if (t->last_ns <= t->first_ns)
		return 0;
	if (__builtin_sub_overflow(t->last_ns, t->first_ns, &span_ns))
		return ((double)t->last_ns - (double)t->first_ns) / 1e9;
	return (double)span_ns / 1e9; /* exact before it is a double */
}

int qos_tally_report(const struct qos_tally *t, uint64_t n_rejected, struct qos_report **report, struct qos_err *err)
{
	struct qos_report *r = calloc(1, sizeof(*r));

	*report = NULL;
	if (!r)
		return qos_fail_memory(err, "report");
	r->n_by = t->options.n_by;
	r->by = qos_arena_get(&r->arena, (size_t)(r->n_by + 1) * sizeof(*r->by));
	for (int i = 0; r->by && i < r->n_by; i++)
		r->by[i] = keep(r, t->fields->names.name[t->options.by[i]]);
	r->first_ns = t->first_ns;
	r->duration_s = t->options.duration_ns ? (double)t->options.duration_ns / 1e9 : duration_of(t);
	r->n_unclassified = t->n_unclassified;
	r->n_rejected = n_rejected;
	r->n_left_out = t->n_left_out;
	r->n_streams_over = t->n_streams_over;
	if (!r->by || !fill(t, r) || !add_adapters(t, r) || !add_decisions(t, r) || !add_score(t, r) ||
	    !add_slos(t, r) || t->n_lost) {
		qos_report_free(r);
		return qos_fail_memory(err, "report");
	}
	*report = r;
	return 0;
}
