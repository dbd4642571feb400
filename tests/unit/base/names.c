/* Names to integers, over growth and collisions. */
#include "base/names.h"

#include "tests/unit/test.h"

static void keeps_indexes(void)
{
	struct qos_names t = { 0 };
	char text[32];
	int wrong = 0;

	for (int i = 0; i < 50000; i++) {
		struct qos_str s = { text, (size_t)snprintf(text, sizeof(text), "name-%d", i) };

		wrong += qos_names_find(&t, s) != -1;
		wrong += qos_names_add(&t, s) != i;
		wrong += qos_names_add(&t, s) != i;
	}
	for (int i = 0; i < 50000; i++) {
		struct qos_str s = { text, (size_t)snprintf(text, sizeof(text), "name-%d", i) };

		wrong += qos_names_find(&t, s) != i || !qos_str_equal(t.name[i], s);
	}
	CHECK_INT(wrong, 0);
	qos_names_free(&t);
	CHECK_INT(qos_names_find(&t, QOS_STR("name-1")), -1);
}

static void takes_any_bytes(void)
{
	struct qos_names t = { 0 };

	CHECK_INT(qos_names_add(&t, QOS_STR("")), 0);
	CHECK_INT(qos_names_add(&t, QOS_STR("a\0b")), 1);
	CHECK_INT(qos_names_add(&t, QOS_STR("a\0c")), 2);
	CHECK_INT(qos_names_find(&t, QOS_STR("a\0b")), 1);
	CHECK_INT(qos_names_find(&t, QOS_STR("a")), -1);
	qos_names_free(&t);
}

int main(void)
{
	RUN("a name keeps its index while the table grows", keeps_indexes);
	RUN("names are bytes: empty ones and zero bytes too", takes_any_bytes);
	return DONE();
}
