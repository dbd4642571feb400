/* Tables of parameters: every value is read with the parser of its kind, its limits too. */
#include "unit/param.h"

#include <stdio.h>

#include "unit/unit.h"

union value {
	int64_t whole;
	double real;
	bool truth;
};

static bool is_real(enum qos_param_kind kind)
{
	return kind == QOS_PARAM_SHARE || kind == QOS_PARAM_NUMBER;
}

static int read_truth(struct qos_str text, bool *truth, char *why)
{
	static const char *const yes[] = { "", "true", "yes", "on", "1" }, *const no[] = { "false", "no", "off", "0" };

	for (size_t i = 0; i < sizeof(yes) / sizeof(*yes); i++)
		if (qos_str_is(text, yes[i])) {
			*truth = true;
			return 0;
		}
	for (size_t i = 0; i < sizeof(no) / sizeof(*no); i++)
		if (qos_str_is(text, no[i])) {
			*truth = false;
			return 0;
		}
	snprintf(why, 120, "\"%.*s\" is neither true nor false", (int)(text.n > 40 ? 40 : text.n), text.p);
	return -1;
}

static int read_value(enum qos_param_kind kind, struct qos_str text, union value *v, char *why)
{
	switch (kind) {
	case QOS_PARAM_DURATION: return qos_unit_duration(text, 0, &v->whole, why);
	case QOS_PARAM_SIZE: return qos_unit_size(text, &v->whole, why);
	case QOS_PARAM_BITRATE: return qos_unit_bitrate(text, &v->whole, why);
	case QOS_PARAM_COUNT: return qos_unit_count(text, &v->whole, why);
	case QOS_PARAM_SHARE: return qos_unit_share(text, &v->real, why);
	case QOS_PARAM_NUMBER:
		if (!qos_unit_number(text, &v->real))
			return 0;
		snprintf(why, 120, "\"%.*s\" is not a number", (int)(text.n > 40 ? 40 : text.n), text.p);
		return -1;
	case QOS_PARAM_TRUTH: return read_truth(text, &v->truth, why);
	}
	return -1;
}

static void store(const struct qos_param *p, void *base, const union value *v)
{
	char *at = (char *)base + p->offset;

	if (is_real(p->kind))
		memcpy(at, &v->real, sizeof(v->real));
	else if (p->kind == QOS_PARAM_TRUTH)
		memcpy(at, &v->truth, sizeof(v->truth));
	else
		memcpy(at, &v->whole, sizeof(v->whole));
}

void qos_params_default(const struct qos_param *table, void *base)
{
	char why[200];

	for (const struct qos_param *p = table; p && p->name; p++) {
		union value v = { 0 };

		if (p->by_default && !read_value(p->kind, qos_str(p->by_default), &v, why))
			store(p, base, &v);
	}
}

/* Is v below the limit (sign -1) or above it (sign 1)? */
static bool beyond(const struct qos_param *p, const union value *v, const char *limit, int sign)
{
	union value l;
	char why[200];

	if (!limit || p->kind == QOS_PARAM_TRUTH || read_value(p->kind, qos_str(limit), &l, why))
		return false;
	if (is_real(p->kind))
		return sign < 0 ? !(v->real >= l.real) : !(v->real <= l.real); /* not a number is beyond both */
	return sign < 0 ? v->whole < l.whole : v->whole > l.whole;
}

static const struct qos_param *find(const struct qos_param *table, struct qos_str key)
{
	for (const struct qos_param *p = table; p && p->name; p++)
		if (qos_str_is(key, p->name))
			return p;
	return NULL;
}

static int unknown(const struct qos_param *table, struct qos_str key, struct qos_err *err)
{
	const char *names[64], *near;
	size_t n = 0;

	for (const struct qos_param *p = table; p && p->name && n < 64; p++)
		names[n++] = p->name;
	if (n == 0)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "there is no parameter \"%.*s\", nor any other",
				QOS_STR_ARG(key));
	near = qos_nearest(key.p, key.n, names, n);
	return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "there is no parameter \"%.*s\"; did you mean \"%s\"?",
			QOS_STR_ARG(key), near ? near : names[0]);
}

static int read_one(const struct qos_param *table, void *base, struct qos_str pair, struct qos_err *err)
{
	const char *equals = memchr(pair.p, '=', pair.n);
	struct qos_str key = { pair.p, equals ? (size_t)(equals - pair.p) : pair.n };
	struct qos_str text = { equals ? equals + 1 : "", equals ? pair.n - key.n - 1 : 0 };
	const struct qos_param *p = find(table, key);
	union value v = { 0 };
	char why[200];

	if (!p)
		return unknown(table, key, err);
	if (!equals && p->kind != QOS_PARAM_TRUTH)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "%s wants a value: %s=%s", p->name, p->name,
				p->by_default ? p->by_default
				: p->least    ? p->least
					      : "...");
	if (read_value(p->kind, text, &v, why))
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "%s: %s", p->name, why);
	if (beyond(p, &v, p->least, -1) || beyond(p, &v, p->most, 1))
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "%s is %.*s; it may be %s to %s", p->name,
				QOS_STR_ARG(text), p->least ? p->least : "anything", p->most ? p->most : "anything");
	store(p, base, &v);
	return 0;
}

int qos_params_read(const struct qos_param *table, void *base, struct qos_str text, struct qos_err *err)
{
	while (text.n) {
		struct qos_str rest, pair = qos_params_name(text, &rest);
		int rc = pair.n ? read_one(table, base, pair, err) : 0;

		if (rc)
			return rc;
		text = rest;
	}
	return 0;
}

void qos_params_help(const struct qos_param *table, struct qos_buf *b)
{
	for (const struct qos_param *p = table; p && p->name; p++)
		qos_buf_printf(b, "    %-12s %s%s%s%s\n", p->name, p->help, p->by_default ? " (default " : "",
			       p->by_default ? p->by_default : "", p->by_default ? ")" : "");
}

struct qos_str qos_params_name(struct qos_str text, struct qos_str *rest)
{
	const char *comma = text.n ? memchr(text.p, ',', text.n) : NULL;
	struct qos_str name = { text.p, comma ? (size_t)(comma - text.p) : text.n };

	*rest = comma ? (struct qos_str){ comma + 1, text.n - name.n - 1 } : (struct qos_str){ "", 0 };
	return name;
}
