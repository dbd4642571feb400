/* The growing buffer and its JSON strings. */
#include "base/buf.h"

#include "tests/unit/test.h"

static void grows(void)
{
	struct qos_buf b = { 0 };

	for (int i = 0; i < 10000; i++)
		qos_buf_printf(&b, "%d,", i % 10);
	CHECK_INT(b.n, 20000);
	CHECK(!b.failed && b.p[b.n] == 0 && strncmp(b.p + 19998, "9,", 2) == 0);
	qos_buf_free(&b);
}

static void json(void)
{
	struct qos_buf b = { 0 };

	qos_buf_json(&b, QOS_STR("a\"b\\c\n\t\x01 \xc3\xa9 \xff \xed\xa0\x80"));
	CHECK_TEXT(b.p, "\"a\\\"b\\\\c\\n\\t\\u0001 \xc3\xa9 \xef\xbf\xbd \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
	qos_buf_free(&b);
}

int main(void)
{
	RUN("text grows and stays a C string", grows);
	RUN("JSON strings escape what must be, and replace bytes that are not UTF-8", json);
	return DONE();
}
