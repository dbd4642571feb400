/* table: alignment, marks, colour only where asked, nothing raw from input. */
#include <string.h>

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
	qos_render_table.put(r, false, &b);
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

int main(void)
{
	RUN("the rows of a table are equally wide", aligned);
	RUN("missed targets are marked, control characters are not passed on", content);
	RUN("control characters of both sets and what is not UTF-8 become ?", controls);
	RUN("colour is used where it may be", colored);
	return DONE();
}
