/*
 * Where do the cells of quote-free csv end?  Sixty-four bytes at a time become two words of bits.
 *
 * Bit i of `ends` is set where byte i is the separator or a newline, bit i of `stops` where it is a newline or a
 * quote.  In a row of n columns without quotes the n-th end is the first stop; anything else is an odd row, which
 * libcsv has to look at.
 *
 * Cost   about 20 instructions for 16 bytes with SSE2; a multiply per 8 bytes without.
 * After  Langdale and Lemire, "Parsing gigabytes of JSON per second", VLDB Journal 2019 (stage 1).
 */
#ifndef QOS_FORMAT_CSV_SCAN_H
#define QOS_FORMAT_CSV_SCAN_H

#include <stdint.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define QOS_CSV_BLOCK_BYTES 64

struct qos_csv_bits {
	uint64_t ends, stops;
};

/* High bit of each byte of x that equals c, exactly (no borrow between bytes). */
static inline uint64_t qos_csv_equal8(uint64_t x, uint8_t c)
{
	const uint64_t low7 = 0x7f7f7f7f7f7f7f7f;
	uint64_t y = x ^ 0x0101010101010101 * c;

	return ~(((y & low7) + low7) | y | low7);
}

/* The high bits of eight bytes, gathered in the low byte: byte i gives bit i (little endian). */
static inline uint64_t qos_csv_gather8(uint64_t high_bits)
{
	return (high_bits >> 7) * 0x0102040810204080 >> 56;
}

/* The same as qos_csv_block(), for any machine. */
static inline struct qos_csv_bits qos_csv_block_portable(const char *p, char separator)
{
	struct qos_csv_bits bits = { 0, 0 };

	for (int i = 0; i < QOS_CSV_BLOCK_BYTES; i += 8) {
		uint64_t x = 0, newline;

		for (int k = 0; k < 8; k++)
			x |= (uint64_t)(uint8_t)p[i + k] << 8 * k;
		newline = qos_csv_equal8(x, '\n');
		bits.ends |= qos_csv_gather8(newline | qos_csv_equal8(x, (uint8_t)separator)) << i;
		bits.stops |= qos_csv_gather8(newline | qos_csv_equal8(x, '"')) << i;
	}
	return bits;
}

/* The bits of p[0..64).  Inlined always, so that the separator is a constant where it matters. */
static inline __attribute__((always_inline)) struct qos_csv_bits qos_csv_block(const char *p, char separator)
{
#ifdef __SSE2__
	const __m128i comma = _mm_set1_epi8(separator), newline = _mm_set1_epi8('\n'), quote = _mm_set1_epi8('"');
	struct qos_csv_bits bits = { 0, 0 };

#pragma GCC unroll 4
	for (int i = 0; i < QOS_CSV_BLOCK_BYTES; i += 16) {
		__m128i x = _mm_loadu_si128((const __m128i *)(const void *)(p + i));
		__m128i n = _mm_cmpeq_epi8(x, newline);
		unsigned ends = (unsigned)_mm_movemask_epi8(_mm_or_si128(n, _mm_cmpeq_epi8(x, comma)));
		unsigned stops = (unsigned)_mm_movemask_epi8(_mm_or_si128(n, _mm_cmpeq_epi8(x, quote)));

		bits.ends |= (uint64_t)ends << i;
		bits.stops |= (uint64_t)stops << i;
	}
	return bits;
#else
	return qos_csv_block_portable(p, separator);
#endif
}

#endif
