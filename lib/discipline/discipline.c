/* The table of disciplines. */
#include "discipline/discipline.h"

#include <stddef.h>

#define ENTRY(name) &qos_discipline_##name,
const struct qos_discipline *const qos_disciplines[] = { QOS_DISCIPLINES(ENTRY) NULL };

const struct qos_discipline *qos_discipline_find(struct qos_str name)
{
	for (int i = 0; qos_disciplines[i]; i++)
		if (qos_str_is(name, qos_disciplines[i]->name))
			return qos_disciplines[i];
	return NULL;
}
