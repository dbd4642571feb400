/*
 * Random numbers that are the same everywhere for the same seed.
 *
 * After  Blackman and Vigna, xoshiro256** 1.0 (2018), seeded by SplitMix64.
 */
#ifndef QOS_BASE_RNG_H
#define QOS_BASE_RNG_H

#include <stdint.h>

struct qos_rng {
	uint64_t s[4];
};

/* Starts a stream; different seeds give independent streams. */
void qos_rng_seed(struct qos_rng *r, uint64_t seed);
/* 64 random bits. */
uint64_t qos_rng_next(struct qos_rng *r);
/* Uniform in [0, 1), 53 bits. */
double qos_rng_uniform(struct qos_rng *r);
/* Uniform in 0..n-1 without bias; n > 0. */
uint64_t qos_rng_below(struct qos_rng *r, uint64_t n);
/* Exponential with mean 1. */
double qos_rng_exponential(struct qos_rng *r);

#endif
