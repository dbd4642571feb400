/* Colours by name. */
#include "record/color.h"

const char *const qos_color_name[QOS_N_COLORS] = { "green", "yellow", "red" };

int qos_color_find(struct qos_str name)
{
	for (int i = 0; i < QOS_N_COLORS; i++)
		if (qos_str_is(name, qos_color_name[i]))
			return i;
	return -1;
}
