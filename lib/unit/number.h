/*
 * Exact decimals: digits, one optional point, optional exponent, never a double on the way.
 */
#ifndef QOS_UNIT_NUMBER_H
#define QOS_UNIT_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* mantissa x 10^exponent, exact */
struct qos_decimal {
	uint64_t mantissa;
	int exponent;
	bool negative;
};

/*
 * Reads the decimal at the start of text.  More than 19 significant digits are read only if the rest are zeros after
 * the point; exponents are limited to +-400.
 *
 * Returns  the number of bytes that it takes; 0 when there is none, or it has too many digits.
 */
size_t qos_decimal_read(struct qos_str text, struct qos_decimal *d);

/*
 * d x num / den, rounded half up, as a whole number; 0 < num, den < 2^56.
 *
 * Returns  false when it does not fit into int64_t or d is negative (-0 is 0).
 */
bool qos_decimal_scale(const struct qos_decimal *d, int64_t num, int64_t den, int64_t *result);
/* Is d x num a whole number?  0 < num < 2^56. */
bool qos_decimal_whole(const struct qos_decimal *d, int64_t num);
/*
 * num / den = d x scale_num / scale_den exactly, in lowest terms; d > 0, 0 < scale_num, scale_den < 2^56.
 *
 * Returns  false when one of them does not fit into int64_t.
 */
bool qos_decimal_ratio(const struct qos_decimal *d, int64_t scale_num, int64_t scale_den, int64_t *num, int64_t *den);

#endif
