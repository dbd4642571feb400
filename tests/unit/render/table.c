/* table: alignment, marks, colour only where asked, nothing raw from input. */
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
	RUN("colour is used where it may be", colored);
	return DONE();
}
