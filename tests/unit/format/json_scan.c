/* simdjson's first stage, as we use it. */
#include "format/json_scan.h"

#include "tests/unit/test.h"

static struct qos_json_scan *scan;

static enum qos_json_fault fault_of(const char *text)
{
	char padded[256] = { 0 };

	memcpy(padded, text, strlen(text));
	return qos_json_scan_block(scan, padded, strlen(text));
}

static void finds_tokens(void)
{
	static const char text[128] = "{\"a\": [1, true]}\n {}\n";
	static const uint32_t want[] = { 0, 1, 4, 6, 7, 8, 10, 14, 15, 18, 19, 21, 21 };
	const uint32_t *got;
	size_t n;

	CHECK_INT(qos_json_scan_block(scan, text, strlen(text)), QOS_JSON_CLEAN);
	got = qos_json_scan_tokens(scan, &n);
	CHECK_INT(n, 11);
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++)
		CHECK_INT(got[i], want[i]);
}

static void white_space_has_none(void)
{
	const uint32_t *got;
	size_t n;

	CHECK_INT(fault_of(" \n\t\n"), QOS_JSON_CLEAN);
	got = qos_json_scan_tokens(scan, &n);
	CHECK_INT(n, 0);
	CHECK_INT(got[0], 4);
}

static void tells_faults(void)
{
	CHECK_INT(fault_of("{\"a\":\"\xff\"}"), QOS_JSON_NOT_UTF8);
	CHECK_INT(fault_of("{\"a\":\"\xed\xa0\x80\"}"), QOS_JSON_NOT_UTF8);
	CHECK_INT(fault_of("{\"a\":\"\xc3\xa9\"}"), QOS_JSON_CLEAN);
	CHECK_INT(fault_of("{\"a\":\"x\ty\"}"), QOS_JSON_CONTROL);
	CHECK_INT(fault_of("{\"a\":\"x\ny\"}"), QOS_JSON_CONTROL);
	CHECK_INT(fault_of("{\"a\":\"x}"), QOS_JSON_UNCLOSED);
	CHECK_INT(fault_of("{\"a\":\"x\\\\\"}"), QOS_JSON_CLEAN);
	CHECK_INT(fault_of("{\"a\":\"x\\\"}"), QOS_JSON_UNCLOSED);
}

static void refuses_more_than_its_room(void)
{
	struct qos_json_scan *small = qos_json_scan_new(64);
	static const char text[512] = "{}";

	CHECK_INT(qos_json_scan_block(small, text, 300), QOS_JSON_TOO_LONG);
	CHECK_INT(qos_json_scan_block(small, text, 2), QOS_JSON_CLEAN);
	qos_json_scan_free(small);
	qos_json_scan_free(NULL);
}

int main(void)
{
	scan = qos_json_scan_new(1024);
	RUN("tokens of all lines are given in order, with two more at the end", finds_tokens);
	RUN("white space has no tokens", white_space_has_none);
	RUN("bytes that are not UTF-8, raw control characters and open strings are told", tells_faults);
	RUN("a block that is too long is refused", refuses_more_than_its_room);
	qos_json_scan_free(scan);
	return DONE();
}
