/* Text as JSON strings. */
#include "format/json_text.h"

#include <fcntl.h>
#include <unistd.h>

#include "tests/unit/test.h"

static struct qos_out out;
static char result[256];

/* What is written for s. */
static const char *written(void (*add)(struct qos_out *, struct qos_str), struct qos_str s)
{
	size_t n;

	out.at = out.block;
	add(&out, s);
	n = (size_t)(out.at - out.block);
	memcpy(result, out.block, n);
	result[n] = '\0';
	out.at = out.block;
	return result;
}

static void writes_text(void)
{
	CHECK_TEXT(written(qos_json_add_text, QOS_STR("")), "\"\"");
	CHECK_TEXT(written(qos_json_add_text, QOS_STR("plain text")), "\"plain text\"");
	CHECK_TEXT(written(qos_json_add_text, QOS_STR("a\"b\\c")), "\"a\\\"b\\\\c\"");
	CHECK_TEXT(written(qos_json_add_text, QOS_STR("\b\t\n\f\r\x01\x1f\v")),
		   "\"\\b\\t\\n\\f\\r\\u0001\\u001f\\u000b\"");
	CHECK_TEXT(written(qos_json_add_text, QOS_STR("x\0y")), "\"x\\u0000y\"");
}

static void mends_utf8(void)
{
	CHECK_TEXT(written(qos_json_add_text, QOS_STR("\xc3\xa9\xf0\x9f\x98\x80")), "\"\xc3\xa9\xf0\x9f\x98\x80\"");
	CHECK_TEXT(written(qos_json_add_text, QOS_STR("a\xff"
						      "b")),
		   "\"a\xef\xbf\xbd"
		   "b\"");
	CHECK_TEXT(written(qos_json_add_text, QOS_STR("\xed\xa0\x80")), "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
	CHECK_TEXT(written(qos_json_add_text, QOS_STR("cut\xc3")), "\"cut\xef\xbf\xbd\"");
}

static void numbers_stay_bare(void)
{
	CHECK_TEXT(written(qos_json_add_untyped, QOS_STR("12.50")), "12.50");
	CHECK_TEXT(written(qos_json_add_untyped, QOS_STR("-3e5")), "-3e5");
	CHECK_TEXT(written(qos_json_add_untyped, QOS_STR("007")), "\"007\"");
	CHECK_TEXT(written(qos_json_add_untyped, QOS_STR("+1")), "\"+1\"");
	CHECK_TEXT(written(qos_json_add_untyped, QOS_STR("1.")), "\"1.\"");
	CHECK_TEXT(written(qos_json_add_untyped, QOS_STR("NaN")), "\"NaN\"");
	CHECK_TEXT(written(qos_json_add_untyped, QOS_STR("true")), "\"true\"");
	CHECK_TEXT(written(qos_json_add_untyped, QOS_STR("")), "\"\"");
}

int main(void)
{
	int fd = open("/dev/null", O_WRONLY);

	qos_out_open(&out, fd, NULL);
	RUN("text is written with JSON's escapes", writes_text);
	RUN("bytes that are not UTF-8 become U+FFFD", mends_utf8);
	RUN("what is a JSON number is written bare, all else in quotes", numbers_stay_bare);
	qos_out_free(&out);
	close(fd);
	return DONE();
}
