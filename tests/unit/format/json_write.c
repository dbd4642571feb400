/* JSON Lines out. */
#include "tests/unit/format/pipe.h"
#include "tests/unit/test.h"

static struct pipe_run run;

static void reset(const struct qos_format *input)
{
	free(run.text);
	run = (struct pipe_run){ .options = { .format = input, .output = &qos_format_jsonl } };
}

static void ours(const char *field, const char *value)
{
	int n = 0;

	while (run.fields[n])
		n++;
	run.fields[n] = field;
	run.values[n] = value;
}

static void sets_values_in(void)
{
	for (int keep = 0; keep < 2; keep++) {
		reset(&qos_format_jsonl);
		run.keep = keep;
		ours("class", "gold");
		ours("adapter", "a\"b");
		CHECK_TEXT(pipe_run_text(&run, "{\"ts\":1}\n"),
			   "{\"ts\":1,\"class\":\"gold\",\"adapter\":\"a\\\"b\"}\n");
		CHECK_TEXT(pipe_run_text(&run, "{}\n{ }\r\n"), "{\"class\":\"gold\",\"adapter\":\"a\\\"b\"}\n"
							       "{ \"class\":\"gold\",\"adapter\":\"a\\\"b\"}\r\n");
		CHECK_TEXT(pipe_run_text(&run, "{\"class\":null,\"x\":[1],\"adapter\":\"\\n\" } \n"),
			   "{\"class\":\"gold\",\"x\":[1],\"adapter\":\"a\\\"b\" } \n");
		CHECK_TEXT(pipe_run_text(&run, "{\"adapter\":{\"a\":1},\"class\":17}\n"),
			   "{\"adapter\":\"a\\\"b\",\"class\":\"gold\"}\n");
		CHECK_TEXT(pipe_run_text(&run, "{\"class\":1,\"class\":2}\n"),
			   "{\"class\":1,\"class\":\"gold\",\"adapter\":\"a\\\"b\"}\n");
		CHECK_TEXT(pipe_run_text(&run, "{\"\\u0063lass\":1}\n"),
			   "{\"\\u0063lass\":\"gold\",\"adapter\":\"a\\\"b\"}\n");
	}
}

static void says_nothing_of_empty_values(void)
{
	reset(&qos_format_jsonl);
	ours("class", "");
	CHECK_TEXT(pipe_run_text(&run, "{\"class\":\"old\"}\n{\"a\":1}\n"), "{\"class\":\"old\"}\n{\"a\":1}\n");
	reset(&qos_format_csv);
	ours("class", "");
	CHECK_TEXT(pipe_run_text(&run, "a,class\n1,old\n"), "{\"a\":1,\"class\":\"old\"}\n");
}

static void builds_objects(void)
{
	for (int keep = 0; keep < 2; keep++) {
		reset(&qos_format_csv);
		run.keep = keep;
		ours("class", "gold");
		CHECK_TEXT(pipe_run_text(&run, "ts,name,zip,e\n1.5,\"say \"\"hi\"\", x\",007,\n2,\"5\",\xff,-0.5e3\n"),
			   "{\"ts\":1.5,\"name\":\"say \\\"hi\\\", x\",\"zip\":\"007\",\"e\":\"\",\"class\":\"gold\"}\n"
			   "{\"ts\":2,\"name\":\"5\",\"zip\":\"\xef\xbf\xbd\",\"e\":-0.5e3,\"class\":\"gold\"}\n");
		CHECK_TEXT(pipe_run_text(&run, "a\"b,class\n1,old\n"), "{\"a\\\"b\":1,\"class\":\"gold\"}\n");
	}
}

static void passes_refused_lines(void)
{
	reset(&qos_format_jsonl);
	run.options.on_error = QOS_ON_ERROR_PASS;
	ours("class", "gold");
	CHECK_TEXT(pipe_run_text(&run, "{\"a\":1}\n{oops\n{}\n"),
		   "{\"a\":1,\"class\":\"gold\"}\n{oops\n{\"class\":\"gold\"}\n");
}

int main(void)
{
	char folder[32];

	pipe_enter(folder);
	RUN("values are set into the record's own bytes, replaced in place or appended", sets_values_in);
	RUN("an empty value leaves the record alone", says_nothing_of_empty_values);
	RUN("records of another format become objects with numbers, texts and no lost field", builds_objects);
	RUN("a refused line goes on as it came", passes_refused_lines);
	reset(NULL);
	pipe_leave(folder, NULL, 0);
	return DONE();
}
