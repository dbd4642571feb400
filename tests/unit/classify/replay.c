/* Examples kept for later. */
#include "classify/replay.h"

#include "tests/unit/test.h"

static void kept(void)
{
	struct qos_replay r = { 0 };
	struct qos_feature x[3] = { { 1, 1 }, { 2, 2 }, { 3, 3 } };
	struct qos_attribute a[1] = { { .column = 4, .name = 9 } };
	struct qos_example e;

	for (int i = 0; i < 5000; i++) {
		x[0].slot = (uint32_t)i;
		e = (struct qos_example){
			.x = x, .n = i % 4, .n_text = i % 4 > 1, .attribute = a, .n_attributes = i % 2
		};
		CHECK_INT(qos_replay_add(&r, &e, i % 7), 0);
	}
	for (int i = 4999; i >= 0; i -= 7) {
		CHECK_INT(qos_replay_get(&r, (size_t)i, &e), i % 7);
		CHECK(e.n == i % 4 && e.n_text == (i % 4 > 1) && e.n_attributes == i % 2);
		CHECK(e.n == 0 || e.x[0].slot == (uint32_t)i);
		CHECK(e.n_attributes == 0 || e.attribute[0].name == 9);
		if (e.n)
			e.x[0].value = 77; /* changes the copy */
	}
	CHECK(r.x[0].value == 1);
	qos_replay_free(&r);
}

int main(void)
{
	RUN("examples come back as they were, in any order", kept);
	return DONE();
}
