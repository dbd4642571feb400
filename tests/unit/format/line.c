/* What line formats share. */
#include "format/line.h"

#include <stdlib.h>

#include "tests/unit/test.h"

static void takes_lines(void)
{
	struct qos_in in = { 0 };
	struct qos_reading g = { .in = &in };
	struct qos_record r;
	struct qos_str line;
	uint8_t eol;

	qos_in_memory(&in, "m", QOS_STR("a\n\n\r\nbcd\r\nlast"), 100, NULL);
	CHECK_INT(qos_line_take(&g, &line, &eol), QOS_NEXT_RECORD);
	CHECK_INT(qos_line_take(&g, &line, &eol), QOS_NEXT_RECORD);
	CHECK(qos_str_is(line, "bcd"));
	CHECK_INT(qos_line_refuse(&g, line, eol, line.p + 1, "no"), QOS_NEXT_BAD);
	CHECK_INT(g.bad.line, 4);
	CHECK_INT(g.bad.column, 2);
	CHECK_INT(g.bad.eol_bytes, 2);
	CHECK_TEXT(g.bad.why, "no");
	CHECK_INT(qos_line_take(&g, &line, &eol), QOS_NEXT_RECORD);
	CHECK_INT(qos_line_give(&g, &r, line, eol), QOS_NEXT_RECORD);
	CHECK_INT(r.n_bytes, 4);
	CHECK_INT(r.eol_bytes, 0);
	CHECK_INT(qos_line_take(&g, &line, &eol), QOS_NEXT_END);
	qos_in_close(&in);
}

static void refuses_long(void)
{
	struct qos_in in = { 0 };
	struct qos_reading g = { .in = &in };
	struct qos_str line;
	uint8_t eol;

	qos_in_memory(&in, "m", QOS_STR("abcdefgh\nb\n"), 4, NULL);
	CHECK_INT(qos_line_take(&g, &line, &eol), QOS_NEXT_BAD);
	CHECK_INT(g.bad.line, 1);
	CHECK(strstr(g.bad.why, "over 4 bytes"));
	CHECK_INT(qos_line_take(&g, &line, &eol), QOS_NEXT_RECORD);
	qos_in_close(&in);
}

static bool begins_with_a(struct qos_str line)
{
	return line.p[0] == 'a';
}

static void scores(void)
{
	char why[160];

	CHECK_INT(qos_line_score(QOS_STR("a\r\n\r\nb\na\na\nb"), begins_with_a, "x", 80, why), 60);
	CHECK_TEXT(why, "3 of the first 4 lines are x");
	CHECK_INT(qos_line_score(QOS_STR("a"), begins_with_a, "x", 80, why), 80);
	CHECK_INT(qos_line_score(QOS_STR("\n"), begins_with_a, "x", 80, why), 0);
}

int main(void)
{
	RUN("empty lines are passed over, places are told", takes_lines);
	RUN("a line over the limit is refused", refuses_long);
	RUN("a score is the share of good lines", scores);
	return DONE();
}
