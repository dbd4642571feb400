/*
 * Nodes that come and go: sizes rounded up to a step of 16 bytes, one free list per step, memory taken from the system
 * in large chunks and given back all at once.  What is larger than QOS_SLAB_LARGEST goes to malloc and is freed at
 * once.
 *
 * Cost   O(1), a few instructions, no lock.
 */
#ifndef QOS_BASE_SLAB_H
#define QOS_BASE_SLAB_H

#include <stddef.h>
#include <stdint.h>

#define QOS_SLAB_STEP    16
#define QOS_SLAB_LARGEST 2048

struct qos_slab {
	void *free[QOS_SLAB_LARGEST / QOS_SLAB_STEP + 1];
	void *chunks;      /* all chunks, linked by their first word */
	char *at, *end;    /* unused part of the newest chunk */
	size_t used_bytes; /* handed out now, after rounding */
};

/* Memory of at least `bytes`, not zeroed, aligned to 16.   Returns  NULL when memory ran out. */
void *qos_slab_get(struct qos_slab *s, size_t bytes);
/* Gives back what qos_slab_get(s, bytes) gave; the same `bytes`. */
void qos_slab_put(struct qos_slab *s, void *p, size_t bytes);
/* Gives all chunks back.  Pieces over QOS_SLAB_LARGEST that are still out are the caller's to put first. */
void qos_slab_free(struct qos_slab *s);

#endif
