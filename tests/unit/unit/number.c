/* Exact decimals: what is read, how it is scaled, and where it is refused. */
#include "unit/number.h"

#include <stdio.h>

#include "base/rng.h"
#include "tests/unit/test.h"

static size_t read_text(const char *text, struct qos_decimal *d)
{
	return qos_decimal_read(qos_str(text), d);
}

static int64_t scaled(const char *text, int64_t num, int64_t den)
{
	struct qos_decimal d;
	int64_t x;

	if (read_text(text, &d) != strlen(text) || !qos_decimal_scale(&d, num, den, &x))
		return -1;
	return x;
}

static void reads(void)
{
	struct qos_decimal d;

	CHECK_INT(read_text("1.5s", &d), 3);
	CHECK_INT(d.mantissa, 15);
	CHECK_INT(d.exponent, -1);
	CHECK_INT(read_text("-00012e3", &d), 8);
	CHECK(d.negative && d.mantissa == 12 && d.exponent == 3);
	CHECK_INT(read_text("3e", &d), 1); /* the e is a unit's */
	CHECK_INT(read_text("3eV", &d), 1);
	CHECK_INT(read_text("3e+", &d), 1);
	CHECK_INT(read_text(".5", &d), 2);
	CHECK_INT(read_text("5.", &d), 2);
	CHECK_INT(read_text("1.2.3", &d), 3);
	CHECK_INT(read_text("", &d), 0);
	CHECK_INT(read_text(".", &d), 0);
	CHECK_INT(read_text("-", &d), 0);
	CHECK_INT(read_text("e5", &d), 0);
	CHECK_INT(read_text("x", &d), 0);
}

static void limits_digits(void)
{
	struct qos_decimal d;

	CHECK_INT(read_text("9999999999999999999", &d), 19);
	CHECK(d.mantissa == 9999999999999999999u && d.exponent == 0);
	CHECK_INT(read_text("10000000000000000000", &d), 20);
	CHECK(d.mantissa == 1000000000000000000 && d.exponent == 1);
	CHECK_INT(read_text("1.000000000000000000000000", &d), 26);
	CHECK_INT(read_text("0.0000000000000000000000001", &d), 27);
	CHECK(d.mantissa == 1 && d.exponent == -25);
	CHECK_INT(read_text("12345678901234567891", &d), 0);
	CHECK_INT(read_text("0.12345678901234567891", &d), 0);
}

static void scales(void)
{
	CHECK_INT(scaled("1.5", 1000, 1), 1500);
	CHECK_INT(scaled("0.0005", 1000, 1), 1); /* half goes up */
	CHECK_INT(scaled("0.00049999999999", 1000, 1), 0);
	CHECK_INT(scaled("1", 1, 3), 0);
	CHECK_INT(scaled("2", 1, 3), 1);
	CHECK_INT(scaled("1e3", 1, 8), 125);
	CHECK_INT(scaled("9223372036854775807", 1, 1), INT64_MAX);
	CHECK_INT(scaled("9223372036854775807.4", 1, 1), -1); /* 20 digits */
	CHECK_INT(scaled("922337203685477580.7", 10, 1), INT64_MAX);
	CHECK_INT(scaled("922337203685477580.8", 10, 1), -1);
	CHECK_INT(scaled("9223372036854775808", 1, 1), -1);
	CHECK_INT(scaled("1e400", 1, 1), -1);
	CHECK_INT(scaled("1e-400", 1LL << 55, 1), 0);
	CHECK_INT(scaled("0e999999999999", 1, 1), 0);
	CHECK_INT(scaled("-1", 1, 1), -1);
	CHECK_INT(scaled("-0", 1, 1), 0);
	CHECK_INT(scaled("9999999999999999999e-40", 1LL << 55, 1), 0);
}

/* Against 128-bit arithmetic on values that are made as texts. */
static void agrees(void)
{
	struct qos_rng r;
	int wrong = 0;

	qos_rng_seed(&r, 1);
	for (int i = 0; i < 200000; i++) {
		int64_t whole = (int64_t)qos_rng_below(&r, 1000000000), part = (int64_t)qos_rng_below(&r, 1000000000),
			got;
		int64_t num = 1 + (int64_t)qos_rng_below(&r, 1000000000), den = 1 + (int64_t)qos_rng_below(&r, 1000);
		unsigned __int128 over = ((unsigned __int128)whole * 1000000000 + (uint64_t)part) * (uint64_t)num,
				  under = (unsigned __int128)1000000000 * (uint64_t)den;
		struct qos_decimal d;
		char text[64];

		snprintf(text, sizeof(text), "%lld.%09lld", (long long)whole, (long long)part);
		wrong += read_text(text, &d) != strlen(text) || !qos_decimal_scale(&d, num, den, &got) ||
			 got != (int64_t)((2 * over + under) / (2 * under));
	}
	CHECK_INT(wrong, 0);
}

static void knows_whole_numbers(void)
{
	struct qos_decimal d;

	read_text("1.5", &d);
	CHECK(!qos_decimal_whole(&d, 1) && qos_decimal_whole(&d, 2) && qos_decimal_whole(&d, 1000));
	read_text("1.0005", &d);
	CHECK(!qos_decimal_whole(&d, 1000) && qos_decimal_whole(&d, 10000));
	read_text("7e5", &d);
	CHECK(qos_decimal_whole(&d, 1));
	read_text("0.000", &d);
	CHECK(qos_decimal_whole(&d, 1));
}

static void gives_ratios(void)
{
	struct qos_decimal d;
	int64_t num, den;

	read_text("5", &d);
	CHECK(qos_decimal_ratio(&d, 1, 1000000000, &num, &den) && num == 1 && den == 200000000);
	read_text("0.0003", &d);
	CHECK(qos_decimal_ratio(&d, 1000, 1000000000, &num, &den) && num == 3 && den == 10000000000);
	read_text("1e-15", &d);
	CHECK(!qos_decimal_ratio(&d, 1, 86400000000000, &num, &den));
	read_text("1e30", &d);
	CHECK(!qos_decimal_ratio(&d, 1, 1, &num, &den));
	read_text("9999999999999999999", &d);
	CHECK(!qos_decimal_ratio(&d, 1, 7, &num, &den));
}

int main(void)
{
	RUN("a decimal ends where its digits end", reads);
	RUN("digits that would be lost are refused", limits_digits);
	RUN("scaling is exact, rounds half up, and refuses to overflow", scales);
	RUN("scaling agrees with 128-bit arithmetic on random values", agrees);
	RUN("whole numbers are told from others", knows_whole_numbers);
	RUN("ratios are exact and in lowest terms", gives_ratios);
	return DONE();
}
