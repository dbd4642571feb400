/* Time stamps by a description. */
#include "unit/timeformat.h"

#include "tests/unit/test.h"
#include "unit/timestamp.h"

static void same(const char *format, const char *text, const char *rfc3339)
{
	enum qos_time_form form;
	int64_t ns = 0, expected = 0, cache[2] = { 0, 0 };
	char why[120];

	CHECK_INT(qos_timestamp_parse(qos_str(rfc3339), &expected, &form, cache, why), 0);
	CHECK_INT(qos_timeformat_check(format, why), 0);
	CHECK_INT(qos_timeformat_parse(format, 2015, qos_str(text), &ns), 0);
	CHECK_INT(ns, expected);
}

static void reads_what_logs_have(void)
{
	same("%d.%m.%Y %H:%M:%S", "17.05.2015 10:05:03", "2015-05-17T10:05:03Z");
	same("%d.%m.%Y %H:%M:%S,%f", "17.05.2015 10:05:03,25", "2015-05-17T10:05:03.25Z");
	same("%H:%M:%S.%f %F", "10:05:03.123456789012 2015-05-17", "2015-05-17T10:05:03.123456789Z");
	same("%b %e %H:%M:%S", "May  7 10:05:03", "2015-05-07T10:05:03Z");
	same("%j %T", "032 10:05:03", "2015-02-01T10:05:03Z");
	same("%a, %d %b %Y %T %z", "Sun, 17 May 2015 12:05:03 +0200", "2015-05-17T10:05:03Z");
	same("%s.%f", "1431857103.5", "2015-05-17T10:05:03.5Z");
	same("%T", "00:00:07", "1970-01-01T00:00:07Z");
	same("%y%m%d-%H%M", "690101-0001 ", "1969-01-01T00:01:00Z");
	same("100%% %F", "100% 2015-05-17", "2015-05-17T00:00:00Z");
}

static void refuses_the_rest(void)
{
	static const char *const texts[] = { "",
					     "17.05.2015",
					     "17.05.2015 10:05:03x",
					     "17.05.2015 10:05:03.x",
					     "17.13.2015 10:05:03.1",
					     "x17.05.2015 10:05:03.1",
					     "17.05.9999 10:05:03.1" };
	char why[120], nul[] = "17.05.2015 10:05:03.1\0", length[200];
	int64_t ns;

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		CHECK_INT(qos_timeformat_parse("%d.%m.%Y %H:%M:%S.%f", 2015, qos_str(texts[i]), &ns), -1);
	CHECK_INT(qos_timeformat_parse("%d.%m.%Y %H:%M:%S.%f", 2015, (struct qos_str){ nul, 22 }, &ns), -1);
	memset(length, '1', sizeof(length));
	CHECK_INT(qos_timeformat_parse("%s", 2015, (struct qos_str){ length, sizeof(length) }, &ns), -1);
	CHECK_INT(qos_timeformat_check("", why), -1);
	CHECK_INT(qos_timeformat_check("no", why), -1);
	CHECK_INT(qos_timeformat_check("100%%", why), -1);
	CHECK_INT(qos_timeformat_check("%Q", why), -1);
	CHECK_INT(qos_timeformat_check("%F%E", why), -1);
	CHECK_INT(qos_timeformat_check("%F%E%", why), -1); /* found by the fuzzer: read past its end */
	CHECK_INT(qos_timeformat_check("%F%Of", why), -1);
	CHECK_INT(qos_timeformat_check("%", why), -1);
}

int main(void)
{
	RUN("a described stamp is the moment that RFC 3339 would write", reads_what_logs_have);
	RUN("other texts, and descriptions that describe nothing, are refused", refuses_the_rest);
	return DONE();
}
