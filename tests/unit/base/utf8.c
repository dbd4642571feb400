/* UTF-8 sequences, good and bad. */
#include "base/utf8.h"

#include "tests/unit/test.h"

static size_t length(const char *p)
{
	return qos_utf8_length(p, p + strlen(p));
}

static void good(void)
{
	CHECK_INT(length("a"), 1);
	CHECK_INT(length("\xc3\xa9"), 2);
	CHECK_INT(length("\xe2\x82\xac"), 3);
	CHECK_INT(length("\xf0\x9f\x98\x80"), 4);
	CHECK_INT(length("\xf4\x8f\xbf\xbf"), 4);
}

static void bad(void)
{
	CHECK_INT(length("\x80"), 0);
	CHECK_INT(length("\xc0\xaf"), 0);
	CHECK_INT(length("\xe0\x80\xaf"), 0);
	CHECK_INT(length("\xed\xa0\x80"), 0);
	CHECK_INT(length("\xf4\x90\x80\x80"), 0);
	CHECK_INT(length("\xc3"), 0);
	CHECK_INT(length("\xff"), 0);
}

static void columns(void)
{
	CHECK_INT(qos_utf8_columns("a", 1), 1);
	CHECK_INT(qos_utf8_columns("\xc3\xa9", 2), 1);
	CHECK_INT(qos_utf8_columns("\xcc\x81", 2), 0);         /* U+0301 */
	CHECK_INT(qos_utf8_columns("\xe6\x97\xa5", 3), 2);     /* U+65E5 */
	CHECK_INT(qos_utf8_columns("\xe2\x96\x88", 3), 1);     /* U+2588 */
	CHECK_INT(qos_utf8_columns("\xf0\x9f\x98\x80", 4), 2); /* U+1F600 */
	CHECK_INT(qos_utf8_columns("\xef\xbb\xbf", 3), 0);     /* U+FEFF */
}

static void controls(void)
{
	CHECK(qos_utf8_is_control("\033", 1) && qos_utf8_is_control("\x7f", 1) && qos_utf8_is_control("\xc2\x9b", 2));
	CHECK(qos_utf8_is_control("\xe2\x80\xae", 3)); /* U+202E turns what follows */
	CHECK(qos_utf8_is_control("\xe2\x81\xa9", 3)); /* U+2069 */
	CHECK(!qos_utf8_is_control(" ", 1) && !qos_utf8_is_control("\xc2\xa0", 2) &&
	      !qos_utf8_is_control("\xe2\x80\xa6", 3));
}

int main(void)
{
	RUN("well-formed sequences have their length", good);
	RUN("overlong forms, surrogates, stray and cut bytes are none", bad);
	RUN("wide characters take two columns, joining marks none", columns);
	RUN("controls and what turns the direction are told", controls);
	return DONE();
}
