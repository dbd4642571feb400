/*
 * Exact decimals, scaled through 128 bits.
 *
 * Cost   a multiplication a digit; the scaling one 128-bit division where the decimal has a fraction.
 */
#include "unit/number.h"

#define DIGITS_MOST   19 /* of a uint64_t, always */
#define EXPONENT_MOST 400

static bool is_digit(char c)
{
	return (unsigned char)(c - '0') < 10;
}

/* [eE][+-]digits at p: its bytes, 0 when there is none. */
static size_t read_exponent(const char *p, const char *end, int *exponent)
{
	const char *start = p;
	bool negative;
	int x = 0;

	if (p == end || (*p | 32) != 'e')
		return 0;
	p++;
	negative = p < end && *p == '-';
	if (p < end && (*p == '-' || *p == '+'))
		p++;
	if (p == end || !is_digit(*p))
		return 0; /* the e belongs to a unit */
	for (; p < end && is_digit(*p); p++)
		x = x < EXPONENT_MOST ? x * 10 + (*p - '0') : x;
	*exponent += negative ? -x : x;
	return (size_t)(p - start);
}

size_t qos_decimal_read(struct qos_str text, struct qos_decimal *d)
{
	const char *p = text.p, *end = p + text.n;
	int n_digits = 0, n_seen = 0;
	bool point = false;

	*d = (struct qos_decimal){ 0 };
	if (p < end && (*p == '-' || *p == '+'))
		d->negative = *p++ == '-';
	for (; p < end; p++) {
		if (*p == '.' && !point) {
			point = true;
			continue;
		}
		if (!is_digit(*p))
			break;
		n_seen++;
		if (n_digits < DIGITS_MOST) {
			d->mantissa = d->mantissa * 10 + (uint64_t)(*p - '0');
			n_digits += d->mantissa != 0;
			d->exponent -= point;
		} else if (*p != '0') {
			return 0;
		} else {
			d->exponent += !point;
		}
	}
	if (n_seen == 0)
		return 0;
	p += read_exponent(p, end, &d->exponent);
	return (size_t)(p - text.p);
}

bool qos_decimal_scale(const struct qos_decimal *d, int64_t num, int64_t den, int64_t *result)
{
	unsigned __int128 over = (unsigned __int128)d->mantissa * (uint64_t)num, under = (uint64_t)den;

	if (d->negative && d->mantissa)
		return false;
	if (d->mantissa == 0) {
		*result = 0;
		return true;
	}
	for (int e = d->exponent; e > 0; e--) {
		if (over > ((unsigned __int128)1 << 120))
			return false;
		over *= 10;
	}
	for (int e = d->exponent; e < 0; e++) {
		if (under > ((unsigned __int128)1 << 120)) {
			*result = 0; /* over < 2^120: it is under a tenth */
			return true;
		}
		under *= 10;
	}
	over = over / under + (over % under >= under - under / 2);
	*result = (int64_t)over;
	return over <= INT64_MAX;
}

bool qos_decimal_whole(const struct qos_decimal *d, int64_t num)
{
	unsigned __int128 x = (unsigned __int128)d->mantissa * (uint64_t)num;

	for (int e = d->exponent; e < 0 && x; e++, x /= 10)
		if (x % 10)
			return false;
	return true;
}

static unsigned __int128 common_divisor(unsigned __int128 a, unsigned __int128 b)
{
	while (b) {
		unsigned __int128 rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

bool qos_decimal_ratio(const struct qos_decimal *d, int64_t scale_num, int64_t scale_den, int64_t *num, int64_t *den)
{
	unsigned __int128 over = (unsigned __int128)d->mantissa * (uint64_t)scale_num, under = (uint64_t)scale_den;
	int e = d->exponent;

	for (;;) {
		unsigned __int128 divisor = common_divisor(over, under);

		over /= divisor;
		under /= divisor;
		if (e == 0)
			break;
		if (over >> 124 || under >> 124)
			return false;
		if (e > 0)
			over *= 10;
		else
			under *= 10;
		e += e > 0 ? -1 : 1;
	}
	*num = (int64_t)over;
	*den = (int64_t)under;
	return over <= INT64_MAX && under <= INT64_MAX;
}
