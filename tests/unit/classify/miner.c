/* Templates from messages. */
#include "classify/miner.h"

#include <stdlib.h>

#include "tests/unit/test.h"

static struct qos_err err;
static const struct qos_str names[2] = { { "low", 3 }, { "high", 4 } };

static uint32_t add(struct qos_miner *m, const char *format, const char *word)
{
	char text[200];

	snprintf(text, sizeof(text), format, word);
	return qos_miner_add(m, qos_str(text));
}

static void joins(void)
{
	static const char *const user[] = { "ann", "bob", "eve", "joe", "kim" };
	struct qos_miner *m;
	struct qos_template *list;
	struct qos_buf b = { 0 };
	size_t n;

	CHECK_INT(qos_miner_new(&m, 1000, 2, &err), 0);
	CHECK_INT(add(m, "session opened for %s", "ann"), 1);
	CHECK_INT(add(m, "session closed for %s", "ann"), 2);
	CHECK_INT(add(m, "session opened for %s", "bob"), 3);
	CHECK_INT(add(m, "session opened for %s", "ann"), 1);
	CHECK_INT(add(m, "session opened for %s", "eve"), 4);
	/* the fourth value: one template, which keeps the smallest id */
	CHECK_INT(add(m, "session opened for %s", "joe"), 1);
	CHECK_INT(add(m, "session opened for %s", "bob"), 1);
	CHECK_INT(add(m, "session opened for %s", "kim"), 1);
	CHECK_INT(qos_miner_now(m, 4), 1);
	CHECK_INT(qos_miner_now(m, 2), 2);
	CHECK_INT(qos_miner_now(m, 99), 0);
	list = qos_miner_list(m, &n);
	CHECK(n == 2 && list[0].count == 7 && qos_str_is(list[0].text, "session opened for *"));
	CHECK(list[1].count == 1 && list[1].id == 2);
	free(list);
	qos_miner_write(m, false, names, &b);
	CHECK(strstr(b.p,
		     "id,count,merged,template,class,share\nt1,7,t3+t4+t5+t6,\"session opened for *\",,\nt2,1,,\"session") ==
	      b.p);
	qos_buf_free(&b);
	qos_miner_write(m, true, names, &b);
	CHECK(strstr(b.p,
		     "{\"id\":\"t1\",\"count\":7,\"merged\":\"t3+t4+t5+t6\",\"template\":\"session opened for *\",\"classes\":{}}\n") ==
	      b.p);
	qos_buf_free(&b);
	/* a second word that varies */
	for (int i = 0; i < 5; i++)
		add(m, "session closed for %s", user[i]);
	CHECK_INT(add(m, "session closed for %s", "nobody"), 2);
	/* a value that masking knows needs no others */
	CHECK_INT(add(m, "mail dropped for %s", "ann"), 12);
	CHECK_INT(add(m, "mail dropped for %s", "7"), 13);
	CHECK_INT(add(m, "mail dropped for %s", "bob"), 12);
	CHECK_INT(qos_miner_now(m, 13), 12);
	CHECK_INT(add(m, "session renewed for %s", "ann"), 15);
	qos_miner_free(m);
	qos_miner_free(NULL);
}

/* What was learned of a form goes with it into a template. */
static void classes(void)
{
	static const char *const user[] = { "ann", "bob", "eve", "joe" };
	struct qos_miner *m;
	struct qos_buf b = { 0 };
	double share = 0;

	CHECK_INT(qos_miner_new(&m, 1000, 2, &err), 0);
	for (int i = 0; i < 9; i++) {
		add(m, "session opened for %s", user[i % 3]);
		qos_miner_learn(m, i > 0);
		CHECK_INT(qos_miner_class(m, &share), -1);
	}
	add(m, "session opened for %s", user[3]);
	CHECK_INT(qos_miner_class(m, &share), -1);
	qos_miner_learn(m, 1);
	CHECK_INT(qos_miner_class(m, &share), 1);
	CHECK(share == 0.9);
	CHECK(qos_str_is(qos_miner_text(m), "session opened for *"));
	qos_miner_write(m, false, names, &b);
	CHECK(strstr(b.p, "\nt1,10,t2+t3+t4,\"session opened for *\",\"high\",0.9000\n"));
	qos_buf_free(&b);
	qos_miner_write(m, true, names, &b);
	CHECK(strstr(b.p, "\"classes\":{\"low\":0.1000,\"high\":0.9000}}\n"));
	qos_buf_free(&b);
	qos_miner_free(m);
}

/* However many forms come, so many are kept; what is frequent stays. */
static void bounded(void)
{
	struct qos_miner *m;
	struct qos_miner_counts counts;
	struct qos_template *list;
	uint64_t sum = 0;
	size_t n;

	CHECK_INT(qos_miner_new(&m, 64, 2, &err), 0);
	for (int i = 0; i < 20000; i++) {
		char text[64];

		snprintf(text, sizeof(text), "%c%c%c%c it %c%c", 'a' + i % 23, 'a' + i / 23 % 19, 'a' + i / 437 % 17,
			 'k' + i % 3, 'g' + i / 7 % 5, 'h' + i / 3 % 11);
		qos_miner_add(m, qos_str(text));
		qos_miner_learn(m, i & 1);
		CHECK(qos_miner_add(m, QOS_STR("often said 12 times")) == 2);
	}
	qos_miner_counts(m, &counts);
	CHECK(counts.n_messages == 40000 && counts.n_forms <= 64 + 40 && counts.n_forgotten > 0 && counts.n_lost == 0);
	list = qos_miner_list(m, &n);
	for (size_t i = 0; i < n; i++)
		sum += list[i].count;
	CHECK(n > 1 && sum <= 40000);
	free(list);
	qos_miner_free(m);
}

int main(void)
{
	RUN("forms that differ in one word join at the fourth value", joins);
	RUN("what was learned of a form goes with it into a template", classes);
	RUN("the number of forms is bounded", bounded);
	return DONE();
}
