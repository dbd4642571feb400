/*
 * The sketch over integer bounds.
 *
 * Bucket i holds the whole numbers from low to high[i], where high[i] is the largest one with high / low <= gamma and
 * low is one more than high[i - 1].  Small numbers have buckets of their own.  The harmonic middle 2 low high / (low +
 * high) is within a of both ends; a whole number beside it need not be (50 for { 50, 51 } is 2 % off), so the answer is
 * not rounded to one.
 */
#include "stats/sketch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BUCKETS_MOST 2400
#define STEPS_LOG2   5 /* parts of an octave in the index: 32 of 3 %, so that a look-up steps at most twice */
#define STEPS        (1 << STEPS_LOG2)

struct qos_sketch_scale {
	int64_t high[BUCKETS_MOST];
	int n;
	uint16_t start[64 * STEPS]; /* first bucket of an octave's part */
};

/* Octave and part of it, as one number. */
static unsigned part_of(int64_t value)
{
	unsigned exponent = 63 - (unsigned)__builtin_clzll((uint64_t)value);
	uint64_t mantissa = exponent >= STEPS_LOG2 ? (uint64_t)value >> (exponent - STEPS_LOG2)
						   : (uint64_t)value << (STEPS_LOG2 - exponent);

	return exponent * STEPS + (unsigned)(mantissa & (STEPS - 1));
}

struct qos_sketch_scale *qos_sketch_scale_new(void)
{
	struct qos_sketch_scale *s = calloc(1, sizeof(*s));
	int64_t low = 1;
	unsigned next = 0;

	for (; s && s->n < BUCKETS_MOST; s->n++) {
		/* gamma = 1.01 / 0.99 = 101 / 99 */
		int64_t high = low > INT64_MAX / 101 * 99 ? INT64_MAX : (int64_t)((__int128)low * 101 / 99);

		s->high[s->n] = high;
		for (; next <= part_of(high); next++)
			s->start[next] = (uint16_t)s->n;
		if (high == INT64_MAX) {
			s->n++;
			break;
		}
		low = high + 1;
	}
	return s;
}

void qos_sketch_scale_free(struct qos_sketch_scale *s)
{
	free(s);
}

static int bucket_of(const struct qos_sketch_scale *scale, int64_t value)
{
	int i = scale->start[part_of(value)];

	while (i > 0 && scale->high[i - 1] >= value)
		i--;
	while (scale->high[i] < value)
		i++;
	return i;
}

/* Room for buckets first .. last.   Returns  false when memory ran out. */
static bool reach(struct qos_sketch *s, int first, int last)
{
	int low = s->n_buckets && s->first < first ? s->first : first;
	int high = s->n_buckets && s->first + s->n_buckets - 1 > last ? s->first + s->n_buckets - 1 : last;
	uint64_t *count;

	if (s->n_buckets && low == s->first && high == s->first + s->n_buckets - 1)
		return true;
	low = low > 16 ? low - 16 : 0; /* a little more, so that neighbours do not each cost a growth */
	high += 16;
	count = calloc((size_t)(high - low + 1), sizeof(*count));
	if (!count)
		return false;
	if (s->n_buckets)
		memcpy(count + (s->first - low), s->count, (size_t)s->n_buckets * sizeof(*count));
	free(s->count);
	s->count = count;
	s->first = low;
	s->n_buckets = high - low + 1;
	return true;
}

bool qos_sketch_add(struct qos_sketch *s, const struct qos_sketch_scale *scale, int64_t value)
{
	if (value > 0) {
		int i = bucket_of(scale, value);

		if ((unsigned)(i - s->first) >= (unsigned)s->n_buckets && !reach(s, i, i))
			return false;
		s->count[i - s->first]++;
	} else if (value == 0) {
		s->n_zero++;
	} else {
		s->n_negative++;
	}
	if (s->n == 0 || value < s->min)
		s->min = value;
	if (s->n == 0 || value > s->max)
		s->max = value;
	s->n++;
	s->sum += value;
	return true;
}

bool qos_sketch_merge(struct qos_sketch *a, const struct qos_sketch *b)
{
	if (b->n == 0)
		return true;
	if (b->n_buckets && !reach(a, b->first, b->first + b->n_buckets - 1))
		return false;
	for (int i = 0; i < b->n_buckets; i++)
		a->count[b->first + i - a->first] += b->count[i];
	if (a->n == 0 || b->min < a->min)
		a->min = b->min;
	if (a->n == 0 || b->max > a->max)
		a->max = b->max;
	a->n += b->n;
	a->n_zero += b->n_zero;
	a->n_negative += b->n_negative;
	a->sum += b->sum;
	return true;
}

static double middle(const struct qos_sketch_scale *scale, int i)
{
	double high = (double)scale->high[i], low = i ? (double)(scale->high[i - 1] + 1) : 1;

	return 2 * low * (high / (low + high));
}

double qos_sketch_quantile(const struct qos_sketch *s, const struct qos_sketch_scale *scale, double q)
{
	uint64_t rank = (uint64_t)ceil(q * (double)s->n), seen = s->n_negative;
	double min = (double)s->min, max = (double)s->max, value;

	if (s->n == 0)
		return 0;
	if (rank <= 1 || rank <= seen)
		return min;
	if (rank >= s->n)
		return max;
	seen += s->n_zero;
	if (rank <= seen)
		return 0;
	for (int i = 0; i < s->n_buckets; i++) {
		seen += s->count[i];
		if (seen < rank)
			continue;
		value = middle(scale, s->first + i);
		return value < min ? min : value > max ? max : value;
	}
	return max;
}

uint64_t qos_sketch_count_to(const struct qos_sketch *s, const struct qos_sketch_scale *scale, int64_t value)
{
	uint64_t n = value >= 0 ? s->n_negative + s->n_zero : 0;

	if (value >= s->max)
		return s->n;
	for (int i = 0; i < s->n_buckets && middle(scale, s->first + i) <= (double)value; i++)
		n += s->count[i];
	return n;
}

bool qos_sketch_next(const struct qos_sketch *s, const struct qos_sketch_scale *scale, int *i, double *value,
		     uint64_t *n)
{
	if (*i == 0) { /* what is not above zero */
		++*i;
		*n = s->n_negative + s->n_zero;
		*value = s->n_zero ? 0 : (double)s->min;
		if (*n)
			return true;
	}
	while (*i - 1 < s->n_buckets && !s->count[*i - 1])
		++*i;
	if (*i - 1 >= s->n_buckets)
		return false;
	*value = middle(scale, s->first + *i - 1);
	*n += s->count[*i - 1];
	++*i;
	return true;
}

double qos_sketch_mean(const struct qos_sketch *s)
{
	return s->n ? (double)s->sum / (double)s->n : 0;
}

bool qos_sketch_is_sound(const struct qos_sketch *s, const struct qos_sketch_scale *scale)
{
	uint64_t n = s->n_zero + s->n_negative;

	for (int i = 0; i < s->n_buckets; i++) {
		if (s->count[i] && s->first + i >= scale->n)
			return false;
		n += s->count[i];
	}
	return n == s->n && s->min <= s->max;
}

void qos_sketch_free(struct qos_sketch *s)
{
	free(s->count);
	*s = (struct qos_sketch){ 0 };
}
