/* Words of an expression. */
#include "expr/lex.h"

#include "tests/unit/test.h"

/* The words of a text as one line: "name:x op:== number:5 ..." or the error. */
static const char *words(const char *source)
{
	static char line[1024];
	struct qos_arena arena = { 0 };
	struct qos_err err = { 0 };
	struct qos_str text = qos_str(source);
	struct qos_lexer l = {
		.p = text.p, .start = text.p, .end = text.p + text.n, .at = { "f", 3, 10 }, .arena = &arena, .err = &err
	};
	struct qos_token t;
	size_t n = 0;

	line[0] = 0;
	for (;;) {
		if (qos_lex(&l, &t)) {
			snprintf(line, sizeof(line), "%s", err.text);
			break;
		}
		if (t.kind == QOS_TOKEN_END)
			break;
		if (n)
			line[n++] = ' ';
		if (t.kind == QOS_TOKEN_NUMBER)
			n += (size_t)snprintf(line + n, sizeof(line) - n, "%.10g%s", t.number, t.has_unit ? "u" : "");
		else if (t.kind == QOS_TOKEN_OP)
			n += (size_t)snprintf(line + n, sizeof(line) - n, "%d", t.op);
		else
			n += (size_t)snprintf(line + n, sizeof(line) - n, "%c%.*s%s", "?n?tr"[t.kind],
					      QOS_STR_ARG(t.text), t.flags ? "+" : "");
	}
	qos_arena_free(&arena);
	return line;
}

static void numbers(void)
{
	CHECK_TEXT(words("1 2.5 1e6 .5 1e-3"), "1 2.5 1000000 0.5 0.001");
	CHECK_TEXT(words("10ms 1.5s 5min 1MiB 64k 10mbit 1MB/s 1Gbps"),
		   "0.01u 1.5u 300u 1048576u 64000u 10000000u 8000000u 1000000000u");
	CHECK_TEXT(words("30% 30%"), "0.3 0.3");
	CHECK_TEXT(words("5M 5m"), "5000000u 300u"); /* until it is compared with something */
	CHECK_TEXT(words("1e"), "f:3:10: \"1e\" has a unit that is not known; write for example 10ms, 1MiB or 10mbit");
	CHECK_TEXT(words("  1.2.3"), "f:3:12: \"1.2.3\" is no number");
}

static void dividing(void)
{
	char want[64];

	snprintf(want, sizeof(want), "na %d nb %d 2", QOS_OP_DIV, QOS_OP_DIV);
	CHECK_TEXT(words("a / b / 2"), want);
	snprintf(want, sizeof(want), "na %d 3", QOS_OP_MOD);
	CHECK_TEXT(words("a%3"), want);
	snprintf(want, sizeof(want), "10 %d 3", QOS_OP_MOD);
	CHECK_TEXT(words("10%3"), want);
	CHECK_TEXT(words("10 % 3"), want);
	snprintf(want, sizeof(want), "na %d rx", QOS_OP_MATCH);
	CHECK_TEXT(words("a ~ /x/"), want);
	CHECK_TEXT(words("a =~ /x/"), want);
	snprintf(want, sizeof(want), "%d na %d %d 2", QOS_OP_OPEN, QOS_OP_CLOSE, QOS_OP_DIV);
	CHECK_TEXT(words("(a) /2"), want);
}

static void texts(void)
{
	CHECK_TEXT(words("\"a\" 'b' `c d`"), "ta tb nc d");
	CHECK_TEXT(words("\"a\\\"b\\\\c\\'d\\/e\\df\""), "ta\"b\\c'd/e\\df");
	CHECK_TEXT(words("'x\\ty\\nz'"), "tx\ty\nz");
	CHECK_TEXT(words("\"\""), "t");
	CHECK_TEXT(words("a \"b"), "f:3:12: \" without its end");
	CHECK_TEXT(words("`a\\` `b`"), "na\\ nb"); /* nothing is escaped in a name */
	CHECK_TEXT(words("\"a\\"), "f:3:10: \" without its end");
}

static void regexes(void)
{
	CHECK_TEXT(words("/a\\/b\\d/"), "ra/b\\d");
	CHECK_TEXT(words("/[/]x/i"), "r[/]x+");
	CHECK_TEXT(words("/[\\]/]x/"), "r[\\]/]x");
	CHECK_TEXT(words("/a/q"), "f:3:13: a regular expression has the flags i, s, m and x; this is none of them");
	CHECK_TEXT(words("/a"), "f:3:10: / without its end");
	CHECK_TEXT(words("//"), "r");
}

static void names(void)
{
	char want[64];

	CHECK_TEXT(words("meta.env @timestamp _x x1 \xc3\xa4"), "nmeta.env n@timestamp n_x nx1 n\xc3\xa4");
	snprintf(want, sizeof(want), "na %d nb %d nc %d nd %d", QOS_OP_AND, QOS_OP_OR, QOS_OP_IN, QOS_OP_NOT);
	CHECK_TEXT(words("a and b or c in d not"), want);
	CHECK_TEXT(words("`in`"), "nin");
}

static void errors(void)
{
	CHECK_TEXT(words("a = b"), "f:3:12: = alone; write == to compare, =~ to match");
	CHECK_TEXT(words("a & b"), "f:3:12: & alone; write &&");
	CHECK_TEXT(words("a ; b"), "f:3:12: \";\" does not belong here");
	CHECK_TEXT(words("a \x01"), "f:3:12: a byte 0x01 does not belong here");
}

static void units(void)
{
	double x;

	CHECK(qos_lex_unit(QOS_STR("5m"), QOS_DIMENSION_SECONDS, &x) && x == 300);
	CHECK(qos_lex_unit(QOS_STR("5m"), QOS_DIMENSION_BYTES, &x) && x == 5e6);
	CHECK(qos_lex_unit(QOS_STR("5mbit"), QOS_DIMENSION_BPS, &x) && x == 5e6);
	CHECK(!qos_lex_unit(QOS_STR("5ms"), QOS_DIMENSION_BYTES, &x));
	CHECK(!qos_lex_unit(QOS_STR("5MiB"), QOS_DIMENSION_SECONDS, &x));
}

int main(void)
{
	RUN("numbers are read with their units", numbers);
	RUN("a slash behind a value divides, elsewhere it begins a regular expression", dividing);
	RUN("texts lose their escapes", texts);
	RUN("regular expressions keep theirs", regexes);
	RUN("names may have dots, and anything in backquotes", names);
	RUN("what does not belong is refused at its place", errors);
	RUN("a unit is read as what it is asked for", units);
	return DONE();
}
