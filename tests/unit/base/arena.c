/* Arena memory is zeroed, aligned, and survives growth. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>

#include "tests/unit/test.h"

static void gives(void)
{
	struct qos_arena a = { 0 };
	int wrong = 0;
	char *first = qos_arena_copy(&a, QOS_STR("first"));

	for (size_t n = 0; n < 3000; n++) {
		char *p = qos_arena_get(&a, n);

		wrong += !p || (uintptr_t)p % alignof(max_align_t) != 0;
		for (size_t i = 0; i < n; i++)
			wrong += p[i] != 0;
		memset(p, 0xaa, n);
	}
	CHECK_INT(wrong, 0);
	CHECK_TEXT(first, "first");
	CHECK(qos_arena_get(&a, SIZE_MAX) == NULL);
	qos_arena_free(&a);
	CHECK(a.blocks == NULL);
}

int main(void)
{
	RUN("memory is zeroed and aligned, old pieces stay", gives);
	return DONE();
}
