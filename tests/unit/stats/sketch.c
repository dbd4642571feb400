/* The sketch against exact order statistics. */
#include "stats/sketch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "tests/unit/test.h"

enum { N = 20000 };
static const double parts[] = { 0, 0.01, 0.5, 0.9, 0.99, 0.999, 1 };

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* Every quantile within 1 % of the nearest rank. */
static void compare(int64_t *v, size_t n, const char *name)
{
	double worst = 0;
	struct qos_sketch_scale *scale = qos_sketch_scale_new();
	struct qos_sketch s = { 0 };

	for (size_t i = 0; i < n; i++)
		CHECK(qos_sketch_add(&s, scale, v[i]));
	qsort(v, n, sizeof(*v), by_value);
	for (size_t k = 0; k < sizeof(parts) / sizeof(*parts); k++) {
		size_t rank = (size_t)ceil(parts[k] * (double)n);
		double exact = (double)v[rank ? rank - 1 : 0];
		double got = qos_sketch_quantile(&s, scale, parts[k]);

		CHECK(fabs(got - exact) <= 0.01 * fabs(exact) * (1 + 1e-12));
		worst = fmax(worst, fabs(got / exact - 1));
	}
	printf("# %s: worst quantile %.3f %% from the exact one, %d buckets\n", name, 100 * worst, s.n_buckets);
	CHECK_INT(s.min, v[0]);
	CHECK_INT(s.max, v[n - 1]);
	qos_sketch_free(&s);
	qos_sketch_scale_free(scale);
}

static void five_distributions(void)
{
	static const char *const name[] = { "uniform", "exponential", "Pareto 1.1", "two modes", "constant" };
	static int64_t v[5][N];
	struct qos_rng r;

	qos_rng_seed(&r, 1);
	for (int i = 0; i < N; i++) {
		v[0][i] = (int64_t)(1e9 * qos_rng_uniform(&r));
		v[1][i] = (int64_t)(1e7 * qos_rng_exponential(&r));
		v[2][i] = (int64_t)(1000 * pow(1 - qos_rng_uniform(&r), -1 / 1.1));
		v[3][i] = i % 3 ? 1000 + (int64_t)qos_rng_below(&r, 10)
				: 1000000000 + (int64_t)qos_rng_below(&r, 100000000);
		v[4][i] = 123456789;
	}
	for (int k = 0; k < 5; k++)
		compare(v[k], N, name[k]);
}

/*
 * What the bucket of x answers, not cut to the least or the greatest value: x stands between 1 and INT64_MAX, and the
 * median of the three is asked for.
 */
static double answer_for(struct qos_sketch *s, const struct qos_sketch_scale *scale, int64_t x)
{
	struct qos_sketch empty = { .count = s->count, .first = s->first, .n_buckets = s->n_buckets };

	memset(s->count, 0, (size_t)s->n_buckets * sizeof(*s->count));
	*s = empty;
	CHECK(qos_sketch_add(s, scale, 1) && qos_sketch_add(s, scale, INT64_MAX) && qos_sketch_add(s, scale, x));
	return qos_sketch_quantile(s, scale, 0.5);
}

/* All small numbers, where a whole number is a large part, and random ones of each magnitude. */
static void every_size(void)
{
	struct qos_sketch_scale *scale = qos_sketch_scale_new();
	struct qos_sketch s = { 0 };
	struct qos_rng r;
	int wrong = 0, tried = 0;

	CHECK(qos_sketch_add(&s, scale, 1) && qos_sketch_add(&s, scale, INT64_MAX));
	qos_rng_seed(&r, 2);
	for (int i = 0; i < 200000; i++) {
		int64_t x = i < 100000 ? i + 1 : (int64_t)(qos_rng_next(&r) >> (1 + qos_rng_below(&r, 62)));

		if (x <= 0)
			continue;
		tried++;
		/* a double's rounding is allowed beside the 1 % */
		wrong += fabs(answer_for(&s, scale, x) - (double)x) > 0.01 * (double)x * (1 + 1e-12);
	}
	CHECK(tried > 190000);
	CHECK_INT(wrong, 0);
	CHECK(fabs(answer_for(&s, scale, 51) - 51) <= 0.51);
	qos_sketch_free(&s);
	qos_sketch_scale_free(scale);
}

static void odd_values(void)
{
	struct qos_sketch_scale *scale = qos_sketch_scale_new();
	struct qos_sketch s = { 0 };

	CHECK(qos_sketch_quantile(&s, scale, 0.5) == 0);
	CHECK(qos_sketch_mean(&s) == 0);
	qos_sketch_add(&s, scale, -5);
	qos_sketch_add(&s, scale, 0);
	qos_sketch_add(&s, scale, 0);
	qos_sketch_add(&s, scale, INT64_MAX);
	CHECK(qos_sketch_quantile(&s, scale, 0.25) == -5);
	CHECK(qos_sketch_quantile(&s, scale, 0.5) == 0);
	CHECK(qos_sketch_quantile(&s, scale, 1) == (double)INT64_MAX);
	CHECK_INT(s.n_zero, 2);
	CHECK_INT(s.n_negative, 1);
	qos_sketch_free(&s);
	qos_sketch_scale_free(scale);
}

static void merges(void)
{
	struct qos_sketch_scale *scale = qos_sketch_scale_new();
	struct qos_sketch whole = { 0 }, shard[100] = { 0 }, sum = { 0 };
	struct qos_rng r;

	qos_rng_seed(&r, 3);
	for (int i = 0; i < 100000; i++) {
		int64_t x = (int64_t)(1e6 * qos_rng_exponential(&r)) - 1000;

		qos_sketch_add(&whole, scale, x);
		qos_sketch_add(&shard[i % 100], scale, x);
	}
	for (int i = 99; i >= 0; i--)
		CHECK(qos_sketch_merge(&sum, &shard[i]));
	CHECK_INT(sum.n, whole.n);
	CHECK(sum.sum == whole.sum);
	for (double q = 0; q <= 1; q += 0.001)
		CHECK(qos_sketch_quantile(&sum, scale, q) == qos_sketch_quantile(&whole, scale, q));
	for (int i = 0; i < 100; i++)
		qos_sketch_free(&shard[i]);
	qos_sketch_free(&whole);
	qos_sketch_free(&sum);
	qos_sketch_scale_free(scale);
}

static void soundness(void)
{
	struct qos_sketch_scale *scale = qos_sketch_scale_new();
	struct qos_sketch s = { 0 };

	CHECK(qos_sketch_is_sound(&s, scale));
	qos_sketch_add(&s, scale, 0);
	qos_sketch_add(&s, scale, -3);
	qos_sketch_add(&s, scale, 1000);
	CHECK(qos_sketch_is_sound(&s, scale));
	s.n++;
	CHECK(!qos_sketch_is_sound(&s, scale));
	s.n--;
	s.first += 100000;
	CHECK(!qos_sketch_is_sound(&s, scale));
	s.first -= 100000;
	s.max = -4;
	CHECK(!qos_sketch_is_sound(&s, scale));
	qos_sketch_free(&s);
	qos_sketch_scale_free(scale);
}

/* Whatever the bound, it is one within 1 % of it that is exact. */
static void counts_to(void)
{
	struct qos_sketch_scale *scale = qos_sketch_scale_new();
	struct qos_sketch s = { 0 };

	CHECK_INT(qos_sketch_count_to(&s, scale, 5), 0);
	for (int64_t i = -2; i < 10000; i++)
		qos_sketch_add(&s, scale, i);
	CHECK_INT(qos_sketch_count_to(&s, scale, -1), 0);
	CHECK_INT(qos_sketch_count_to(&s, scale, 0), 3);
	CHECK_INT(qos_sketch_count_to(&s, scale, 9999), 10002);
	for (int64_t bound = 1; bound < 9999; bound += 7) {
		int64_t n = (int64_t)qos_sketch_count_to(&s, scale, bound) - 3;

		CHECK(n >= bound * 0.99 - 1 && n <= bound * 1.01 + 1);
	}
	qos_sketch_free(&s);
	qos_sketch_scale_free(scale);
}

static void walked(void)
{
	struct qos_sketch_scale *scale = qos_sketch_scale_new();
	struct qos_sketch s = { 0 };
	double value, before = -2;
	uint64_t n = 0;
	int i = 0, steps = 0;

	CHECK(!qos_sketch_next(&s, scale, &i, &value, &n));
	for (int64_t x = -1; x < 5000; x++)
		qos_sketch_add(&s, scale, x);
	for (i = 0; qos_sketch_next(&s, scale, &i, &value, &n); steps++) {
		CHECK(value > before);
		CHECK_INT(n, steps ? qos_sketch_count_to(&s, scale, (int64_t)ceil(value)) : 2);
		before = value;
	}
	CHECK(n == 5001 && steps > 200);
	qos_sketch_free(&s);
	qos_sketch_scale_free(scale);
}

int main(void)
{
	RUN("quantiles of five distributions are within 1 % of exact ones", five_distributions);
	RUN("a bucket's answer is within 1 % of every value in it, at all sizes", every_size);
	RUN("zero, negative and the greatest values are counted", odd_values);
	RUN("a walk meets every value once, in order", walked);
	RUN("values up to a bound are counted, the bound within 1 %", counts_to);
	RUN("100 merged shards give exactly the quantiles of the whole", merges);
	RUN("a sketch that nobody could have filled is told", soundness);
	return DONE();
}
