/* The table of renderers. */
#include "render/render.h"

#define ENTRY(name) &qos_render_##name,
const struct qos_render *const qos_renders[] = { QOS_RENDERS(ENTRY) NULL };

const struct qos_render *qos_render_find(struct qos_str name)
{
	for (int i = 0; qos_renders[i]; i++)
		if (qos_str_is(name, qos_renders[i]->name))
			return qos_renders[i];
	return NULL;
}
