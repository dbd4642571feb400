/*
 * Literals by their grams.
 *
 * Of each literal some grams (q bytes in a row) are put into a table.  If the shortest literal has m bytes, m - q + 1
 * grams side by side are enough to look at every (m - q + 1)-th place of the text only: one of them is bound to lie
 * there.  A place costs one look into a bitmap, which almost always says no; where it says yes, the literals with that
 * gram are compared.
 *
 * Cost   about 1 ns a place that is looked at, 10 ns for a "yes"; no allocation.
 * After  Wu and Manber, "A fast algorithm for multi-pattern searching", 1994, with the places fixed instead of skipped
 *	  to.
 */
#include "expr/filter.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"

#define STEP_MOST     4
#define BITS_PER_GRAM 256 /* one bit in that many is set: one text in ten has a false "yes" */

/* A gram, and the literal that has it. */
struct entry {
	uint32_t gram;
	int literal; /* -1: the end of a row */
	int offset;  /* of the gram in it */
};

struct qos_filter {
	uint64_t *bits;      /* [2^bits_log2] bits, by hash of gram */
	uint32_t mask;       /* the bytes of a gram in a word */
	int q, step, shift;  /* shift: of a 32-bit hash to a number of a bit */
	struct entry *entry; /* [n_entries], sorted by gram */
	int n_entries;
	int *first; /* [2^slots_log2] by hash: the first entry of the grams that may be there, -1 none */
	int slot_shift;
	struct qos_filter_literal *literal; /* [n] */
	int n;
	uint64_t *seen; /* [n_owners]: the search that an owner was last found in */
	uint64_t search;
	struct qos_arena arena;
};

static uint32_t hash(uint32_t gram)
{
	return gram * 0x9e3779b1u; /* 2^32 / golden ratio */
}

/* The four bytes at p with letters made small (and some other bytes changed, the same way everywhere). */
static uint32_t load(const char *p)
{
	uint32_t word;

	memcpy(&word, p, sizeof(word));
	return word | 0x20202020;
}

/* The same where only three bytes are left. */
static uint32_t load3(const char *p)
{
	char bytes[4] = { p[0], p[1], p[2], 0 };

	return load(bytes);
}

static uint32_t gram_at(const struct qos_filter *f, const char *p)
{
	return (f->q == 4 ? load(p) : load3(p)) & f->mask;
}

static int by_gram(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return (x->gram > y->gram) - (x->gram < y->gram);
}

static int log2_above(size_t n)
{
	int bits = 6;

	while ((size_t)1 << bits < n)
		bits++;
	return bits;
}

/* The grams of all literals, sorted, and the tables that lead to them. */
static void fill(struct qos_filter *f)
{
	for (int i = 0; i < f->n; i++)
		for (int k = 0; k < f->step; k++)
			f->entry[f->n_entries++] = (struct entry){ gram_at(f, f->literal[i].text.p + k), i, k };
	qsort(f->entry, (size_t)f->n_entries, sizeof(*f->entry), by_gram);
	for (int i = f->n_entries - 1; i >= 0; i--) {
		uint32_t h = hash(f->entry[i].gram), bit = h >> f->shift, slot = h >> f->slot_shift;

		f->bits[bit >> 6] |= 1ull << (bit & 63);
		while (f->first[slot] >= 0 && f->entry[f->first[slot]].gram != f->entry[i].gram)
			slot = (slot + 1) & ((UINT32_MAX >> f->slot_shift));
		f->first[slot] = i;
	}
}

static bool allocate(struct qos_filter *f, const struct qos_filter_literal *literal, int n_owners)
{
	size_t n_grams = (size_t)f->n * (size_t)f->step;
	int bits = log2_above(n_grams * BITS_PER_GRAM), slots = log2_above(n_grams * 2);

	f->shift = 32 - bits;
	f->slot_shift = 32 - slots;
	f->bits = qos_arena_get(&f->arena, ((size_t)1 << bits) / 8);
	f->entry = qos_arena_get(&f->arena, (n_grams + 1) * sizeof(*f->entry));
	f->first = qos_arena_get(&f->arena, ((size_t)1 << slots) * sizeof(*f->first));
	f->literal = qos_arena_get(&f->arena, (size_t)f->n * sizeof(*f->literal));
	f->seen = qos_arena_get(&f->arena, (size_t)n_owners * sizeof(*f->seen));
	if (!f->bits || !f->entry || !f->first || !f->literal || !f->seen)
		return false;
	for (size_t i = 0; i < (size_t)1 << slots; i++)
		f->first[i] = -1;
	for (int i = 0; i < f->n; i++) {
		f->literal[i] = literal[i];
		if (!(f->literal[i].text.p = qos_arena_copy(&f->arena, literal[i].text)))
			return false;
	}
	return true;
}

int qos_filter_new(struct qos_filter **out, const struct qos_filter_literal *literal, int n, int n_owners,
		   struct qos_err *err)
{
	struct qos_filter *f = calloc(1, sizeof(*f));
	size_t shortest = SIZE_MAX;

	*out = NULL;
	if (!f)
		return qos_fail_memory(err, "regular expressions");
	for (int i = 0; i < n; i++)
		shortest = literal[i].text.n < shortest ? literal[i].text.n : shortest;
	f->n = n;
	f->q = shortest >= 4 ? 4 : 3;
	f->mask = f->q == 4 ? UINT32_MAX : 0x00ffffff;
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	f->mask = f->q == 4 ? UINT32_MAX : 0xffffff00;
#endif
	f->step = shortest - (size_t)f->q >= STEP_MOST ? STEP_MOST : (int)(shortest - (size_t)f->q) + 1;
	if (!allocate(f, literal, n_owners)) {
		qos_filter_free(f);
		return qos_fail_memory(err, "regular expressions");
	}
	fill(f);
	*out = f;
	return 0;
}

void qos_filter_free(struct qos_filter *f)
{
	if (!f)
		return;
	qos_arena_free(&f->arena);
	free(f);
}

/* Eight bytes with ASCII letters made small, all at once: bit 7 of a lane tells that its byte is from A to Z. */
static uint64_t small8(uint64_t x)
{
	const uint64_t ones = 0x0101010101010101;
	uint64_t low = x & 0x7f * ones, from_a = low + (0x80 - 'A') * ones, past_z = low + (0x7f - 'Z') * ones;

	return x | ((from_a ^ past_z) & ~x & 0x80 * ones) >> 2;
}

static uint64_t load8(const char *p)
{
	uint64_t x;

	memcpy(&x, p, sizeof(x));
	return x;
}

static char small(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
}

static bool equal_folded(const char *text, struct qos_str literal)
{
	size_t i = 0;

	for (; i + 8 <= literal.n; i += 8)
		if (small8(load8(text + i)) != load8(literal.p + i))
			return false;
	if (literal.n >= 8) /* the last eight once more, for what is left of them */
		return small8(load8(text + literal.n - 8)) == load8(literal.p + literal.n - 8);
	for (; i < literal.n; i++)
		if (small(text[i]) != literal.p[i])
			return false;
	return true;
}

/* Is the literal in the text with its gram at p? */
static bool is_there(const struct qos_filter_literal *l, int offset, struct qos_str text, const char *p)
{
	size_t at = (size_t)(p - text.p), before = (size_t)offset;

	if (at < before || text.n - (at - before) < l->text.n)
		return false;
	return l->folded ? equal_folded(p - before, l->text) : memcmp(p - before, l->text.p, l->text.n) == 0;
}

/* Adds the owners of the literals that are there with this gram. */
static int verify(struct qos_filter *f, struct qos_str text, const char *p, uint32_t gram, int *owners, int n)
{
	uint32_t slot = hash(gram) >> f->slot_shift;
	int i;

	while ((i = f->first[slot]) >= 0 && f->entry[i].gram != gram)
		slot = (slot + 1) & (UINT32_MAX >> f->slot_shift);
	for (; i >= 0 && i < f->n_entries && f->entry[i].gram == gram; i++) {
		const struct qos_filter_literal *l = &f->literal[f->entry[i].literal];

		if (f->seen[l->owner] == f->search || !is_there(l, f->entry[i].offset, text, p))
			continue;
		f->seen[l->owner] = f->search;
		owners[n++] = l->owner;
	}
	return n;
}

static inline bool may_be(const uint64_t *bits, int shift, uint32_t gram)
{
	uint32_t bit = hash(gram) >> shift;

	return bits[bit >> 6] >> (bit & 63) & 1;
}

/* Looks at the places from p to last, 4 bytes each.   Returns  the place behind them. */
static inline const char *look(struct qos_filter *f, struct qos_str text, const char *p, const char *last,
			       uint32_t mask, int *owners, int *n)
{
	const uint64_t *bits = f->bits;
	const int step = f->step, shift = f->shift;

	for (; p <= last; p += step) {
		uint32_t gram = load(p) & mask;

		if (may_be(bits, shift, gram))
			*n = verify(f, text, p, gram, owners, *n);
	}
	return p;
}

int qos_filter_find(struct qos_filter *f, struct qos_str text, int *owners)
{
	const char *p = text.p, *end = p + text.n;
	int n = 0;

	if (text.n < 4 && (text.n < 3 || f->q == 4))
		return 0;
	f->search++;
	if (f->q == 4) {
		look(f, text, p, end - 4, UINT32_MAX, owners, &n);
		return n;
	}
	if (text.n >= 4)
		p = look(f, text, p, end - 4, f->mask, owners, &n);
	if (p == end - 3 && may_be(f->bits, f->shift, load3(p) & f->mask))
		n = verify(f, text, p, load3(p) & f->mask, owners, n);
	return n;
}
