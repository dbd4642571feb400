/*
 * Decimal digits in and out, eight in one register.
 *
 * Eight ASCII digits are eight bytes of a word.  Neighbours are joined pairwise, one multiplication a step (1, 2,
 * then 4 digits each), and taken apart the same way by multiplying with reciprocals; the lanes are wide enough that no
 * carry crosses them.
 *
 * Cost   about 2 ns for eight digits, either way.
 * After  Lemire, "Quickly parsing eight digits", 2018; the way back by the same lanes.
 */
#ifndef QOS_UNIT_DIGITS_H
#define QOS_UNIT_DIGITS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static inline uint64_t qos_digits_load(const char *p)
{
	uint64_t v;

	memcpy(&v, p, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	v = __builtin_bswap64(v);
#endif
	return v;
}

/* Reads the eight digits at p.   Returns  false when one of them is none. */
static inline bool qos_digits_read8(const char *p, uint32_t *x)
{
	uint64_t v = qos_digits_load(p);

	/* a digit is 0x30..0x39: its high half is 3, and still is after adding 6 */
	if (((v & 0xf0f0f0f0f0f0f0f0) | ((v + 0x0606060606060606) & 0xf0f0f0f0f0f0f0f0) >> 4) != 0x3333333333333333)
		return false;
	v = (v & 0x0f0f0f0f0f0f0f0f) * (1 + (10ull << 8)) >> 8;
	v = (v & 0x00ff00ff00ff00ff) * (1 + (100ull << 16)) >> 16;
	*x = (uint32_t)((v & 0x0000ffff0000ffff) * (1 + (10000ull << 32)) >> 32);
	return true;
}

/* The eight digits of x < 10^8 as values 0..9, the first one in the lowest byte. */
static inline uint64_t qos_digits_of(uint32_t x)
{
	uint64_t v = x / 10000 | (uint64_t)(x % 10000) << 32, high;

	high = v * 10486 >> 20 & 0x0000007f0000007f; /* 10486 / 2^20: a hundredth of anything under 10^4 */
	v = high | (v - 100 * high) << 16;
	high = v * 103 >> 10 & 0x000f000f000f000f; /* 103 / 2^10: a tenth of anything under 100 */
	return high | (v - 10 * high) << 8;
}

/* Writes eight such values as text. */
static inline void qos_digits_store(char *p, uint64_t v)
{
	v |= 0x3030303030303030;
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	v = __builtin_bswap64(v);
#endif
	memcpy(p, &v, 8);
}

/* Writes exactly eight digits of x < 10^8. */
static inline void qos_digits_write8(char *p, uint32_t x)
{
	qos_digits_store(p, qos_digits_of(x));
}

/* Writes exactly nine digits of x < 10^9. */
static inline void qos_digits_write9(char *p, uint32_t x)
{
	p[0] = (char)('0' + x / 100000000);
	qos_digits_write8(p + 1, x % 100000000);
}

/* Writes exactly two digits of x < 100. */
static inline void qos_digits_write2(char *p, unsigned x)
{
	p[0] = (char)('0' + x / 10);
	p[1] = (char)('0' + x % 10);
}

/* Writes x < 10^8 without leading zeros; touches 8 bytes.   Returns  the end of the digits. */
static inline char *qos_digits_write_short(char *p, uint32_t x)
{
	uint64_t v = qos_digits_of(x);
	int zeros = __builtin_ctzll(v | 1ull << 56) / 8; /* the last digit stands even if it is 0 */

	qos_digits_store(p, v >> 8 * zeros);
	return p + 8 - zeros;
}

/* Writes x without leading zeros; may touch bytes behind: p wants room for 24.   Returns  the end of the digits. */
static inline char *qos_digits_write(char *p, uint64_t x)
{
	if (x < 100000000)
		return qos_digits_write_short(p, (uint32_t)x);
	if (x < 10000000000) { /* seconds of our time: two digits before eight */
		unsigned high = (unsigned)(x / 100000000);

		if (high >= 10)
			*p++ = (char)('0' + high / 10);
		*p++ = (char)('0' + high % 10);
	} else if (x < 10000000000000000) {
		p = qos_digits_write_short(p, (uint32_t)(x / 100000000));
	} else {
		p = qos_digits_write_short(p, (uint32_t)(x / 10000000000000000));
		qos_digits_write8(p, (uint32_t)(x / 100000000 % 100000000));
		p += 8;
	}
	qos_digits_write8(p, (uint32_t)(x % 100000000));
	return p + 8;
}

/*
 * Writes "." and the decimals of x / 10^9, x < 10^9, trailing zeros left out; nothing when x is 0.  Touches 10 bytes.
 *
 * Returns  the end of the text.
 */
static inline char *qos_digits_fraction(char *p, uint32_t x)
{
	uint64_t v = qos_digits_of(x % 100000000);

	if (x == 0)
		return p;
	p[0] = '.';
	p[1] = (char)('0' + x / 100000000);
	qos_digits_store(p + 2, v);
	return p + 10 - (v ? __builtin_clzll(v) / 8 : 8);
}

#endif
