/* Names of columns. */
#include "format/csv_header.h"

#include "tests/unit/test.h"

static struct qos_names names;
static struct qos_reading g;

/* The names that a header gives, with a bar behind each. */
static const char *names_of(const char *header)
{
	static char text[1 << 20];
	struct qos_csv_row row = { 0 };
	struct qos_err err;
	size_t n = 0;

	qos_names_free(&names);
	qos_names_free(&g.columns);
	g.note[0] = text[0] = '\0';
	CHECK_INT(qos_csv_row_split(&row, header, header + strlen(header), true), QOS_CSV_ROW);
	CHECK_INT(qos_csv_header_use(&names, &row, &g, header, (struct qos_at){ "in", 1, 0 }, &err), 0);
	for (uint32_t i = 0; i < names.n; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%.*s|", QOS_STR_ARG(names.name[i]));
	CHECK_INT(g.columns.n, names.n);
	qos_csv_row_free(&row);
	return text;
}

static void test_names(void)
{
	CHECK_TEXT(names_of("a,\"b \"\"c\"\"\",, d\n"), "a|b \"c\"|3| d|");
	CHECK_TEXT(g.note, "");
}

static void test_twins(void)
{
	CHECK_TEXT(names_of("a,a,a_2,,4,a\n"), "a|a_2|a_2_2|4|4_2|a_3|");
	CHECK_TEXT(g.note, "warning: columns 1 and 2 are both named \"a\"; the later is called \"a_2\" here");
	CHECK_TEXT(names_of("a,b\n"), "a|b|");
}

/* A long name with a number behind it is cut, not overrun. */
static void test_long_twins(void)
{
	char header[2 * 5000 + 3];

	memset(header, 'x', sizeof(header));
	header[5000] = ',';
	header[10001] = '\n';
	header[10002] = '\0';
	names_of(header);
	CHECK_INT(names.n, 2);
	CHECK_INT(names.name[0].n, 5000);
	CHECK(names.name[1].n < 256);
	CHECK(memcmp(names.name[1].p + names.name[1].n - 2, "_2", 2) == 0);
}

int main(void)
{
	qos_fields_new(&g.fields, NULL);
	RUN("columns have the names of the header, or their number", test_names);
	RUN("a name that was there gets a number, and a warning", test_twins);
	RUN("long names are told apart, too", test_long_twins);
	qos_names_free(&names);
	qos_names_free(&g.columns);
	qos_arena_free(&g.lasting);
	qos_fields_free(g.fields);
	return DONE();
}
