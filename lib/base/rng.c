/*
 * Random numbers: xoshiro256** seeded by SplitMix64, and the few laws that need nothing but them.
 *
 * Cost   about 1 ns for 64 bits, 10 ns for an exponential (one logarithm).
 * After  Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2018; Steele, Lea, Flood, "Fast
 *	  splittable pseudorandom number generators", 2014 (SplitMix64); Lemire, "Fast random integer generation in
 *	  an interval", 2019.
 */
#include "base/rng.h"

#include <math.h>

static uint64_t rotate(uint64_t x, int bits)
{
	return x << bits | x >> (64 - bits);
}

static uint64_t splitmix(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15; /* 2^64 over the golden ratio: the state never repeats within 2^64 */

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

void qos_rng_seed(struct qos_rng *r, uint64_t seed)
{
	for (int i = 0; i < 4; i++)
		r->s[i] = splitmix(&seed); /* four steps of a bijection of a counter are never all 0 */
}

uint64_t qos_rng_next(struct qos_rng *r)
{
	uint64_t *s = r->s, result = rotate(s[1] * 5, 7) * 9, shifted = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= shifted;
	s[3] = rotate(s[3], 45);
	return result;
}

double qos_rng_uniform(struct qos_rng *r)
{
	return (double)(qos_rng_next(r) >> 11) * 0x1p-53;
}

uint64_t qos_rng_below(struct qos_rng *r, uint64_t n)
{
	unsigned __int128 product = (unsigned __int128)qos_rng_next(r) * n;

	/* the low half says where in its slot of 2^64 / n the draw fell; the first 2^64 mod n are one too many */
	if ((uint64_t)product < n) {
		uint64_t surplus = -n % n;

		while ((uint64_t)product < surplus)
			product = (unsigned __int128)qos_rng_next(r) * n;
	}
	return (uint64_t)(product >> 64);
}

double qos_rng_exponential(struct qos_rng *r)
{
	return -log(1 - qos_rng_uniform(r)); /* 1 - u is in (0, 1]: never the logarithm of 0 */
}
