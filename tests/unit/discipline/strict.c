/* strict: the most urgent class first, also when it comes last. */
#include "tests/unit/discipline/serve.h"

static void order(void)
{
	struct qos_record r[5];
	struct serve s;

	serve_open(&s, &qos_discipline_strict, 3, (double[3]){ 0.1, 0.1, 0.8 }, (int64_t[3]){ 1, 1, 1 });
	serve_push(&s, &r[0], 2, 0, 1);
	serve_push(&s, &r[1], 1, 0, 1);
	serve_push(&s, &r[2], 1, 0, 1);
	CHECK(serve_next(&s) == &r[1]);
	serve_push(&s, &r[3], 0, 0, 1);
	serve_push(&s, &r[4], 0, 0, 1);
	CHECK(serve_next(&s) == &r[3]);
	CHECK(serve_next(&s) == &r[4]);
	CHECK(serve_next(&s) == &r[2]);
	CHECK(serve_next(&s) == &r[0]);
	CHECK(serve_next(&s) == NULL);
	serve_close(&s);
}

int main(void)
{
	RUN("strict serves the most urgent class that waits, in order of arrival inside it", order);
	return DONE();
}
