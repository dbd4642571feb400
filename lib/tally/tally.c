/*
 * The tally.
 *
 * A group is a class, or a tuple of field values.  What is counted a record: its group (an index), one sketch, one
 * stream.
 *
 * Cost   some 50 ns a record; memory by groups and streams, not by records.
 */
#include "tally/tally.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "stats/fairness.h"
#include "stats/sketch.h"

#define KEY_BYTES    1024   /* of a group's joined values; what is longer is cut */
#define GROUPS_MOST  100000 /* --by: records of further groups are counted together, as (other) */
#define REASONS_MOST 64
#define STREAM_BYTES 256 /* of a stream's key on the stack; longer ones take the scratch */

struct group {
	uint64_t n_records, n_dropped, n_latencies, n_within, out_bytes;
	uint64_t dropped[REASONS_MOST];
	struct qos_sketch latency;
};

struct qos_tally {
	const struct qos_config *config;
	const struct qos_fields *fields;
	struct qos_tally_options options;
	struct qos_sketch_scale *scale;
	struct group **group; /* [n_groups] by class, or by index in keys; NULL until it has a record */
	int n_groups, room;
	struct qos_names keys;    /* --by: the joined values, 0x1f between them */
	struct qos_names reasons; /* of drops; beyond REASONS_MOST - 1 the last one takes all */
	struct qos_names streams; /* group number (4 bytes) and name */
	uint64_t *stream_bytes;   /* [streams.n] */
	uint32_t stream_room;
	uint64_t n_streams_over, n_unclassified, n_lost;
	int64_t first_ns, last_ns; /* arrival, departure */
	char *scratch;
	size_t scratch_bytes;
};

/* --- counting --- */

static bool has_scratch(struct qos_tally *t, size_t n)
{
	char *p;

	if (n <= t->scratch_bytes)
		return true;
	p = realloc(t->scratch, 2 * n);
	if (!p)
		return false;
	t->scratch = p;
	t->scratch_bytes = 2 * n;
	return true;
}

/* The key of what is beyond GROUPS_MOST: each value is (other). */
static struct qos_str other_groups(const struct qos_tally *t, char *key)
{
	size_t n = 0;

	for (int i = 0; i < t->options.n_by; i++) {
		if (i)
			key[n++] = 0x1f;
		memcpy(key + n, "(other)", 7);
		n += 7;
	}
	return (struct qos_str){ key, n };
}

/* Number of the record's group, by the values of the fields. */
static int key_of(struct qos_tally *t, const struct qos_record *r)
{
	char key[KEY_BYTES];
	size_t n = 0;
	struct qos_str name;
	int found;

	if (!has_scratch(t, r->n_bytes + 1))
		return -1;
	for (int i = 0; i < t->options.n_by; i++) {
		struct qos_str value = qos_cell_text(r, r->cell[t->options.by[i]], t->scratch);

		if (i && n < KEY_BYTES)
			key[n++] = 0x1f;
		if (value.n > KEY_BYTES - n)
			value.n = KEY_BYTES - n;
		memcpy(key + n, value.p, value.n);
		n += value.n;
	}
	name = (struct qos_str){ key, n };
	if (t->keys.n < GROUPS_MOST)
		return qos_names_add(&t->keys, name);
	found = qos_names_find(&t->keys, name);
	return found >= 0 ? found : qos_names_add(&t->keys, other_groups(t, key));
}

static struct group *group_at(struct qos_tally *t, int i)
{
	if (i >= t->room) {
		int room = i < 64 ? 64 : 2 * i;
		struct group **group = realloc(t->group, (size_t)room * sizeof(*group));

		if (!group)
			return NULL;
		memset(group + t->room, 0, (size_t)(room - t->room) * sizeof(*group));
		t->group = group;
		t->room = room;
	}
	if (i >= t->n_groups)
		t->n_groups = i + 1;
	if (!t->group[i])
		t->group[i] = calloc(1, sizeof(**t->group));
	return t->group[i];
}

/* Number of the reason, or -1 when memory ran out. */
static int reason_of(struct qos_tally *t, const struct qos_record *r)
{
	struct qos_str reason = qos_cell_text(r, r->cell[QOS_F_DROP], t->scratch);
	int i = t->reasons.n < REASONS_MOST - 1 ? qos_names_add(&t->reasons, reason)
						: qos_names_find(&t->reasons, reason);

	return i >= 0 ? i : qos_names_add(&t->reasons, QOS_STR("other"));
}

static void count_drop(struct qos_tally *t, struct group *g, const struct qos_record *r)
{
	int i = has_scratch(t, r->n_bytes + 1) ? reason_of(t, r) : -1;

	if (i < 0) {
		t->n_lost++;
		return;
	}
	g->n_dropped++;
	g->dropped[i]++;
}

/* Its group and its name, the whole of it: in key if it fits, else behind the record's text in the scratch. */
static struct qos_str stream_key(struct qos_tally *t, int group, const struct qos_record *r, char key[STREAM_BYTES])
{
	struct qos_cell c = r->cell[QOS_F_STREAM];
	struct qos_str name;
	uint32_t number = (uint32_t)group;
	char *to = key;

	if (c.kind == QOS_CELL_ABSENT || c.kind == QOS_CELL_NULL || c.len == 0)
		return (struct qos_str){ 0 };
	if ((c.kind == QOS_CELL_CSV || c.kind == QOS_CELL_ESCAPED || c.len > STREAM_BYTES - 4) &&
	    !has_scratch(t, 2 * (size_t)r->n_bytes + 8)) {
		t->n_lost++;
		return (struct qos_str){ 0 };
	}
	name = qos_cell_text(r, c, t->scratch);
	if (name.n > STREAM_BYTES - 4)
		to = t->scratch + r->n_bytes;
	memcpy(to, &number, 4);
	memcpy(to + 4, name.p, name.n);
	return (struct qos_str){ to, name.n + 4 };
}

/* A stream that got nothing is counted too: it makes the sharing less fair. */
static void count_stream(struct qos_tally *t, int group, const struct qos_record *r, uint64_t out_bytes)
{
	char key[STREAM_BYTES];
	struct qos_str name = stream_key(t, group, r, key);
	int i;

	if (name.n == 0)
		return;
	i = t->streams.n < t->options.streams_most ? qos_names_add(&t->streams, name)
						   : qos_names_find(&t->streams, name);
	if (i < 0) {
		t->n_streams_over++;
		return;
	}
	if ((uint32_t)i >= t->stream_room) {
		uint32_t room = t->stream_room ? 2 * t->stream_room : 1024;
		uint64_t *bytes = realloc(t->stream_bytes, room * sizeof(*bytes));

		if (!bytes) {
			t->n_lost++;
			return;
		}
		memset(bytes + t->stream_room, 0, (room - t->stream_room) * sizeof(*bytes));
		t->stream_bytes = bytes;
		t->stream_room = room;
	}
	t->stream_bytes[i] += out_bytes;
}

static void count_latency(struct qos_tally *t, struct group *g, const struct qos_record *r)
{
	int64_t latency_ns, target_ns = r->deadline_ns;

	if (__builtin_sub_overflow(r->arrival_ns, r->ts_ns, &latency_ns)) /* 292 years: as long as can be said */
		latency_ns = r->arrival_ns > r->ts_ns ? INT64_MAX : INT64_MIN;
	if (target_ns == QOS_UNSET)
		target_ns = t->config->classes[r->class].latency_target_ns;
	if (!qos_sketch_add(&g->latency, t->scale, latency_ns)) {
		t->n_lost++;
		return;
	}
	g->n_latencies++;
	g->n_within += latency_ns <= target_ns;
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
	bool has_depart = r->cell[QOS_F_DEPART].kind != QOS_CELL_ABSENT && r->cell[QOS_F_DEPART].len > 0;
	struct group *g;
	int i;

	if (r->class < 0) {
		r->class = (int16_t)t->config->default_class;
		t->n_unclassified++;
	}
	i = t->options.n_by ? key_of(t, r) : r->class;
	g = i < 0 ? NULL : group_at(t, i);
	if (!g) {
		t->n_lost++;
		return;
	}
	g->n_records++;
	note_times(t, r);
	count_stream(t, i, r, r->drop ? 0 : (uint64_t)r->size_bytes);
	if (r->drop) {
		count_drop(t, g, r);
		return;
	}
	g->out_bytes += (uint64_t)r->size_bytes;
	if (has_depart && r->ts_ns != QOS_UNSET)
		count_latency(t, g, r);
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

int qos_tally_new(struct qos_tally **out, const struct qos_config *config, const struct qos_tally_options *options,
		  struct qos_fields *fields, struct qos_err *err)
{
	struct qos_tally *t = calloc(1, sizeof(*t));

	*out = NULL;
	if (!t || !(t->scale = qos_sketch_scale_new())) {
		free(t);
		return qos_fail_memory(err, "tally");
	}
	t->config = config;
	t->fields = fields;
	t->options = *options;
	t->first_ns = INT64_MAX;
	t->last_ns = INT64_MIN;
	qos_fields_want(fields, QOS_F_STREAM);
	qos_fields_want(fields, QOS_F_DROP);
	qos_fields_want(fields, QOS_F_DEPART);
	for (int i = 0; i < options->n_by; i++)
		qos_fields_want(fields, options->by[i]);
	*out = t;
	return 0;
}

void qos_tally_free(struct qos_tally *t)
{
	if (!t)
		return;
	for (int i = 0; i < t->n_groups; i++)
		if (t->group[i]) {
			qos_sketch_free(&t->group[i]->latency);
			free(t->group[i]);
		}
	free(t->group);
	qos_sketch_scale_free(t->scale);
	qos_names_free(&t->keys);
	qos_names_free(&t->reasons);
	qos_names_free(&t->streams);
	free(t->stream_bytes);
	free(t->scratch);
	free(t);
}

/* --- the report --- */

static struct qos_str keep(struct qos_report *r, struct qos_str s)
{
	return (struct qos_str){ qos_arena_copy(&r->arena, s), s.n };
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

static void measure(const struct qos_tally *t, const struct group *from, double duration_s, struct qos_report_group *g)
{
	bool any = from->n_latencies > 0;

	g->n_records = from->n_records;
	g->n_dropped = from->n_dropped;
	g->n_latencies = from->n_latencies;
	g->n_within = from->n_within;
	g->n_misses = from->n_latencies - from->n_within;
	g->out_bytes = from->out_bytes;
	g->throughput_bps = duration_s > 0 ? 8 * (double)from->out_bytes / duration_s : NAN;
	g->mean_s = any ? qos_sketch_mean(&from->latency) / 1e9 : NAN;
	g->max_s = any ? (double)from->latency.max / 1e9 : NAN;
	for (int q = 0; q < QOS_N_QUANTILES; q++)
		g->quantile_s[q] =
			any ? qos_sketch_quantile(&from->latency, t->scale, qos_quantile_part[q]) / 1e9 : NAN;
	g->latency = &from->latency;
	g->attainment = any ? (double)from->n_within / (double)from->n_latencies : NAN;
	g->target_s = NAN;
}

static void list_drops(const struct qos_tally *t, struct qos_report *r, const struct group *from,
		       struct qos_report_group *g)
{
	g->drop = qos_arena_get(&r->arena, (t->reasons.n + 1) * sizeof(*g->drop));
	for (uint32_t i = 0; g->drop && i < t->reasons.n; i++)
		if (from->dropped[i])
			g->drop[g->n_drops++] =
				(struct qos_drop_count){ keep(r, t->reasons.name[i]), from->dropped[i] };
}

/* Jain's index of each group and of all; `of` has a place for every group and one for all. */
static void measure_fairness(const struct qos_tally *t, struct qos_fairness *of)
{
	for (uint32_t i = 0; i < t->streams.n; i++) {
		uint32_t number;

		memcpy(&number, t->streams.name[i].p, 4);
		qos_fairness_add(&of[number], (double)t->stream_bytes[i]);
		qos_fairness_add(&of[t->n_groups], (double)t->stream_bytes[i]);
	}
}

static bool sum_up(const struct qos_tally *t, struct group *all)
{
	for (int i = 0; i < t->n_groups; i++) {
		const struct group *g = t->group[i];

		if (!g)
			continue;
		all->n_records += g->n_records;
		all->n_dropped += g->n_dropped;
		all->n_latencies += g->n_latencies;
		all->n_within += g->n_within;
		all->out_bytes += g->out_bytes;
		for (int k = 0; k < REASONS_MOST; k++)
			all->dropped[k] += g->dropped[k];
		if (!qos_sketch_merge(&all->latency, &g->latency))
			return false;
	}
	return true;
}

static bool fill(const struct qos_tally *t, struct qos_report *r)
{
	struct group all = { 0 };
	struct qos_fairness *fairness = calloc((size_t)t->n_groups + 1, sizeof(*fairness));
	bool ok = fairness && sum_up(t, &all);

	r->group = qos_arena_get(&r->arena, (size_t)(t->n_groups + 1) * sizeof(*r->group));
	if (ok && r->group) {
		measure_fairness(t, fairness);
		measure(t, &all, r->duration_s, &r->all);
		list_drops(t, r, &all, &r->all);
		r->all.name = QOS_STR("all");
		r->all.fairness = qos_fairness_jain(&fairness[t->n_groups]);
		r->all.n_streams = fairness[t->n_groups].n;
	}
	for (int i = 0; ok && r->group && i < t->n_groups; i++) {
		struct qos_report_group *g = &r->group[r->n_groups];

		if (!t->group[i])
			continue;
		r->n_groups++;
		measure(t, t->group[i], r->duration_s, g);
		name_group(t, r, g, i);
		list_drops(t, r, t->group[i], g);
		if (!t->options.n_by)
			g->target_s = (double)t->config->classes[i].latency_target_ns / 1e9;
		g->fairness = qos_fairness_jain(&fairness[i]);
		g->n_streams = fairness[i].n;
	}
	r->latency = all.latency;
	r->all.latency = &r->latency;
	r->scale = t->scale;
	free(fairness);
	return ok && r->group;
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
	r->duration_s = duration_of(t);
	r->n_unclassified = t->n_unclassified;
	r->n_rejected = n_rejected;
	r->n_streams_over = t->n_streams_over;
	if (!r->by || !fill(t, r) || t->n_lost) {
		qos_report_free(r);
		return qos_fail_memory(err, "report");
	}
	*report = r;
	return 0;
}
