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

int main(void)
{
	RUN("well-formed sequences have their length", good);
	RUN("overlong forms, surrogates, stray and cut bytes are none", bad);
	return DONE();
}
