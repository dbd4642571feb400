/* Schedules: lines of text to changes of a configuration. */
#include "shape/schedule.h"

#include <stdio.h>
#include <stdlib.h>

#include "config/values.h"
#include "unit/timestamp.h"
#include "unit/unit.h"

#define WHY_BYTES 200

/* --- one change --- */

static int set_link(struct qos_schedule *s, struct qos_str key, struct qos_str value, char *why)
{
	if (!qos_str_is(key, "rate")) {
		snprintf(why, WHY_BYTES, "\"%.*s\" of the link does not change; write rate=..., or CLASS:KEY=...",
			 QOS_STR_ARG(key));
		return -1;
	}
	s->link_is_down = qos_str_is(value, "0");
	return s->link_is_down ? 0 : qos_unit_bitrate(value, &s->config.total_bandwidth_bps, why);
}

static int set_class(struct qos_schedule *s, int class, struct qos_str key, struct qos_str value, char *why)
{
	static const char *const keys[] = { "rate", "ceil", "burst", "cburst", "share", "prio", "quantum" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (qos_str_is(key, keys[i]))
			return qos_config_class_set(&s->classes[class], key, value, why);
	snprintf(why, WHY_BYTES,
		 "\"%.*s\" of a class does not change; write rate, ceil, burst, cburst, share, prio or quantum",
		 QOS_STR_ARG(key));
	return -1;
}

static int make(struct qos_schedule *s, const struct qos_change *c, char *why)
{
	return c->class < 0 ? set_link(s, c->key, c->value, why) : set_class(s, c->class, c->key, c->value, why);
}

/* --- reading --- */

struct line {
	const char *file;
	int number;
	const char *p; /* unread */
	const char *begin;
};

static struct qos_at at_of(const struct line *l, const char *p)
{
	return (struct qos_at){ l->file, l->number, (int)(p - l->begin) + 1 };
}

static struct qos_str word(struct line *l)
{
	struct qos_str w;

	l->p += strspn(l->p, " \t\r\n");
	w = (struct qos_str){ l->p, strcspn(l->p, " \t\r\n") };
	l->p += w.n;
	return w;
}

static int read_moment(struct line *l, struct qos_str text, struct qos_change *c, struct qos_err *err)
{
	struct qos_str epoch = { text.p + 1, text.n - 1 };
	int64_t cache[2] = { 0, 0 };
	enum qos_time_form form;
	char why[WHY_BYTES];

	c->from_start = qos_unit_duration(text, 1000000000, &c->ns, why) == 0;
	if (c->from_start)
		return 0;
	if (*text.p == '@' && qos_timestamp_parse(epoch, &c->ns, &form, cache, why) == 0)
		return 0;
	if (qos_timestamp_parse(text, &c->ns, &form, cache, NULL) == 0 && form == QOS_TIME_RFC3339)
		return 0;
	return qos_fail(
		err, QOS_EUSAGE, at_of(l, text.p),
		"\"%.*s\" is no moment; write 10s (after the first arrival), 2026-11-24T06:00:00Z or @1764000000",
		QOS_STR_ARG(text));
}

static int read_target(struct qos_schedule *s, struct line *l, struct qos_str *text, int *class, struct qos_err *err)
{
	const char *colon = memchr(text->p, ':', text->n), *names[QOS_CLASSES_MOST], *near;
	struct qos_str name = { text->p, colon ? (size_t)(colon - text->p) : 0 };

	*class = -1;
	if (!colon)
		return 0;
	*class = qos_names_find(&s->config.class_names, name);
	text->p = colon + 1;
	text->n -= name.n + 1;
	if (*class >= 0)
		return 0;
	for (int i = 0; i < s->config.n_classes; i++)
		names[i] = s->config.classes[i].name.p;
	near = qos_nearest(name.p, name.n, names, (size_t)s->config.n_classes);
	return qos_fail(err, QOS_EUSAGE, at_of(l, name.p), "there is no class \"%.*s\"%s%s%s", QOS_STR_ARG(name),
			near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
}

static int add(struct qos_schedule *s, const struct qos_change *change, struct qos_err *err)
{
	struct qos_change *all = s->change;

	if ((s->n & (s->n - 1)) == 0) { /* full at each power of two */
		all = realloc(all, (size_t)(s->n ? 2 * s->n : 1) * sizeof(*all));
		if (!all)
			return qos_fail_memory(err, "schedule");
		s->change = all;
	}
	all[s->n++] = *change;
	return 0;
}

/* `rate=2mbit` or `critical:rate=1mbit,ceil=2mbit` */
static int read_changes(struct qos_schedule *s, struct line *l, struct qos_str text, struct qos_change c,
			struct qos_err *err)
{
	int rc = read_target(s, l, &text, &c.class, err);
	const char *p = text.p, *end = text.p + text.n;
	char why[WHY_BYTES];

	while (!rc && p < end) {
		size_t n = 0;
		const char *equals;

		while (p + n < end && p[n] != ',')
			n++;
		equals = memchr(p, '=', n);
		if (!equals)
			return qos_fail(err, QOS_EUSAGE, at_of(l, p), "\"%.*s\" is not KEY=VALUE", (int)n, p);
		c.key = (struct qos_str){ p, (size_t)(equals - p) };
		c.value = (struct qos_str){ equals + 1, n - c.key.n - 1 };
		if (make(s, &c, why))
			return qos_fail(err, QOS_EUSAGE, at_of(l, p), "%s", why);
		rc = add(s, &c, err);
		p += n + (p + n < end);
	}
	return rc;
}

static int check_order(const struct qos_change *last, const struct qos_change *c, struct qos_at at, struct qos_err *err)
{
	if (c->from_start != last->from_start)
		return qos_fail(
			err, QOS_EUSAGE, at, "this counts from %s, the line before from %s; write all of one kind",
			c->from_start ? "the first arrival" : "1970", last->from_start ? "the first arrival" : "1970");
	return c->ns < last->ns ? qos_fail(err, QOS_EUSAGE, at, "this is before the line above it; put it there") : 0;
}

static int read_line(struct qos_schedule *s, struct line *l, struct qos_err *err)
{
	struct qos_str moment = word(l), text;
	struct qos_change c = { 0 };
	int rc, n = 0;

	if (moment.n == 0)
		return 0;
	rc = read_moment(l, moment, &c, err);
	if (!rc && s->n)
		rc = check_order(&s->change[s->n - 1], &c, at_of(l, moment.p), err);
	while (!rc && (text = word(l)).n) {
		rc = read_changes(s, l, text, c, err);
		n++;
	}
	if (!rc && n == 0)
		return qos_fail(err, QOS_EUSAGE, at_of(l, l->begin),
				"nothing changes at %.*s; write for example rate=2mbit", QOS_STR_ARG(moment));
	return rc;
}

static int read_lines(struct qos_schedule *s, FILE *f, const char *file, struct qos_err *err)
{
	char *text = NULL;
	size_t room = 0;
	int rc = 0;

	for (int n = 1; !rc && getline(&text, &room, f) >= 0; n++) {
		struct qos_str line = { text, strcspn(text, "#\n") };
		char *copy = qos_arena_copy(&s->arena, line);
		struct line l = { file, n, copy, copy };

		rc = copy ? read_line(s, &l, err) : qos_fail_memory(err, "schedule");
	}
	free(text);
	return !rc && ferror(f) ? qos_fail_errno(err, "%s", file) : rc;
}

static void begin_with(struct qos_schedule *s, const struct qos_config *config)
{
	s->config = *config;
	memcpy(s->classes, config->classes, (size_t)config->n_classes * sizeof(*s->classes));
	s->config.classes = s->classes;
	s->link_is_down = false;
}

int qos_schedule_read(struct qos_schedule **schedule, const char *file, const struct qos_config *config,
		      struct qos_err *err)
{
	struct qos_schedule *s;
	FILE *f = fopen(file, "r");
	int rc;

	*schedule = NULL;
	if (!f)
		return qos_fail_errno(err, "%s", file);
	s = calloc(1, sizeof(*s));
	if (s) {
		begin_with(s, config);
		rc = read_lines(s, f, file, err);
		if (!rc && s->link_is_down)
			rc = qos_fail(
				err, QOS_EUSAGE, (struct qos_at){ file, 0, 0 },
				"the link is down at the end, and nothing would leave; add a line that brings it back");
		begin_with(s, config);
	} else {
		rc = qos_fail_memory(err, "schedule");
	}
	fclose(f);
	if (rc)
		qos_schedule_free(s);
	else
		*schedule = s;
	return rc;
}

void qos_schedule_free(struct qos_schedule *s)
{
	if (!s)
		return;
	free(s->change);
	qos_arena_free(&s->arena);
	free(s);
}

/* --- running --- */

void qos_schedule_reset(struct qos_schedule *s, const struct qos_config *config)
{
	begin_with(s, config);
	s->next = 0;
	s->started = false;
}

void qos_schedule_start(struct qos_schedule *s, int64_t first_ns)
{
	s->first_ns = first_ns;
	s->started = true;
}

static int64_t moment(const struct qos_schedule *s, const struct qos_change *c)
{
	int64_t ns = c->ns;

	if (c->from_start && __builtin_add_overflow(ns, s->first_ns, &ns))
		return INT64_MAX; /* past the end of time */
	return ns;
}

int64_t qos_schedule_due(const struct qos_schedule *s)
{
	return s->started && s->next < s->n ? moment(s, &s->change[s->next]) : INT64_MAX;
}

void qos_schedule_step(struct qos_schedule *s)
{
	int64_t now_ns = qos_schedule_due(s);
	char why[WHY_BYTES];

	while (s->next < s->n && moment(s, &s->change[s->next]) == now_ns)
		make(s, &s->change[s->next++], why); /* each was tried when it was read */
}
