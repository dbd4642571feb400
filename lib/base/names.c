/* Names to small integers: linear probing over slots of (hash, index), at most half full. */
#include "base/names.h"

#include <stdlib.h>
#include <xxhash.h>

struct qos_names_slot {
	uint64_t hash;
	const char *p; /* the name, here too: one line less to fetch */
	uint32_t bytes;
	uint32_t index; /* index + 1; 0: free */
};

uint64_t qos_hash(struct qos_str s)
{
	return XXH3_64bits(s.p, s.n);
}

static struct qos_names_slot *probe(const struct qos_names *t, struct qos_str name, uint64_t hash)
{
	uint32_t i = (uint32_t)hash & t->mask;

	while (t->slot[i].index && !(t->slot[i].hash == hash && t->slot[i].bytes == name.n &&
				     (name.n == 0 || memcmp(t->slot[i].p, name.p, name.n) == 0)))
		i = (i + 1) & t->mask;
	return &t->slot[i];
}

int qos_names_find(const struct qos_names *t, struct qos_str name)
{
	if (t->n == 0)
		return -1;
	return (int)probe(t, name, qos_hash(name))->index - 1;
}

static int grow_names(struct qos_names *t)
{
	uint32_t room = t->room ? t->room * 2 : 16;
	struct qos_str *name;

	if (t->n < t->room)
		return 0;
	name = realloc(t->name, room * sizeof(*name));
	if (!name)
		return -1;
	t->name = name;
	t->room = room;
	return 0;
}

static int grow_slots(struct qos_names *t)
{
	uint32_t n_old = t->slot ? t->mask + 1 : 0, n_new = n_old ? n_old * 2 : 32;
	struct qos_names_slot *old = t->slot, *slot;

	if (2 * (t->n + 1) <= n_old)
		return 0;
	slot = calloc(n_new, sizeof(*slot));
	if (!slot)
		return -1;
	for (uint32_t i = 0; i < n_old; i++) {
		uint32_t k = (uint32_t)old[i].hash & (n_new - 1);

		if (!old[i].index)
			continue;
		while (slot[k].index)
			k = (k + 1) & (n_new - 1);
		slot[k] = old[i];
	}
	free(old);
	t->slot = slot;
	t->mask = n_new - 1;
	return 0;
}

int qos_names_add(struct qos_names *t, struct qos_str name)
{
	uint64_t hash = qos_hash(name);
	struct qos_names_slot *s;
	char *copy;

	if (t->n && (s = probe(t, name, hash))->index)
		return (int)s->index - 1;
	if (t->n == INT32_MAX || name.n > UINT32_MAX || grow_names(t) || grow_slots(t) ||
	    !(copy = qos_arena_copy(&t->arena, name)))
		return -1;
	s = probe(t, name, hash);
	t->name[t->n] = (struct qos_str){ copy, name.n };
	s->hash = hash;
	s->p = copy;
	s->bytes = (uint32_t)name.n;
	s->index = ++t->n;
	return (int)t->n - 1;
}

void qos_names_free(struct qos_names *t)
{
	qos_arena_free(&t->arena);
	free(t->name);
	free(t->slot);
	*t = (struct qos_names){ 0 };
}
