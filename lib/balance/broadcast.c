/*
 * broadcast: every open member once: each pick gives the next one after w->after, -1 at the end.
 *
 * Cost   O(1) a copy while all are open.
 */
#include "balance/balance.h"

static int broadcast_pick(void *state, struct qos_pool *p, const struct qos_wish *w, int64_t now_ns)
{
	for (int i = w->after + 1; i < p->n; i++)
		if (p->member[i].open)
			return i;
	return -1;
}

const struct qos_balance qos_balance_broadcast = {
	.name = "broadcast",
	.summary = "every adapter gets a copy",
	.pick = broadcast_pick,
};
