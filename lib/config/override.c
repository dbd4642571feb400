/* What the command line adds to a loaded configuration: rules, adapters, numbers of classes; and the check of the
 * whole. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "config/config.h"
#include "config/values.h"

static struct qos_str trim(struct qos_str s)
{
	while (s.n && (*s.p == ' ' || *s.p == '\t')) {
		s.p++;
		s.n--;
	}
	while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
		s.n--;
	return s;
}

static struct qos_str keep(struct qos_config *c, struct qos_str s)
{
	s.p = qos_arena_copy(&c->arena, s);
	return s.p ? s : QOS_STR("");
}

static int find_class(const struct qos_config *c, struct qos_str name, struct qos_err *err)
{
	const char *names[QOS_CLASSES_MOST], *near;
	int i = qos_names_find(&c->class_names, name);

	if (i >= 0)
		return i;
	for (int k = 0; k < c->n_classes; k++)
		names[k] = c->classes[k].name.p;
	near = qos_nearest(name.p, name.n, names, (size_t)c->n_classes);
	return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "there is no class \"%.*s\"%s%s%s", QOS_STR_ARG(name),
			near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
}

/* The last "=>" of the text: an expression may hold one in a string. */
static const char *find_arrow(const char *text)
{
	const char *arrow = NULL;

	for (const char *p = text; (p = strstr(p, "=>")); p += 2)
		arrow = p;
	return arrow;
}

/* Room for one more at index `at`; the rest moves up.   Returns  NULL when memory ran out. */
static struct qos_rule_config *insert_rule(struct qos_config *c, int at)
{
	struct qos_rule_config *all = qos_arena_get(&c->arena, (size_t)(c->n_rules + 1) * sizeof(*all));

	if (!all)
		return NULL;
	if (c->n_rules) {
		memcpy(all, c->rules, (size_t)at * sizeof(*all));
		memcpy(all + at + 1, c->rules + at, (size_t)(c->n_rules - at) * sizeof(*all));
	}
	c->rules = all;
	c->n_rules++;
	return &all[at];
}

int qos_config_add_rule(struct qos_config *c, const char *text, struct qos_err *err)
{
	const char *colon = strchr(text, ':'), *arrow = find_arrow(text);
	struct qos_str name, when;
	struct qos_rule_config *r;
	int class, at = 0;

	if (!colon || !arrow || arrow < colon)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE,
				"--rule: \"%s\" is not NAME: EXPR => CLASS; write for example "
				"'big: size > 1MiB => data_transfer'",
				text);
	name = trim((struct qos_str){ text, (size_t)(colon - text) });
	when = trim((struct qos_str){ colon + 1, (size_t)(arrow - colon - 1) });
	if (!name.n || !when.n)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "--rule: \"%s\" has no %s", text,
				name.n ? "expression" : "name");
	class = find_class(c, trim(qos_str(arrow + 2)), err);
	if (class < 0)
		return class;
	while (at < c->n_rules && c->rules[at].priority == INT_MIN)
		at++;
	r = insert_rule(c, at);
	if (!r)
		return qos_fail_memory(err, "rule");
	*r = (struct qos_rule_config){ .name = keep(c, name),
				       .when = keep(c, when),
				       .class = class,
				       .weight = 1,
				       .priority = INT_MIN,
				       .enabled = true,
				       .when_at = { "--rule", 1, (int)(when.p - text) + 1 },
				       .at = { "--rule", 1, 1 } };
	return 0;
}

/* "NAME:" or "NAME=" in front of the settings.   Returns  what stands behind it, NULL when it is missing. */
static const char *split_name(const char *text, char separator, struct qos_str *name)
{
	const char *at = strchr(text, separator);

	if (!at || at == text)
		return NULL;
	*name = (struct qos_str){ text, (size_t)(at - text) };
	return at + 1;
}

int qos_config_set_class(struct qos_config *c, const char *text, struct qos_err *err)
{
	struct qos_str name, key, value;
	const char *p = split_name(text, ':', &name);
	char why[200];
	int class;

	if (!p)
		return qos_fail(
			err, QOS_EUSAGE, QOS_NOWHERE,
			"--class: \"%s\" is not NAME:KEY=VALUE,...; write for example critical:rate=300mbit,prio=0",
			text);
	class = find_class(c, name, err);
	if (class < 0)
		return class;
	while (*p) {
		size_t n = strcspn(p, ",");
		const char *equals = memchr(p, '=', n);

		if (!equals)
			return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "--class: \"%.*s\" is not KEY=VALUE", (int)n, p);
		key = (struct qos_str){ p, (size_t)(equals - p) };
		value = (struct qos_str){ equals + 1, n - key.n - 1 };
		if (qos_config_class_set(&c->classes[class], key, value, why))
			return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "--class %.*s: %s", QOS_STR_ARG(name), why);
		p += n + (p[n] == ',');
	}
	return 0;
}

int qos_config_set_police(struct qos_config *c, const char *text, struct qos_err *err)
{
	const char *colon = strchr(text, ':'), *comma = strchr(text, ',');
	int class;

	if (!colon || (comma && comma < colon)) {
		c->police = qos_str(text);
		return 0;
	}
	class = find_class(c, (struct qos_str){ text, (size_t)(colon - text) }, err);
	if (class < 0)
		return class;
	c->classes[class].police = qos_str(colon + 1);
	return 0;
}

int qos_config_add_adapter(struct qos_config *c, const char *text, struct qos_err *err)
{
	struct qos_adapter_config *all, *a;
	struct qos_str name;
	const char *uri = split_name(text, '=', &name);
	char why[200];

	if (!uri)
		return qos_fail(
			err, QOS_EUSAGE, QOS_NOWHERE,
			"--adapter: \"%s\" is not NAME=URI; write for example one=sim:?rate=10mbit&concurrency=4",
			text);
	all = qos_arena_get(&c->arena, (size_t)(c->n_adapters + 1) * sizeof(*all));
	if (!all)
		return qos_fail_memory(err, "adapter");
	if (c->n_adapters)
		memcpy(all, c->adapters, (size_t)c->n_adapters * sizeof(*all));
	a = &all[c->n_adapters];
	*a = (struct qos_adapter_config){ .name = keep(c, name),
					  .uri = keep(c, qos_str(uri)),
					  .rate_bps = QOS_DEFAULT,
					  .rate_den = 1,
					  .concurrency = 1,
					  .at = { "--adapter", 0, 0 } };
	qos_config_adapter_defaults(a);
	if (qos_config_adapter(a, a->uri, why))
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "--adapter %.*s: %s", QOS_STR_ARG(name), why);
	c->adapters = all;
	c->n_adapters++;
	return 0;
}

int qos_config_validate(const struct qos_config *c, struct qos_err *err)
{
	double sum = 0;

	for (int i = 0; i < c->n_classes; i++)
		sum += c->classes[i].share;
	if (sum > 1 + 1e-9)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE,
				"shares add up to %.4g%%; lower one of them to reach 100%%", 100 * sum);
	for (int i = 0; i < c->n_adapters; i++)
		for (int k = 0; k < i; k++)
			if (qos_str_equal(c->adapters[i].name, c->adapters[k].name))
				return qos_fail(err, QOS_EUSAGE, c->adapters[i].at, "there are two adapters \"%.*s\"",
						QOS_STR_ARG(c->adapters[i].name));
	return 0;
}
