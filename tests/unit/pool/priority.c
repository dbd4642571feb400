#include "pool/priority.h"

#include "tests/unit/test.h"

/* Envoy's documentation: each line is healthy percent by level, and load by level. */
static void vectors(void)
{
	static const struct {
		int n, healthy[3], load[3];
	} v[] = {
		{ 2, { 100, 100 }, { 100, 0 } },        { 2, { 72, 100 }, { 100, 0 } },
		{ 2, { 71, 100 }, { 99, 1 } },          { 2, { 50, 100 }, { 70, 30 } },
		{ 2, { 25, 100 }, { 35, 65 } },         { 2, { 25, 25 }, { 50, 50 } },
		{ 2, { 0, 100 }, { 0, 100 } },          { 2, { 0, 0 }, { 0, 0 } },
		{ 3, { 25, 25, 100 }, { 35, 35, 30 } }, { 3, { 25, 25, 20 }, { 36, 36, 28 } },
	};
	for (size_t k = 0; k < sizeof(v) / sizeof(*v); k++) {
		int load[3];

		qos_priority_load(v[k].healthy, v[k].n, load);
		for (int i = 0; i < v[k].n; i++)
			CHECK_INT(load[i], v[k].load[i]);
	}
}

static void whole(void)
{
	for (int a = 0; a <= 100; a++)
		for (int b = 0; b <= 100; b++) {
			int load[3];

			qos_priority_load((const int[]){ a, b, 1 }, 3, load);
			CHECK_INT(load[0] + load[1] + load[2], 100);
		}
}

int main(void)
{
	RUN("Envoy's vectors hold exactly", vectors);
	RUN("the parts add up to 100", whole);
	return DONE();
}
