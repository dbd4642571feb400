/*
 * Memory of things that die together (a config, a compiled expression, a report): allocate, never free one, free all.
 */
#ifndef QOS_BASE_ARENA_H
#define QOS_BASE_ARENA_H

#include "base/str.h"

struct qos_arena {
	struct qos_arena_block *blocks; /* newest first; NULL at the start: { 0 } is an empty arena */
	char *at, *end;                 /* free part of the newest block */
};

/* Zeroed memory, aligned for any type.   Returns  NULL when memory ran out.   Owns  the arena. */
void *qos_arena_get(struct qos_arena *a, size_t bytes);
/* A copy of s with a zero byte behind it; NULL when memory ran out. */
char *qos_arena_copy(struct qos_arena *a, struct qos_str s);
/* Frees all of it; the arena is empty and usable again. */
void qos_arena_free(struct qos_arena *a);

#endif
