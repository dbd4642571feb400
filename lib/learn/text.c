/*
 * A word is a run of letters, digits, apostrophes and bytes over 127, in small letters; any other visible byte is one
 * by itself.  Features are words, words with digits by their shape, pairs of neighbours, and the pieces of 3 and 4
 * bytes of a word between its ends, which are what two forms of a word, or a word and its misspelling, have in
 * common.  They weigh less than words: there are many of them, and they say the same thing several times.
 */
#include "learn/text.h"

#include <stdlib.h>

#include <xxhash.h>

#define WORD_MOST   30   /* bytes of a word that are looked at */
#define SUB_WEIGHT  0.3f /* of a sub-word, measured on short and long texts: 0.2 to 0.35 are much the same */
#define PAIR_FACTOR 0x9e3779b97f4a7c15u

int qos_bag_new(struct qos_bag *b, struct qos_err *err)
{
	*b = (struct qos_bag){ .x = malloc(QOS_FEATURES_MOST * sizeof(*b->x)),
			       .place = calloc(QOS_BAG_SLOTS, sizeof(*b->place)),
			       .mask = QOS_BAG_SLOTS - 1 };
	return b->x && b->place ? 0 : qos_fail_memory(err, "features");
}

void qos_bag_free(struct qos_bag *b)
{
	free(b->x);
	free(b->place);
}

void qos_bag_clear(struct qos_bag *b, size_t bytes)
{
	b->mask = 255;
	while (b->mask < QOS_BAG_SLOTS - 1 && b->mask < 10 * bytes) /* a byte makes 5 features at most, half is free */
		b->mask = 2 * b->mask + 1;
	b->n = 0;
	if (++b->round == 0) { /* the counter went round: old stamps would look new */
		memset(b->place, 0, QOS_BAG_SLOTS * sizeof(*b->place));
		b->round = 1;
	}
}

void qos_bag_add(struct qos_bag *b, uint64_t hash, float value, struct qos_str source)
{
	uint32_t slot = (uint32_t)(hash & (QOS_FEATURE_SLOTS - 1)), i = slot & b->mask;

	if (b->asked && !b->n_found && slot == b->wanted) {
		b->n_found = (int)(source.n < sizeof(b->found) ? source.n : sizeof(b->found));
		memcpy(b->found, source.p, (size_t)b->n_found);
	}
	while (b->place[i].round == b->round) {
		if (b->x[b->place[i].at].slot == slot) {
			b->x[b->place[i].at].value += value;
			return;
		}
		i = (i + 1) & b->mask;
	}
	if ((uint32_t)b->n > b->mask / 2) /* full */
		return;
	b->place[i] = (struct qos_bag_place){ b->round, (uint32_t)b->n };
	b->x[b->n++] = (struct qos_feature){ slot, value };
}

/* small letter of a word's byte; 0: it is no part of a word */
static const unsigned char word_byte[256] = {
#define SAME(c)       [c] = c
#define SMALL(c)      [c] = (c) + 32
#define FOUR(f, c)    f(c), f((c) + 1), f((c) + 2), f((c) + 3)
#define SIXTEEN(f, c) FOUR(f, c), FOUR(f, (c) + 4), FOUR(f, (c) + 8), FOUR(f, (c) + 12)
	SIXTEEN(SMALL, 'A'), FOUR(SMALL, 'Q'),   FOUR(SMALL, 'U'),   SMALL('Y'),         SMALL('Z'),
	SIXTEEN(SAME, 'a'),  FOUR(SAME, 'q'),    FOUR(SAME, 'u'),    SAME('y'),          SAME('z'),
	FOUR(SAME, '0'),     FOUR(SAME, '4'),    SAME('8'),          SAME('9'),          SAME('\''),
	SIXTEEN(SAME, 128),  SIXTEEN(SAME, 144), SIXTEEN(SAME, 160), SIXTEEN(SAME, 176), SIXTEEN(SAME, 192),
	SIXTEEN(SAME, 208),  SIXTEEN(SAME, 224), SIXTEEN(SAME, 240),
};

static inline uint64_t mix(uint64_t x)
{
	x *= PAIR_FACTOR;
	x ^= x >> 32;
	x *= PAIR_FACTOR;
	return x ^ x >> 29;
}

/* word	"<word>" in small letters */
static void add_sub_words(struct qos_bag *b, const unsigned char *word, int n, struct qos_str source)
{
	uint32_t piece = (uint32_t)word[0] << 8 | word[1];

	for (int i = 2; i < n; i++) {
		piece = piece << 8 | word[i];
		if (n > 3)
			qos_bag_add(b, mix(piece & 0xffffff), SUB_WEIGHT, source);
		if (i >= 3 && n > 4)
			qos_bag_add(b, mix(piece | (uint64_t)1 << 32), SUB_WEIGHT, source);
	}
}

/* A word with digits by its shape: "0800" and "0845" have much in common. */
static void add_shape(struct qos_bag *b, const unsigned char *word, int n, struct qos_str source)
{
	unsigned char shape[WORD_MOST];
	bool digits = false;

	for (int i = 0; i < n; i++) {
		bool digit = word[i] >= '0' && word[i] <= '9';

		shape[i] = digit ? '0' : word[i];
		digits |= digit;
	}
	if (digits)
		qos_bag_add(b, mix(XXH3_64bits(shape, (size_t)n)), 1, source);
}

void qos_bag_text(struct qos_bag *b, struct qos_str text)
{
	const unsigned char *p = (const unsigned char *)text.p, *end = p + text.n, *before = p;
	uint64_t last = 1;

	while (p < end && b->n < QOS_FEATURES_MOST) {
		unsigned char word[WORD_MOST + 2] = { '<' };
		const unsigned char *start = p;
		struct qos_str source;
		uint64_t hash;
		int n = 1;

		for (; p < end && word_byte[*p]; p++)
			if (n <= WORD_MOST)
				word[n++] = word_byte[*p];
		if (p == start) { /* a mark stands for itself and does not part neighbours */
			if (*p > ' ')
				qos_bag_add(b, mix((uint64_t)2 << 32 | *p), 1, (struct qos_str){ (const char *)p, 1 });
			p++;
			continue;
		}
		source = (struct qos_str){ (const char *)start, (size_t)(p - start) };
		hash = XXH3_64bits(word + 1, (size_t)n - 1);
		add_shape(b, word + 1, n - 1, source);
		word[n++] = '>';
		qos_bag_add(b, hash, 1, source);
		qos_bag_add(b, mix(hash + last * 31), 1,
			    (struct qos_str){ (const char *)before, (size_t)(p - before) });
		add_sub_words(b, word, n, source);
		last = hash;
		before = start;
	}
}
