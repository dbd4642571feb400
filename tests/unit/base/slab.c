/* Slab pieces do not overlap, come back, and large ones are freed at once. */
#include "base/slab.h"

#include <stdint.h>
#include <stdlib.h>

#include "tests/unit/test.h"

static void no_overlap(void)
{
	enum { N = 2000 };
	struct qos_slab s = { 0 };
	unsigned char *p[N];
	int wrong = 0;

	for (size_t round = 0; round < 3; round++) {
		for (size_t i = 0; i < N; i++) {
			p[i] = qos_slab_get(&s, i + 1);
			wrong += !p[i] || (uintptr_t)p[i] % 16 != 0;
			memset(p[i], (int)(i & 255), i + 1);
		}
		for (size_t i = 0; i < N; i++) {
			for (size_t k = 0; k <= i; k++)
				wrong += p[i][k] != (i & 255);
			qos_slab_put(&s, p[i], i + 1);
		}
		CHECK_INT(s.used_bytes, 0);
	}
	CHECK_INT(wrong, 0);
	qos_slab_free(&s);
}

static void reuses(void)
{
	struct qos_slab s = { 0 };
	void *a = qos_slab_get(&s, 100), *large;

	qos_slab_put(&s, a, 100);
	CHECK(qos_slab_get(&s, 97) == a); /* the same step of 16 bytes */
	large = qos_slab_get(&s, 1 << 20);
	CHECK(large != NULL);
	qos_slab_put(&s, large, 1 << 20);
	qos_slab_put(&s, NULL, 5);
	qos_slab_put(&s, a, 97);
	CHECK_INT(s.used_bytes, 0);
	qos_slab_free(&s);
}

/* So much that chunks become huge pages. */
static void large_in_all(void)
{
	enum { N = 20000, BYTES = 1000 };
	struct qos_slab s = { 0 };
	unsigned char **p = malloc(N * sizeof(*p));
	int wrong = 0;

	CHECK(p != NULL);
	for (int i = 0; i < N; i++) {
		p[i] = qos_slab_get(&s, BYTES);
		wrong += !p[i] || (uintptr_t)p[i] % 16 != 0;
		memset(p[i], i & 255, BYTES);
	}
	for (int i = 0; i < N; i++)
		wrong += p[i][0] != (i & 255) || p[i][BYTES - 1] != (i & 255);
	CHECK_INT(wrong, 0);
	CHECK_INT(s.used_bytes, (size_t)N * 1008);
	for (int i = 0; i < N; i++)
		qos_slab_put(&s, p[i], BYTES);
	CHECK_INT(s.used_bytes, 0);
	qos_slab_free(&s);
	free(p);
}

int main(void)
{
	RUN("pieces of all sizes do not overlap", no_overlap);
	RUN("what is given back is given out again", reuses);
	RUN("twenty megabytes of pieces do not overlap", large_in_all);
	return DONE();
}
