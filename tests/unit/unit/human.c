/* Quantities back to text. */
#include "unit/human.h"

#include <math.h>

#include "base/rng.h"
#include "tests/unit/test.h"
#include "unit/unit.h"

static char text[QOS_HUMAN_BYTES];

static const char *duration(double seconds)
{
	CHECK_INT(qos_human_duration(text, seconds), strlen(text));
	return text;
}

static const char *size(double bytes)
{
	CHECK_INT(qos_human_size(text, bytes), strlen(text));
	return text;
}

static const char *bitrate(double bps)
{
	CHECK_INT(qos_human_bitrate(text, bps), strlen(text));
	return text;
}

static void shows_durations(void)
{
	CHECK_TEXT(duration(0), "0");
	CHECK_TEXT(duration(0.0123), "12.3ms");
	CHECK_TEXT(duration(5), "5s");
	CHECK_TEXT(duration(250e-6), "250us");
	CHECK_TEXT(duration(1.5e-9), "1.5ns");
	CHECK_TEXT(duration(0.99949e-6), "999ns");
	CHECK_TEXT(duration(0.9996e-6), "1us");
	CHECK_TEXT(duration(0.99996), "1s");
	CHECK_TEXT(duration(9.996e-3), "10ms");
	CHECK_TEXT(duration(12345), "206min");
	CHECK_TEXT(duration(86400), "24h");
	CHECK_TEXT(duration(864000), "10d");
	CHECK_TEXT(duration(-0.25), "-250ms");
	CHECK_TEXT(duration(NAN), "-");
	CHECK_TEXT(duration(INFINITY), "-");
	duration(1e300);
	CHECK(strlen(text) < QOS_HUMAN_BYTES);
}

static void shows_sizes_and_rates(void)
{
	CHECK_TEXT(size(10), "10B");
	CHECK_TEXT(size(1536), "1.5KiB");
	CHECK_TEXT(size(67108864), "64MiB");
	CHECK_TEXT(size(1023), "1023B");
	CHECK_TEXT(size(1024), "1KiB");
	CHECK_TEXT(size(0), "0B");
	CHECK_TEXT(size(NAN), "-");
	CHECK_TEXT(bitrate(1.5e9), "1.5Gbit/s");
	CHECK_TEXT(bitrate(3e8), "300Mbit/s");
	CHECK_TEXT(bitrate(999.7), "1kbit/s");
	CHECK_TEXT(bitrate(9600), "9.6kbit/s");
	CHECK_TEXT(bitrate(12345678), "12.3Mbit/s");
	bitrate(1e300);
	CHECK(strlen(text) < QOS_HUMAN_BYTES);
}

static void writes_exactly(void)
{
	qos_exact_duration(text, 10000000);
	CHECK_TEXT(text, "10ms");
	qos_exact_duration(text, 90000000000);
	CHECK_TEXT(text, "90s");
	qos_exact_duration(text, 0);
	CHECK_TEXT(text, "0ns");
	qos_exact_duration(text, INT64_MAX);
	CHECK_TEXT(text, "9223372036854775807ns");
	qos_exact_size(text, 65536);
	CHECK_TEXT(text, "64KiB");
	qos_exact_size(text, 1500);
	CHECK_TEXT(text, "1500B");
	qos_exact_bitrate(text, 1000000000);
	CHECK_TEXT(text, "1gbit");
	qos_exact_bitrate(text, 1500000);
	CHECK_TEXT(text, "1500kbit");
}

static void reads_back(void)
{
	struct qos_rng r;
	int wrong = 0;

	qos_rng_seed(&r, 6);
	for (int i = 0; i < 100000; i++) {
		static const int64_t steps[] = { 1,       1000,       1024,        1000000,
						 1 << 20, 1000000000, 60000000000, 86400000000000 };
		int64_t step = steps[qos_rng_below(&r, 8)],
			x = (int64_t)(qos_rng_next(&r) >> 1 >> qos_rng_below(&r, 50)), back;

		x = x / step * step;
		wrong += qos_exact_duration(text, x) != strlen(text) ||
			 qos_unit_duration(qos_str(text), 0, &back, NULL) || back != x;
		wrong += qos_exact_size(text, x) != strlen(text) || qos_unit_size(qos_str(text), &back, NULL) ||
			 back != x;
		if (x)
			wrong += qos_exact_bitrate(text, x) != strlen(text) ||
				 qos_unit_bitrate(qos_str(text), &back, NULL) || back != x;
	}
	CHECK_INT(wrong, 0);
}

int main(void)
{
	RUN("durations have three digits and a unit that fits", shows_durations);
	RUN("sizes step by 1024 and rates by 1000", shows_sizes_and_rates);
	RUN("exact texts use the largest unit that divides", writes_exactly);
	RUN("exact texts read back to the same value", reads_back);
	return DONE();
}
