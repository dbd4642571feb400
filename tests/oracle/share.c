/*
 * Laws of dividing: prints law, formula, expected, measured, verdict; exit 1 if one is broken.
 *
 * The expected level of a random problem is found by bisection in floating point, independently of the sort and the
 * prefix sums of the library.
 */
#include <math.h>
#include <stdio.h>

#include "alloc/share.h"
#include "base/rng.h"

#define MOST     30
#define PROBLEMS 10000
#define SCALE    1000000 /* units in one: what is measured is exact to 1e-6 */

static int n_broken;
static struct qos_share_event scratch[2 * MOST];

static void verdict(const char *law, const char *formula, const char *want, const char *got, int ok)
{
	printf("%s: %s; expected %s, measured %s: %s\n", law, formula, want, got, ok ? "holds" : "VIOLATED");
	n_broken += !ok;
}

static void show(char *text, size_t room, const double *x, size_t n)
{
	size_t at = 0;

	text[0] = 0;
	for (size_t i = 0; i < n && at < room; i++)
		at += (size_t)snprintf(text + at, room - at, "%s%.6g", i ? " " : "", x[i]);
}

static void fixed(const char *law, const char *formula, const struct qos_share_claim *given, size_t n, double total,
		  enum qos_share_reading reading, const double *want, double tolerance)
{
	struct qos_share_claim c[MOST];
	char expected[200], measured[200];
	double got[MOST];
	int ok = 1;

	for (size_t i = 0; i < n; i++)
		c[i] = (struct qos_share_claim){ given[i].demand * SCALE, given[i].floor * SCALE,
						 given[i].ceil ? given[i].ceil * SCALE : INT64_MAX, given[i].weight,
						 0 };
	qos_share(c, n, (int64_t)(total * SCALE), reading, scratch);
	for (size_t i = 0; i < n; i++) {
		got[i] = (double)c[i].granted / SCALE;
		ok = ok && fabs(got[i] - want[i]) <= tolerance;
	}
	show(expected, sizeof(expected), want, n);
	show(measured, sizeof(measured), got, n);
	verdict(law, formula, expected, measured, ok);
}

static double granted_at(const struct qos_share_claim *c, double level, enum qos_share_reading reading)
{
	double limit = fmin((double)c->demand, (double)c->ceil), bottom = fmin((double)c->floor, limit);

	if (reading == QOS_SHARE_ABOVE)
		return fmin(limit, bottom + level * (double)c->weight);
	return fmin(limit, fmax(bottom, level * (double)c->weight));
}

static double sum_at(const struct qos_share_claim *c, size_t n, double level, enum qos_share_reading reading)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += granted_at(&c[i], level, reading);
	return sum;
}

static double level_of(const struct qos_share_claim *c, size_t n, double total, enum qos_share_reading reading)
{
	double low = 0, high = 2000.0 * SCALE;

	for (int i = 0; i < 200; i++) {
		double mid = (low + high) / 2;

		if (sum_at(c, n, mid, reading) < total)
			low = mid;
		else
			high = mid;
	}
	return low;
}

/* The largest distance, in ones, of what is granted from the level that bisection finds. */
static void random_problems(const char *law, const char *formula, enum qos_share_reading reading)
{
	struct qos_rng rng;
	double worst = 0;
	int n_wrong_sum = 0;
	char measured[100];

	qos_rng_seed(&rng, 7);
	for (int p = 0; p < PROBLEMS; p++) {
		struct qos_share_claim c[MOST];
		size_t n = 1 + qos_rng_below(&rng, MOST);
		int64_t floors = 0, limits = 0, sum = 0, total;
		double level;

		for (size_t i = 0; i < n; i++) {
			c[i] = (struct qos_share_claim){ (int64_t)qos_rng_below(&rng, 1000ull * SCALE),
							 (int64_t)qos_rng_below(&rng, 300ull * SCALE),
							 (int64_t)qos_rng_below(&rng, 1500ull * SCALE),
							 (int64_t)qos_rng_below(&rng, 50) + 1, 0 };
			floors += (int64_t)granted_at(&c[i], 0, reading);
			limits += c[i].demand < c[i].ceil ? c[i].demand : c[i].ceil;
		}
		total = floors + (int64_t)(qos_rng_uniform(&rng) * (double)(limits - floors));
		qos_share(c, n, total, reading, scratch);
		level = level_of(c, n, (double)total, reading);
		for (size_t i = 0; i < n; i++) {
			sum += c[i].granted;
			worst = fmax(worst, fabs((double)c[i].granted - granted_at(&c[i], level, reading)) / SCALE);
		}
		n_wrong_sum += sum != total;
	}
	snprintf(measured, sizeof(measured), "%d wrong sums, %.2g off", n_wrong_sum, worst);
	verdict(law, formula, "0 wrong sums, < 1.5e-06 off", measured, !n_wrong_sum && worst < 1.5e-6);
}

int main(void)
{
	static const struct qos_share_claim
		a[] = { { 3, 0, 0, 1, 0 }, { 7, 0, 0, 1, 0 }, { 9, 0, 0, 1, 0 }, { 1, 0, 0, 1, 0 } },
		b[] = { { 1, 0, 0, 1, 0 }, { 9, 0, 0, 1, 0 }, { 7, 0, 0, 1, 0 }, { 3, 0, 0, 1, 0 } },
		c[] = { { 1, 0, 0, 1, 0 }, { 47, 0, 0, 1, 0 } },
		d[] = { { 5, 10, 0, 1, 0 },
			{ 60, 20, 0, 2, 0 },
			{ 40, 20, 0, 2, 0 },
			{ 80, 10, 0, 4, 0 },
			{ 50, 0, 0, 1, 0 } };
	const double third = 95.0 / 9; /* 100 less the first one's demand, over the weights of the others */

	fixed("34 max-min", "x = min(d, L), 3 7 9 1 on 14", a, 4, 14, QOS_SHARE_ABOVE, (double[]){ 3, 5, 5, 1 }, 0);
	fixed("34 max-min", "x = min(d, L), 1 9 7 3 on 21", b, 4, 21, QOS_SHARE_ABOVE, (double[]){ 1, 9, 7, 3 }, 0);
	fixed("34 max-min", "x = min(d, L), 1 47 on 42", c, 2, 42, QOS_SHARE_ABOVE, (double[]){ 1, 41 }, 0);
	fixed("35 floors and weighted excess", "x = min(d, c, g + L w)", d, 5, 100, QOS_SHARE_ABOVE,
	      (double[]){ 5, 30, 30, 30, 5 }, 0);
	fixed("36 weighted share, clamped", "x = clamp(L w, floor, ceil)", d, 5, 100, QOS_SHARE_CLAMPED,
	      (double[]){ 5, 2 * third, 2 * third, 4 * third, third }, 1e-6);
	random_problems("35 on 10000 random problems", "sum = total, one level for all", QOS_SHARE_ABOVE);
	random_problems("36 on 10000 random problems", "sum = total, one level for all", QOS_SHARE_CLAMPED);
	return n_broken != 0;
}
