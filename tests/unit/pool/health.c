/* Ejection, trial and return; never more than half; panic; slow start. */
#include "pool/health.h"

#include "tests/unit/test.h"

static struct qos_health h;
static struct qos_err err;

static void open_health(int n, double latency_factor)
{
	struct qos_health_options o = {
		.errors = 3, .latency_factor = latency_factor, .ejection_ns = 100, .slow_start_ns = 80
	};

	qos_health_init(&h, &o);
	for (int i = 0; i < n; i++)
		CHECK_INT(qos_health_add(&h, INT64_MIN, &err), i);
}

static bool fail(int i, int n, int64_t now_ns)
{
	bool changed = false;

	while (n--)
		changed = qos_health_ended(&h, i, false, 5, now_ns) || changed;
	return changed;
}

static void ejected(void)
{
	open_health(4, 0);
	CHECK(!fail(1, 2, 10) && qos_health_is_open(&h, 1));
	CHECK(!qos_health_ended(&h, 1, true, 5, 10)); /* not in a row */
	CHECK(!fail(1, 2, 10));
	CHECK(fail(1, 1, 10) && !qos_health_is_open(&h, 1));
	CHECK_INT(h.due_ns, 110);
	CHECK(!qos_health_advance(&h, 109));
	CHECK(qos_health_advance(&h, 110) && qos_health_is_open(&h, 1));
	CHECK(!qos_health_given(&h, 0));
	CHECK(qos_health_given(&h, 1) && !qos_health_is_open(&h, 1)); /* one at a time */
	CHECK(qos_health_lost(&h, 1) && qos_health_is_open(&h, 1));
	qos_health_given(&h, 1);
	CHECK(fail(1, 1, 120)); /* one is enough now, and for twice as long */
	CHECK_INT(h.due_ns, 320);
	qos_health_advance(&h, 320);
	qos_health_given(&h, 1);
	CHECK(qos_health_ended(&h, 1, true, 5, 330) && qos_health_is_open(&h, 1));
	CHECK_INT(h.member[1].n_ejections, 2);
	CHECK_INT(qos_health_ejected_ns(&h, 1, 400), 320);
	CHECK_INT(qos_health_eighths(&h, 1, 8, 340), 1); /* an eighth of its slow start */
	CHECK_INT(qos_health_eighths(&h, 1, 1, 370), 4);
	CHECK_INT(qos_health_eighths(&h, 1, 4, 410), 8);
	CHECK(fail(1, 3, 340));
	CHECK_INT(h.due_ns, 340 + 400);
	qos_health_free(&h);
}

static void half(void)
{
	open_health(4, 0);
	CHECK(fail(0, 3, 10) && fail(1, 3, 10));
	CHECK(!fail(2, 30, 10) && qos_health_is_open(&h, 2));
	CHECK(!h.panic);
	CHECK(qos_health_set_up(&h, 3, false)); /* one of four is left: all that are up are taken */
	CHECK(h.panic && qos_health_is_open(&h, 0) && qos_health_is_open(&h, 1) && !qos_health_is_open(&h, 3));
	CHECK(qos_health_set_up(&h, 3, true) && !h.panic && !qos_health_is_open(&h, 0));
	CHECK_INT(h.n_panics, 1);
	qos_health_free(&h);
	open_health(1, 0);
	CHECK(!fail(0, 100, 10));
	qos_health_free(&h);
}

static void slow(void)
{
	open_health(3, 3);
	for (int n = 0; n < 8; n++)
		for (int i = 0; i < 3; i++)
			qos_health_ended(&h, i, true, i == 2 ? 31 : 10, 0);
	CHECK(qos_health_review(&h, 5) && !qos_health_is_open(&h, 2));
	CHECK(!qos_health_review(&h, 6));
	qos_health_free(&h);
	open_health(3, 3.2);
	for (int n = 0; n < 8; n++)
		for (int i = 0; i < 3; i++)
			qos_health_ended(&h, i, true, i == 2 ? 31 : 10, 0);
	CHECK(!qos_health_review(&h, 5));
	qos_health_free(&h);
}

static void weight(void)
{
	open_health(2, 0);
	CHECK_INT(qos_health_eighths(&h, 0, 8, 0), 8);
	h.options.errors = 0;
	fail(0, 32, 0);
	CHECK_INT(qos_health_eighths(&h, 0, 8, 0), 5); /* (63/64)^32 = 0.604 */
	CHECK_INT(qos_health_eighths(&h, 0, 5, 0), 5);
	qos_health_free(&h);
}

int main(void)
{
	RUN("errors in a row eject; one record tries; the time away doubles", ejected);
	RUN("not more than half are ejected; with less than half left all are taken", half);
	RUN("one that is slow against the median of all is ejected", slow);
	RUN("errors take weight", weight);
	return DONE();
}
