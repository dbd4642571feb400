/* Active streams: open addressing with the hash beside the pointer, so that a miss costs one cache line. */
#include "sched/stream.h"

#include <stdlib.h>

#define XXH_INLINE_ALL /* names are short: a call costs as much as the hash */
#include <xxhash.h>

#include "base/huge.h"

struct qos_stream_slot {
	uint64_t hash;
	struct qos_stream *stream; /* NULL: free */
};

#define STREAM_SLOTS_LEAST 1024

int qos_streams_init(struct qos_streams *t, struct qos_err *err)
{
	*t = (struct qos_streams){ .mask = STREAM_SLOTS_LEAST - 1 };
	t->slot = calloc(STREAM_SLOTS_LEAST, sizeof(*t->slot));
	return t->slot ? 0 : qos_fail_memory(err, "table of streams");
}

static size_t extra_at(size_t name_bytes)
{
	return (sizeof(struct qos_stream) + name_bytes + 15) & ~(size_t)15;
}

static size_t stream_bytes(const struct qos_streams *t, size_t name_bytes)
{
	return t->extra_bytes ? extra_at(name_bytes) + t->extra_bytes : sizeof(struct qos_stream) + name_bytes;
}

void *qos_stream_extra(struct qos_stream *s)
{
	return (char *)s + extra_at(s->name_bytes);
}

void qos_streams_free(struct qos_streams *t)
{
	for (uint32_t i = 0; t->slot && i <= t->mask; i++)
		if (t->slot[i].stream)
			qos_slab_put(&t->slab, t->slot[i].stream, stream_bytes(t, t->slot[i].stream->name_bytes));
	free(t->slot);
	qos_slab_free(&t->slab);
	*t = (struct qos_streams){ 0 };
}

static uint64_t hash_of(int group, struct qos_str name)
{
	return XXH3_64bits_withSeed(name.p, name.n, (uint64_t)group);
}

struct qos_stream *qos_streams_find(const struct qos_streams *t, int group, struct qos_str name, uint64_t *hash)
{
	uint64_t h = hash_of(group, name);

	*hash = h;
	for (uint32_t i = (uint32_t)h & t->mask; t->slot[i].stream; i = (i + 1) & t->mask) {
		struct qos_stream *s = t->slot[i].stream;

		if (t->slot[i].hash == h && s->group == (uint32_t)group && s->name_bytes == name.n &&
		    memcmp(s->name, name.p, name.n) == 0)
			return s;
	}
	return NULL;
}

void qos_streams_fetch(const struct qos_streams *t, uint64_t hash)
{
	__builtin_prefetch(&t->slot[hash & t->mask]);
}

void qos_streams_fetch_name(const struct qos_streams *t, int group, struct qos_str name)
{
	qos_streams_fetch(t, hash_of(group, name));
}

static void insert(struct qos_stream_slot *slot, uint32_t mask, uint64_t hash, struct qos_stream *s)
{
	uint32_t i = (uint32_t)hash & mask;

	while (slot[i].stream)
		i = (i + 1) & mask;
	slot[i] = (struct qos_stream_slot){ hash, s };
}

static int grow(struct qos_streams *t)
{
	uint32_t mask = t->mask * 2 + 1;
	struct qos_stream_slot *slot = qos_huge_get(((size_t)mask + 1) * sizeof(*slot));

	if (!slot)
		return -1;
	memset(slot, 0, ((size_t)mask + 1) * sizeof(*slot));
	for (uint32_t i = 0; i <= t->mask; i++)
		if (t->slot[i].stream)
			insert(slot, mask, t->slot[i].hash, t->slot[i].stream);
	free(t->slot);
	t->slot = slot;
	t->mask = mask;
	return 0;
}

struct qos_stream *qos_streams_add(struct qos_streams *t, int group, struct qos_str name, uint64_t hash)
{
	struct qos_stream *s;

	if (2 * (t->n + 1) > t->mask && grow(t))
		return NULL;
	s = qos_slab_get(&t->slab, stream_bytes(t, name.n));
	if (!s)
		return NULL;
	*s = (struct qos_stream){ .hash = hash, .group = (uint32_t)group, .name_bytes = (uint32_t)name.n };
	if (name.n)
		memcpy(s->name, name.p, name.n);
	if (t->extra_bytes)
		memset(qos_stream_extra(s), 0, t->extra_bytes);
	insert(t->slot, t->mask, hash, s);
	if (++t->n > t->n_max)
		t->n_max = t->n;
	return s;
}

void qos_streams_remove(struct qos_streams *t, struct qos_stream *s)
{
	uint32_t hole = (uint32_t)s->hash & t->mask, i;

	while (t->slot[hole].stream != s)
		hole = (hole + 1) & t->mask;
	/* whoever probed across the hole moves into it, so that no search stops short */
	for (i = (hole + 1) & t->mask; t->slot[i].stream; i = (i + 1) & t->mask) {
		uint32_t home = (uint32_t)t->slot[i].hash & t->mask;

		if (((i - home) & t->mask) >= ((i - hole) & t->mask)) {
			t->slot[hole] = t->slot[i];
			hole = i;
		}
	}
	t->slot[hole].stream = NULL;
	t->n--;
	qos_slab_put(&t->slab, s, stream_bytes(t, s->name_bytes));
}
