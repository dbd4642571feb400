/* The table of strategies. */
#include "balance/balance.h"

#include <stddef.h>

#define ENTRY(name) &qos_balance_##name,
const struct qos_balance *const qos_balances[] = { QOS_BALANCES(ENTRY) NULL };

const struct qos_balance *qos_balance_find(struct qos_str name)
{
	for (int i = 0; qos_balances[i]; i++)
		if (qos_str_is(name, qos_balances[i]->name))
			return qos_balances[i];
	return NULL;
}
