/* Sums over the ledger. */
#include "sched/ledger.h"

uint64_t qos_ledger_dropped(const struct qos_ledger *l)
{
	uint64_t n = 0;

	for (int i = 0; i < QOS_LEDGER_CLASSES; i++)
		for (int why = 1; why < QOS_N_DROP; why++)
			if (why != QOS_DROP_UPSTREAM)
				n += l->class[i].dropped[why];
	return n;
}
