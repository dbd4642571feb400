/*
 * gcra: one rate, one burst, two colours.
 *
 * Either of bytes (rate, burst) or of records whatever their size (records in each `per`, evenly; as many at once).
 * Green conforms and takes; red does not, and takes nothing.
 *
 *   conform iff t >= TAT - tau; TAT = max(t, TAT) + T	is the same as a bucket of T + tau that each record takes T from
 *
 * After  ITU-T I.371 (generic cell rate algorithm), carried to records of any size.
 */
#include "meter/meter.h"
#include "meter/tokens.h"

struct params {
	struct qos_meter_common common;
	int64_t rate_bps, burst_bytes;
	int64_t n_records, per_ns;
};

struct gcra {
	__int128 level, depth;
	int64_t last_ns;
};

static const struct qos_param params[] = {
	QOS_METER_COMMON,
	{ "rate", QOS_PARAM_BITRATE, offsetof(struct params, rate_bps), NULL, "1", NULL, "bytes that are green" },
	{ "burst", QOS_PARAM_SIZE, offsetof(struct params, burst_bytes), NULL, "1", NULL, "of them at once" },
	{ "records", QOS_PARAM_COUNT, offsetof(struct params, n_records), NULL, "1", "1000000000",
	  "instead: so many records are green" },
	{ "per", QOS_PARAM_DURATION, offsetof(struct params, per_ns), "1s", "1ns", NULL, "in each such span" },
	{ 0 }
};

static int gcra_check(const void *par, struct qos_err *err)
{
	const struct params *p = par;

	if (p->n_records ? p->rate_bps || p->burst_bytes : !p->rate_bps || !p->burst_bytes)
		return qos_fail(
			err, QOS_EUSAGE, QOS_NOWHERE,
			"gcra wants either rate and burst, or records; write for example rate=7mbit,burst=100kB "
			"or records=100,per=1s");
	return 0;
}

/* In a meter of records a token is the per-th part of a record, and n_records of them come each nanosecond. */
static void gcra_init(void *state, const void *par)
{
	const struct params *p = par;
	struct gcra *s = state;

	s->depth = p->n_records ? (__int128)p->n_records * p->per_ns : qos_tokens_of(p->burst_bytes);
	s->level = s->depth;
	s->last_ns = INT64_MIN;
}

static enum qos_color gcra_color(void *state, const void *par, int64_t bytes, enum qos_color was, int64_t now_ns)
{
	const struct params *p = par;
	struct gcra *s = state;
	__int128 cost = p->n_records ? p->per_ns : qos_tokens_of(bytes);
	int64_t span_ns = qos_tokens_since(&s->last_ns, now_ns);

	qos_tokens_add(&s->level, (__int128)(p->n_records ? p->n_records : p->rate_bps) * span_ns, s->depth);
	if (was == QOS_RED || s->level < cost)
		return QOS_RED;
	s->level -= cost;
	return was;
}

const struct qos_meter qos_meter_gcra = {
	.name = "gcra",
	.summary = "one rate and burst, of bytes or of records (ITU-T I.371): green or red",
	.state_bytes = sizeof(struct gcra),
	.params = params,
	.params_bytes = sizeof(struct params),
	.check = gcra_check,
	.init = gcra_init,
	.color = gcra_color,
};
