/*
 * trtcm: two rates, a peak and a committed one.
 *
 * Bucket P of pbs fills at pir, bucket C of cbs at cir.  What does not fit into P is red and takes nothing; what fits
 * into P alone is yellow and takes from it; green takes from both.
 *
 * After  RFC 2698; tokens run in, exactly.
 */
#include "meter/meter.h"
#include "meter/tokens.h"

struct params {
	struct qos_meter_common common;
	int64_t cir_bps, cbs_bytes, pir_bps, pbs_bytes;
};

struct trtcm {
	__int128 c, p;
	int64_t last_ns;
};

static const struct qos_param params[] = {
	QOS_METER_COMMON,
	{ "cir", QOS_PARAM_BITRATE, offsetof(struct params, cir_bps), NULL, "1", NULL, "committed information rate" },
	{ "cbs", QOS_PARAM_SIZE, offsetof(struct params, cbs_bytes), NULL, "1", NULL, "committed burst: green" },
	{ "pir", QOS_PARAM_BITRATE, offsetof(struct params, pir_bps), NULL, "1", NULL, "peak rate, at least cir" },
	{ "pbs", QOS_PARAM_SIZE, offsetof(struct params, pbs_bytes), NULL, "1", NULL, "peak burst: green and yellow" },
	{ 0 }
};

static int trtcm_check(const void *par, struct qos_err *err)
{
	const struct params *p = par;

	if (p->cir_bps == 0 || p->pir_bps == 0 || p->cbs_bytes == 0 || p->pbs_bytes == 0)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE,
				"trtcm without %s; write for example cir=7mbit,cbs=100kB,pir=9mbit,pbs=200kB",
				!p->cir_bps     ? "cir"
				: !p->cbs_bytes ? "cbs"
				: !p->pir_bps   ? "pir"
						: "pbs");
	if (p->pir_bps < p->cir_bps)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "trtcm: pir is below cir; raise it");
	return 0;
}

static void trtcm_init(void *state, const void *par)
{
	const struct params *p = par;
	struct trtcm *s = state;

	s->c = qos_tokens_of(p->cbs_bytes);
	s->p = qos_tokens_of(p->pbs_bytes);
	s->last_ns = INT64_MIN;
}

static enum qos_color trtcm_color(void *state, const void *par, int64_t bytes, enum qos_color was, int64_t now_ns)
{
	const struct params *p = par;
	struct trtcm *s = state;
	__int128 cost = qos_tokens_of(bytes);
	int64_t span_ns = qos_tokens_since(&s->last_ns, now_ns);

	qos_tokens_add(&s->c, (__int128)p->cir_bps * span_ns, qos_tokens_of(p->cbs_bytes));
	qos_tokens_add(&s->p, (__int128)p->pir_bps * span_ns, qos_tokens_of(p->pbs_bytes));
	if (was == QOS_RED || s->p < cost)
		return QOS_RED;
	s->p -= cost;
	if (was == QOS_YELLOW || s->c < cost)
		return QOS_YELLOW;
	s->c -= cost;
	return QOS_GREEN;
}

const struct qos_meter qos_meter_trtcm = {
	.name = "trtcm",
	.summary = "a committed and a peak rate (RFC 2698)",
	.state_bytes = sizeof(struct trtcm),
	.params = params,
	.params_bytes = sizeof(struct params),
	.check = trtcm_check,
	.init = trtcm_init,
	.color = trtcm_color,
};
