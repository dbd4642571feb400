/* Verdicts for CI, with hostile names in them. */
#include "render/verdict.h"

#include "tests/unit/test.h"

static const struct qos_verdict verdicts[] = {
	{ { "a < 1", 5 }, true, { "a is 0", 6 } },
	{ { "b#\\\n\"'&\033]", 9 }, false, { "b is <2>\xff\001 \xef\xbf\xbf", 14 } },
};

static void tap(void)
{
	struct qos_buf b = { 0 };

	qos_verdicts_tap(verdicts, 2, &b);
	CHECK_TEXT(b.p, "TAP version 13\n1..2\nok 1 - a < 1\nnot ok 2 - b\\#\\\\?\"'&?]\n  ---\n"
			"  message: \"b is <2>\xef\xbf\xbd\\u0001 \xef\xbf\xbf\"\n  ...\n");
	qos_buf_free(&b);
	qos_verdicts_tap(NULL, 0, &b);
	CHECK_TEXT(b.p, "TAP version 13\n1..0\n");
	qos_buf_free(&b);
}

static void junit(void)
{
	struct qos_buf b = { 0 };

	qos_verdicts_junit(verdicts, 2, "s", &b);
	CHECK(strstr(b.p, "<testsuites tests=\"2\" failures=\"1\">\n"));
	CHECK(strstr(b.p, "<testcase classname=\"s\" name=\"a &lt; 1\"/>\n"));
	CHECK(strstr(b.p, "name=\"b#\\?&quot;&#39;&amp;?]\"><failure message=\"b is &lt;2&gt;?? ?\"/></testcase>\n"));
	qos_buf_free(&b);
}

int main(void)
{
	RUN("TAP escapes what would be a directive or another line", tap);
	RUN("JUnit escapes what XML cannot hold", junit);
	return DONE();
}
