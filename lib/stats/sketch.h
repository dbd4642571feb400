/*
 * Quantiles of any number of values in little memory, mergeable: each quantile within 1 % of an exact one.
 *
 * Buckets grow by (1 + a) / (1 - a), a = 1 %; a value is counted in the bucket that holds it, and a bucket's answer is
 * the value that is within a of all others in it.  Bounds are whole numbers, found from a table and not from a
 * logarithm, so the guarantee holds for every int64 and merged sketches give exactly the numbers of the whole.
 *
 * Cost   some 5 ns a value; 8 bytes for each bucket between the smallest and the largest value, 2,200 at the most.
 * After  Masson, Rim and Lee, "DDSketch", VLDB 2019; with integer bounds.
 */
#ifndef QOS_STATS_SKETCH_H
#define QOS_STATS_SKETCH_H

#include <stdbool.h>
#include <stdint.h>

/* The buckets' bounds: the same for all sketches, made once, shared. */
struct qos_sketch_scale;
struct qos_sketch_scale *qos_sketch_scale_new(void); /* NULL when memory ran out */
void qos_sketch_scale_free(struct qos_sketch_scale *s);

struct qos_sketch {
	uint64_t *count; /* [n_buckets] from bucket `first` on; owned */
	int first, n_buckets;
	uint64_t n, n_zero, n_negative; /* values; of them 0 and below */
	__int128 sum;
	int64_t min, max;
};

/* An empty sketch is { 0 }.   Returns  false when memory ran out (the value is not counted). */
bool qos_sketch_add(struct qos_sketch *s, const struct qos_sketch_scale *scale, int64_t value);
/* Adds all of b to a.   Returns  false when memory ran out; a is then unchanged. */
bool qos_sketch_merge(struct qos_sketch *a, const struct qos_sketch *b);
/*
 * The value of which a part q of all values is not larger (nearest rank), within 1 %; 0 <= q <= 1.  Negative values
 * count as the smallest.   Returns  0 for an empty sketch; between two whole numbers where none is near enough to both
 * ends of a bucket.
 */
double qos_sketch_quantile(const struct qos_sketch *s, const struct qos_sketch_scale *scale, double q);
/* How many values are not larger than this one, which is taken for the middle of its bucket. */
uint64_t qos_sketch_count_to(const struct qos_sketch *s, const struct qos_sketch_scale *scale, int64_t value);
/*
 * Walks over the values in rising order, a bucket a call; *i is 0 at first.
 *
 * value   the bucket's answer;  n: values that are not larger than those of the bucket
 *
 * Returns  false when there are no more.
 */
bool qos_sketch_next(const struct qos_sketch *s, const struct qos_sketch_scale *scale, int *i, double *value,
		     uint64_t *n);
/* Exact; 0 for an empty sketch. */
double qos_sketch_mean(const struct qos_sketch *s);
/* Could it have been made by adding values?  For one that came from outside. */
bool qos_sketch_is_sound(const struct qos_sketch *s, const struct qos_sketch_scale *scale);
/* Gives back what it owns; the struct itself is the caller's. */
void qos_sketch_free(struct qos_sketch *s);

#endif
