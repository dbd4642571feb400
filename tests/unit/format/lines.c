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

static void takes_leading_times(void)
{
	static const char text[] = "2015-10-18 18:01:47,978 INFO a\n[2015-10-18T18:01:47.5+02:00] b\n1431857103.25 c\n"
				   "1428634687123: d\n2012-07-02 10:22:40,672:DEBUG e\n 2015-10-18 18:01:47 f\n"
				   "2015-99-18 18:01:47 g\n143185710 h\n14318571031 i,5\n2015-10-18 18:01:47,5,6\n";

	free(run.text);
	run = (struct pipe_run){ .options = { .format = &qos_format_lines }, .decode = { .ts = true } };
	pipe_run_text(&run, text);
	CHECK_TEXT(run.text,
		   "{\"ts\":\"2015-10-18 18:01:47,978\",\"payload\":\"2015-10-18 18:01:47,978 INFO a\"}\n"
		   "{\"ts\":\"2015-10-18T18:01:47.5+02:00\",\"payload\":\"[2015-10-18T18:01:47.5+02:00] b\"}\n"
		   "{\"ts\":1431857103.25,\"payload\":\"1431857103.25 c\"}\n"
		   "{\"ts\":1428634687123,\"payload\":\"1428634687123: d\"}\n"
		   "{\"ts\":\"2012-07-02 10:22:40,672\",\"payload\":\"2012-07-02 10:22:40,672:DEBUG e\"}\n"
		   "{\"payload\":\" 2015-10-18 18:01:47 f\"}\n"
		   "{\"payload\":\"2015-99-18 18:01:47 g\"}\n"
		   "{\"ts\":143185710,\"payload\":\"143185710 h\"}\n"
		   "{\"payload\":\"14318571031 i,5\"}\n"
		   "{\"payload\":\"2015-10-18 18:01:47,5,6\"}\n");
	run.decode = (struct qos_decode){ .ts = true, .ts_format = "%d/%m/%Y %T", .ts_year = 2000 };
	CHECK_TEXT(pipe_run_text(&run, "17/05/2015 10:05:03 x y\n"),
		   "{\"ts\":\"17/05/2015 10:05:03\",\"payload\":\"17/05/2015 10:05:03 x y\"}\n");
}

static void is_told_by_times(void)
{
	char why[160];

	CHECK_INT(qos_format_lines.detect(QOS_STR("2015-10-18 18:01:47,978 INFO a\n2015-10-18 18:01:47 b\n"), why), 60);
	CHECK_INT(qos_format_lines.detect(QOS_STR("2015-10-18 18:01:47,978 INFO a\n at x\n"), why), 30);
	CHECK_INT(qos_format_lines.detect(QOS_STR("some\nwords\n"), why), 0);
	CHECK_INT(qos_format_lines.detect(QOS_STR("2015-10-18 18:01:47,5,6\n"), why), 0);
	CHECK_INT(qos_format_lines.detect(QOS_STR("1431857103,5,6\n"), why), 0);
}

int main(void)
{
	char folder[32];

	pipe_enter(folder);
	RUN("a line is the payload, a text whatever it looks like", reads_lines);
	RUN("csv quotes it where needed", maps_the_line);
	RUN("a time that a line begins with is its time", takes_leading_times);
	RUN("a text whose lines begin with times is taken for lines", is_told_by_times);
	free(run.text);
	pipe_leave(folder, NULL, 0);
	return DONE();
}
