/*
 * Value -> rules, by open addressing.
 *
 * Keys are short words mostly, so the hash reads their first and last eight bytes and mixes; longer ones, which may
 * share both, go through the library's hash.  The table is at most half full and never changes.
 *
 * Cost   one probe, one comparison.
 */
#include "classify/lookup.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/names.h"

struct slot {
	uint64_t hash;
	struct qos_str key; /* p NULL: free */
	int from, n;        /* its part of rules[] */
};

struct qos_lookup {
	struct slot *slot; /* [mask + 1] */
	uint64_t mask;
	int *rules;
	struct qos_arena arena;
};

static uint64_t load(const char *p, size_t n)
{
	uint64_t word = 0;

	memcpy(&word, p, n);
	return word;
}

static inline uint64_t hash_of(struct qos_str s)
{
	uint64_t a, b;

	if (s.n > 16)
		return qos_hash(s);
	if (s.n >= 8) {
		a = load(s.p, 8);
		b = load(s.p + s.n - 8, 8);
	} else if (s.n >= 4) {
		a = load(s.p, 4);
		b = load(s.p + s.n - 4, 4);
	} else {
		a = s.n ? (unsigned char)s.p[0] | (uint64_t)(unsigned char)s.p[s.n / 2] << 8 : 0;
		b = s.n ? (unsigned char)s.p[s.n - 1] : 0;
	}
	/* two large odd numbers, so that each byte reaches the upper half, which is folded down */
	a = (a ^ s.n) * 0x9e3779b97f4a7c15ull ^ b * 0xc2b2ae3d27d4eb4full;
	a ^= a >> 32;
	a *= 0xff51afd7ed558ccdull;
	return a ^ a >> 32;
}

static int by_key(const void *a, const void *b)
{
	const struct qos_lookup_pair *x = a, *y = b;
	int order = qos_str_compare(x->key, y->key);

	return order ? order : (x->rule > y->rule) - (x->rule < y->rule);
}

static struct slot *place_for(struct qos_lookup *l, uint64_t hash)
{
	uint64_t i = hash & l->mask;

	while (l->slot[i].key.p)
		i = (i + 1) & l->mask;
	return &l->slot[i];
}

/* Each run of equal keys in the sorted pairs becomes one slot.   Returns  false when memory ran out. */
static bool fill(struct qos_lookup *l, const struct qos_lookup_pair *pair, int n)
{
	struct slot *slot = NULL;
	int n_rules = 0;

	for (int i = 0; i < n; i++) {
		bool same = i && qos_str_equal(pair[i].key, pair[i - 1].key);

		if (same && pair[i].rule == pair[i - 1].rule)
			continue;
		if (!same) {
			uint64_t hash = hash_of(pair[i].key);
			const char *key = qos_arena_copy(&l->arena, pair[i].key);

			if (!key)
				return false;
			slot = place_for(l, hash);
			*slot = (struct slot){ hash, { key, pair[i].key.n }, n_rules, 0 };
		}
		l->rules[n_rules++] = pair[i].rule;
		slot->n++;
	}
	return true;
}

int qos_lookup_new(struct qos_lookup **out, const struct qos_lookup_pair *pair, int n, struct qos_err *err)
{
	struct qos_lookup *l = calloc(1, sizeof(*l));
	struct qos_lookup_pair *sorted = malloc(((size_t)n + 1) * sizeof(*sorted));
	bool ok = l && sorted;

	*out = NULL;
	if (ok) {
		for (l->mask = 3; l->mask < 2 * (uint64_t)n; l->mask = 2 * l->mask + 1)
			;
		l->slot = qos_arena_get(&l->arena, (l->mask + 1) * sizeof(*l->slot));
		l->rules = qos_arena_get(&l->arena, ((size_t)n + 1) * sizeof(*l->rules));
		if (n)
			memcpy(sorted, pair, (size_t)n * sizeof(*sorted));
		qsort(sorted, (size_t)n, sizeof(*sorted), by_key);
		ok = l->slot && l->rules && fill(l, sorted, n);
	}
	free(sorted);
	if (ok)
		*out = l;
	else
		qos_lookup_free(l);
	return ok ? 0 : qos_fail_memory(err, "rules");
}

void qos_lookup_free(struct qos_lookup *l)
{
	if (!l)
		return;
	qos_arena_free(&l->arena);
	free(l);
}

const int *qos_lookup_find(const struct qos_lookup *l, struct qos_str key, int *n_rules)
{
	uint64_t hash = hash_of(key);

	for (uint64_t i = hash & l->mask; l->slot[i].key.p; i = (i + 1) & l->mask)
		if (l->slot[i].hash == hash && qos_str_equal(l->slot[i].key, key)) {
			*n_rules = l->slot[i].n;
			return l->rules + l->slot[i].from;
		}
	return NULL;
}
