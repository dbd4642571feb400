/*
 * The tally.
 *
 * A group is a class, or a tuple of field values.  What is counted a record: its group (an index), one sketch, one
 * stream, two bins of the timeline; and, where the record has such fields, its adapter, label and class_by.
 *
 * Cost   some 50 ns a record; memory by groups and streams, not by records.
 */
#include "tally/counts.h"

#include <stdlib.h>

/* --- counting --- */

/* Number of the record's group, by the values of the fields. */
static int key_of(struct qos_tally *t, const struct qos_record *r)
{
	char key[QOS_TALLY_KEY_BYTES];
	size_t n = 0;

	for (int i = 0; i < t->options.n_by; i++) {
		struct qos_str value = qos_scratch_text(&t->scratch, r, r->cell[t->options.by[i]]);

		if (!value.p)
			return -1;
		if (i && n < QOS_TALLY_KEY_BYTES)
			key[n++] = 0x1f;
		if (value.n > QOS_TALLY_KEY_BYTES - n)
			value.n = QOS_TALLY_KEY_BYTES - n;
		memcpy(key + n, value.p, value.n);
		n += value.n;
	}
	return qos_tally_key(t, (struct qos_str){ key, n });
}

static void count_drop(struct qos_tally *t, struct qos_tally_group *g, const struct qos_record *r)
{
	struct qos_str reason = qos_scratch_text(&t->scratch, r, r->cell[QOS_F_DROP]);
	int i = reason.p ? qos_tally_reason(t, reason) : -1;

	if (i < 0) {
		t->n_lost++;
		return;
	}
	g->n_dropped++;
	g->dropped[i]++;
}

/* A stream that got nothing is counted too: it makes the sharing less fair. */
static void count_stream(struct qos_tally *t, struct qos_tally_group *g, const struct qos_record *r, uint64_t out_bytes)
{
	struct qos_cell c = r->cell[QOS_F_STREAM];
	bool may_be_new = t->n_streams < t->options.streams_most;
	struct qos_str name;
	size_t before = g->streams.n;

	if (c.kind == QOS_CELL_ABSENT || c.kind == QOS_CELL_NULL || c.len == 0)
		return;
	name = qos_scratch_text(&t->scratch, r, c);
	if (!name.p) {
		t->n_lost++;
		return;
	}
	if (!qos_portions_add(&g->streams, qos_hash(name), out_bytes, may_be_new)) {
		t->n_streams_over += !may_be_new;
		t->n_lost += may_be_new;
	}
	t->n_streams += g->streams.n - before;
}

/* Its own, else that of its class; QOS_UNSET for one that came without a class, in groups that are no classes. */
static int64_t target_of(const struct qos_tally *t, const struct qos_record *r, bool classless)
{
	if (r->deadline_ns != QOS_UNSET)
		return r->deadline_ns;
	return classless && t->options.n_by ? QOS_UNSET : t->config->classes[r->class].latency_target_ns;
}

/* Adds its latency.   Returns  whether it was within its target, if it has one. */
static bool count_latency(struct qos_tally *t, struct qos_tally_group *g, int64_t latency_ns, int64_t target_ns)
{
	if (!qos_sketch_add(&g->latency, t->scale, latency_ns)) {
		t->n_lost++;
		return true;
	}
	g->n_latencies++;
	if (target_ns == QOS_UNSET)
		return true;
	g->n_targets++;
	g->n_within += latency_ns <= target_ns;
	return latency_ns <= target_ns;
}

static int64_t latency_of(const struct qos_record *r)
{
	int64_t latency_ns;

	if (__builtin_sub_overflow(r->arrival_ns, r->ts_ns, &latency_ns)) /* 292 years: as long as can be said */
		latency_ns = r->arrival_ns > r->ts_ns ? INT64_MAX : INT64_MIN;
	return latency_ns;
}

/* --- over time --- */

static void count_slos(struct qos_tally *t, uint32_t slos, int bin, int64_t latency_ns, bool bad)
{
	for (; slos; slos &= slos - 1) {
		int i = __builtin_ctz(slos);

		t->slo[i]->bin[bin].n_out++;
		t->slo[i]->bin[bin].n_missed += bad || latency_ns > t->options.slo[i].within_ns;
	}
}

/* How a record ended: latency_ns is INT64_MIN where it is not known. */
static void follow(struct qos_tally *t, const struct qos_tally_group *g, const struct qos_record *r, int64_t latency_ns,
		   bool missed)
{
	struct qos_series *s = g->series;
	struct qos_series_bin *b;
	int bin;

	if (r->arrival_ns == QOS_UNSET || !s)
		return;
	s->bin[qos_timeline_at(&t->timeline, r->ts_ns == QOS_UNSET ? r->arrival_ns : r->ts_ns)].n_in++;
	bin = qos_timeline_at(&t->timeline, r->arrival_ns);
	b = &s->bin[bin];
	if (r->drop) {
		b->n_dropped++;
		count_slos(t, g->slos, bin, 0, true);
		return;
	}
	b->n_out++;
	b->out_bytes += (uint64_t)r->size_bytes;
	if (latency_ns == INT64_MIN)
		return;
	b->n_missed += missed;
	b->latency_sum_ns += latency_ns > 0 ? (uint64_t)latency_ns : 0;
	if (latency_ns > b->latency_max_ns)
		b->latency_max_ns = latency_ns;
	if (g->slos)
		count_slos(t, g->slos, bin, latency_ns, false);
}

/* --- what only some records say --- */

static bool is_there(const struct qos_record *r, int field)
{
	return r->cell[field].len > 0 && r->cell[field].kind != QOS_CELL_ABSENT && r->cell[field].kind != QOS_CELL_NULL;
}

static void count_adapter(struct qos_tally *t, const struct qos_record *r, int64_t latency_ns, int64_t target_ns)
{
	int i = qos_tally_number(&t->adapter_names, qos_scratch_text(&t->scratch, r, r->cell[QOS_F_ADAPTER]),
				 QOS_TALLY_ADAPTERS);
	struct qos_tally_group *g = i < 0 ? NULL : qos_tally_group_at(&t->adapters, i);

	if (!g) {
		t->n_lost++;
		return;
	}
	g->n_records++;
	g->n_dropped += r->drop != 0;
	if (r->drop)
		return;
	g->out_bytes += (uint64_t)r->size_bytes;
	if (latency_ns != INT64_MIN)
		count_latency(t, g, latency_ns, target_ns);
}

static void count_decision(struct qos_tally *t, const struct qos_record *r)
{
	struct qos_str by = qos_scratch_text(&t->scratch, r, r->cell[QOS_F_CLASS_BY]);
	const char *colon = by.n ? memchr(by.p, ':', by.n) : NULL;
	int i;

	if (colon)
		by.n = (size_t)(colon - by.p);
	i = qos_tally_number(&t->decisions, by, QOS_TALLY_DECISIONS);
	if (i < 0)
		t->n_lost++;
	else
		t->n_decided[i]++;
}

static void count_label(struct qos_tally *t, const struct qos_record *r)
{
	int truth =
		qos_tally_number(&t->labels, qos_scratch_text(&t->scratch, r, r->cell[QOS_F_LABEL]), QOS_TALLY_LABELS);

	if (truth < 0 || qos_score_add(&t->score, truth, r->class, 0))
		t->n_lost++;
}

static void note_times(struct qos_tally *t, const struct qos_record *r)
{
	if (r->arrival_ns == QOS_UNSET)
		return;
	if (r->ts_ns != QOS_UNSET && r->ts_ns < t->first_ns)
		t->first_ns = r->ts_ns;
	if (r->arrival_ns < t->first_ns)
		t->first_ns = r->arrival_ns;
	if (r->arrival_ns > t->last_ns)
		t->last_ns = r->arrival_ns;
}

static void tally_push(void *self, struct qos_record *r, int64_t now_ns, struct qos_sink *out)
{
	struct qos_tally *t = self;
	bool has_depart = is_there(r, QOS_F_DEPART), classless = r->class < 0, within = true;
	int64_t latency_ns = INT64_MIN; /* not known */
	struct qos_tally_group *g;
	int i;

	if (t->options.where && !qos_expr_true(t->options.where, r)) {
		t->n_left_out++;
		return;
	}
	if (classless) {
		r->class = (int16_t)t->config->default_class;
		t->n_unclassified++;
	}
	i = t->options.n_by ? key_of(t, r) : r->class;
	g = i < 0 ? NULL : qos_tally_group_of(t, i);
	if (!g) {
		t->n_lost++;
		return;
	}
	g->n_records++;
	note_times(t, r);
	count_stream(t, g, r, r->drop ? 0 : (uint64_t)r->size_bytes);
	if (r->drop) {
		count_drop(t, g, r);
	} else {
		g->out_bytes += (uint64_t)r->size_bytes;
		if (has_depart && r->ts_ns != QOS_UNSET) {
			latency_ns = latency_of(r);
			within = count_latency(t, g, latency_ns, target_of(t, r, classless));
		}
	}
	follow(t, g, r, latency_ns, !within);
	if (is_there(r, QOS_F_ADAPTER))
		count_adapter(t, r, latency_ns, target_of(t, r, classless));
	if (is_there(r, QOS_F_CLASS_BY))
		count_decision(t, r);
	if (is_there(r, QOS_F_LABEL))
		count_label(t, r);
}

static int64_t tally_due(const void *self)
{
	return QOS_NEVER;
}

struct qos_stage qos_tally_stage(struct qos_tally *t)
{
	return (struct qos_stage){ .push = tally_push, .due = tally_due, .self = t };
}

/* --- set-up --- */

static bool make(struct qos_tally *t)
{
	t->scale = qos_sketch_scale_new();
	t->rest = qos_timeline_add(&t->timeline);
	t->n_decided = calloc(QOS_TALLY_DECISIONS + 1, sizeof(*t->n_decided));
	for (int i = 0; i < t->options.n_slos; i++)
		if (!(t->slo[i] = qos_timeline_add(&t->timeline)))
			return false;
	for (int i = 0; i < t->config->n_classes; i++)
		if (qos_names_add(&t->labels, t->config->classes[i].name) < 0)
			return false;
	return t->scale && t->rest && t->n_decided;
}

int qos_tally_new(struct qos_tally **out, const struct qos_config *config, const struct qos_tally_options *options,
		  struct qos_fields *fields, struct qos_err *err)
{
	static const int wanted[] = {
		QOS_F_STREAM, QOS_F_DROP, QOS_F_DEPART, QOS_F_ADAPTER, QOS_F_CLASS_BY, QOS_F_LABEL
	};
	struct qos_tally *t = calloc(1, sizeof(*t));

	*out = NULL;
	if (!t)
		return qos_fail_memory(err, "tally");
	t->config = config;
	t->fields = fields;
	t->options = *options;
	t->first_ns = INT64_MAX;
	t->last_ns = INT64_MIN;
	if (!make(t)) {
		qos_tally_free(t);
		return qos_fail_memory(err, "tally");
	}
	for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++)
		qos_fields_want(fields, wanted[i]);
	for (int i = 0; i < options->n_by; i++)
		qos_fields_want(fields, options->by[i]);
	*out = t;
	return 0;
}

static void free_groups(struct qos_tally_groups *g)
{
	for (int i = 0; i < g->n; i++)
		if (g->group[i]) {
			qos_sketch_free(&g->group[i]->latency);
			qos_portions_free(&g->group[i]->streams);
			free(g->group[i]);
		}
	free(g->group);
}

void qos_tally_free(struct qos_tally *t)
{
	if (!t)
		return;
	free_groups(&t->groups);
	free_groups(&t->adapters);
	qos_timeline_free(&t->timeline);
	qos_score_free(&t->score);
	qos_sketch_scale_free(t->scale);
	qos_names_free(&t->keys);
	qos_names_free(&t->reasons);
	qos_names_free(&t->adapter_names);
	qos_names_free(&t->decisions);
	qos_names_free(&t->labels);
	free(t->n_decided);
	qos_scratch_free(&t->scratch);
	free(t);
}
