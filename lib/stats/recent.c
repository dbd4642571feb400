/* Rings of intervals. */
#include "stats/recent.h"

#include <math.h>
#include <stdlib.h>

#include "base/names.h"

struct slot { /* a group's part of one interval */
	uint64_t n_records, n_dropped, n_targets, n_within, out_bytes;
	struct qos_sketch latency;
};

struct group {
	double target_s;
	struct slot *slot; /* [n_window] ring */
	uint32_t past[QOS_RECENT_PAST];
};

struct qos_recent {
	int n_window;
	uint64_t n; /* intervals so far; the last one is in slot (n - 1) % n_window */
	struct group all, *group[QOS_RECENT_GROUPS];
	struct qos_names names; /* of the groups */
	uint64_t n_over;
};

int qos_recent_new(struct qos_recent **out, int n_window, struct qos_err *err)
{
	struct qos_recent *t = calloc(1, sizeof(*t));

	*out = NULL;
	if (!t || !(t->all.slot = calloc((size_t)n_window, sizeof(*t->all.slot)))) {
		free(t);
		return qos_fail_memory(err, "window");
	}
	t->n_window = n_window;
	t->all.target_s = NAN;
	*out = t;
	return 0;
}

static void free_slots(const struct qos_recent *t, struct group *g)
{
	for (int k = 0; k < t->n_window; k++)
		qos_sketch_free(&g->slot[k].latency);
	free(g->slot);
}

void qos_recent_free(struct qos_recent *t)
{
	if (!t)
		return;
	for (int i = 0; i < qos_recent_groups(t); i++) {
		free_slots(t, t->group[i]);
		free(t->group[i]);
	}
	free_slots(t, &t->all);
	qos_names_free(&t->names);
	free(t);
}

int qos_recent_add(struct qos_recent *t, struct qos_str name, double target_s, struct qos_err *err)
{
	struct group *g = calloc(1, sizeof(*g));
	int i;

	if (g && (g->slot = calloc((size_t)t->n_window, sizeof(*g->slot))) &&
	    (i = qos_names_add(&t->names, name)) >= 0) {
		g->target_s = target_s;
		t->group[i] = g;
		return 0;
	}
	if (g)
		free(g->slot);
	free(g);
	return qos_fail_memory(err, "window");
}

/* --- intervals --- */

/* The interval begins with nothing. */
static void clear(const struct qos_recent *t, struct group *g)
{
	struct slot *s = &g->slot[t->n % (uint64_t)t->n_window];

	qos_sketch_free(&s->latency);
	*s = (struct slot){ 0 };
	g->past[t->n % QOS_RECENT_PAST] = 0;
}

static bool fill(const struct qos_recent *t, struct group *g, const struct qos_report_group *from)
{
	struct slot *s = &g->slot[t->n % (uint64_t)t->n_window];

	s->n_records = from->n_records;
	s->n_dropped = from->n_dropped;
	s->n_targets = from->n_targets;
	s->n_within = from->n_within;
	s->out_bytes = from->out_bytes;
	g->past[t->n % QOS_RECENT_PAST] = from->n_records < UINT32_MAX ? (uint32_t)from->n_records : UINT32_MAX;
	return !from->latency || qos_sketch_merge(&s->latency, from->latency);
}

static int take_group(struct qos_recent *t, const struct qos_report_group *from, struct qos_err *err)
{
	int i = qos_names_find(&t->names, from->name);

	if (i < 0 && qos_recent_groups(t) == QOS_RECENT_GROUPS) {
		t->n_over++;
		return 0;
	}
	if (i < 0) {
		int rc = qos_recent_add(t, from->name, from->target_s, err);

		if (rc)
			return rc;
		i = qos_recent_groups(t) - 1;
	}
	return fill(t, t->group[i], from) ? 0 : qos_fail_memory(err, "window");
}

int qos_recent_take(struct qos_recent *t, const struct qos_report *r, struct qos_err *err)
{
	int rc = 0;

	clear(t, &t->all);
	for (int i = 0; i < qos_recent_groups(t); i++)
		clear(t, t->group[i]);
	if (!fill(t, &t->all, &r->all))
		rc = qos_fail_memory(err, "window");
	for (int i = 0; !rc && i < r->n_groups; i++)
		rc = take_group(t, &r->group[i], err);
	t->n++;
	return rc;
}

/* --- answers --- */

int qos_recent_groups(const struct qos_recent *t)
{
	return (int)t->names.n;
}

struct qos_str qos_recent_name(const struct qos_recent *t, int i)
{
	return t->names.name[i];
}

uint64_t qos_recent_over(const struct qos_recent *t)
{
	return t->n_over;
}

int qos_recent_window(const struct qos_recent *t)
{
	return t->n < (uint64_t)t->n_window ? (int)t->n : t->n_window;
}

static const struct group *group_of(const struct qos_recent *t, int i)
{
	return i < 0 ? &t->all : t->group[i];
}

uint64_t qos_recent_records(const struct qos_recent *t, int i)
{
	uint64_t n = 0;

	for (int k = 0; k < t->n_window; k++)
		n += group_of(t, i)->slot[k].n_records;
	return n;
}

void qos_recent_past(const struct qos_recent *t, int i, double *records, int n)
{
	for (int k = 0; k < n; k++) {
		uint64_t back = (uint64_t)(n - k);

		records[k] = t->n < back ? 0 : group_of(t, i)->past[(t->n - back) % QOS_RECENT_PAST];
	}
}

int qos_recent_sum(const struct qos_recent *t, int i, const struct qos_sketch_scale *scale, struct qos_recent_sum *sum,
		   struct qos_err *err)
{
	const struct group *g = group_of(t, i);
	struct qos_sketch latency = { 0 };
	bool ok = true;

	*sum = (struct qos_recent_sum){ .name = i < 0 ? QOS_STR("all") : t->names.name[i], .target_s = g->target_s };
	for (int k = 0; k < t->n_window; k++) {
		const struct slot *s = &g->slot[k];

		sum->n_records += s->n_records;
		sum->n_dropped += s->n_dropped;
		sum->n_targets += s->n_targets;
		sum->n_within += s->n_within;
		sum->out_bytes += s->out_bytes;
		ok = ok && qos_sketch_merge(&latency, &s->latency);
	}
	for (int q = 0; q < QOS_N_QUANTILES; q++)
		sum->quantile_s[q] = latency.n ? qos_sketch_quantile(&latency, scale, qos_quantile_part[q]) / 1e9 : NAN;
	sum->max_s = latency.n ? (double)latency.max / 1e9 : NAN;
	qos_sketch_free(&latency);
	return ok ? 0 : qos_fail_memory(err, "window");
}
