/* Colours by name. */
#include "record/color.h"

#include "tests/unit/test.h"

static void names(void)
{
	for (int i = 0; i < QOS_N_COLORS; i++)
		CHECK_INT(qos_color_find(qos_str(qos_color_name[i])), i);
	CHECK_INT(qos_color_find(QOS_STR("blue")), -1);
	CHECK_INT(qos_color_find(QOS_STR("")), -1);
}

int main(void)
{
	RUN("every name is found, another is not", names);
	return DONE();
}
