/* Memory of things that die together: blocks of at least 16 KiB, cut from the front. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>

#define ARENA_BLOCK_BYTES (16 * 1024)

struct qos_arena_block {
	struct qos_arena_block *older;
	max_align_t first[];
};

void *qos_arena_get(struct qos_arena *a, size_t bytes)
{
	const size_t align = alignof(max_align_t);
	char *p;

	if (bytes > SIZE_MAX / 2)
		return NULL;
	bytes = (bytes + align - 1) & ~(align - 1);
	if ((size_t)(a->end - a->at) < bytes) {
		size_t room = bytes > ARENA_BLOCK_BYTES ? bytes : ARENA_BLOCK_BYTES;
		struct qos_arena_block *block = calloc(1, sizeof(*block) + room);

		if (!block)
			return NULL;
		block->older = a->blocks;
		a->blocks = block;
		a->at = (char *)block->first;
		a->end = a->at + room;
	}
	p = a->at;
	a->at += bytes;
	return p;
}

char *qos_arena_copy(struct qos_arena *a, struct qos_str s)
{
	char *p = qos_arena_get(a, s.n + 1);

	if (p && s.n)
		memcpy(p, s.p, s.n);
	return p;
}

void qos_arena_free(struct qos_arena *a)
{
	while (a->blocks) {
		struct qos_arena_block *older = a->blocks->older;

		free(a->blocks);
		a->blocks = older;
	}
	*a = (struct qos_arena){ 0 };
}
