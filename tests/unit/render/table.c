/* table: alignment, marks, colour only where asked, nothing raw from input. */
#include <string.h>

#include "base/utf8.h"

#include "tests/unit/render/put.h"

static void aligned(void)
{
	char *p = put(&qos_render_table, false), *line, *rest = p;
	size_t widths[4];

	for (int i = 0; i < 4; i++) {
		line = strsep(&rest, "\n");
		widths[i] = strlen(line);
	}
	CHECK(widths[0] == widths[1] && widths[1] == widths[2] && widths[2] == widths[3]);
	free(p);
}

static void content(void)
{
	char *p = put(&qos_render_table, false);

	CHECK(strstr(p, "12.3ms!"));
	CHECK(strstr(p, "2!"));
	CHECK(strstr(p, "75.0%"));
	CHECK(strstr(p, "a?[31m,\"b"));
	CHECK(!strchr(p, '\033'));
	CHECK(strstr(p, "\nin 14 = out 9 + dropped 2 (tail 2) + rejected 3; 2s; 1 came without a class\n"));
	free(p);
}

/* U+009B begins an escape sequence on its own; the letter after it in Unicode's next block stays. */
static void controls(void)
{
	struct qos_report *r = made_report();
	struct qos_buf b = { 0 };

	r->group[1].name = QOS_STR("a\xc2\x9b"
				   "31m\xc2\xa3\x7f\xff");
	qos_render_table.put(r, &(struct qos_look){ 0 }, &b);
	CHECK(memmem(b.p, b.n, "\na?31m\xc2\xa3?? ", 11));
	qos_buf_free(&b);
	qos_report_free(r);
}

static void colored(void)
{
	char *p = put(&qos_render_table, true);

	CHECK(strstr(p, "\033[31m12.3ms!\033[0m") || strstr(p, "\033[31m 12.3ms!\033[0m"));
	free(p);
}

/* Columns that line i takes on a terminal. */
static int columns_of(const char *p, int i)
{
	const char *end;
	int n = 0;

	for (; i; i--)
		p = strchr(p, '\n') + 1;
	end = strchr(p, '\n');
	for (; p < end; p += qos_utf8_length(p, end))
		n += qos_utf8_columns(p, qos_utf8_length(p, end));
	return n;
}

/* Long and wide names, at any width: no row is wider than it may be, none is longer than another. */
static void narrow(void)
{
	struct qos_report *r = made_report();
	struct qos_series series = { .bin = { { 0, 1 }, { 0, 0 }, { 0, 8 } } };

	r->timeline.n_bins = 3;
	r->all.series = r->group[0].series = r->group[1].series = &series;
	r->group[0].name = QOS_STR("a-class-whose-name-is-longer-than-any-name-should-be-and-goes-on-and-on");
	r->group[1].name = QOS_STR("\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e"
				   "e\xcc\x81\xe2\x80\xae!");
	for (int columns = 30; columns < 260; columns++) {
		struct qos_look look = { .columns = columns, .utf8 = columns % 2 };
		struct qos_buf b = { 0 };

		qos_render_table.put(r, &look, &b);
		for (int i = 0; i < 4; i++)
			CHECK(columns_of(b.p, i) <= columns && (i == 0 || columns_of(b.p, i) == columns_of(b.p, 1)));
		CHECK((strstr(b.p, "have no room") != NULL) == (strstr(b.p, "mean") == NULL));
		CHECK(strstr(b.p, columns % 2 ? "\xe2\x80\xa6" : "~"));
		CHECK(!strstr(b.p, "\xe2\x80\xae"));
		qos_buf_free(&b);
	}
	qos_report_free(r);
}

static void over_time(void)
{
	struct qos_report *r = made_report();
	struct qos_series series = { .bin = { { 0, 1 }, { 0, 0 }, { 0, 8 } } };
	struct qos_buf b = { 0 };

	r->timeline.n_bins = 3;
	r->group[0].series = &series;
	qos_render_table.put(r, &(struct qos_look){ .utf8 = true }, &b);
	CHECK(strstr(b.p, "over time\n") && strstr(b.p, "  \xe2\x96\x81 \xe2\x96\x88\n"));
	qos_buf_free(&b);
	qos_render_table.put(r, &(struct qos_look){ 0 }, &b);
	CHECK(strstr(b.p, "  . #\n"));
	qos_buf_free(&b);
	qos_report_free(r);
}

int main(void)
{
	RUN("the rows of a table are equally wide", aligned);
	RUN("missed targets are marked, control characters are not passed on", content);
	RUN("control characters of both sets and what is not UTF-8 become ?", controls);
	RUN("rows fit the terminal, whatever the names", narrow);
	RUN("what came over time is a sparkline, in ASCII too", over_time);
	RUN("colour is used where it may be", colored);
	return DONE();
}
