/* Paired differences and their bootstrap. */
#include "study/compare.h"

#include <math.h>
#include <stdlib.h>

#include "base/rng.h"

#define BLOCKS 64
#define DRAWS  1000

struct side {
	__int128 sum_ns;
	uint64_t n, n_dropped;
	struct qos_sketch sketch;
};

struct block {
	struct side a, b;
};

struct bootstrap {
	struct block block[BLOCKS];
	int n_blocks;
	struct qos_sketch_scale *scale;
	double mean[DRAWS], p99[DRAWS];
	bool failed;
};

/* --- blocks --- */

static bool is_of(const struct qos_trace *t, size_t i, int class)
{
	return class < 0 || t->entry[i].class == class;
}

static void count(struct bootstrap *s, struct side *side, int64_t latency_ns)
{
	if (latency_ns == QOS_NO_LATENCY) {
		side->n_dropped++;
		return;
	}
	side->n++;
	side->sum_ns += latency_ns;
	s->failed = s->failed || !qos_sketch_add(&side->sketch, s->scale, latency_ns);
}

static void cut(struct bootstrap *s, const struct qos_trace *t, int class, const int64_t *a, const int64_t *b,
		uint64_t n_records)
{
	uint64_t k = 0;

	s->n_blocks = n_records < BLOCKS ? (int)n_records : BLOCKS;
	for (size_t i = 0; i < t->n; i++)
		if (is_of(t, i, class)) {
			struct block *block = &s->block[k++ * (uint64_t)s->n_blocks / n_records];

			count(s, &block->a, a[i]);
			count(s, &block->b, b[i]);
		}
}

/* --- sums of blocks --- */

static void add(struct bootstrap *s, struct side *sum, const struct side *side)
{
	sum->n += side->n;
	sum->n_dropped += side->n_dropped;
	sum->sum_ns += side->sum_ns;
	s->failed = s->failed || !qos_sketch_merge(&sum->sketch, &side->sketch);
}

static double mean_s(const struct side *side)
{
	return side->n ? (double)side->sum_ns / (double)side->n / 1e9 : NAN;
}

static double p99_s(const struct bootstrap *s, const struct side *side)
{
	return side->n ? qos_sketch_quantile(&side->sketch, s->scale, 0.99) / 1e9 : NAN;
}

static void draw(struct bootstrap *s, struct qos_rng *rng, int k)
{
	struct side a = { 0 }, b = { 0 };

	for (int i = 0; i < s->n_blocks; i++) {
		const struct block *block = &s->block[qos_rng_below(rng, (uint64_t)s->n_blocks)];

		add(s, &a, &block->a);
		add(s, &b, &block->b);
	}
	s->mean[k] = mean_s(&b) - mean_s(&a);
	s->p99[k] = p99_s(s, &b) - p99_s(s, &a);
	qos_sketch_free(&a.sketch);
	qos_sketch_free(&b.sketch);
}

static int by_value(const void *x, const void *y)
{
	double a = *(const double *)x, b = *(const double *)y;

	return (a > b) - (a < b);
}

/* The middle 95 % of the draws that have a value. */
static void interval(double *draws, struct qos_effect *e)
{
	int n = 0;

	for (int i = 0; i < DRAWS; i++)
		if (isfinite(draws[i]))
			draws[n++] = draws[i];
	e->low = e->high = NAN;
	if (n == 0)
		return;
	qsort(draws, (size_t)n, sizeof(*draws), by_value);
	e->low = draws[n * 25 / 1000];
	e->high = draws[(n * 975 + 999) / 1000 - 1];
}

int qos_compare(struct qos_comparison *c, const struct qos_trace *trace, int class, const int64_t *a, const int64_t *b,
		uint64_t seed, struct qos_err *err)
{
	struct bootstrap *s = calloc(1, sizeof(*s));
	struct side whole_a = { 0 }, whole_b = { 0 };
	struct qos_rng rng;
	bool failed;

	*c = (struct qos_comparison){ 0 };
	if (!s || !(s->scale = qos_sketch_scale_new())) {
		free(s);
		return qos_fail_memory(err, "comparison");
	}
	for (size_t i = 0; i < trace->n; i++)
		c->n_records += is_of(trace, i, class);
	cut(s, trace, class, a, b, c->n_records);
	for (int i = 0; i < s->n_blocks; i++) {
		add(s, &whole_a, &s->block[i].a);
		add(s, &whole_b, &s->block[i].b);
	}
	c->n_dropped_a = whole_a.n_dropped;
	c->n_dropped_b = whole_b.n_dropped;
	c->mean = (struct qos_effect){ .a = mean_s(&whole_a), .b = mean_s(&whole_b) };
	c->p99 = (struct qos_effect){ .a = p99_s(s, &whole_a), .b = p99_s(s, &whole_b) };
	qos_rng_seed(&rng, seed);
	for (int k = 0; k < DRAWS; k++) /* of no blocks: not a number */
		draw(s, &rng, k);
	interval(s->mean, &c->mean);
	interval(s->p99, &c->p99);
	qos_sketch_free(&whole_a.sketch);
	qos_sketch_free(&whole_b.sketch);
	for (int i = 0; i < s->n_blocks; i++) {
		qos_sketch_free(&s->block[i].a.sketch);
		qos_sketch_free(&s->block[i].b.sketch);
	}
	failed = s->failed;
	qos_sketch_scale_free(s->scale);
	free(s);
	return failed ? qos_fail_memory(err, "comparison") : 0;
}
