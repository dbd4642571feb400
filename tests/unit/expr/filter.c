/* Many literals in a short text. */
#include "expr/filter.h"

#include "base/rng.h"
#include "tests/unit/test.h"

static struct qos_err err;

static bool holds(struct qos_str text, const struct qos_filter_literal *l)
{
	for (size_t at = 0; at + l->text.n <= text.n; at++) {
		size_t k = 0;

		while (k < l->text.n) {
			char c = text.p[at + k];

			if (l->folded && c >= 'A' && c <= 'Z')
				c = (char)(c | 32);
			if (c != l->text.p[k])
				break;
			k++;
		}
		if (k == l->text.n)
			return true;
	}
	return false;
}

/* Random literals in random texts of few letters, compared with looking at every place. */
static void as_looking_everywhere(int shortest, int letters)
{
	struct qos_rng rng;
	int n_found = 0;

	qos_rng_seed(&rng, (uint64_t)(shortest * 10 + letters));
	for (int round = 0; round < 300; round++) {
		char bytes[20][12], text[64];
		struct qos_filter_literal literal[20];
		struct qos_filter *f;
		int n = 1 + (int)qos_rng_below(&rng, 20), owners[10];

		for (int i = 0; i < n; i++) {
			size_t len = (size_t)shortest + qos_rng_below(&rng, 12 - (uint64_t)shortest);

			for (size_t k = 0; k < len; k++)
				bytes[i][k] = (char)('a' + qos_rng_below(&rng, (uint64_t)letters));
			literal[i] = (struct qos_filter_literal){ { bytes[i], len },
								  qos_rng_below(&rng, 2),
								  (int)qos_rng_below(&rng, 10) };
		}
		CHECK_INT(qos_filter_new(&f, literal, n, 10, &err), 0);
		for (int t = 0; t < 50; t++) {
			size_t len = qos_rng_below(&rng, sizeof(text));
			bool want[10] = { false }, got[10] = { false };
			int n_owners;

			for (size_t k = 0; k < len; k++)
				text[k] = (char)((qos_rng_below(&rng, 4) ? 'a' : 'A') +
						 (int)qos_rng_below(&rng, (uint64_t)letters));
			for (int i = 0; i < n; i++)
				want[literal[i].owner] |= holds((struct qos_str){ text, len }, &literal[i]);
			n_owners = qos_filter_find(f, (struct qos_str){ text, len }, owners);
			for (int i = 0; i < n_owners; i++) {
				CHECK(!got[owners[i]]);
				got[owners[i]] = true;
			}
			CHECK(memcmp(want, got, sizeof(want)) == 0);
			n_found += n_owners;
		}
		qos_filter_free(f);
	}
	CHECK(n_found > 100);
}

static void three(void)
{
	as_looking_everywhere(3, 3);
}

static void four(void)
{
	as_looking_everywhere(4, 2);
}

static void seven(void)
{
	as_looking_everywhere(7, 2);
}

static void edges(void)
{
	struct qos_filter_literal literal[] = { { QOS_STR("abc"), false, 0 }, { QOS_STR("[x]"), true, 1 } };
	struct qos_filter *f;
	int owners[2];

	CHECK_INT(qos_filter_new(&f, literal, 2, 2, &err), 0);
	CHECK_INT(qos_filter_find(f, (struct qos_str){ NULL, 0 }, owners), 0);
	CHECK_INT(qos_filter_find(f, QOS_STR("ab"), owners), 0);
	CHECK_INT(qos_filter_find(f, QOS_STR("abc"), owners), 1);
	CHECK_INT(qos_filter_find(f, QOS_STR("xxabc"), owners), 1);
	CHECK_INT(qos_filter_find(f, QOS_STR("[X]"), owners), 1);
	CHECK_INT(qos_filter_find(f, QOS_STR("{x}"), owners), 0); /* '[' and '{' differ as A and a do */
	qos_filter_free(f);
}

int main(void)
{
	RUN("finds what looking at every place finds: three bytes", three);
	RUN("finds what looking at every place finds: four bytes", four);
	RUN("finds what looking at every place finds: seven bytes", seven);
	RUN("ends of texts and bytes that are no letters", edges);
	return DONE();
}
