/*
 * Classes: the five of the default mix, and those that a user writes.
 *
 * A value may have commas of its own (`size=60%:200,40%:1500`): what follows a comma belongs to it unless it is KEY=.
 */
#include "gen/class.h"

#include <stdio.h>

#include "base/err.h"
#include "unit/unit.h"

struct profile {
	const char *name, *types, *priorities, *size;
	double share;
};

/* shares are those of messages; sizes have the medians and tails of probes, settings, builds, files and log lines */
static const struct profile profiles[QOS_GEN_DEFAULTS] = {
	{ "critical", "health_check:70+alert:30", "critical:80+high:20", "lognormal:200:0.4", 0.30 },
	{ "system", "config:75+event:25", "high:60+normal:40", "lognormal:600:0.6", 0.25 },
	{ "job_execution", "job:40+request:30+response:30", "normal:80+high:20", "lognormal:1200:0.8", 0.25 },
	{ "data_transfer", "file_transfer:55+artifact:45", "normal:60+low:40", "pareto:1.3:4KiB:1MiB", 0.15 },
	{ "logs_metrics", "log:60+metric:40", "low:80+normal:20", "lognormal:300:0.5", 0.05 },
};
static const struct profile other = { NULL, "request", "normal", "1000", -1 };

static void from_profile(const struct profile *p, struct qos_gen_class *c)
{
	char why[200];

	*c = (struct qos_gen_class){ .share = p->share };
	qos_choice_parse(qos_str(p->types), &c->types, why); /* texts of ours: a test reads them all */
	qos_choice_parse(qos_str(p->priorities), &c->priorities, why);
	qos_size_parse(qos_str(p->size), QOS_LAW_BYTES, &c->size, why);
}

void qos_gen_class_default(int i, struct qos_gen_class *c)
{
	from_profile(&profiles[i], c);
	qos_token_set(&c->name, qos_str(profiles[i].name));
}

int qos_gen_rate_parse(struct qos_str text, struct qos_gen_rate *rate, char *why)
{
	*rate = (struct qos_gen_rate){ 0 };
	if (qos_unit_msgrate(text, &rate->num, &rate->den, NULL) == 0)
		return 0;
	*rate = (struct qos_gen_rate){ 0 };
	if (qos_unit_bitrate(text, &rate->bps, NULL) == 0)
		return 0;
	snprintf(why, 200, "\"%.*s\" is no rate; write for example 5k/s (messages) or 10mbit (load)",
		 text.n > 40 ? 40 : (int)text.n, text.p);
	return -1;
}

enum key { KEY_SHARE, KEY_RATE, KEY_ARRIVALS, KEY_SIZE, KEY_SERVICE, KEY_TYPE, KEY_PRIORITY, N_KEYS };
static const char *const keys[N_KEYS] = { "share", "rate", "arrivals", "size", "service", "type", "priority" };

/* Index of the key that text begins with, and its bytes up to and with '='; -1. */
static int key_at(const char *p, const char *end, size_t *n)
{
	for (int i = 0; i < N_KEYS; i++) {
		size_t len = strlen(keys[i]);

		if ((size_t)(end - p) > len && memcmp(p, keys[i], len) == 0 && p[len] == '=') {
			*n = len + 1;
			return i;
		}
	}
	return -1;
}

static int refuse_key(const char *p, const char *end, char *why)
{
	size_t n = 0;
	const char *near;

	while (p + n < end && p[n] != '=' && p[n] != ',')
		n++;
	near = qos_nearest(p, n, keys, N_KEYS);
	snprintf(why, 200, "\"%.*s\" is no key of a class; %s%s%s", n > 40 ? 40 : (int)n, p,
		 near ? "did you mean " : "they are share, rate, arrivals, size, service, type, priority",
		 near ? near : "", near ? "?" : "");
	return -1;
}

/* Does a comma at p end the value: is what follows KEY=, or something like it? */
static bool ends_value(const char *p, const char *end)
{
	for (p++; p < end && ((*p | 32) >= 'a' && (*p | 32) <= 'z'); p++)
		;
	return p < end && *p == '=';
}

static int set(struct qos_gen_class *c, enum key key, struct qos_str value, char *why)
{
	switch (key) {
	case KEY_SHARE: return qos_unit_share(value, &c->share, why);
	case KEY_RATE: return qos_gen_rate_parse(value, &c->rate, why);
	case KEY_ARRIVALS: c->own_arrivals = true; return qos_arrival_parse(value, &c->arrivals, why);
	case KEY_SIZE: c->own_size = true; return qos_size_parse(value, QOS_LAW_BYTES, &c->size, why);
	case KEY_SERVICE: return qos_size_parse(value, QOS_LAW_SPAN, &c->service, why);
	case KEY_TYPE: return qos_choice_parse(value, &c->types, why);
	case KEY_PRIORITY: return qos_choice_parse(value, &c->priorities, why);
	default: return -1;
	}
}

int qos_gen_class_parse(struct qos_str text, struct qos_gen_class *c, char *why)
{
	const char *colon = text.n ? memchr(text.p, ':', text.n) : NULL, *end = text.p + text.n,
		   *p = colon ? colon + 1 : end;
	struct qos_str name = { text.p, (size_t)((colon ? colon : end) - text.p) };
	const struct profile *profile = &other;

	for (int i = 0; i < QOS_GEN_DEFAULTS; i++)
		if (qos_str_is(name, profiles[i].name))
			profile = &profiles[i];
	from_profile(profile, c);
	c->share = -1;
	if (qos_token_set(&c->name, name)) {
		snprintf(why, 200, "\"%.*s\" is no name of a class; use at most %d letters, digits, _ - .",
			 name.n > 40 ? 40 : (int)name.n, name.p, QOS_TOKEN_BYTES);
		return -1;
	}
	while (p < end) {
		size_t n = 0;
		int key = key_at(p, end, &n);
		const char *value = p + n;

		if (key < 0)
			return refuse_key(p, end, why);
		for (p = value; p < end && (*p != ',' || !ends_value(p, end)); p++)
			;
		if (set(c, (enum key)key, (struct qos_str){ value, (size_t)(p - value) }, why))
			return -1;
		p += p < end;
	}
	return 0;
}
