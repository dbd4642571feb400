/*
 * Quantities: a decimal and a unit out of a table, scaled exactly.
 *
 * A unit is a ratio num / den of the base unit (ns, byte, bit/s), so that byte rates, minutes and KiB are one
 * mechanism.
 */
#include "unit/unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "unit/digits.h"
#include "unit/number.h"

struct unit {
	const char *name; /* lower case */
	int64_t num;
};

static const struct unit durations[] = { { "ns", 1 },
					 { "nsec", 1 },
					 { "us", 1000 },
					 { "usec", 1000 },
					 { "\xc2\xb5s", 1000 }, /* micro sign */
					 { "\xce\xbcs", 1000 }, /* Greek mu */
					 { "ms", 1000000 },
					 { "msec", 1000000 },
					 { "s", 1000000000 },
					 { "sec", 1000000000 },
					 { "m", 60000000000 },
					 { "min", 60000000000 },
					 { "h", 3600000000000 },
					 { "hour", 3600000000000 },
					 { "d", 86400000000000 },
					 { "day", 86400000000000 },
					 { 0 } };

#define SIZE_UNITS(suffix, bits)                                                                                    \
	{ "k" suffix, 1000LL * (bits) }, { "m" suffix, 1000000LL * (bits) }, { "g" suffix, 1000000000LL * (bits) }, \
	{                                                                                                           \
		"t" suffix, 1000000000000LL * (bits)                                                                \
	}
#define BINARY_UNITS(suffix, bits)                                               \
	{ "ki" suffix, 1024LL * (bits) }, { "mi" suffix, (1LL << 20) * (bits) }, \
		{ "gi" suffix, (1LL << 30) * (bits) },                           \
	{                                                                        \
		"ti" suffix, (1LL << 40) * (bits)                                \
	}

static const struct unit sizes[] = { { "b", 1 },        SIZE_UNITS("b", 1),  BINARY_UNITS("b", 1),
				     SIZE_UNITS("", 1), BINARY_UNITS("", 1), { 0 } };
static const struct unit rates[] = { { "bit", 1 },           { "bps", 1 },
				     { "bit/s", 1 },         { "b/s", 8 },
				     SIZE_UNITS("bit", 1),   SIZE_UNITS("bps", 1),
				     SIZE_UNITS("bit/s", 1), SIZE_UNITS("b/s", 8),
				     BINARY_UNITS("bit", 1), BINARY_UNITS("bit/s", 1),
				     BINARY_UNITS("b/s", 8), { 0 } };
static const struct unit counts[] = { SIZE_UNITS("", 1), BINARY_UNITS("", 1), { 0 } };

static bool same_name(struct qos_str text, const char *name)
{
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c | 32);
		if (name[i] == 0 || c != name[i])
			return false;
	}
	return name[text.n] == 0;
}

static int64_t find_unit(struct qos_str name, const struct unit *units)
{
	for (; units->name; units++)
		if (same_name(name, units->name))
			return units->num;
	return 0;
}

/* What is wrong, and what would be right. */
static int refuse(char *why, struct qos_str text, const char *wrong, const char *example)
{
	if (why)
		snprintf(why, 120, "\"%.*s\" %s; write %s", text.n > 24 ? 24 : (int)text.n, text.p, wrong, example);
	return -1;
}

/* Text is a decimal and a unit of the table; bare: the unit of a bare number, 0 for none. */
static int quantity(struct qos_str text, const struct unit *units, int64_t bare, int64_t *result, char *why,
		    const char *kind, const char *example)
{
	struct qos_decimal d;
	size_t n = qos_decimal_read(text, &d);
	struct qos_str name = { text.p + n, text.n - n };
	int64_t num = bare;

	if (n == 0)
		return refuse(why, text, kind, example);
	while (name.n && *name.p == ' ') {
		name.p++;
		name.n--;
	}
	if (name.n)
		num = find_unit(name, units);
	if (num == 0)
		return refuse(why, text, name.n ? "has a unit that is not known" : "needs a unit", example);
	if (d.negative && d.mantissa)
		return refuse(why, text, "is negative", example);
	if (!qos_decimal_scale(&d, num, 1, result))
		return refuse(why, text, "is too large", example);
	return 0;
}

int qos_unit_duration(struct qos_str text, int64_t bare_ns, int64_t *ns, char *why)
{
	return quantity(text, durations, bare_ns, ns, why, "is no duration",
			"for example 250us, 10ms, 1.5s, 5min or 1h");
}

int qos_unit_size(struct qos_str text, int64_t *bytes, char *why)
{
	return quantity(text, sizes, 1, bytes, why, "is no size", "for example 1500, 64KiB or 10MB");
}

int qos_unit_bitrate(struct qos_str text, int64_t *bps, char *why)
{
	const char *example = "for example 9600, 10kbit, 1.5gbit or 125KiB/s";

	if (quantity(text, rates, 1, bps, why, "is no bit rate", example))
		return -1;
	return *bps == 0 ? refuse(why, text, "lets nothing through", example) : 0;
}

int qos_unit_msgrate(struct qos_str text, int64_t *num, int64_t *den, char *why)
{
	const char *example = "for example 100k/s, 5/s or 30/min", *slash = text.n ? memchr(text.p, '/', text.n) : NULL;
	struct qos_str count = { text.p, slash ? (size_t)(slash - text.p) : 0 };
	struct qos_decimal d;
	size_t n = qos_decimal_read(count, &d);
	struct qos_str prefix = { count.p + n, count.n - n };
	int64_t scale, span_ns;

	if (n == 0)
		return refuse(why, text, "is no message rate", example);
	scale = prefix.n ? find_unit(prefix, counts) : 1;
	span_ns = find_unit((struct qos_str){ slash + 1, text.n - count.n - 1 }, durations);
	if (!scale || !span_ns)
		return refuse(why, text, "has a unit that is not known", example);
	if (d.mantissa == 0 || d.negative)
		return refuse(why, text, "lets nothing through", example);
	if (!qos_decimal_ratio(&d, scale, span_ns, num, den))
		return refuse(why, text, "is too large, or has too many decimals", example);
	return 0;
}

int qos_unit_share(struct qos_str text, double *share, char *why)
{
	const char *example = "for example 30% or 0.3";
	struct qos_decimal d;
	size_t n = qos_decimal_read(text, &d);
	bool percent = n + 1 == text.n && text.p[n] == '%';
	int64_t parts;

	if (n == 0 || (n < text.n && !percent))
		return refuse(why, text, "is no share", example);
	if (percent)
		d.exponent -= 2;
	if (!qos_decimal_scale(&d, 1000000000000000, 1, &parts) || parts > 1000000000000000)
		return refuse(why, text, "is not between 0 and 100%", example);
	*share = (double)parts / 1e15;
	return 0;
}

int qos_unit_count(struct qos_str text, int64_t *n, char *why)
{
	const char *example = "for example 5000, 10k or 64Ki";
	struct qos_decimal d;
	size_t used = qos_decimal_read(text, &d);

	if (quantity(text, counts, 1, n, why, "is no number", example))
		return -1;
	while (used < text.n && text.p[used] == ' ')
		used++;
	if (!qos_decimal_whole(&d,
			       used < text.n ? find_unit((struct qos_str){ text.p + used, text.n - used }, counts) : 1))
		return refuse(why, text, "is no whole number", example);
	return 0;
}

/* Digits without their point, then an exponent: strtod reads that in every locale.   Returns  false if too long. */
static bool plain_number(struct qos_str text, char *copy, size_t room)
{
	size_t n = 0, i = 0;
	long exponent = 0;
	bool point = false;

	for (; i < text.n && (text.p[i] | 32) != 'e'; i++) {
		if (n + 24 > room) /* the exponent and its sign stand behind */
			return false;
		if (text.p[i] == '.')
			point = true;
		else
			copy[n++] = text.p[i];
		exponent -= point && text.p[i] != '.';
	}
	if (i + 1 < text.n) {
		char tail[16];
		size_t len = text.n - i - 1 < sizeof(tail) - 1 ? text.n - i - 1 : sizeof(tail) - 1;

		memcpy(tail, text.p + i + 1, len);
		tail[len] = 0;
		exponent += strtol(tail, NULL, 10);
	}
	snprintf(copy + n, room - n, "e%ld", exponent);
	return true;
}

/* Is the whole text sign, digits with at most one point, exponent? */
static bool is_number(struct qos_str t)
{
	size_t i = 0, n_digits = 0, n_exponent = 0;
	bool point = false;

	i += t.n && (t.p[0] == '-' || t.p[0] == '+');
	for (; i < t.n && ((unsigned char)(t.p[i] - '0') < 10 || (t.p[i] == '.' && !point)); i++) {
		point |= t.p[i] == '.';
		n_digits += t.p[i] != '.';
	}
	if (i == t.n || (t.p[i] | 32) != 'e')
		return n_digits && i == t.n;
	i++;
	i += i < t.n && (t.p[i] == '-' || t.p[i] == '+');
	for (; i < t.n && (unsigned char)(t.p[i] - '0') < 10; i++)
		n_exponent++;
	return n_digits && n_exponent && i == t.n;
}

int qos_unit_number(struct qos_str text, double *x)
{
	static const double tens[] = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
				       1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };
	struct qos_decimal d;
	char copy[512];

	if (text.n && qos_decimal_read(text, &d) == text.n && d.mantissa < 1ull << 53 && d.exponent >= -22 &&
	    d.exponent <= 22) {
		/* both are exact as doubles, so one rounding gives the nearest */
		double m = (double)d.mantissa;

		m = d.exponent < 0 ? m / tens[-d.exponent] : m * tens[d.exponent];
		*x = d.negative ? -m : m;
		return 0;
	}
	if (!is_number(text) || !plain_number(text, copy, sizeof(copy)))
		return -1;
	*x = strtod(copy, NULL);
	return 0;
}

int qos_unit_seconds(struct qos_str text, int64_t *ns)
{
	const char *p = text.p, *end = p + text.n;
	int64_t whole = 0, part = 0, unit = 100000000;
	uint32_t eight;

	for (; p < end && (unsigned char)(*p - '0') < 10 && whole < 900000000; p++)
		whole = whole * 10 + (*p - '0');
	if (p > text.p && end - p > 1 && *p == '.') {
		p++;
		if (end - p >= 8 && qos_digits_read8(p, &eight)) {
			part = eight * 10LL;
			unit = 1;
			p += 8;
		}
		for (; p < end && (unsigned char)(*p - '0') < 10 && unit; p++, unit /= 10)
			part += (*p - '0') * unit;
	}
	if (p == end && p > text.p) {
		*ns = whole * 1000000000 + part; /* at most 9 * 10^18: it fits */
		return 0;
	}
	return qos_unit_duration(text, 1000000000, ns, NULL);
}

int qos_unit_bytes(struct qos_str text, int64_t *bytes)
{
	int64_t n = 0;
	size_t i = 0;

	for (; i < text.n && i < 18 && (unsigned char)(text.p[i] - '0') < 10; i++)
		n = n * 10 + (text.p[i] - '0');
	if (i == text.n && i > 0) {
		*bytes = n;
		return 0;
	}
	return qos_unit_size(text, bytes, NULL);
}
