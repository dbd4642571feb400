/*
 * trtcm4115: two rates that do not overlap, a committed and an excess one.
 *
 * Bucket C of cbs fills at cir, bucket E of ebs at eir.  Green takes from C alone, yellow from E alone: records that
 * came in yellow use up nothing of what green ones are promised.
 *
 * After  RFC 4115; tokens run in, exactly.
 */
#include "meter/meter.h"
#include "meter/tokens.h"

struct params {
	struct qos_meter_common common;
	int64_t cir_bps, cbs_bytes, eir_bps, ebs_bytes;
};

struct trtcm4115 {
	__int128 c, e;
	int64_t last_ns;
};

static const struct qos_param params[] = {
	QOS_METER_COMMON,
	{ "cir", QOS_PARAM_BITRATE, offsetof(struct params, cir_bps), NULL, "1", NULL, "committed information rate" },
	{ "cbs", QOS_PARAM_SIZE, offsetof(struct params, cbs_bytes), NULL, NULL, NULL, "committed burst: green" },
	{ "eir", QOS_PARAM_BITRATE, offsetof(struct params, eir_bps), NULL, NULL, NULL, "excess information rate" },
	{ "ebs", QOS_PARAM_SIZE, offsetof(struct params, ebs_bytes), NULL, NULL, NULL, "excess burst: yellow" },
	{ 0 }
};

static int trtcm4115_check(const void *par, struct qos_err *err)
{
	const struct params *p = par;

	if (p->cir_bps == 0)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "trtcm4115 without cir; write for example cir=7mbit");
	if (p->cbs_bytes == 0 && p->ebs_bytes == 0)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE,
				"trtcm4115: with cbs and ebs both 0 all is red; write for example cbs=100kB");
	return 0;
}

static void trtcm4115_init(void *state, const void *par)
{
	const struct params *p = par;
	struct trtcm4115 *s = state;

	s->c = qos_tokens_of(p->cbs_bytes);
	s->e = qos_tokens_of(p->ebs_bytes);
	s->last_ns = INT64_MIN;
}

static enum qos_color trtcm4115_color(void *state, const void *par, int64_t bytes, enum qos_color was, int64_t now_ns)
{
	const struct params *p = par;
	struct trtcm4115 *s = state;
	__int128 cost = qos_tokens_of(bytes);
	int64_t span_ns = qos_tokens_since(&s->last_ns, now_ns);

	qos_tokens_add(&s->c, (__int128)p->cir_bps * span_ns, qos_tokens_of(p->cbs_bytes));
	qos_tokens_add(&s->e, (__int128)p->eir_bps * span_ns, qos_tokens_of(p->ebs_bytes));
	if (was == QOS_GREEN && s->c >= cost) {
		s->c -= cost;
		return QOS_GREEN;
	}
	if (was != QOS_RED && s->e >= cost) {
		s->e -= cost;
		return QOS_YELLOW;
	}
	return QOS_RED;
}

const struct qos_meter qos_meter_trtcm4115 = {
	.name = "trtcm4115",
	.summary = "a committed and an excess rate, apart from each other (RFC 4115)",
	.state_bytes = sizeof(struct trtcm4115),
	.params = params,
	.params_bytes = sizeof(struct params),
	.check = trtcm4115_check,
	.init = trtcm4115_init,
	.color = trtcm4115_color,
};
