/*
 * The tree: link and classes.
 *
 * Round robin spends surplus: a class sends while its credit is positive and may overdraw it by one record; with the
 * next turn it earns a quantum.  The bound is that of DRR (a quantum and a largest record), and nobody has to look at
 * the size of the next record.
 *
 * After  Devera, "HTB Linux queuing discipline manual" (2002), and sch_htb: floors before borrowers, prio among
 * borrowers.
 */
#include "shape/tree.h"

#include <string.h>

#include "base/bits.h"
#include "unit/human.h"

#define FLOOR_SPAN_NS \
	100000000LL       /* default depth of a floor: what its rate gives in 100 ms, times burst_multiplier \
			   */
#define WEIGHT_LEAST 1e-3 /* of a class without a guarantee: it borrows last, but it borrows */

static int64_t default_depth(const struct qos_config *c, int64_t rate_bps)
{
	double bytes = c->burst_multiplier * (double)rate_bps / 8 * ((double)FLOOR_SPAN_NS / 1e9);

	return bytes < 1e15 ? (int64_t)bytes : (int64_t)1e15;
}

static double weight(const struct qos_config *c, int64_t rate_bps)
{
	double w = (double)rate_bps / (double)c->total_bandwidth_bps;

	return w < WEIGHT_LEAST ? WEIGHT_LEAST : w;
}

static int init_class(struct qos_tree *t, const struct qos_config *c, int i, struct qos_err *err)
{
	const struct qos_class_config *from = &c->classes[i];
	struct qos_tree_class *class = &t->class[i];
	int64_t rate_bps = qos_config_guarantee(c, from);
	char rate[QOS_HUMAN_BYTES], ceil[QOS_HUMAN_BYTES];

	if (from->ceil_bps != QOS_DEFAULT && from->ceil_bps < rate_bps) {
		qos_human_bitrate(rate, (double)rate_bps);
		qos_human_bitrate(ceil, (double)from->ceil_bps);
		return qos_fail(
			err, QOS_EUSAGE, from->at,
			"class %.*s: its ceil of %s is below its guarantee of %s; raise ceil or lower rate or share",
			QOS_STR_ARG(from->name), ceil, rate);
	}
	class->prio = from->shape_prio;
	class->has_floor = rate_bps > 0;
	if (class->has_floor)
		qos_bucket_init(&class->floor, rate_bps,
				from->burst_bytes == QOS_DEFAULT ? default_depth(c, rate_bps) : from->burst_bytes);
	class->has_ceil = from->ceil_bps != QOS_DEFAULT;
	class->ceil_depth_follows = from->cburst_bytes == QOS_DEFAULT;
	if (class->has_ceil)
		qos_bucket_init(&class->ceil, from->ceil_bps, class->ceil_depth_follows ? 0 : from->cburst_bytes);
	class->weight = weight(c, rate_bps);
	class->quantum_follows = from->quantum_bytes == QOS_DEFAULT;
	class->quantum_bytes = class->quantum_follows ? 1 : from->quantum_bytes;
	return 0;
}

static void group_by_prio(struct qos_tree *t)
{
	memset(t->same_prio, 0, sizeof(t->same_prio));
	for (int i = 0; i < t->n_classes; i++)
		for (int k = 0; k < t->n_classes; k++)
			if (t->class[i].prio == t->class[k].prio)
				t->same_prio[i] |= 1ull << k;
}

int qos_tree_init(struct qos_tree *t, const struct qos_config *config, struct qos_err *err)
{
	int rc = qos_config_check_guarantees(config, err);

	*t = (struct qos_tree){ .n_classes = config->n_classes,
				.weight_least = 1,
				.link_bps = config->total_bandwidth_bps };
	t->link_depth_follows = config->link_burst_bytes == QOS_DEFAULT;
	qos_bucket_init(&t->link, config->total_bandwidth_bps, t->link_depth_follows ? 0 : config->link_burst_bytes);
	for (int i = 0; !rc && i < t->n_classes; i++) {
		rc = init_class(t, config, i, err);
		if (t->class[i].weight < t->weight_least)
			t->weight_least = t->class[i].weight;
	}
	group_by_prio(t);
	return rc;
}

/* At least what the link sends in a microsecond, which most traces cannot tell from the moment before. */
static int64_t link_depth(const struct qos_tree *t)
{
	int64_t instant_bytes = t->link_bps / 8 / 1000000;

	return t->largest_bytes > instant_bytes ? t->largest_bytes : instant_bytes;
}

static void grow(struct qos_tree *t, int64_t bytes)
{
	t->largest_bytes = bytes;
	if (t->link_depth_follows)
		qos_bucket_depth(&t->link, link_depth(t));
	for (int i = 0; i < t->n_classes; i++)
		if (t->class[i].quantum_follows)
			t->class[i].quantum_bytes =
				(int64_t)(t->class[i].weight / t->weight_least * (double)bytes + 0.5);
}

static void change_bucket(struct qos_bucket *b, bool *has, bool has_now, int64_t rate_bps, int64_t depth_bytes,
			  int64_t now_ns)
{
	if (has_now && *has) {
		qos_bucket_rate(b, rate_bps, now_ns);
		qos_bucket_depth(b, depth_bytes);
	} else if (has_now) {
		qos_bucket_init(b, rate_bps, depth_bytes);
	}
	*has = has_now;
}

static void change_class(struct qos_tree *t, const struct qos_config *c, int i, int64_t now_ns)
{
	const struct qos_class_config *from = &c->classes[i];
	struct qos_tree_class *class = &t->class[i];
	int64_t rate_bps = qos_config_guarantee(c, from), ceil_bytes = from->cburst_bytes;

	if (ceil_bytes == QOS_DEFAULT)
		ceil_bytes = class->has_ceil ? class->ceil.depth_bytes : t->largest_bytes;
	class->prio = from->shape_prio;
	change_bucket(&class->floor, &class->has_floor, rate_bps > 0, rate_bps,
		      from->burst_bytes == QOS_DEFAULT ? default_depth(c, rate_bps) : from->burst_bytes, now_ns);
	class->ceil_depth_follows = from->cburst_bytes == QOS_DEFAULT;
	change_bucket(&class->ceil, &class->has_ceil, from->ceil_bps != QOS_DEFAULT, from->ceil_bps, ceil_bytes,
		      now_ns);
	class->weight = weight(c, rate_bps);
	class->quantum_follows = from->quantum_bytes == QOS_DEFAULT;
	class->quantum_bytes = class->quantum_follows ? 1 : from->quantum_bytes;
}

void qos_tree_change(struct qos_tree *t, const struct qos_config *c, int64_t now_ns)
{
	qos_bucket_rate(&t->link, c->total_bandwidth_bps, now_ns);
	t->weight_least = 1;
	for (int i = 0; i < t->n_classes; i++) {
		change_class(t, c, i, now_ns);
		if (t->class[i].weight < t->weight_least)
			t->weight_least = t->class[i].weight;
	}
	group_by_prio(t);
	grow(t, t->largest_bytes);
}

void qos_tree_see(struct qos_tree *t, int class, int64_t bytes)
{
	struct qos_tree_class *c = &t->class[class];

	if (bytes > t->largest_bytes)
		grow(t, bytes);
	if (c->has_ceil && c->ceil_depth_follows && bytes > c->ceil.depth_bytes)
		qos_bucket_depth(&c->ceil, bytes);
}

/* When does the ceil let `bytes` go?  More than its depth goes, into debt, once it is full. */
static int64_t below_ceil(const struct qos_tree_class *c, int64_t bytes)
{
	return qos_bucket_when(&c->ceil, bytes < c->ceil.depth_bytes ? bytes : c->ceil.depth_bytes);
}

/* The next class in turn among `members`, each of which earns its quantum when it is passed over. */
static int take_turn(struct qos_tree *t, uint64_t members, enum qos_claim claim)
{
	for (;;) {
		uint64_t after = members & (~0ull << t->turn[claim]);
		int i = qos_bits_first(after ? after : members);

		t->turn[claim] = i;
		if (t->class[i].credit_bytes[claim] > 0)
			return i;
		t->class[i].credit_bytes[claim] += t->class[i].quantum_bytes;
		if (t->class[i].credit_bytes[claim] > 0)
			return i;
		t->turn[claim] = (i + 1) % t->n_classes;
	}
}

/* Of the candidates, those of the lowest prio. */
static uint64_t most_urgent(const struct qos_tree *t, uint64_t candidates)
{
	int best = qos_bits_first(candidates), i;

	if ((t->same_prio[best] & candidates) == candidates)
		return candidates;
	qos_bits_each (i, candidates) {
		if (t->class[i].prio < t->class[best].prio)
			best = i;
	}
	return candidates & t->same_prio[best];
}

int qos_tree_pick(struct qos_tree *t, const int64_t *head_bytes, int64_t now_ns, enum qos_claim *claim,
		  int64_t *when_ns)
{
	uint64_t candidates[QOS_N_CLAIMS] = { 0 };
	int i;

	*when_ns = INT64_MAX;
	qos_bits_each (i, t->waiting) {
		struct qos_tree_class *c = &t->class[i];
		int64_t ceil_ns = c->has_ceil ? below_ceil(c, head_bytes[i]) : now_ns;

		if (ceil_ns > now_ns) {
			if (ceil_ns < *when_ns)
				*when_ns = ceil_ns;
		} else if (c->has_floor && qos_bucket_ready(&c->floor, now_ns)) {
			candidates[QOS_CLAIM_FLOOR] |= 1ull << i;
		} else {
			candidates[QOS_CLAIM_BORROW] |= 1ull << i;
		}
	}
	*claim = candidates[QOS_CLAIM_FLOOR] ? QOS_CLAIM_FLOOR : QOS_CLAIM_BORROW;
	if (!candidates[*claim])
		return -1;
	return take_turn(t, most_urgent(t, candidates[*claim]), *claim);
}

void qos_tree_send(struct qos_tree *t, int class, enum qos_claim claim, int64_t bytes, int64_t now_ns)
{
	struct qos_tree_class *c = &t->class[class];

	qos_bucket_take(&t->link, bytes, now_ns);
	if (c->has_floor)
		qos_bucket_take(&c->floor, bytes, now_ns);
	if (c->has_ceil)
		qos_bucket_take(&c->ceil, bytes, now_ns);
	c->credit_bytes[claim] -= bytes;
	if (c->credit_bytes[claim] <= 0)
		t->turn[claim] = (class + 1) % t->n_classes;
}

void qos_tree_idle(struct qos_tree *t, int class)
{
	t->waiting &= ~(1ull << class);
	for (int k = 0; k < QOS_N_CLAIMS; k++)
		if (t->class[class].credit_bytes[k] > 0)
			t->class[class].credit_bytes[k] = 0;
}
