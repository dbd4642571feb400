/* Find first set, and products that refuse to overflow. */
#ifndef QOS_BASE_BITS_H
#define QOS_BASE_BITS_H

#include <stdbool.h>
#include <stdint.h>

/* Index of the lowest set bit; word must not be 0. */
static inline int qos_bits_first(uint64_t word)
{
	return __builtin_ctzll(word);
}

/* for (each set bit i of word, lowest first) */
#define qos_bits_each(i, word) \
	for (uint64_t bits_##i = (word); bits_##i && ((i) = qos_bits_first(bits_##i), 1); bits_##i &= bits_##i - 1)

/* a + b, or INT64_MAX when that is too large; a, b >= 0. */
static inline int64_t qos_add_clamped(int64_t a, int64_t b)
{
	int64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

/*
 * a * b / c, rounded down, through 128 bits; a, b >= 0, c > 0.
 *
 * Returns  INT64_MAX when the quotient does not fit ("never").
 */
static inline int64_t qos_muldiv(int64_t a, int64_t b, int64_t c)
{
	unsigned __int128 q;
	int64_t product;

	if (!__builtin_mul_overflow(a, b, &product))
		return product / c; /* nearly always: a 64-bit division costs half of a 128-bit one */
	q = (unsigned __int128)a * (unsigned __int128)b / (unsigned __int128)c;
	return q > INT64_MAX ? INT64_MAX : (int64_t)q;
}

#endif
