/* One regular expression. */
#include "expr/pcre.h"

#include <stdlib.h>

#include "expr/lex.h"
#include "tests/unit/test.h"

static struct qos_err err;

static int search(const char *pattern, unsigned flags, const char *text)
{
	struct qos_pcre *p;
	int found;

	CHECK_INT(qos_pcre_new(&p, qos_str(pattern), flags, QOS_NOWHERE, &err), 0);
	found = qos_pcre_search(p, qos_str(text));
	qos_pcre_free(p);
	return found;
}

static void flags(void)
{
	CHECK_INT(search("b+c", 0, "abbbcd"), 1);
	CHECK_INT(search("B", 0, "abc"), 0);
	CHECK_INT(search("B", QOS_REGEX_I, "abc"), 1);
	CHECK_INT(search("a.c", 0, "a\nc"), 0);
	CHECK_INT(search("a.c", QOS_REGEX_S, "a\nc"), 1);
	CHECK_INT(search("^c$", 0, "a\nc\nd"), 0);
	CHECK_INT(search("^c$", QOS_REGEX_M, "a\nc\nd"), 1);
	CHECK_INT(search("a b # c", QOS_REGEX_X, "ab"), 1);
	CHECK_INT(search("", 0, ""), 1);
	CHECK_INT(search("(a)\\1", 0, "xaax"), 1);
	CHECK_INT(search("a(?!b)", 0, "ab ac"), 1);
}

static void characters(void)
{
	CHECK_INT(search("^.$", 0, "\xc3\xa4"), 0);                  /* a pattern in ASCII sees bytes */
	CHECK_INT(search("^[\xc3\xa4\xc3\xb6]$", 0, "\xc3\xa4"), 1); /* others see characters */
	CHECK_INT(search("\xc3\xa4", QOS_REGEX_I, "\xc3\x84"), 1);
	CHECK_INT(search("\xc3\xa4", 0, "\xff\xc3\xa4"), 1); /* also among bytes that are none */
	CHECK(qos_pcre_is_utf(QOS_STR("\xc3\xa4")) && !qos_pcre_is_utf(QOS_STR("a~")));
}

static void errors(void)
{
	struct qos_pcre *p;

	CHECK_INT(qos_pcre_new(&p, QOS_STR("a(b"), 0, (struct qos_at){ "f", 1, 5 }, &err), QOS_EUSAGE);
	CHECK_TEXT(err.text, "f:1:9: in the regular expression: missing closing parenthesis");
	CHECK(p == NULL);
	CHECK_INT(qos_pcre_new(&p, QOS_STR("\xff"), 0, QOS_NOWHERE, &err), QOS_EUSAGE);
}

static void limits(void)
{
	char text[4000];
	struct qos_pcre *p;

	memset(text, 'a', sizeof(text));
	CHECK_INT(qos_pcre_new(&p, QOS_STR("(a+)+$(?<!b)\\1x|(a|aa)+b"), 0, QOS_NOWHERE, &err), 0);
	CHECK_INT(qos_pcre_search(p, (struct qos_str){ text, sizeof(text) }), -1);
	CHECK(!qos_pcre_found(p, (struct qos_str){ text, sizeof(text) }));
	CHECK_INT(qos_pcre_gave_up(p), 2);
	qos_pcre_free(p);
}

/* What is too deep for the stack of the machine code is searched by the interpreter. */
static void depth(void)
{
	size_t n = 8000;
	char *text = malloc(n + 1);
	struct qos_pcre *p;

	memset(text, 'a', n);
	text[n] = 'b';
	CHECK_INT(qos_pcre_new(&p, QOS_STR("^(?:a|c)*b$"), 0, QOS_NOWHERE, &err), 0);
	CHECK_INT(qos_pcre_search(p, (struct qos_str){ text, n + 1 }), 1);
	qos_pcre_free(p);
	free(text);
}

int main(void)
{
	RUN("flags mean what they mean in Perl", flags);
	RUN("a pattern with characters beyond ASCII is UTF-8", characters);
	RUN("a wrong pattern is refused at its place", errors);
	RUN("a pattern that takes too long is given up", limits);
	RUN("long texts are searched", depth);
	return DONE();
}
