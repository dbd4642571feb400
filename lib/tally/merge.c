/*
 * The state of a tally, read and added: see save.c for its form.
 *
 * Names have other numbers here than there; a table for each kind translates them.  Numbers are checked before they
 * are used, since a checksum tells of accidents alone.
 */
#include <stdlib.h>

#include "tally/counts.h"
#include "tally/state.h"

/* Number there -> here. */
struct translation {
	int *number; /* [n], owned */
	uint64_t n;
};

struct merging {
	struct qos_tally *t;
	const struct qos_container *c;
	struct qos_err *err;
	struct qos_timeline time; /* of the state; it has no series */
	struct qos_series series; /* the one that is read */
	struct translation reason, adapter, decision, label, key;
	bool no_memory;
};

static int damaged(const struct merging *m)
{
	return qos_fail(m->err, QOS_EDAMAGE, QOS_NOWHERE, "%s is damaged: its numbers make no sense", m->c->file);
}

static int differs(const struct merging *m, const char *what, const char *todo)
{
	return qos_fail(m->err, QOS_EUSAGE, QOS_NOWHERE, "%s was made with other %s; %s", m->c->file, what, todo);
}

static bool open_section(const struct merging *m, const char *name, struct qos_section *s)
{
	return qos_container_find(m->c, name, s);
}

/* --- what has to be equal --- */

static int merge_conf(struct merging *m, uint64_t *slo_at, uint64_t *n_slos)
{
	const struct qos_tally *t = m->t;
	struct qos_section s;
	uint64_t n;
	bool same;

	if (!open_section(m, "conf", &s))
		return damaged(m);
	n = qos_section_number(&s);
	same = n == (uint64_t)t->config->n_classes;
	for (uint64_t i = 0; same && i < n; i++) {
		same = qos_str_equal(qos_section_text(&s), t->config->classes[i].name);
		same &= (int64_t)qos_section_u64(&s) == t->config->classes[i].latency_target_ns;
	}
	if (!same)
		return differs(m, "classes or targets", "give the configuration that it was made with");
	n = qos_section_number(&s);
	same = n == (uint64_t)t->options.n_by;
	for (uint64_t i = 0; same && i < n; i++)
		same = qos_str_equal(qos_section_text(&s), t->fields->names.name[t->options.by[i]]);
	if (!same)
		return differs(m, "groups", "states can be merged when --by is the same for all");
	for (int k = 0; k < t->options.n_slos; k++)
		slo_at[k] = UINT64_MAX;
	*n_slos = qos_section_number(&s);
	for (uint64_t i = 0; i < *n_slos && !s.short_of; i++) {
		struct qos_str text = qos_section_text(&s);

		for (int k = 0; k < t->options.n_slos; k++)
			if (qos_str_equal(text, t->options.slo[k].text))
				slo_at[k] = i;
	}
	if (s.short_of || *n_slos > QOS_SLOS_MOST)
		return damaged(m);
	for (int k = 0; k < t->options.n_slos; k++)
		if (slo_at[k] == UINT64_MAX)
			return qos_fail(m->err, QOS_EUSAGE, QOS_NOWHERE,
					"%s does not know the objective \"%.*s\"; give it when the state is made",
					m->c->file, QOS_STR_ARG(t->options.slo[k].text));
	return 0;
}

static int merge_sums(struct merging *m, uint64_t *n_rejected)
{
	struct qos_tally *t = m->t;
	struct qos_section s;
	int64_t first_ns, last_ns;

	if (!open_section(m, "sums", &s))
		return damaged(m);
	*n_rejected += qos_section_number(&s);
	t->n_left_out += qos_section_number(&s);
	t->n_unclassified += qos_section_number(&s);
	t->n_streams_over += qos_section_number(&s);
	first_ns = (int64_t)qos_section_u64(&s);
	last_ns = (int64_t)qos_section_u64(&s);
	t->first_ns = first_ns < t->first_ns ? first_ns : t->first_ns;
	t->last_ns = last_ns > t->last_ns ? last_ns : t->last_ns;
	return s.short_of ? damaged(m) : 0;
}

/* --- names --- */

static int number_of_adapter(struct qos_tally *t, struct qos_str name)
{
	return qos_tally_number(&t->adapter_names, name, QOS_TALLY_ADAPTERS);
}

static int number_of_decision(struct qos_tally *t, struct qos_str name)
{
	return qos_tally_number(&t->decisions, name, QOS_TALLY_DECISIONS);
}

static int number_of_label(struct qos_tally *t, struct qos_str name)
{
	return qos_tally_number(&t->labels, name, QOS_TALLY_LABELS);
}

static void translate(struct merging *m, struct qos_section *s, int (*number)(struct qos_tally *, struct qos_str),
		      struct translation *to)
{
	uint64_t n = qos_section_number(s);

	if (!qos_section_has(s, n, 4)) /* of each one's length */
		return;
	to->number = malloc((n + 1) * sizeof(*to->number));
	m->no_memory |= !to->number;
	for (; to->number && to->n < n; to->n++)
		m->no_memory |= (to->number[to->n] = number(m->t, qos_section_text(s))) < 0;
}

static int merge_names(struct merging *m)
{
	struct qos_section s;

	if (!open_section(m, "name", &s))
		return damaged(m);
	translate(m, &s, qos_tally_reason, &m->reason);
	translate(m, &s, number_of_adapter, &m->adapter);
	translate(m, &s, number_of_decision, &m->decision);
	translate(m, &s, number_of_label, &m->label);
	translate(m, &s, qos_tally_key, &m->key);
	if (m->no_memory)
		return qos_fail_memory(m->err, m->c->file);
	return s.short_of || m->reason.n > QOS_TALLY_REASONS ? damaged(m) : 0;
}

/* --- time --- */

static void read_series(struct merging *m, struct qos_section *s)
{
	for (int i = 0; i < m->time.n_bins; i++) {
		struct qos_series_bin *b = &m->series.bin[i];

		b->n_in = qos_section_number(s);
		b->n_out = qos_section_number(s);
		b->n_dropped = qos_section_number(s);
		b->n_missed = qos_section_number(s);
		b->out_bytes = qos_section_number(s);
		b->latency_sum_ns = qos_section_number(s);
		b->latency_max_ns = (int64_t)qos_section_number(s);
	}
}

static void add_series(struct merging *m, struct qos_section *s, struct qos_series *to)
{
	read_series(m, s);
	if (!s->short_of && to)
		qos_series_merge_at(&m->t->timeline, to, &m->time, &m->series);
}

static int merge_time(struct merging *m, const uint64_t *slo_at, uint64_t n_slos)
{
	struct qos_tally *t = m->t;
	struct qos_section s;
	uint64_t shift, n_bins;

	if (!open_section(m, "time", &s))
		return damaged(m);
	m->time.base = (int64_t)qos_section_u64(&s);
	shift = qos_section_number(&s);
	n_bins = qos_section_number(&s);
	if (s.short_of || shift > 62 || n_bins > QOS_SERIES_BINS ||
	    (n_bins &&
	     (m->time.base < INT64_MIN >> shift || m->time.base > (INT64_MAX >> shift) - (int64_t)(n_bins - 1))))
		return damaged(m);
	m->time.shift = (int)shift;
	m->time.n_bins = (int)n_bins;
	qos_timeline_cover(&t->timeline, &m->time);
	add_series(m, &s, t->rest);
	for (uint64_t i = 0; i < n_slos; i++) {
		struct qos_series *to = NULL;

		for (int k = 0; k < t->options.n_slos; k++)
			if (slo_at[k] == i)
				to = t->slo[k];
		add_series(m, &s, to);
	}
	return s.short_of ? damaged(m) : 0;
}

/* --- groups --- */

static bool add_sketch(struct merging *m, struct qos_section *s, struct qos_sketch *to)
{
	struct qos_sketch x = { .n = qos_section_number(s) };
	uint64_t first, n_buckets, low;
	bool sound;

	if (!x.n)
		return true;
	x.n_zero = qos_section_number(s);
	x.n_negative = qos_section_number(s);
	low = qos_section_u64(s);
	x.sum = (__int128)((unsigned __int128)qos_section_u64(s) << 64 | low);
	x.min = (int64_t)qos_section_u64(s);
	x.max = (int64_t)qos_section_u64(s);
	first = qos_section_number(s);
	n_buckets = qos_section_number(s);
	if (first > 1 << 16 || n_buckets > 1 << 16 || !qos_section_has(s, n_buckets, 1))
		return false;
	x.first = (int)first;
	x.n_buckets = (int)n_buckets;
	x.count = calloc(n_buckets + 1, sizeof(*x.count));
	for (int i = 0; x.count && i < x.n_buckets; i++)
		x.count[i] = qos_section_number(s);
	sound = x.count && !s->short_of && qos_sketch_is_sound(&x, m->t->scale);
	m->no_memory |= !x.count || (sound && !qos_sketch_merge(to, &x));
	qos_sketch_free(&x);
	return sound;
}

static bool add_portions(struct merging *m, struct qos_section *s, struct qos_portions *to)
{
	uint64_t n = qos_section_number(s);
	size_t before = to->n;

	if (!qos_section_has(s, n, 9))
		return false;
	while (n-- && !m->no_memory) {
		uint64_t hash = qos_section_u64(s), sum = qos_section_number(s);

		m->no_memory |= !qos_portions_add(to, hash, sum, true);
	}
	m->t->n_streams += to->n - before;
	return true;
}

/* Returns  false when it makes no sense, or memory ran out. */
static bool add_group(struct merging *m, struct qos_section *s, struct qos_tally_group *g)
{
	g->n_records += qos_section_number(s);
	g->n_dropped += qos_section_number(s);
	g->n_latencies += qos_section_number(s);
	g->n_targets += qos_section_number(s);
	g->n_within += qos_section_number(s);
	g->out_bytes += qos_section_number(s);
	for (uint64_t i = 0; i < m->reason.n; i++)
		g->dropped[m->reason.number[i]] += qos_section_number(s);
	return add_sketch(m, s, &g->latency) && add_portions(m, s, &g->streams) && !s->short_of && !m->no_memory;
}

/* Its own series goes to the rest, since a part of its time is there already. */
static void unfollow(struct qos_tally *t, struct qos_tally_group *g)
{
	if (g->series && g->series != t->rest) {
		qos_series_merge(t->rest, g->series, t->timeline.n_bins);
		*g->series = (struct qos_series){ 0 };
	}
	g->series = t->rest;
}

static int merge_groups(struct merging *m)
{
	struct qos_tally *t = m->t;
	struct qos_section s;
	uint64_t n, n_numbers = t->options.n_by ? m->key.n : (uint64_t)t->config->n_classes;

	if (!open_section(m, "grps", &s))
		return damaged(m);
	for (n = qos_section_number(&s); n && !s.short_of; n--) {
		uint64_t i = qos_section_number(&s);
		struct qos_tally_group *g;

		if (i >= n_numbers)
			return damaged(m);
		g = qos_tally_group_of(t, t->options.n_by ? m->key.number[i] : (int)i);
		m->no_memory |= !g;
		if (!g || !add_group(m, &s, g))
			break;
		if (qos_section_number(&s))
			add_series(m, &s, g->series);
		else
			unfollow(t, g);
	}
	return m->no_memory ? qos_fail_memory(m->err, m->c->file) : n || s.short_of ? damaged(m) : 0;
}

static int merge_adapters(struct merging *m)
{
	struct qos_section s;

	if (!open_section(m, "adap", &s))
		return damaged(m);
	for (uint64_t i = 0; i < m->adapter.n; i++) {
		struct qos_tally_group *g = qos_tally_group_at(&m->t->adapters, m->adapter.number[i]);

		m->no_memory |= !g;
		if (!g || !add_group(m, &s, g))
			return m->no_memory ? qos_fail_memory(m->err, m->c->file) : damaged(m);
	}
	return 0;
}

static int merge_scores(struct merging *m)
{
	struct qos_section s;
	uint64_t n_labels;

	if (!open_section(m, "deci", &s))
		return damaged(m);
	for (uint64_t i = 0; i < m->decision.n; i++)
		m->t->n_decided[m->decision.number[i]] += qos_section_number(&s);
	if (s.short_of || !open_section(m, "scor", &s))
		return damaged(m);
	n_labels = qos_section_number(&s);
	if (n_labels > m->label.n || n_labels > 2 * QOS_TALLY_LABELS || !qos_section_has(&s, n_labels * n_labels, 1))
		return damaged(m);
	for (uint64_t i = 0; i < n_labels; i++)
		for (uint64_t k = 0; k < n_labels; k++) {
			uint64_t n = qos_section_number(&s);

			if (n && qos_score_add_many(&m->t->score, m->label.number[i], m->label.number[k], n))
				return qos_fail_memory(m->err, m->c->file);
		}
	return s.short_of ? damaged(m) : 0;
}

int qos_tally_merge(struct qos_tally *t, const struct qos_container *c, uint64_t *n_rejected, struct qos_err *err)
{
	struct merging *m = calloc(1, sizeof(*m));
	uint64_t slo_at[QOS_SLOS_MOST], n_slos = 0;
	int rc;

	if (!m)
		return qos_fail_memory(err, c->file);
	m->t = t;
	m->c = c;
	m->err = err;
	if (!(rc = merge_conf(m, slo_at, &n_slos)) && !(rc = merge_sums(m, n_rejected)) && !(rc = merge_names(m)) &&
	    !(rc = merge_time(m, slo_at, n_slos)) && !(rc = merge_groups(m)) && !(rc = merge_adapters(m)))
		rc = merge_scores(m);
	free(m->reason.number);
	free(m->adapter.number);
	free(m->decision.number);
	free(m->label.number);
	free(m->key.number);
	free(m);
	return rc;
}

int qos_tally_state_by(const struct qos_container *c, struct qos_buf *by, struct qos_err *err)
{
	struct merging m = { .c = c, .err = err };
	struct qos_section s;
	uint64_t n;

	if (!qos_container_find(c, "conf", &s))
		return damaged(&m);
	for (n = qos_section_number(&s); n && !s.short_of; n--) {
		qos_section_text(&s);
		qos_section_u64(&s);
	}
	n = qos_section_number(&s);
	for (uint64_t i = 0; i < n && !s.short_of; i++) {
		struct qos_str name = qos_section_text(&s);

		qos_buf_puts(by, i ? "," : "");
		qos_buf_add(by, name.p, name.n);
	}
	return s.short_of ? damaged(&m) : by->failed ? qos_fail_memory(err, c->file) : 0;
}
