/* The table of renderers. */
#include "render/render.h"

#include "tests/unit/test.h"

static void by_name(void)
{
	for (int i = 0; qos_renders[i]; i++) {
		CHECK(qos_render_find(qos_str(qos_renders[i]->name)) == qos_renders[i]);
		CHECK(strlen(qos_renders[i]->summary) > 10);
	}
	CHECK(qos_render_find(QOS_STR("xml")) == NULL);
}

int main(void)
{
	RUN("renderers are found by name", by_name);
	return DONE();
}
