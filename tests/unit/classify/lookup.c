/* Values and their rules. */
#include "classify/lookup.h"

#include "tests/unit/test.h"

static struct qos_err err;

static void values(void)
{
	struct qos_lookup_pair pair[] = {
		{ QOS_STR("b"), 3 }, { QOS_STR("a"), 2 }, { QOS_STR("b"), 1 }, { QOS_STR("b"), 3 }, { QOS_STR(""), 7 }
	};
	struct qos_lookup *l;
	const int *rule;
	int n = 0;

	CHECK_INT(qos_lookup_new(&l, pair, 5, &err), 0);
	rule = qos_lookup_find(l, QOS_STR("b"), &n);
	CHECK(n == 2 && rule[0] == 1 && rule[1] == 3);
	rule = qos_lookup_find(l, (struct qos_str){ NULL, 0 }, &n);
	CHECK(n == 1 && rule[0] == 7);
	CHECK(!qos_lookup_find(l, QOS_STR("c"), &n));
	qos_lookup_free(l);
}

/* Keys of all lengths, alike but for one byte anywhere. */
static void many(void)
{
	static char bytes[3000][40];
	static struct qos_lookup_pair pair[3000];
	struct qos_lookup *l;
	int n;

	for (int i = 0; i < 3000; i++) {
		size_t len = 1 + (size_t)i % 38;

		memset(bytes[i], 'x', len);
		snprintf(bytes[i] + (len > 6 ? (size_t)i % (len - 5) : 0), 6, "%d", i);
		pair[i] = (struct qos_lookup_pair){ { bytes[i], strlen(bytes[i]) }, i };
	}
	CHECK_INT(qos_lookup_new(&l, pair, 3000, &err), 0);
	for (int i = 0; i < 3000; i++) {
		const int *rule = qos_lookup_find(l, pair[i].key, &n);
		bool there = false;

		for (int k = 0; rule && k < n; k++)
			there |= rule[k] == i;
		CHECK(there);
		bytes[i][0] ^= 64;
		CHECK(!qos_lookup_find(l, pair[i].key, &n));
	}
	qos_lookup_free(l);
}

static void numbers(void)
{
	double zero = 0, minus_zero = -0.0, one = 1;
	struct qos_lookup_pair pair[] = { { qos_lookup_number(&zero), 4 } };
	struct qos_lookup *l;
	int n;

	CHECK_INT(qos_lookup_new(&l, pair, 1, &err), 0);
	CHECK(qos_lookup_find(l, qos_lookup_number(&minus_zero), &n) != NULL);
	CHECK(qos_lookup_find(l, qos_lookup_number(&one), &n) == NULL);
	qos_lookup_free(l);
}

static void nothing(void)
{
	struct qos_lookup *l;
	int n;

	CHECK_INT(qos_lookup_new(&l, NULL, 0, &err), 0);
	CHECK(!qos_lookup_find(l, QOS_STR("x"), &n));
	qos_lookup_free(l);
}

int main(void)
{
	RUN("a value gives its rules in order, each once", values);
	RUN("many values are told apart", many);
	RUN("minus zero is zero", numbers);
	RUN("an empty one finds nothing", nothing);
	return DONE();
}
