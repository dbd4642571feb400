/* The state as bytes: what they begin with, and on what they depend. */
#include "tally/state.h"

#include <stdlib.h>

#include "tests/unit/tally/fill.h"

static struct qos_buf state_of(bool by_region, uint64_t n)
{
	struct filled f;
	struct qos_buf b = { 0 };

	filled_open(&f, by_region);
	for (uint64_t i = 0; i < n; i++)
		filled_push(&f, i);
	CHECK_INT(qos_tally_save(f.tally, 3, &b, NULL), 0);
	filled_close(&f);
	return b;
}

static void bytes(void)
{
	struct qos_buf a = state_of(false, 1000), b = state_of(false, 1000), c = state_of(false, 1001);

	CHECK(a.n == b.n && memcmp(a.p, b.p, a.n) == 0);
	CHECK(c.n && (a.n != c.n || memcmp(a.p, c.p, a.n) != 0));
	CHECK(memcmp(a.p, "QOSSTATS\1\0\0\0", 12) == 0);
	qos_buf_free(&a);
	qos_buf_free(&b);
	qos_buf_free(&c);
}

/* It grows by what is told apart, not by records. */
static void size(void)
{
	struct qos_buf a = state_of(true, 20000), b = state_of(true, 200000);

	CHECK(b.n < 2 * a.n);
	qos_buf_free(&a);
	qos_buf_free(&b);
}

static void grouped_by(void)
{
	struct qos_buf a = state_of(false, 10), b = state_of(true, 10), names = { 0 };
	struct qos_container c;
	size_t used;

	CHECK_INT(qos_container_view(&c, (struct qos_str){ a.p, a.n }, &used, "a", QOS_TALLY_MAGIC, 1, NULL), 0);
	CHECK(qos_tally_state_by(&c, &names, NULL) == 0 && names.n == 0);
	CHECK_INT(qos_container_view(&c, (struct qos_str){ b.p, b.n }, &used, "b", QOS_TALLY_MAGIC, 1, NULL), 0);
	CHECK_INT(qos_tally_state_by(&c, &names, NULL), 0);
	CHECK_TEXT(names.p, "region");
	qos_buf_free(&a);
	qos_buf_free(&b);
	qos_buf_free(&names);
}

int main(void)
{
	RUN("the same records give the same bytes, others give others", bytes);
	RUN("the state of ten times the records is less than twice as large", size);
	RUN("a state tells what it is grouped by", grouped_by);
	return DONE();
}
