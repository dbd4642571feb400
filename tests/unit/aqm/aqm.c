/* Queue management by name, and what every member owes. */
#include "aqm/aqm.h"

#include <stdlib.h>

#include "tests/unit/test.h"

static void names(void)
{
	struct qos_arena arena = { 0 };
	struct qos_aqm_use use;
	struct qos_err err;

	CHECK(qos_aqm_read(&use, qos_str("codel,target=1ms"), &arena, &err) == 0);
	CHECK(use.aqm == &qos_aqm_codel && !use.by_stream);
	CHECK(qos_aqm_read(&use, qos_str("fq_codel"), &arena, &err) == 0);
	CHECK(use.aqm == &qos_aqm_codel && use.by_stream);
	CHECK(qos_aqm_read(&use, qos_str("tail"), &arena, &err) == 0);
	CHECK(use.aqm == NULL);
	CHECK_INT(qos_aqm_read(&use, qos_str("fq_red"), &arena, &err), QOS_EUSAGE);
	CHECK_INT(qos_aqm_read(&use, qos_str("coddel"), &arena, &err), QOS_EUSAGE);
	CHECK_TEXT(err.text, "there is no queue management \"coddel\"; did you mean \"codel\"?");
	CHECK_INT(qos_aqm_read(&use, qos_str("codel,targt=1ms"), &arena, &err), QOS_EUSAGE);
	qos_arena_free(&arena);
}

/* An idle queue with short waits is left alone, whoever manages it. */
static void harmless(void)
{
	for (int i = 0; qos_aqms[i]; i++) {
		struct qos_arena arena = { 0 };
		struct qos_aqm_use use;
		struct qos_rng rng;
		void *state = calloc(1, qos_aqms[i]->state_bytes);
		int touched = 0;

		qos_rng_seed(&rng, 1);
		CHECK(qos_aqm_read(&use, qos_str(qos_aqms[i]->name), &arena, NULL) == 0);
		if (use.aqm->init)
			use.aqm->init(state, use.params);
		for (int k = 0; k < 10000; k++) {
			struct qos_aqm_view v = { .now_ns = k * 1000000ll,
						  .n_records = k % 3,
						  .n_bytes = k % 3 * 1000,
						  .largest_bytes = 1000,
						  .service_ns = 100000,
						  .sojourn_ns = k % 3 * 100000,
						  .rng = &rng };

			touched += use.aqm->arrive && use.aqm->arrive(state, use.params, &v) != QOS_PASS;
			touched += use.aqm->leave && use.aqm->leave(state, use.params, &v) != QOS_PASS;
		}
		CHECK_INT(touched, 0);
		free(state);
		qos_arena_free(&arena);
	}
}

int main(void)
{
	RUN("management is found by name, fq_ only where each stream may have its own", names);
	RUN("short queues are left alone by every member", harmless);
	return DONE();
}
