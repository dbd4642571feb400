/* Eight digits in a register, against the C library. */
#include "unit/digits.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/rng.h"
#include "tests/unit/test.h"

static void reads_back(void)
{
	struct qos_rng r;
	int wrong = 0;

	qos_rng_seed(&r, 1);
	for (int i = 0; i < 200000; i++) {
		uint32_t x = (uint32_t)(qos_rng_next(&r) >> 37 >> qos_rng_below(&r, 27)), back = 1;
		uint64_t wide = qos_rng_next(&r) >> qos_rng_below(&r, 64);
		char text[32] = { 0 }, want[32];

		x %= 100000000;
		qos_digits_write8(text, x);
		snprintf(want, sizeof(want), "%08u", x);
		wrong += strcmp(text, want) != 0 || !qos_digits_read8(text, &back) || back != x;
		*qos_digits_write_short(text, x) = 0;
		wrong += strtoul(text, NULL, 10) != x || (text[0] == '0' && x);
		*qos_digits_write(text, wide) = 0;
		snprintf(want, sizeof(want), "%llu", (unsigned long long)wide);
		wrong += strcmp(text, want) != 0;
	}
	CHECK_INT(wrong, 0);
}

static void refuses_others(void)
{
	uint32_t x;
	int wrong = 0;

	for (int place = 0; place < 8; place++)
		for (int c = 0; c < 256; c++) {
			char text[8] = { '1', '2', '3', '4', '5', '6', '7', '8' };

			text[place] = (char)c;
			wrong += qos_digits_read8(text, &x) != (c >= '0' && c <= '9');
		}
	CHECK_INT(wrong, 0);
}

static const char *fraction(uint32_t x)
{
	static char text[16];

	*qos_digits_fraction(text, x) = 0;
	return text;
}

static void writes_fractions(void)
{
	CHECK_TEXT(fraction(0), "");
	CHECK_TEXT(fraction(1), ".000000001");
	CHECK_TEXT(fraction(100000000), ".1");
	CHECK_TEXT(fraction(10000000), ".01");
	CHECK_TEXT(fraction(999999999), ".999999999");
	CHECK_TEXT(fraction(120000000), ".12");
}

int main(void)
{
	RUN("digits written read back, and are those of printf", reads_back);
	RUN("any byte that is no digit is seen, in any place", refuses_others);
	RUN("fractions have no trailing zeros", writes_fractions);
	return DONE();
}
