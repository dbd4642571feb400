/*
 * codel: controlled delay.
 *
 * A standing queue shows itself by sojourn times that stay above `target` for a whole `interval`.  Then the record at
 * the head is dropped, and further ones at intervals that shrink with the square root of their number, until a record
 * comes out in time.  A queue of one largest record is never touched.  No randomness.
 *
 *   k-th drop after the first: sum over i <= k of interval / sqrt(i)
 *
 * Cost   O(1) a record; a square root a drop.
 * After  RFC 8289; memory of the last drop rate for 16 intervals as in its reference code.
 */
#include "aqm/aqm.h"

struct params {
	int64_t target_ns, interval_ns;
};

enum step { STEP_IDLE, STEP_ENTERED, STEP_DROPPED }; /* what the last call of this round of service did */

struct codel {
	int64_t first_above_ns; /* when sojourn will have been above target for an interval; 0: it is not above */
	int64_t drop_next_ns;
	uint32_t count, last_count; /* drops in this state, and when it was entered */
	bool dropping;
	uint8_t step;
};

static const struct qos_param params[] = { { "target", QOS_PARAM_DURATION, offsetof(struct params, target_ns), "5ms",
					     "1ns", NULL, "sojourn time that is fine" },
					   { "interval", QOS_PARAM_DURATION, offsetof(struct params, interval_ns),
					     "100ms", "1ns", NULL,
					     "how long it may be above the target before the first drop" },
					   { 0 } };

static uint64_t root(uint64_t x)
{
	uint64_t r = 0;

	for (uint64_t bit = 1ull << 31; bit; bit >>= 1)
		if ((r + bit) * (r + bit) <= x)
			r += bit;
	return r;
}

/* interval / sqrt(count), in 20 fractional bits of the root */
static int64_t next_drop(int64_t from_ns, const struct params *p, uint32_t count)
{
	uint64_t few = count < 1 << 24 ? count : 1 << 24; /* the least gap there is: interval / 4096 */
	uint64_t scaled = root(few << 40);                /* sqrt(count) * 2^20 */

	return from_ns + (int64_t)(((unsigned __int128)p->interval_ns << 20) / scaled);
}

/* Has the sojourn time been above target for an interval? */
static bool too_long(struct codel *c, const struct params *p, const struct qos_aqm_view *v)
{
	if (v->sojourn_ns < p->target_ns || v->n_bytes <= v->largest_bytes) {
		c->first_above_ns = 0;
		return false;
	}
	if (c->first_above_ns == 0) {
		c->first_above_ns = v->now_ns + p->interval_ns;
		return false;
	}
	return v->now_ns >= c->first_above_ns;
}

/* In the dropping state: is a drop due?  Several may be, one after the other. */
static enum qos_aqm_verdict drop_if_due(struct codel *c, const struct params *p, const struct qos_aqm_view *v)
{
	if (v->now_ns < c->drop_next_ns)
		return QOS_PASS;
	c->count++;
	if (v->mark) {
		c->drop_next_ns = next_drop(c->drop_next_ns, p, c->count);
		return QOS_MARK;
	}
	c->step = STEP_DROPPED;
	return QOS_REFUSE;
}

/* Starts near the rate that worked last time, if that was lately. */
static enum qos_aqm_verdict enter(struct codel *c, const struct params *p, const struct qos_aqm_view *v)
{
	uint32_t more = c->count - c->last_count;

	c->count = more > 1 && v->now_ns - c->drop_next_ns < 16 * p->interval_ns ? more : 1;
	c->last_count = c->count;
	c->dropping = true;
	c->drop_next_ns = next_drop(v->now_ns, p, c->count);
	if (v->mark)
		return QOS_MARK;
	c->step = STEP_ENTERED;
	return QOS_REFUSE;
}

static enum qos_aqm_verdict codel_leave(void *state, const void *par, const struct qos_aqm_view *v)
{
	struct codel *c = state;
	const struct params *p = par;
	enum step step = (enum step)c->step;
	bool above = too_long(c, p, v);

	c->step = STEP_IDLE;
	if (step == STEP_ENTERED)
		return QOS_PASS; /* one drop, then this one goes */
	if (!c->dropping)
		return above ? enter(c, p, v) : QOS_PASS;
	if (!above) {
		c->dropping = false;
		return QOS_PASS;
	}
	if (step == STEP_DROPPED)
		c->drop_next_ns = next_drop(c->drop_next_ns, p, c->count);
	return drop_if_due(c, p, v);
}

static void codel_empty(void *state)
{
	struct codel *c = state;

	c->first_above_ns = 0;
	c->dropping = c->dropping && c->step == STEP_ENTERED;
	c->step = STEP_IDLE;
}

const struct qos_aqm qos_aqm_codel = {
	.name = "codel",
	.summary = "drops at the head while records have waited too long for a whole interval (RFC 8289)",
	.state_bytes = sizeof(struct codel),
	.params = params,
	.params_bytes = sizeof(struct params),
	.by_stream = true,
	.leave = codel_leave,
	.empty = codel_empty,
};
