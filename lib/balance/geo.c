/*
 * geo: the least loaded member of the nearest region that has room; without room anywhere, the least loaded of all.
 *
 * Regions are nearer the more of the parts between '-' they begin with in common: eu-west-1 is nearer to eu-west-2 than
 * to eu-central-1.  A member has room below its concurrency.
 *
 * Cost   O(n).
 */
#include <stdlib.h>

#include "balance/balance.h"

struct geo {
	uint8_t *distance; /* [from * n_regions + to] */
	int n_regions;
};

/* 0 for the same, else 255 less one for each part in common. */
static uint8_t distance_of(struct qos_str a, struct qos_str b)
{
	uint8_t common = 0;

	if (qos_str_equal(a, b))
		return 0;
	for (size_t i = 0; i < a.n && i < b.n && a.p[i] == b.p[i] && common < 254; i++)
		common += a.p[i] == '-';
	return 255 - common;
}

static int geo_rebuild(void *state, const struct qos_pool *p, struct qos_err *err)
{
	struct geo *s = state;
	int n = (int)p->regions.n;

	free(s->distance);
	s->n_regions = n;
	s->distance = malloc((size_t)n * (size_t)n + 1);
	if (!s->distance)
		return qos_fail_memory(err, "regions");
	for (int a = 0; a < n; a++)
		for (int b = 0; b < n; b++)
			s->distance[a * n + b] = distance_of(p->regions.name[a], p->regions.name[b]);
	return 0;
}

static int geo_pick(void *state, struct qos_pool *p, const struct qos_wish *w, int64_t now_ns)
{
	const struct geo *s = state;
	int found = -1, least_far = 0;
	double least = 0;

	for (int k = 0; k < p->n_open; k++) {
		const struct qos_member *m = &p->member[p->open[k]];
		bool known = w->region >= 0 && m->region >= 0;
		int far = m->n_load >= m->concurrency ? 256
			  : known                     ? s->distance[w->region * s->n_regions + m->region]
						      : 255;

		if (found < 0 || far < least_far || (far == least_far && qos_balance_load(m) < least)) {
			least_far = far;
			least = qos_balance_load(m);
			found = p->open[k];
		}
	}
	return found;
}

static void geo_free(void *state)
{
	free(((struct geo *)state)->distance);
}

const struct qos_balance qos_balance_geo = {
	.name = "geo",
	.summary = "the nearest region with room, spilling over by load",
	.state_bytes = sizeof(struct geo),
	.rebuild = geo_rebuild,
	.pick = geo_pick,
	.free = geo_free,
};
