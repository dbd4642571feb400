/*
 * srtcm: a single rate, two bursts.
 *
 * Bucket C of cbs fills at cir; what runs over fills bucket E of ebs.  Green takes from C, yellow from E, red from
 * neither.  So yellow is saved up while less than cir comes, and lets a longer burst through than green.
 *
 * After  RFC 2697, whose tokens are bytes that drop in one by one; here they run in, exactly.
 */
#include "meter/meter.h"
#include "meter/tokens.h"

struct params {
	struct qos_meter_common common;
	int64_t cir_bps, cbs_bytes, ebs_bytes;
};

struct srtcm {
	__int128 c, e;
	int64_t last_ns;
};

static const struct qos_param params[] = {
	QOS_METER_COMMON,
	{ "cir", QOS_PARAM_BITRATE, offsetof(struct params, cir_bps), NULL, "1", NULL, "committed information rate" },
	{ "cbs", QOS_PARAM_SIZE, offsetof(struct params, cbs_bytes), NULL, NULL, NULL, "committed burst: green" },
	{ "ebs", QOS_PARAM_SIZE, offsetof(struct params, ebs_bytes), NULL, NULL, NULL, "excess burst: yellow" },
	{ 0 }
};

static int srtcm_check(const void *par, struct qos_err *err)
{
	const struct params *p = par;

	if (p->cir_bps == 0)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "srtcm without cir; write for example cir=7mbit");
	if (p->cbs_bytes == 0 && p->ebs_bytes == 0)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE,
				"srtcm: with cbs and ebs both 0 all is red; write for example cbs=100kB");
	return 0;
}

static void srtcm_init(void *state, const void *par)
{
	const struct params *p = par;
	struct srtcm *s = state;

	s->c = qos_tokens_of(p->cbs_bytes);
	s->e = qos_tokens_of(p->ebs_bytes);
	s->last_ns = INT64_MIN;
}

static enum qos_color srtcm_color(void *state, const void *par, int64_t bytes, enum qos_color was, int64_t now_ns)
{
	const struct params *p = par;
	struct srtcm *s = state;
	__int128 cost = qos_tokens_of(bytes), over;

	over = qos_tokens_add(&s->c, (__int128)p->cir_bps * qos_tokens_since(&s->last_ns, now_ns),
			      qos_tokens_of(p->cbs_bytes));
	qos_tokens_add(&s->e, over, qos_tokens_of(p->ebs_bytes));
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

const struct qos_meter qos_meter_srtcm = {
	.name = "srtcm",
	.summary = "one rate, two bursts (RFC 2697)",
	.state_bytes = sizeof(struct srtcm),
	.params = params,
	.params_bytes = sizeof(struct params),
	.check = srtcm_check,
	.init = srtcm_init,
	.color = srtcm_color,
};
