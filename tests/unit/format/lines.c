/* Any text. */
#include "tests/unit/format/pipe.h"
#include "tests/unit/test.h"

static struct pipe_run run;

static void reads_lines(void)
{
	run = (struct pipe_run){ .options = { .format = &qos_format_lines } };
	CHECK_TEXT(pipe_run_text(&run, "12\n\n a \"b\"\r\nlast"),
		   "{\"payload\":\"12\"}\n{\"payload\":\" a \\\"b\\\"\"}\n{\"payload\":\"last\"}\n");
	CHECK_INT(run.counts.n_records, 3);
}

static void maps_the_line(void)
{
	free(run.text);
	run = (struct pipe_run){ .options = { .format = &qos_format_lines, .output = &qos_format_csv } };
	CHECK_TEXT(pipe_run_text(&run, "a,b\nc\n"), "payload\n\"a,b\"\nc\n");
}

int main(void)
{
	char folder[32];

	pipe_enter(folder);
	RUN("a line is the payload, a text whatever it looks like", reads_lines);
	RUN("csv quotes it where needed", maps_the_line);
	free(run.text);
	pipe_leave(folder, NULL, 0);
	return DONE();
}
