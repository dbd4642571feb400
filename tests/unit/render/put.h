/* A report through a renderer. */
#ifndef TESTS_UNIT_RENDER_PUT_H
#define TESTS_UNIT_RENDER_PUT_H

#include "render/render.h"
#include "tests/unit/stats/made.h"
#include "tests/unit/test.h"

static __attribute__((unused)) char *put(const struct qos_render *render, bool color)
{
	struct qos_report *r = made_report();
	struct qos_buf b = { 0 };

	render->put(r, &(struct qos_look){ .color = color }, &b);
	CHECK(!b.failed);
	qos_report_free(r);
	return b.p;
}

#endif
