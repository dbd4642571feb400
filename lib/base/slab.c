/* Nodes that come and go: free lists by size in steps of 16 bytes over chunks of 256 KiB, of huge pages when many. */
#include "base/slab.h"

#include <stdlib.h>

#include "base/huge.h"

#define SLAB_CHUNK_BYTES (256 * 1024)
#define SLAB_HUGE_FROM   (QOS_HUGE_PAGE / 4) /* used bytes: less than this finds its pages without help */
#define SLAB_HEADER      16                  /* the link to the next chunk, keeping pieces aligned to 16 */

static void *cut(struct qos_slab *s, size_t bytes)
{
	char *p;

	if ((size_t)(s->end - s->at) < bytes) {
		size_t size = s->used_bytes < SLAB_HUGE_FROM ? SLAB_CHUNK_BYTES : QOS_HUGE_PAGE;
		void **chunk = size < QOS_HUGE_PAGE ? malloc(size) : qos_huge_get(size);

		if (!chunk)
			return NULL;
		*chunk = s->chunks;
		s->chunks = chunk;
		s->at = (char *)chunk + SLAB_HEADER;
		s->end = (char *)chunk + size;
	}
	p = s->at;
	s->at += bytes;
	return p;
}

void *qos_slab_get(struct qos_slab *s, size_t bytes)
{
	size_t step = (bytes + QOS_SLAB_STEP - 1) / QOS_SLAB_STEP;
	void **piece;

	if (bytes > QOS_SLAB_LARGEST) {
		piece = malloc(bytes);
	} else if ((piece = s->free[step])) {
		s->free[step] = *piece;
	} else {
		piece = cut(s, step * QOS_SLAB_STEP);
	}
	if (piece)
		s->used_bytes += step * QOS_SLAB_STEP;
	return piece;
}

void qos_slab_put(struct qos_slab *s, void *p, size_t bytes)
{
	size_t step = (bytes + QOS_SLAB_STEP - 1) / QOS_SLAB_STEP;

	if (!p)
		return;
	s->used_bytes -= step * QOS_SLAB_STEP;
	if (bytes > QOS_SLAB_LARGEST) {
		free(p);
		return;
	}
	*(void **)p = s->free[step];
	s->free[step] = p;
}

void qos_slab_free(struct qos_slab *s)
{
	while (s->chunks) {
		void *older = *(void **)s->chunks;

		free(s->chunks);
		s->chunks = older;
	}
	*s = (struct qos_slab){ 0 };
}
