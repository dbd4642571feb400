/*
 * direct: the member that the record names, and no other; the first one where it names none.
 *
 * Cost   O(1).
 */
#include "balance/balance.h"

static int direct_pick(void *state, struct qos_pool *p, const struct qos_wish *w, int64_t now_ns)
{
	int i = w->member >= 0 ? w->member : 0;

	return p->member[i].open ? i : -1;
}

const struct qos_balance qos_balance_direct = {
	.name = "direct",
	.summary = "the adapter that the record names, else the first",
	.pick = direct_pick,
};
