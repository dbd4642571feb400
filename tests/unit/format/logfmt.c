/* key=value pairs. */
#include "tests/unit/format/pipe.h"
#include "tests/unit/test.h"

static struct pipe_run run;

static const char *convert(const char *text)
{
	free(run.text);
	run = (struct pipe_run){ .options = { .format = &qos_format_logfmt, .output = &qos_format_jsonl } };
	return pipe_run_text(&run, text);
}

/* Reads as logfmt or jsonl, sets class=x y and size=7, writes logfmt. */
static const char *join(const struct qos_format *input, const char *text)
{
	free(run.text);
	run = (struct pipe_run){ .options = { .format = input, .output = &qos_format_logfmt },
				 .fields = { "class", "size" },
				 .values = { "x y", "7" } };
	return pipe_run_text(&run, text);
}

static void reads_pairs(void)
{
	CHECK_TEXT(convert("ts=1.5 level=info msg=\"disk \\\"a\\\" full\" path=/a=b retry empty= q=\"\"\n"),
		   "{\"ts\":1.5,\"level\":\"info\",\"msg\":\"disk \\\"a\\\" full\",\"path\":\"/a=b\",\"retry\":\"\","
		   "\"empty\":\"\",\"q\":\"\"}\n");
	CHECK_TEXT(convert("a=1 b=2\n\nb=3 c=4\r\na=5"), "{\"a\":1,\"b\":2}\n{\"b\":3,\"c\":4}\n{\"a\":5}\n");
	CHECK_TEXT(convert("a=1 a=2\n"), "{\"a\":2}\n");
	CHECK_TEXT(convert("a=\"C:\\x\"\n"), "{\"a\":\"C:\\\\x\"}\n");
}

static void check_bad(const char *line, const char *message)
{
	convert(line);
	CHECK_INT(run.counts.n_rejected, 1);
	CHECK_TEXT(run.counts.message[0], message);
}

static void refuses(void)
{
	check_bad("a=1 =2", "in:1:5: a key is missing here; write key=value");
	check_bad("a=1 b=\"x", "in:1:7: a quote opens here and does not close");
	check_bad("a=\"x\"y", "in:1:6: a blank is missing here");
}

static void writes_back(void)
{
	CHECK_TEXT(join(&qos_format_logfmt, "a=1  size=12 b=\"c d\"\r\n"), "a=1  size=7 b=\"c d\" class=\"x y\"\r\n");
	CHECK_TEXT(join(&qos_format_logfmt, "class=\"old\" size z\n"), "class=\"x y\" size=7 z\n");
	CHECK_TEXT(join(&qos_format_logfmt, "a=1"), "a=1 class=\"x y\" size=7\n");
}

static void writes_others(void)
{
	CHECK_TEXT(join(&qos_format_jsonl, "{\"a b\":\"c\\nd\",\"n\":-1.50,\"t\":true,\"e\":\"\",\"o\":{\"x\":1}}\n"),
		   "a_b=\"c\\nd\" n=-1.50 t=true e=\"\" o=\"{\\\"x\\\":1}\" class=\"x y\" size=7\n");
}

static int score(const char *text)
{
	char why[160];

	return qos_format_logfmt.detect(qos_str(text), why);
}

static void detects(void)
{
	CHECK(score("time=\"2015-03-26T01:27:38-04:00\" level=debug msg=\"a b\"\n") > 90);
	CHECK_INT(score("a,b,c\n1,2,3\n"), 0);
	CHECK_INT(score("just some words a=1\n"), 0);
	CHECK_INT(score("{\"a\":1}\n"), 0);
}

int main(void)
{
	char folder[32];

	pipe_enter(folder);
	RUN("pairs are fields, quotes are undone, the last of two counts", reads_pairs);
	RUN("what is no pair is refused with its place", refuses);
	RUN("a record keeps its bytes around our values", writes_back);
	RUN("records of another format are written", writes_others);
	RUN("logfmt is told from other text", detects);
	free(run.text);
	pipe_leave(folder, NULL, 0);
	return DONE();
}
