/* Quantities as people write them. */
#include "unit/unit.h"

#include <math.h>
#include <stdlib.h>

#include "base/rng.h"
#include "tests/unit/test.h"

#define BAD (-1)
#define S   1000000000LL

static int64_t duration(const char *text)
{
	int64_t x;

	return qos_unit_duration(qos_str(text), S, &x, NULL) ? BAD : x;
}

static int64_t size(const char *text)
{
	int64_t x;

	return qos_unit_size(qos_str(text), &x, NULL) ? BAD : x;
}

static int64_t bitrate(const char *text)
{
	int64_t x;

	return qos_unit_bitrate(qos_str(text), &x, NULL) ? BAD : x;
}

static int64_t count(const char *text)
{
	int64_t x;

	return qos_unit_count(qos_str(text), &x, NULL) ? BAD : x;
}

static void reads_durations(void)
{
	static const struct {
		const char *text;
		int64_t ns;
	} cases[] = {
		{ "250us", 250000 },
		{ "250\xc2\xb5s", 250000 },
		{ "250\xce\xbcs", 250000 },
		{ "10ms", 10000000 },
		{ "1.5s", 1500000000 },
		{ "5min", 300 * S },
		{ "5m", 300 * S },
		{ "1h", 3600 * S },
		{ "2d", 172800 * S },
		{ "7ns", 7 },
		{ "1 s", S },
		{ "2SEC", 2 * S },
		{ "3hour", 10800 * S },
		{ "1day", 86400 * S },
		{ "10msec", 10000000 },
		{ "4usec", 4000 },
		{ "1e-3s", 1000000 },
		{ "0", 0 },
		{ "12", 12 * S },
		{ "0.5", S / 2 },
		{ ".5s", S / 2 },
		{ "0.4ns", 0 },
		{ "0.5ns", 1 },
		{ "1e3", 1000 * S },
		{ "9223372036.854775807s", INT64_MAX },
		{ "9223372036854775807ns", INT64_MAX },
		{ "", BAD },
		{ "s", BAD },
		{ "-1s", BAD },
		{ "1 parsec", BAD },
		{ "1ss", BAD },
		{ "1s ", BAD },
		{ "ten", BAD },
		{ "0x10", BAD },
		{ "1.2.3s", BAD },
		{ "9223372036.854775808s", BAD },
		{ "106752d", BAD },
		{ "1e99s", BAD },
		{ "inf", BAD },
		{ "nan", BAD },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		if (duration(cases[i].text) != cases[i].ns)
			printf("# %s\n", cases[i].text);
		CHECK_INT(duration(cases[i].text), cases[i].ns);
	}
}

static void bare_numbers(void)
{
	int64_t x;

	CHECK(qos_unit_duration(QOS_STR("10"), 1000000, &x, NULL) == 0 && x == 10000000);
	CHECK(qos_unit_duration(QOS_STR("10us"), 1000000, &x, NULL) == 0 && x == 10000);
	CHECK(qos_unit_duration(QOS_STR("10"), 0, &x, NULL) != 0);
}

static void reads_sizes(void)
{
	static const struct {
		const char *text;
		int64_t bytes;
	} cases[] = {
		{ "1500", 1500 },
		{ "64KiB", 65536 },
		{ "64kib", 65536 },
		{ "64Ki", 65536 },
		{ "10MB", 10000000 },
		{ "10M", 10000000 },
		{ "1GB", 1000000000 },
		{ "2GiB", 1LL << 31 },
		{ "1TiB", 1LL << 40 },
		{ "3TB", 3000000000000 },
		{ "1.5kB", 1500 },
		{ "7B", 7 },
		{ "0", 0 },
		{ "0.5", 1 },
		{ "1.5KiB", 1536 },
		{ "8388607TiB", 9223370937343148032 },
		{ "8388608TiB", BAD },
		{ "-5", BAD },
		{ "", BAD },
		{ "B", BAD },
		{ "5X", BAD },
		{ "64 KiB", 65536 },
		{ "5 5", BAD },
		{ "1e18", 1000000000000000000 },
		{ "1e19", BAD },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		if (size(cases[i].text) != cases[i].bytes)
			printf("# %s\n", cases[i].text);
		CHECK_INT(size(cases[i].text), cases[i].bytes);
	}
}

static void reads_bitrates(void)
{
	static const struct {
		const char *text;
		int64_t bps;
	} cases[] = {
		{ "9600", 9600 },
		{ "10kbit", 10000 },
		{ "1gbit", 1000000000 },
		{ "1.5Gbps", 1500000000 },
		{ "100Mbit/s", 100000000 },
		{ "2tbit", 2000000000000 },
		{ "1MB/s", 8000000 },
		{ "125KiB/s", 1024000 },
		{ "1B/s", 8 },
		{ "1GiB/s", 8LL << 30 },
		{ "8kibit", 8192 },
		{ "1mibit", 1 << 20 },
		{ "56kbps", 56000 },
		{ "5bit", 5 },
		{ "5bps", 5 },
		{ "0.5bit", 1 },
		{ "0", BAD },
		{ "0.4bit", BAD },
		{ "0gbit", BAD },
		{ "-1gbit", BAD },
		{ "5/s", BAD },
		{ "1MB", BAD },
		{ "10000000tbit", BAD },
		{ "", BAD },
		{ "fast", BAD },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		if (bitrate(cases[i].text) != cases[i].bps)
			printf("# %s\n", cases[i].text);
		CHECK_INT(bitrate(cases[i].text), cases[i].bps);
	}
}

static void reads_message_rates(void)
{
	static const struct {
		const char *text;
		int64_t num, den;
	} cases[] = {
		{ "5/s", 1, 200000000 },
		{ "100k/s", 1, 10000 },
		{ "3/min", 1, 20000000000 },
		{ "1000000000/s", 1, 1 },
		{ "2.5M/s", 1, 400 },
		{ "1/h", 1, 3600 * S },
		{ "0.5/d", 1, 172800 * S },
		{ "3/ms", 3, 1000000 },
		{ "1Ki/s", 2, 1953125 },
		{ "7/day", 7, 86400 * S },
		{ "0.000001/s", 1, 1000000 * S },
		{ "0/s", 0, 0 },
		{ "0.0k/s", 0, 0 },
		{ "-1/s", 0, 0 },
		{ "5", 0, 0 },
		{ "/s", 0, 0 },
		{ "5/", 0, 0 },
		{ "5/fortnight", 0, 0 },
		{ "5x/s", 0, 0 },
		{ "", 0, 0 },
		{ "1e-20/d", 0, 0 },
		{ "1e30/s", 0, 0 },
		{ "10mbit", 0, 0 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int64_t num = 0, den = 0;

		if (qos_unit_msgrate(qos_str(cases[i].text), &num, &den, NULL))
			num = den = 0;
		if (num != cases[i].num || den != cases[i].den)
			printf("# %s\n", cases[i].text);
		CHECK_INT(num, cases[i].num);
		CHECK_INT(den, cases[i].den);
	}
}

static void reads_shares(void)
{
	double x = 2;

	CHECK(qos_unit_share(QOS_STR("30%"), &x, NULL) == 0 && x == 0.3);
	CHECK(qos_unit_share(QOS_STR("0.3"), &x, NULL) == 0 && x == 0.3);
	CHECK(qos_unit_share(QOS_STR("100%"), &x, NULL) == 0 && x == 1);
	CHECK(qos_unit_share(QOS_STR("0"), &x, NULL) == 0 && x == 0);
	CHECK(qos_unit_share(QOS_STR("12.5%"), &x, NULL) == 0 && x == 0.125);
	CHECK(qos_unit_share(QOS_STR("101%"), &x, NULL) != 0);
	CHECK(qos_unit_share(QOS_STR("1.0001"), &x, NULL) != 0);
	CHECK(qos_unit_share(QOS_STR("-5%"), &x, NULL) != 0);
	CHECK(qos_unit_share(QOS_STR("30 percent"), &x, NULL) != 0);
	CHECK(qos_unit_share(QOS_STR("%"), &x, NULL) != 0);
	CHECK(qos_unit_share(QOS_STR("30%%"), &x, NULL) != 0);
	CHECK(qos_unit_share(QOS_STR(""), &x, NULL) != 0);
}

static void reads_counts(void)
{
	CHECK_INT(count("5000"), 5000);
	CHECK_INT(count("10k"), 10000);
	CHECK_INT(count("64Ki"), 65536);
	CHECK_INT(count("1.5M"), 1500000);
	CHECK_INT(count("2e3"), 2000);
	CHECK_INT(count("0"), 0);
	CHECK_INT(count("9223372036854775807"), INT64_MAX);
	CHECK_INT(count("9223372036854775808"), BAD);
	CHECK_INT(count("1.5"), BAD);
	CHECK_INT(count("1.0005k"), BAD);
	CHECK_INT(count("-1"), BAD);
	CHECK_INT(count("many"), BAD);
	CHECK_INT(count(""), BAD);
}

static void reads_numbers(void)
{
	static const char *const good[] = { "0",
					    "-0",
					    "1",
					    "1.5",
					    "-2.25e3",
					    "0.1",
					    "1e22",
					    "1e23",
					    "0.30000000000000004",
					    "123456789012345678901234567890",
					    "1e-400",
					    "5e-324",
					    "1.7976931348623157e308",
					    "+3",
					    ".5",
					    "007",
					    "9007199254740993",
					    "3.141592653589793238462643383279" };
	static const char *const bad[] = { "",     "-",   ".",   "1.2.3", "1e", "1e+",   "e5",
					   "0x10", "inf", "nan", "1 ",    " 1", "1_000", "--1" };
	double x;

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		x = 7;
		CHECK(qos_unit_number(qos_str(good[i]), &x) == 0);
		if (x != strtod(good[i], NULL))
			printf("# %s\n", good[i]);
		CHECK(x == strtod(good[i], NULL));
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		if (qos_unit_number(qos_str(bad[i]), &x) == 0)
			printf("# %s\n", bad[i]);
		CHECK(qos_unit_number(qos_str(bad[i]), &x) == -1);
	}
	CHECK(qos_unit_number(QOS_STR("1e999"), &x) == 0 && isinf(x));
}

/* Texts of random doubles come back as the same doubles. */
static void numbers_round_trip(void)
{
	struct qos_rng r;
	int wrong = 0;

	qos_rng_seed(&r, 5);
	for (int i = 0; i < 100000; i++) {
		double want = ldexp(qos_rng_uniform(&r) - 0.5, (int)qos_rng_below(&r, 200) - 100), got;
		char text[64];

		snprintf(text, sizeof(text), "%.*g", 15 + i % 4, want);
		wrong += qos_unit_number(qos_str(text), &got) || got != strtod(text, NULL);
	}
	CHECK_INT(wrong, 0);
}

static void explains(void)
{
	char why[120];
	int64_t x, y;
	double share;

	qos_unit_duration(QOS_STR("10 parsecs"), S, &x, why);
	CHECK_TEXT(why, "\"10 parsecs\" has a unit that is not known; write for example 250us, 10ms, 1.5s, 5min or 1h");
	qos_unit_size(QOS_STR("big"), &x, why);
	CHECK_TEXT(why, "\"big\" is no size; write for example 1500, 64KiB or 10MB");
	qos_unit_bitrate(QOS_STR("0"), &x, why);
	CHECK_TEXT(why, "\"0\" lets nothing through; write for example 9600, 10kbit, 1.5gbit or 125KiB/s");
	qos_unit_msgrate(QOS_STR("5"), &x, &y, why);
	CHECK_TEXT(why, "\"5\" is no message rate; write for example 100k/s, 5/s or 30/min");
	qos_unit_share(QOS_STR("130%"), &share, why);
	CHECK_TEXT(why, "\"130%\" is not between 0 and 100%; write for example 30% or 0.3");
	qos_unit_count(QOS_STR("1.5"), &x, why);
	CHECK_TEXT(why, "\"1.5\" is no whole number; write for example 5000, 10k or 64Ki");
	qos_unit_duration(QOS_STR("7a very long text that will not fit into the message as it stands"), S, &x, why);
	CHECK(strstr(why, "or 1h")); /* the example is never what is cut */
}

static void fast_paths_agree(void)
{
	struct qos_rng r;
	int wrong = 0;
	char text[64];

	qos_rng_seed(&r, 9);
	for (int i = 0; i < 200000; i++) {
		int64_t whole = (int64_t)(qos_rng_next(&r) >> (31 + qos_rng_below(&r, 33))), fast = 1, slow = 2;
		int decimals = (int)qos_rng_below(&r, 12);
		int n = snprintf(text, sizeof(text), "%lld.%011llu", (long long)whole,
				 (unsigned long long)qos_rng_below(&r, 100000000000));
		struct qos_str t = { text, (size_t)(n - 11 + decimals - (decimals == 0)) };

		wrong += qos_unit_seconds(t, &fast) != qos_unit_duration(t, S, &slow, NULL) ||
			 (fast != slow && slow != 2);
		fast = 1, slow = 2;
		t.n = (size_t)snprintf(text, sizeof(text), "%llu",
				       (unsigned long long)(qos_rng_next(&r) >> qos_rng_below(&r, 64)));
		wrong += qos_unit_bytes(t, &fast) != qos_unit_size(t, &slow, NULL) || (fast != slow && slow != 2);
	}
	CHECK_INT(wrong, 0);
}

static int64_t seconds(const char *text)
{
	int64_t x;

	return qos_unit_seconds(qos_str(text), &x) ? BAD : x;
}

static int64_t bytes(const char *text)
{
	int64_t x;

	return qos_unit_bytes(qos_str(text), &x) ? BAD : x;
}

static void fast_paths_take_units(void)
{
	CHECK_INT(seconds("0.012"), 12000000);
	CHECK_INT(seconds("12ms"), 12000000);
	CHECK_INT(seconds("0.1234567895"), 123456790);
	CHECK_INT(seconds("9223372036.854775807"), INT64_MAX);
	CHECK_INT(seconds("9223372036.854775808"), BAD);
	CHECK_INT(seconds("1."), S);
	CHECK_INT(seconds("."), BAD);
	CHECK_INT(seconds(""), BAD);
	CHECK_INT(seconds("-1"), BAD);
	CHECK_INT(seconds("1.5x"), BAD);
	CHECK_INT(seconds("1.12345678x"), BAD);
	CHECK_INT(bytes("64KiB"), 65536);
	CHECK_INT(bytes("9223372036854775807"), INT64_MAX);
	CHECK_INT(bytes("9223372036854775808"), BAD);
	CHECK_INT(bytes(""), BAD);
	CHECK_INT(bytes("12q"), BAD);
	CHECK_INT(bytes("-1"), BAD);
}

int main(void)
{
	RUN("durations are exact, with overflow, signs and junk refused", reads_durations);
	RUN("a bare duration takes the unit of its key, or is refused", bare_numbers);
	RUN("sizes have base 10 and base 2 units", reads_sizes);
	RUN("bit rates are bits or bytes a second, and never 0", reads_bitrates);
	RUN("message rates are exact ratios in lowest terms, and never 0", reads_message_rates);
	RUN("shares are between 0 and 1", reads_shares);
	RUN("counts are whole", reads_counts);
	RUN("numbers are the nearest double, or refused", reads_numbers);
	RUN("numbers printed from random doubles read back", numbers_round_trip);
	RUN("a refusal says what is wrong and shows what is right", explains);
	RUN("the fast paths give what the careful ones give", fast_paths_agree);
	RUN("the fast paths take units and refuse junk", fast_paths_take_units);
	return DONE();
}
