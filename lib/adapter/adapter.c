/* The table of adapters. */
#include "adapter/adapter.h"

/* `unix` is a macro of gcc's, so the names are spelled, not pasted from the list alone */
#undef unix
#define DECLARE(name) extern const struct qos_adapter qos_adapter_##name;
QOS_ADAPTERS(DECLARE)

#define ENTRY(name) &qos_adapter_##name,
const struct qos_adapter *const qos_adapters[] = { QOS_ADAPTERS(ENTRY) NULL };

const struct qos_adapter *qos_adapter_find(struct qos_str uri, struct qos_str *target)
{
	const char *colon = memchr(uri.p, ':', uri.n);

	for (int i = 0; colon && qos_adapters[i]; i++)
		if (qos_str_is((struct qos_str){ uri.p, (size_t)(colon - uri.p) }, qos_adapters[i]->name)) {
			*target = (struct qos_str){ colon + 1, uri.n - (size_t)(colon - uri.p) - 1 };
			return qos_adapters[i];
		}
	return NULL;
}
