/* Adapters: their settings by key, from the file, behind an URI, or in a sim: query. */
#include <stdio.h>
#include <string.h>

#include "config/values.h"
#include "unit/unit.h"

#define WHY_BYTES 200

static const char *const keys[] = { "rate",   "concurrency", "latency",  "delivery", "buffer", "window", "stuck",
				    "weight", "region",      "services", "faults",   "fail",   "slow",   "error" };

static int in_range(int64_t n, int64_t least, int64_t most, char *why)
{
	if (n >= least && n <= most)
		return 0;
	snprintf(why, WHY_BYTES, "%lld is out of range; write %lld to %lld", (long long)n, (long long)least,
		 (long long)most);
	return -1;
}

void qos_config_adapter_defaults(struct qos_adapter_config *a)
{
	a->at_least_once = true;
	a->buffer_bytes = 1 << 20;
	a->window_bytes = 1 << 18; /* twice what cat and most programs read at once */
	a->stuck_ns = 1000000000;
	a->weight = 1;
}

/* One as in fail=10s-20s, or several with commas between them. */
static int add_fault(struct qos_adapter_config *a, struct qos_str text, char *why)
{
	if (a->n_faults < QOS_ADAPTER_FAULTS) {
		a->fault[a->n_faults++] = text;
		return 0;
	}
	snprintf(why, WHY_BYTES, "more than %d faults", QOS_ADAPTER_FAULTS);
	return -1;
}

static int unknown_key(struct qos_str key, char *why)
{
	const char *near = qos_nearest(key.p, key.n, keys, sizeof(keys) / sizeof(*keys));

	snprintf(why, WHY_BYTES, "an adapter has no \"%.*s\"; %s%s%s", QOS_STR_ARG(key),
		 near ? "did you mean \"" : "write rate, concurrency, latency, weight, region or services",
		 near ? near : "", near ? "\"?" : "");
	return -1;
}

int qos_config_adapter_set(struct qos_adapter_config *a, struct qos_str key, struct qos_str value, char *why)
{
	int64_t n;

	if (qos_str_is(key, "rate")) {
		a->rate_bps = QOS_DEFAULT;
		a->rate_num = 0;
		if (!qos_unit_msgrate(value, &a->rate_num, &a->rate_den, NULL))
			return 0;
		a->rate_num = 0;
		return qos_unit_bitrate(value, &a->rate_bps, why);
	}
	if (qos_str_is(key, "concurrency")) {
		if (qos_unit_count(value, &n, why) || in_range(n, 1, 65535, why))
			return -1;
		a->concurrency = (int)n;
		return 0;
	}
	if (qos_str_is(key, "latency")) {
		a->latency = value;
		return 0;
	}
	if (qos_str_is(key, "faults"))
		return add_fault(a, value, why);
	if (qos_str_is(key, "fail") || qos_str_is(key, "slow") || qos_str_is(key, "error"))
		return add_fault(a, (struct qos_str){ key.p, (size_t)(value.p + value.n - key.p) }, why);
	if (qos_str_is(key, "delivery")) {
		a->at_least_once = qos_str_is(value, "at_least_once");
		if (a->at_least_once || qos_str_is(value, "at_most_once"))
			return 0;
		snprintf(why, WHY_BYTES, "\"%.*s\" is no delivery; write at_least_once or at_most_once",
			 QOS_STR_ARG(value));
		return -1;
	}
	if (qos_str_is(key, "buffer"))
		return qos_unit_size(value, &a->buffer_bytes, why) || in_range(a->buffer_bytes, 1, 1 << 30, why);
	if (qos_str_is(key, "window"))
		return qos_unit_size(value, &a->window_bytes, why) || in_range(a->window_bytes, 0, 1 << 30, why);
	if (qos_str_is(key, "stuck"))
		return qos_unit_duration(value, 1000000000, &a->stuck_ns, why);
	if (qos_str_is(key, "weight")) {
		if (!qos_unit_number(value, &a->weight) && a->weight > 0 && a->weight <= 1e6)
			return 0;
		snprintf(why, WHY_BYTES, "\"%.*s\" is no weight; write a number above 0, up to 1000000",
			 QOS_STR_ARG(value));
		return -1;
	}
	if (qos_str_is(key, "region")) {
		a->region = value;
		return 0;
	}
	if (qos_str_is(key, "services")) {
		a->services = value;
		return 0;
	}
	return unknown_key(key, why);
}

/* Takes `,KEY=VALUE` off the end of an URI, as long as KEY is one of ours: a command may have commas too. */
static int take_options(struct qos_adapter_config *a, char *why)
{
	for (;;) {
		const char *comma = memrchr(a->uri.p, ',', a->uri.n), *end = a->uri.p + a->uri.n, *equals;
		struct qos_str key;
		bool known = false;

		equals = comma ? memchr(comma, '=', (size_t)(end - comma)) : NULL;
		if (!equals)
			return 0;
		key = (struct qos_str){ comma + 1, (size_t)(equals - comma - 1) };
		for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
			known = known || qos_str_is(key, keys[i]);
		if (!known)
			return 0;
		if (qos_config_adapter_set(a, key, (struct qos_str){ equals + 1, (size_t)(end - equals - 1) }, why))
			return -1;
		a->uri.n = (size_t)(comma - a->uri.p);
	}
}

/* Does it begin with the name of a transport? */
static bool is_real(struct qos_str uri)
{
	static const char *const kinds[] = { "file", "fifo", "unix", "tcp", "udp", "exec", "fd", "null" };
	const char *colon = memchr(uri.p, ':', uri.n);

	for (size_t i = 0; colon && i < sizeof(kinds) / sizeof(*kinds); i++)
		if (qos_str_is((struct qos_str){ uri.p, (size_t)(colon - uri.p) }, kinds[i]))
			return true;
	return false;
}

int qos_config_adapter(struct qos_adapter_config *a, struct qos_str uri, char *why)
{
	const char *p, *end;

	a->uri = uri;
	if (take_options(a, why))
		return -1;
	uri = a->uri;
	p = uri.p + 4;
	end = uri.p + uri.n;
	if (is_real(uri))
		return 0; /* who opens it reads the rest */
	if (!qos_str_starts(uri, QOS_STR("sim:")) || (p < end && *p != '?')) {
		snprintf(why, WHY_BYTES,
			 "\"%.*s\" is no adapter; write for example sim:?rate=10mbit&concurrency=4 or exec:COMMAND",
			 QOS_STR_ARG(uri));
		return -1;
	}
	while (p < end) {
		const char *key = p + 1, *stop = memchr(key, '&', (size_t)(end - key)), *equals;

		stop = stop ? stop : end;
		equals = memchr(key, '=', (size_t)(stop - key));
		if (!equals) {
			snprintf(why, WHY_BYTES, "\"%.*s\" is not KEY=VALUE", (int)(stop - key), key);
			return -1;
		}
		if (qos_config_adapter_set(a, (struct qos_str){ key, (size_t)(equals - key) },
					   (struct qos_str){ equals + 1, (size_t)(stop - equals - 1) }, why))
			return -1;
		p = stop;
	}
	return 0;
}
