/* Texts that a match must contain. */
#include "expr/literal.h"

#include "expr/lex.h"
#include "tests/unit/test.h"

/* "a|b!" for the literals a, b that decide; "-" for none. */
static const char *literals(const char *pattern, unsigned flags)
{
	static char p[2048];
	struct qos_arena arena = { 0 };
	struct qos_literals l;
	size_t n = 0;

	qos_literals_of(&l, qos_str(pattern), flags, &arena);
	for (int i = 0; i < l.n; i++)
		n += (size_t)snprintf(p + n, sizeof(p) - n, "%s%.*s", i ? "|" : "", QOS_STR_ARG(l.text[i]));
	snprintf(p + n, sizeof(p) - n, "%s", l.n == 0 ? "-" : l.decide ? "!" : "");
	qos_arena_free(&arena);
	return p;
}

static void exact_ones(void)
{
	CHECK_TEXT(literals("panic", 0), "panic!");
	CHECK_TEXT(literals("PaniC", QOS_REGEX_I), "panic!");
	CHECK_TEXT(literals("connection (refused|reset)", 0), "connection refused|connection reset!");
	CHECK_TEXT(literals("timed? ?out", 0), "timed out|timedout|time out|timeout!");
	CHECK_TEXT(literals("a[xy]b", 0), "axb|ayb!");
	CHECK_TEXT(literals("a\\.b\\x41\\n", 0), "a.bA\n!");
	CHECK_TEXT(literals("(?:ab|c)(?<name>d)", 0), "abd|cd!");
}

static void required_ones(void)
{
	CHECK_TEXT(literals("segfault at [0-9a-f]+", 0), "segfault at ");
	CHECK_TEXT(literals("disk .* full", 0), "disk "); /* as good as " full" */
	CHECK_TEXT(literals("user .* locked", 0), " locked");
	CHECK_TEXT(literals("[0-9]+abcd*", 0), "abc");
	CHECK_TEXT(literals("\\b(error|failed)\\b", 0), "error|failed");
	CHECK_TEXT(literals("^abc$", 0), "abc");
	CHECK_TEXT(literals("(abcd)+", 0), "abcd");
	CHECK_TEXT(literals("(abcd){2,3}x", 0), "abcd");
	CHECK_TEXT(literals("health.?check", 0), "health");
	CHECK_TEXT(literals("ab?+b", 0), "abb|ab"); /* b?+ takes the b that the second one needs: never decides */
	CHECK_TEXT(literals("\xc3\xa4+bc", 0), "\xc3\xa4");
	CHECK_TEXT(literals("x(a|b|c.)yz", 0), "yz");
	CHECK_TEXT(literals("[^a]bcd", 0), "bcd");
	CHECK_TEXT(literals("abc{0}", 0), "ab");
}

static void unknown_ones(void)
{
	static const char *const unknown[] = { "",          "[0-9]+",    "a*",       "(abc)?",       "abc|",
					       "abc|.*",    "(?i)abc",   "abc(?=d)", "(a)bc\\1",     "abc(?!d)",
					       "(?<=a)bcd", "abc{",      "\\Qab\\E", "a\\Kbcd",      "abc\\pL",
					       "(*UCP)abc", "abc|[^a]",  "(?>abc)d", "[[:alpha:]]b", "[\\Q]\\E]abc",
					       "ab\\x{41}", "(abc){0,2}" };

	for (size_t i = 0; i < sizeof(unknown) / sizeof(*unknown); i++)
		CHECK_TEXT(literals(unknown[i], 0), "-");
	CHECK_TEXT(literals("a b", QOS_REGEX_X), "-");
	CHECK_TEXT(literals("\xc3\xa4", QOS_REGEX_I), "-");
}

static void many(void)
{
	CHECK_TEXT(literals("[abcd][abcd][abcd]xyz", 0), "axyz|bxyz|cxyz|dxyz"); /* 64 texts are too many to multiply */
	CHECK_TEXT(literals("((((((((((((((((((((((((((((((((((abc))))))))))))))))))))))))))))))))))", 0), "-");
	CHECK_TEXT(literals("0123456789012345678901234567890123456789012345678901234567890123456789", 0),
		   "012345678901234567890123456789012345678901234567");
}

int main(void)
{
	RUN("few exact texts decide", exact_ones);
	RUN("other patterns tell the best text that they contain", required_ones);
	RUN("what is not understood tells nothing", unknown_ones);
	RUN("sizes are limited", many);
	return DONE();
}
