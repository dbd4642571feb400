/*
 * Laws of sizes and service times: constant, uniform, exponential, bounded Pareto, lognormal, and mixtures of them.
 *
 *   1500 | const:1500 | uniform:64:1500 | exp:500 | pareto:1.3:4KiB:1MiB | lognormal:300:0.8 | 60%:200,40%:exp:1500
 *
 * exp takes its mean, pareto its exponent and both bounds, lognormal its median and the deviation of the logarithm.
 */
#ifndef QOS_GEN_SIZE_H
#define QOS_GEN_SIZE_H

#include <stdint.h>

#include "base/rng.h"
#include "base/str.h"

enum qos_law_kind { QOS_LAW_CONSTANT, QOS_LAW_UNIFORM, QOS_LAW_EXPONENTIAL, QOS_LAW_PARETO, QOS_LAW_LOGNORMAL };
enum qos_law_unit {
	QOS_LAW_BYTES,
	QOS_LAW_SPAN
}; /* what its numbers are: bytes, or nanoseconds written as durations */

struct qos_law {
	enum qos_law_kind kind;
	int64_t low, high; /* constant: low; exponential: mean in low; lognormal: median in low */
	double shape;      /* pareto: exponent; lognormal: deviation of the logarithm */
	double tail_share; /* pareto: 1 - (low/high)^shape, what is left of the whole tail */
};

#define QOS_LAW_PARTS 16
struct qos_size {
	int n;                      /* parts; 0: no law given */
	double upto[QOS_LAW_PARTS]; /* running sum of their shares, 1 at the end */
	struct qos_law part[QOS_LAW_PARTS];
	int64_t least; /* smallest value drawn: 1 byte, 0 ns */
};

/*
 * Reads a law.
 *
 * Returns  0, or -1 with why (size 160) saying what is wrong and what a right law looks like.
 */
int qos_size_parse(struct qos_str text, enum qos_law_unit unit, struct qos_size *s, char *why);
/* One value.   Cost  a logarithm or a power for the laws that have one. */
int64_t qos_size_draw(const struct qos_size *s, struct qos_rng *r);
/* Expected value, before rounding to whole units. */
double qos_size_mean(const struct qos_size *s);

#endif
