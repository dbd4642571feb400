#include "format/csv_row.h"

#include "tests/unit/test.h"

/* The cells of the first row of a text, raw, joined by '|', and what the split said. */
static const char *split(const char *text, bool one_line)
{
	static char result[400];
	struct qos_csv_row row = { 0 };
	struct qos_record r = { .bytes = text };
	enum qos_csv_split got = qos_csv_row_split(&row, text, text + strlen(text), one_line);
	size_t n = 0;

	if (got == QOS_CSV_OPEN)
		snprintf(result, sizeof(result), "open at %u, %ld lines", row.open_at, row.n_lines);
	else if (got == QOS_CSV_BLANK)
		snprintf(result, sizeof(result), "blank %u+%u", row.n_bytes, row.eol_bytes);
	for (size_t i = 0; got == QOS_CSV_ROW && i < row.n; i++) {
		char scratch[200];
		struct qos_str s = qos_cell_text(&r, row.cell[i], scratch);

		n += (size_t)snprintf(result + n, sizeof(result) - n, "%s%.*s", i ? "|" : "", QOS_STR_ARG(s));
	}
	qos_csv_row_free(&row);
	return result;
}

static void test_plain(void)
{
	CHECK_TEXT(split("a,b,c\nd", false), "a|b|c");
	CHECK_TEXT(split("a,,\r\n", false), "a||");
	CHECK_TEXT(split(" a , b\n", false), " a | b");
	CHECK_TEXT(split("one\n", false), "one");
	CHECK_TEXT(split("lone\rreturn,x\n", false), "lone\rreturn|x");
}

static void test_quotes(void)
{
	CHECK_TEXT(split("\"a,b\",c\n", false), "a,b|c");
	CHECK_TEXT(split("\"a\"\"b\",\"\"\n", false), "a\"b|");
	CHECK_TEXT(split("x,\"two\r\nlines\",y\r\n", false), "x|two\r\nlines|y");
	CHECK_TEXT(split("5\" disk,a\"b\"c\n", false), "5\" disk|a\"b\"c");
	CHECK_TEXT(split("\"lenient\"x\",y\n", false), "lenient\"x|y");
	CHECK_TEXT(split("\"\"\"\"\n", false), "\"");
}

static void test_open(void)
{
	CHECK_TEXT(split("a,\"b\nc,d\n", false), "open at 2, 2 lines");
	CHECK_TEXT(split("a,\"b\nc\",d\n", true), "open at 2, 1 lines");
	CHECK_TEXT(split("a,b", false), "open at 2, 0 lines");
	CHECK_TEXT(split("", false), "open at 0, 0 lines");
}

static void test_blank(void)
{
	CHECK_TEXT(split("\na,b\n", false), "blank 0+1");
	CHECK_TEXT(split("\r\na,b\n", false), "blank 0+2");
	CHECK_TEXT(split("\"\"\n", false), "");
}

static void test_again(void)
{
	struct qos_csv_row row = { 0 };
	const char *open = "\"never closed\n", *text = "a,\"b\"\r\nrest";

	CHECK_INT(qos_csv_row_split(&row, open, open + strlen(open), false), QOS_CSV_OPEN);
	CHECK_INT(row.line_bytes, 13);
	CHECK_INT(qos_csv_row_split(&row, text, text + strlen(text), false), QOS_CSV_ROW);
	CHECK_INT(row.n, 2);
	CHECK_INT(row.cell[1].off, 3);
	CHECK_INT(row.cell[1].len, 1);
	CHECK_INT(row.n_bytes, 5);
	CHECK_INT(row.eol_bytes, 2);
	CHECK_INT(row.n_lines, 1);
	qos_csv_row_free(&row);
}

int main(void)
{
	RUN("a plain row is split at its commas and nothing is trimmed", test_plain);
	RUN("quotes protect commas and newlines, and bare ones are text", test_quotes);
	RUN("a row without an end says where its open cell begins", test_open);
	RUN("an empty line is blank, an empty quoted cell is a row", test_blank);
	RUN("an open row leaves nothing behind for the next", test_again);
	return DONE();
}
