/* Sums by key: open addressing, linear probing, doubled when it is four fifths full. */
#include "stats/portion.h"

#include <stdlib.h>

#define SLOTS_FIRST 8

static struct qos_portion *find(const struct qos_portions *p, uint64_t hash)
{
	size_t i = hash & p->mask;

	while (p->slot[i].hash && p->slot[i].hash != hash)
		i = (i + 1) & p->mask;
	return &p->slot[i];
}

static bool grow(struct qos_portions *p)
{
	size_t n = p->slot ? 2 * (p->mask + 1) : SLOTS_FIRST;
	struct qos_portions larger = { calloc(n, sizeof(*larger.slot)), n - 1, p->n };

	if (!larger.slot)
		return false;
	for (size_t i = 0; p->slot && i <= p->mask; i++)
		if (p->slot[i].hash)
			*find(&larger, p->slot[i].hash) = p->slot[i];
	free(p->slot);
	*p = larger;
	return true;
}

bool qos_portions_add(struct qos_portions *p, uint64_t hash, uint64_t amount, bool may_be_new)
{
	struct qos_portion *slot;

	hash += !hash;
	if (!p->slot && !grow(p))
		return false;
	slot = find(p, hash);
	if (!slot->hash) {
		if (!may_be_new)
			return false;
		if (5 * (p->n + 1) > 4 * (p->mask + 1)) {
			if (!grow(p))
				return false;
			slot = find(p, hash);
		}
		slot->hash = hash;
		p->n++;
	}
	slot->sum += amount;
	return true;
}

/* In whole numbers, so that the sums do not depend on the order of the slots. */
void qos_portions_measure(const struct qos_portions *p, struct qos_fairness *f)
{
	unsigned __int128 sum = 0, low = 0, high = 0; /* of the squares: their lower and their upper 64 bits */

	for (size_t i = 0; p->slot && i <= p->mask; i++) {
		unsigned __int128 square = (unsigned __int128)p->slot[i].sum * p->slot[i].sum;

		sum += p->slot[i].sum;
		low += (uint64_t)square;
		high += (uint64_t)(square >> 64);
	}
	f->sum += (double)sum;
	f->sum_of_squares += (double)high * 0x1p64 + (double)low;
	f->n += p->n;
}

void qos_portions_free(struct qos_portions *p)
{
	free(p->slot);
	*p = (struct qos_portions){ 0 };
}
