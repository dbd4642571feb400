/* The backlog: written, begun, waiting; in order, against a model of strings. */
#include "route/backlog.h"

#include <stdio.h>

#include "base/rng.h"
#include "tests/unit/test.h"

static void add(struct qos_backlog *b, const char *text, const char *name)
{
	CHECK(qos_backlog_add(b, &(struct qos_piece){ .class = 1 }, qos_str(text), qos_str(name)));
}

static void in_parts(void)
{
	struct qos_backlog b = { 0 };
	struct qos_str name;
	size_t n = 5;

	add(&b, "abc", "");
	add(&b, "defg", "");
	add(&b, "hi", "");
	CHECK(qos_str_is(qos_backlog_unsent(&b), "abcdefghi"));
	CHECK(qos_backlog_sent(&b, &n) == qos_backlog_at(&b, 0));
	CHECK(qos_backlog_sent(&b, &n) == NULL);
	CHECK_INT(n, 0);
	CHECK_INT(b.n_sent, 1);
	CHECK(qos_str_is(qos_backlog_unsent(&b), "fghi"));
	CHECK(qos_str_is(qos_backlog_oldest(&b, &name), "abc"));
	qos_backlog_drop(&b);
	CHECK(qos_str_is(qos_backlog_unsent(&b), "fghi"));
	qos_backlog_unsend(&b);
	CHECK(qos_str_is(qos_backlog_unsent(&b), "defghi"));
	qos_backlog_drop(&b);
	qos_backlog_drop(&b);
	CHECK_INT(b.n, 0);
	CHECK_INT(qos_backlog_unsent_bytes(&b), 0);
	qos_backlog_free(&b);
}

static void with_names(void)
{
	struct qos_backlog b = { 0 };
	struct qos_str name;
	size_t n = 3;

	add(&b, "abc", "n1");
	add(&b, "de", "n2");
	CHECK(qos_str_is(qos_backlog_next(&b, &name), "abc"));
	CHECK(qos_str_is(name, "n1"));
	CHECK(qos_backlog_sent(&b, &n) != NULL);
	n = 1;
	CHECK(qos_backlog_sent(&b, &n) == NULL);
	CHECK(qos_str_is(qos_backlog_next(&b, &name), "e"));
	CHECK(qos_str_is(name, "n2"));
	qos_backlog_free(&b);
}

/* Many pieces come, are written in odd parts and forgotten: what was written is what came, in order. */
static void many(void)
{
	struct qos_backlog b = { 0 };
	struct qos_rng rng;
	uint64_t put = 0, got = 0;

	qos_rng_seed(&rng, 7);
	for (int step = 0; step < 200000; step++) {
		char text[40];
		struct qos_str unsent;
		size_t n;

		if (qos_rng_below(&rng, 2)) {
			snprintf(text, sizeof(text), "%llu;", (unsigned long long)put++);
			add(&b, text, "");
		}
		unsent = qos_backlog_unsent(&b);
		n = unsent.n ? qos_rng_below(&rng, unsent.n + 1) / 2 : 0;
		while (n && qos_backlog_sent(&b, &n))
			continue;
		while (b.n_sent > 20) {
			struct qos_str name, oldest = qos_backlog_oldest(&b, &name);

			snprintf(text, sizeof(text), "%llu;", (unsigned long long)got++);
			CHECK(qos_str_is(oldest, text));
			qos_backlog_drop(&b);
		}
	}
	CHECK_INT(b.n, put - got);
	CHECK(b.room <= 1 << 20);
	qos_backlog_free(&b);
}

int main(void)
{
	RUN("pieces are written in parts, forgotten, and written again", in_parts);
	RUN("names stand behind the text of their piece", with_names);
	RUN("what comes out is what came, and its room is used again", many);
	return DONE();
}
