/*
 * Water filling.
 *
 * Between two events the sum of what is granted is a straight line in the level: what does not rise (spent) and
 * L x the weights of what rises.  The last event that the total affords ends the search; what is left then is divided
 * by weight among those that rise, none of which can reach its limit.
 */
#include "alloc/share.h"

#include <stdbool.h>
#include <stdlib.h>

typedef unsigned __int128 wide;

static int64_t within(int64_t x, int64_t most)
{
	if (x < 0)
		return 0;
	return x < most ? x : most;
}

static int64_t weight_of(const struct qos_share_claim *c)
{
	return within(c->weight, QOS_SHARE_WEIGHT_MOST);
}

/* The most that it may get. */
static int64_t limit_of(const struct qos_share_claim *c)
{
	int64_t demand = within(c->demand, QOS_SHARE_MOST);

	return within(c->ceil, demand);
}

/* The floor, as far as it is wanted. */
static int64_t floor_of(const struct qos_share_claim *c)
{
	return within(c->floor, limit_of(c));
}

/* By level; of equal ones those that start first, so that who starts and stops at one level does so in this order. */
static int by_level(const void *x, const void *y)
{
	const struct qos_share_event *a = x, *b = y;
	wide left = (wide)a->rise * (wide)b->weight, right = (wide)b->rise * (wide)a->weight;

	if (left != right)
		return left < right ? -1 : 1;
	return (a->stops > b->stops) - (a->stops < b->stops);
}

static size_t list_events(const struct qos_share_claim *claim, size_t n, enum qos_share_reading reading,
			  struct qos_share_event *event)
{
	size_t n_events = 0;

	for (size_t i = 0; i < n; i++) {
		int64_t weight = weight_of(&claim[i]), base = floor_of(&claim[i]), limit = limit_of(&claim[i]);
		bool above = reading == QOS_SHARE_ABOVE;

		if (weight == 0 || base == limit)
			continue;
		event[n_events++] = (struct qos_share_event){ above ? 0 : base, weight, (uint32_t)i, false };
		event[n_events++] = (struct qos_share_event){ above ? limit - base : limit, weight, (uint32_t)i, true };
	}
	return n_events;
}

/* What stands still below a claim that rises: its floor, or nothing where the level itself is its share. */
static int64_t ground_of(const struct qos_share_claim *c, enum qos_share_reading reading)
{
	return reading == QOS_SHARE_ABOVE ? floor_of(c) : 0;
}

/* The sums of the line between two events. */
struct line {
	wide spent;   /* granted to those that do not rise, and the ground of those that do */
	wide weights; /* of those that rise */
};

/* Passes events as long as the total affords their level; at its end `granted` is what stands still. */
static struct line raise(struct qos_share_claim *claim, wide spent, int64_t total, enum qos_share_reading reading,
			 struct qos_share_event *event, size_t n_events, size_t *n_passed)
{
	struct line now = { spent, 0 };
	size_t i;

	for (i = 0; i < n_events; i++) {
		const struct qos_share_event *e = &event[i];
		struct qos_share_claim *c = &claim[e->claim];

		/* spent + level x weights > total: not this far */
		if (now.weights * (wide)e->rise > ((wide)total - now.spent) * (wide)e->weight)
			break;
		if (e->stops) {
			now.weights -= (wide)e->weight;
			now.spent += (wide)(limit_of(c) - ground_of(c, reading));
			c->granted = limit_of(c);
		} else {
			now.weights += (wide)e->weight;
			now.spent -= (wide)(floor_of(c) - ground_of(c, reading));
		}
	}
	*n_passed = i;
	return now;
}

/* By remainder, the largest first; of equal ones the first claim. */
static int by_remainder(const void *x, const void *y)
{
	const struct qos_share_event *a = x, *b = y;

	if (a->rise != b->rise)
		return a->rise > b->rise ? -1 : 1;
	return (a->claim > b->claim) - (a->claim < b->claim);
}

/*
 * Parts of `amount` by weight, in whole numbers that add up to it, each on top of the claim's ground.
 *
 * part		[n] who gets a part (claim), and its weight; rise is overwritten by its remainder
 */
static void divide(struct qos_share_claim *claim, struct qos_share_event *part, size_t n, int64_t amount, wide weights,
		   enum qos_share_reading reading)
{
	int64_t rest = amount;

	for (size_t i = 0; i < n; i++) {
		wide product = (wide)amount * (wide)part[i].weight;
		struct qos_share_claim *c = &claim[part[i].claim];

		c->granted = ground_of(c, reading) + (int64_t)(product / weights);
		part[i].rise = (int64_t)(product % weights); /* weights < 2^60: 2^20 claims of 2^40 */
		rest -= (int64_t)(product / weights);
	}
	if (rest == 0)
		return;
	qsort(part, n, sizeof(*part), by_remainder);
	for (int64_t i = 0; i < rest; i++)
		claim[part[i].claim].granted++;
}

/* Those among the passed events that started and have not stopped, to the front. */
static size_t risers(const struct qos_share_claim *claim, struct qos_share_event *event, size_t n_passed)
{
	size_t n = 0;

	for (size_t i = 0; i < n_passed; i++)
		if (!event[i].stops && claim[event[i].claim].granted != limit_of(&claim[event[i].claim]))
			event[n++] = event[i];
	return n;
}

/* More floors than there is: each is cut in proportion. */
static void cut(struct qos_share_claim *claim, size_t n, int64_t total, struct qos_share_event *part)
{
	wide weights = 0;
	size_t n_parts = 0;
	int shift = 0;

	/* floors up to 2^60, 2^20 of them, do not add up to less than 2^63: the low bits that are too many go */
	for (size_t i = 0; i < n; i++)
		weights += (wide)floor_of(&claim[i]);
	while (weights >> shift >= (wide)1 << 62)
		shift++;
	weights = 0;
	for (size_t i = 0; i < n; i++) {
		int64_t weight = floor_of(&claim[i]) >> shift;

		claim[i].granted = 0;
		if (weight == 0)
			continue;
		part[n_parts++] = (struct qos_share_event){ 0, weight, (uint32_t)i, false };
		weights += (wide)weight;
	}
	divide(claim, part, n_parts, total, weights, QOS_SHARE_CLAMPED);
}

int64_t qos_share(struct qos_share_claim *claim, size_t n, int64_t total, enum qos_share_reading reading,
		  struct qos_share_event *scratch)
{
	wide floors = 0;
	size_t n_events, n_passed, n_risers;
	struct line line;

	total = within(total, QOS_SHARE_MOST);
	for (size_t i = 0; i < n; i++) {
		claim[i].granted = floor_of(&claim[i]);
		floors += (wide)claim[i].granted;
	}
	if (floors > (wide)total) {
		cut(claim, n, total, scratch);
		return 0;
	}
	n_events = list_events(claim, n, reading, scratch);
	qsort(scratch, n_events, sizeof(*scratch), by_level);
	line = raise(claim, floors, total, reading, scratch, n_events, &n_passed);
	n_risers = risers(claim, scratch, n_passed);
	if (n_risers == 0)
		return total - (int64_t)line.spent;
	divide(claim, scratch, n_risers, total - (int64_t)line.spent, line.weights, reading);
	return 0;
}
