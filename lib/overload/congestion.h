/*
 * Congestion as events: it begins when a level reaches a threshold, and ends below three quarters of it, so that a
 * level that trembles about the threshold is one event.
 *
 * Cost  a comparison or two a change of the level.
 */
#ifndef QOS_OVERLOAD_CONGESTION_H
#define QOS_OVERLOAD_CONGESTION_H

#include <stdbool.h>
#include <stdint.h>

struct qos_congestion {
	bool on;
	uint64_t n;       /* times that it began */
	int64_t ns;       /* how long, in all, of those that have ended */
	int64_t since_ns; /* of the one that goes on */
};

/* Where it begins: a part of the limit, one at least; INT64_MAX: there is no limit. */
static inline int64_t qos_congestion_threshold(int64_t limit, double part)
{
	int64_t n = limit == INT64_MAX ? INT64_MAX : (int64_t)((double)limit * part);

	return n > 0 ? n : 1;
}

/* Is a level at the threshold, or still above where congestion ends? */
static inline bool qos_congestion_at(const struct qos_congestion *c, int64_t level, int64_t threshold)
{
	return c->on ? level >= threshold - threshold / 4 : level >= threshold;
}

/* It is on or off from now on. */
static inline void qos_congestion_set(struct qos_congestion *c, bool on, int64_t now_ns)
{
	if (c->on == on)
		return;
	c->on = on;
	if (on) {
		c->since_ns = now_ns;
		c->n++;
	} else {
		c->ns += now_ns - c->since_ns;
	}
}

#endif
