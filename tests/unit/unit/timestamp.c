/* Time stamps: forms, the calendar, the ends of the range, junk, and the way back. */
#include "unit/timestamp.h"

#include <time.h>

#include "base/rng.h"
#include "tests/unit/test.h"

#define BAD INT64_MIN
#define S   1000000000LL

static int64_t cache[2]; /* shared by all cases on purpose: a day must never be taken for another */
static enum qos_time_form form;

static int64_t parse(const char *text)
{
	int64_t ns;

	return qos_timestamp_parse(qos_str(text), &ns, &form, cache, NULL) ? BAD : ns;
}

static int64_t parse_as(const char *text, enum qos_time_form want)
{
	int64_t ns = parse(text);

	return ns != BAD && form != want ? BAD : ns;
}

static void reads_epochs(void)
{
	CHECK_INT(parse_as("1431857103", QOS_TIME_S), 1431857103 * S);
	CHECK_INT(parse_as("1431857103.25", QOS_TIME_S), 1431857103 * S + S / 4);
	CHECK_INT(parse_as("1431857103.123456789", QOS_TIME_S), 1431857103123456789);
	CHECK_INT(parse_as("1431857103123", QOS_TIME_MS), 1431857103123000000);
	CHECK_INT(parse_as("1431857103123.5", QOS_TIME_MS), 1431857103123500000);
	CHECK_INT(parse_as("1431857103123456", QOS_TIME_US), 1431857103123456000);
	CHECK_INT(parse_as("1431857103123456.789", QOS_TIME_US), 1431857103123456789);
	CHECK_INT(parse_as("1431857103123456789", QOS_TIME_NS), 1431857103123456789);
	CHECK_INT(parse_as("0", QOS_TIME_S), 0);
	CHECK_INT(parse_as("0.000000001", QOS_TIME_S), 1);
	CHECK_INT(parse_as("12.5", QOS_TIME_S), 12 * S + S / 2);
	CHECK_INT(parse_as("-1.5", QOS_TIME_S), -3 * S / 2);
	CHECK_INT(parse_as("-0.000000001", QOS_TIME_S), -1);
	CHECK_INT(parse_as("-1431857103123", QOS_TIME_MS), -1431857103123000000);
	CHECK_INT(parse_as("1.4e9", QOS_TIME_S), 1400000000 * S);
	CHECK_INT(parse_as("1.4318571031234567e9", QOS_TIME_S), 1431857103123456700);
	CHECK_INT(parse_as("1431857103.", QOS_TIME_S), 1431857103 * S);
	CHECK_INT(parse_as("00000001431857103", QOS_TIME_S), 1431857103 * S);
}

static void tells_units_by_magnitude(void)
{
	CHECK_INT(parse_as("9223372036", QOS_TIME_S), 9223372036 * S);
	CHECK_INT(parse_as("99999999999", QOS_TIME_S), BAD); /* seconds still, of the year 5138 */
	CHECK_INT(parse_as("100000000000", QOS_TIME_MS), 100000000 * S);
	CHECK_INT(parse_as("9223372036854", QOS_TIME_MS), 9223372036854000000);
	CHECK_INT(parse_as("99999999999999", QOS_TIME_MS), BAD);
	CHECK_INT(parse_as("100000000000000", QOS_TIME_US), 100000000 * S);
	CHECK_INT(parse_as("99999999999999999", QOS_TIME_US), BAD);
	CHECK_INT(parse_as("100000000000000000", QOS_TIME_NS), 100000000 * S);
}

static void cuts_past_the_nanosecond(void)
{
	CHECK_INT(parse("1431857103.1234567899"), 1431857103123456789);
	CHECK_INT(parse("1431857103.12345678901234567890"), 1431857103123456789);
	CHECK_INT(parse("1.0000000009"), S);
	CHECK_INT(parse("-1.0000000009"), -S);
	CHECK_INT(parse("1431857103123.9999999"), 1431857103123999999);
	CHECK_INT(parse("1431857103123456789.9"), 1431857103123456789);
	CHECK_INT(parse("2015-05-17T10:05:03.9999999999Z"), 1431857103 * S + 999999999);
	CHECK_INT(parse("1431857103.123456789x"), BAD);
	CHECK_INT(parse("1431857103.1234567890x"), BAD);
}

static void reads_dates(void)
{
	int64_t base = 1431857103 * S;

	CHECK_INT(parse_as("2015-05-17T10:05:03Z", QOS_TIME_RFC3339), base);
	CHECK_INT(parse_as("2015-05-17t10:05:03z", QOS_TIME_RFC3339), base);
	CHECK_INT(parse("2015-05-17 10:05:03"), base);
	CHECK_INT(parse("2015-05-17T10:05:03.123Z"), base + 123000000);
	CHECK_INT(parse("2015-05-17T10:05:03,123456789Z"), base + 123456789);
	CHECK_INT(parse("2015-05-17T12:05:03+02:00"), base);
	CHECK_INT(parse("2015-05-17T12:05:03+0200"), base);
	CHECK_INT(parse("2015-05-17T12:05:03.5+02"), base + S / 2);
	CHECK_INT(parse("2015-05-17T04:35:03-05:30"), base);
	CHECK_INT(parse("2015-05-18T00:05:03+14:00"), base);
	CHECK_INT(parse("2015-05-16T22:05:03-12:00"), base);
	CHECK_INT(parse_as("17/May/2015:10:05:03 +0000", QOS_TIME_CLF), base);
	CHECK_INT(parse_as("17/may/2015:12:05:03 +0200", QOS_TIME_CLF), base);
	CHECK_INT(parse_as("17/May/2015:10:05:03", QOS_TIME_CLF), base);
	CHECK_INT(parse("1970-01-01T00:00:00Z"), 0);
	CHECK_INT(parse("1969-12-31T23:59:59.5Z"), -S / 2);
}

static void knows_the_calendar(void)
{
	CHECK_INT(parse("2000-02-29T00:00:00Z"), 951782400 * S);
	CHECK_INT(parse("2024-02-29T00:00:00Z"), 1709164800 * S);
	CHECK_INT(parse("2024-03-01T00:00:00Z") - parse("2024-02-28T00:00:00Z"), 2 * 86400 * S);
	CHECK_INT(parse("1900-02-29T00:00:00Z"), BAD);
	CHECK_INT(parse("2100-02-29T00:00:00Z"), BAD);
	CHECK_INT(parse("2023-02-29T00:00:00Z"), BAD);
	CHECK_INT(parse("29/Feb/2023:00:00:00 +0000"), BAD);
	CHECK_INT(parse("29/Feb/2024:00:00:00 +0000"), 1709164800 * S);
	CHECK_INT(parse("2023-04-31T00:00:00Z"), BAD);
	CHECK_INT(parse("2023-00-10T00:00:00Z"), BAD);
	CHECK_INT(parse("2023-13-10T00:00:00Z"), BAD);
	CHECK_INT(parse("2023-01-00T00:00:00Z"), BAD);
	CHECK_INT(parse("2023-01-32T00:00:00Z"), BAD);
}

static void takes_leap_seconds(void)
{
	CHECK_INT(parse("2016-12-31T23:59:60Z"), 1483228800 * S);
	CHECK_INT(parse("2016-12-31T23:59:60.5Z"), 1483228800 * S + S / 2);
	CHECK_INT(parse("2017-01-01T05:29:60+05:30"), 1483228800 * S);
	CHECK_INT(parse("31/Dec/2016:15:59:60 -0800"), 1483228800 * S);
	CHECK_INT(parse("2016-12-31T12:34:60Z"), BAD);
	CHECK_INT(parse("2016-12-31T23:59:60+01:00"), BAD);
	CHECK_INT(parse("2016-12-31T23:59:61Z"), BAD);
}

static void refuses_the_ends(void)
{
	CHECK_INT(parse("9223372036.854775807"), INT64_MAX);
	CHECK_INT(parse("9223372036.854775808"), BAD);
	CHECK_INT(parse("-9223372036.854775807"), -INT64_MAX);
	CHECK_INT(parse("9223372037"), BAD);
	CHECK_INT(parse("9223372036854775807"), INT64_MAX);
	CHECK_INT(parse("9223372036854775808"), BAD);
	CHECK_INT(parse("99999999999999999999999"), BAD);
	CHECK_INT(parse("2262-04-11T23:47:16.854775807Z"), INT64_MAX);
	CHECK_INT(parse("2262-04-11T23:47:16.854775808Z"), BAD);
	CHECK_INT(parse("2262-04-12T00:00:00Z"), BAD);
	CHECK_INT(parse("1677-09-21T00:12:43.145224193Z"), -INT64_MAX);
	CHECK_INT(parse("1677-09-21T00:12:43Z"), BAD);
	CHECK_INT(parse("0001-01-01T00:00:00Z"), BAD);
	CHECK_INT(parse("9999-12-31T23:59:59Z"), BAD);
}

static void refuses_junk(void)
{
	static const char *const texts[] = {
		"",
		" ",
		"-",
		".",
		"-.",
		"1431857103..",
		".5.",
		"1431857103 ",
		" 1431857103",
		"1431857103s",
		"1,5",
		"0x55",
		"nan",
		"inf",
		"yesterday",
		"2015-05-17",
		"2015-05-17T10:05",
		"2015-05-17T10:05:03Zx",
		"2015-05-17T10:05:03ZZ",
		"2015-05-17X10:05:03Z",
		"2015/05/17T10:05:03Z",
		"2015-05-17T10-05-03Z",
		"2015-05-17T24:05:03Z",
		"2015-05-17T10:60:03Z",
		"2015-05-17T1a:05:03Z",
		"2015-05-17T10:05:0:Z",
		"2015-05-17T10:05:03.Z",
		"2015-05-17T10:05:03.+02:00",
		"2015-05-17T10:05:03+2",
		"2015-05-17T10:05:03+24:00",
		"2015-05-17T10:05:03+02:60",
		"2015-05-17T10:05:03+02-00",
		"2015-05-17T10:05:03+0:200",
		"2015-05-17T10:05:03+02:00:00",
		"20a5-05-17T10:05:03Z",
		"2015-0b-17T10:05:03Z",
		"2015-05-1cT10:05:03Z",
		"17/Foo/2015:10:05:03 +0000",
		"17/May/2015 10:05:03 +0000",
		"00/May/2015:10:05:03 +0000",
		"32/May/2015:10:05:03 +0000",
		"17/May/20x5:10:05:03 +0000",
		"17-May-2015:10:05:03 +0000",
		"17/May/2015:10:05:03 +00000",
		"17/May/2015:10:05:03  +0000",
		"14318571\x81"
		"3.5",
		"1431857/03.12345678",
		"143185710:.12345678",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		if (parse(texts[i]) != BAD)
			printf("# %s\n", texts[i]);
		CHECK(parse(texts[i]) == BAD);
	}
}

static void explains(void)
{
	char why[120];
	int64_t ns;

	CHECK_INT(qos_timestamp_parse(QOS_STR("yesterday"), &ns, &form, cache, why), -1);
	CHECK_TEXT(why, "\"yesterday\" is no time stamp; write epoch seconds (1431857103.25) or 2015-05-17T10:05:03Z");
	qos_timestamp_parse(QOS_STR("a text that is far too long to be shown in the message as it stands, all of it"),
			    &ns, &form, cache, why);
	CHECK(strstr(why, "10:05:03Z"));
}

static const char *written(int64_t ns, enum qos_time_form f)
{
	static char text[QOS_TIMESTAMP_BYTES + 1];

	text[qos_timestamp_write(text, ns, f)] = 0;
	return text;
}

static const char *span(int64_t ns)
{
	static char text[QOS_TIMESTAMP_BYTES + 1];

	text[qos_seconds_write(text, ns)] = 0;
	return text;
}

static void writes(void)
{
	int64_t ns = 1431857103123456789;

	CHECK_TEXT(written(ns, QOS_TIME_S), "1431857103.123456789");
	CHECK_TEXT(written(ns, QOS_TIME_MS), "1431857103123.456789");
	CHECK_TEXT(written(ns, QOS_TIME_US), "1431857103123456.789");
	CHECK_TEXT(written(ns, QOS_TIME_NS), "1431857103123456789");
	CHECK_TEXT(written(ns, QOS_TIME_RFC3339), "2015-05-17T10:05:03.123456789Z");
	CHECK_TEXT(written(ns, QOS_TIME_CLF), "2015-05-17T10:05:03.123456789Z");
	CHECK_TEXT(written(1431857103 * S, QOS_TIME_S), "1431857103");
	CHECK_TEXT(written(1431857103 * S + S / 2, QOS_TIME_S), "1431857103.5");
	CHECK_TEXT(written(1431857103 * S + 10, QOS_TIME_S), "1431857103.00000001");
	CHECK_TEXT(written(1431857103 * S + 100000000, QOS_TIME_MS), "1431857103100");
	CHECK_TEXT(written(1431857103 * S + 100, QOS_TIME_US), "1431857103000000.1");
	CHECK_TEXT(written(1431857103 * S, QOS_TIME_RFC3339), "2015-05-17T10:05:03Z");
	CHECK_TEXT(written(-S / 2, QOS_TIME_S), "-0.5");
	CHECK_TEXT(written(-1, QOS_TIME_RFC3339), "1969-12-31T23:59:59.999999999Z");
	CHECK_TEXT(written(INT64_MAX, QOS_TIME_S), "9223372036.854775807");
	CHECK_TEXT(written(INT64_MIN, QOS_TIME_S), "-9223372036.854775808");
	CHECK_TEXT(written(INT64_MIN, QOS_TIME_RFC3339), "1677-09-21T00:12:43.145224192Z");
	CHECK_TEXT(written(INT64_MAX, QOS_TIME_RFC3339), "2262-04-11T23:47:16.854775807Z");
}

static void writes_spans(void)
{
	CHECK_TEXT(span(0), "0");
	CHECK_TEXT(span(12000000), "0.012");
	CHECK_TEXT(span(-3 * S / 2), "-1.5");
	CHECK_TEXT(span(1), "0.000000001");
	CHECK_TEXT(span(100 * S), "100");
	CHECK_TEXT(span(99999999 * S), "99999999");
	CHECK_TEXT(span(100000000 * S), "100000000");
	CHECK_TEXT(span(S - 1), "0.999999999");
	CHECK_TEXT(span(S / 10), "0.1");
	CHECK_TEXT(span(INT64_MAX), "9223372036.854775807");
}

/* Random moments of the whole range, with few and with many decimals, in every form that says its unit. */
static void round_trips(void)
{
	struct qos_rng r;
	int wrong = 0;

	qos_rng_seed(&r, 3);
	for (int i = 0; i < 400000; i++) {
		static const int64_t steps[] = { 1, 10, 1000, 100000, 1000000, 100000000, S, 60 * S };
		int64_t step = steps[qos_rng_below(&r, 8)], ns = (int64_t)qos_rng_next(&r) / step * step;
		char text[QOS_TIMESTAMP_BYTES + 1];
		enum qos_time_form f = (enum qos_time_form)(i % 5);

		if (i % 5 == 1 || i % 5 == 2 || i % 5 == 3) /* after 1973, where milliseconds are told from seconds */
			ns = ns > 0 ? 100000000 * S + ns / 2 / step * step : 100000000 * S - ns / 2 / step * step;
		text[qos_timestamp_write(text, ns, f)] = 0;
		wrong += parse_as(text, f) != ns;
	}
	CHECK_INT(wrong, 0);
}

/* The calendar against that of the C library, at random seconds and with random offsets. */
static void agrees_with_gmtime(void)
{
	struct qos_rng r;
	int wrong = 0;

	qos_rng_seed(&r, 4);
	for (int i = 0; i < 100000; i++) {
		time_t t = (time_t)((int64_t)qos_rng_below(&r, 18000000000) - 9000000000);
		int east = (int)qos_rng_below(&r, 2 * 1439 + 1) - 1439, minutes = east < 0 ? -east : east;
		time_t local = t + east * 60;
		struct tm tm;
		char text[64];
		size_t n;

		gmtime_r(&local, &tm);
		n = strftime(text, sizeof(text), i % 2 ? "%Y-%m-%dT%H:%M:%S" : "%d/%b/%Y:%H:%M:%S ", &tm);
		snprintf(text + n, sizeof(text) - n, i % 2 ? "%c%02d:%02d" : "%c%02d%02d", east < 0 ? '-' : '+',
			 minutes / 60, minutes % 60);
		wrong += parse(text) != t * S;
		gmtime_r(&t, &tm);
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
		wrong += strcmp(text, written(t * S, QOS_TIME_RFC3339)) != 0;
	}
	CHECK_INT(wrong, 0);
}

int main(void)
{
	RUN("epoch numbers are read exactly, in any unit", reads_epochs);
	RUN("the unit of an epoch number is told by its magnitude", tells_units_by_magnitude);
	RUN("decimals past the nanosecond are cut", cuts_past_the_nanosecond);
	RUN("RFC 3339 and CLF dates are read with their offsets", reads_dates);
	RUN("leap years are those of the Gregorian calendar", knows_the_calendar);
	RUN("a leap second stands at the end of a UTC day and nowhere else", takes_leap_seconds);
	RUN("what is outside of 64 bits of nanoseconds is refused", refuses_the_ends);
	RUN("junk is refused", refuses_junk);
	RUN("a refusal says what is wrong and shows what is right", explains);
	RUN("stamps are written in their form without trailing zeros", writes);
	RUN("spans are written in seconds", writes_spans);
	RUN("what was written reads back to the same moment and form", round_trips);
	RUN("dates agree with the calendar of the C library", agrees_with_gmtime);
	return DONE();
}
