/* JSON Lines in, through the reading engine. */
#include "base/buf.h"
#include "base/rng.h"
#include "tests/unit/format/pipe.h"
#include "tests/unit/test.h"

static struct pipe_run run;

static void reset(void)
{
	free(run.text);
	run = (struct pipe_run){ .options = { .format = &qos_format_jsonl } };
}

static void passes_on_bytes(void)
{
	const char *const texts[] = { "{\"a\":1}\n{}\n", "{\"a\":1}\r\n  { \"b\" : [ ] }  \r\n",
				      "{\"a\":\"\xc3\xa9\\n\"}\n", "{\"a\":1,\"a\":2}\n", "" };

	reset();
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		CHECK_TEXT(pipe_run_text(&run, texts[i]), texts[i]);
		CHECK_INT(run.counts.n_rejected, 0);
	}
	CHECK_TEXT(pipe_run_text(&run, "{\"a\":1}"), "{\"a\":1}\n");
	CHECK_TEXT(pipe_run_text(&run, "\xef\xbb\xbf{\"a\":1}\n"), "{\"a\":1}\n");
	CHECK_TEXT(pipe_run_text(&run, "\n \n{\"a\":1}\n\r\n\t\n{\"b\":2}\n \n "), "{\"a\":1}\n{\"b\":2}\n");
	CHECK_INT(run.counts.n_records, 2);
}

/* What is refused, the place of the first one, and what is left. */
static void check_bad(const char *text, const char *message, const char *left)
{
	reset();
	CHECK_TEXT(pipe_run_text(&run, text), left);
	CHECK_INT(run.counts.n_rejected, 1);
	CHECK_TEXT(run.counts.message[0], message);
}

static void refuses_bad_lines_alone(void)
{
	check_bad("{\"a\":1}\n{\"a\":1,}\n{\"b\":2}\n", "in:2:8: a key in quotes is missing here",
		  "{\"a\":1}\n{\"b\":2}\n");
	check_bad("{\"a\":1}\n{\"a\":\"x\xff\"}\n{\"b\":2}\n", "in:2:8: is not UTF-8", "{\"a\":1}\n{\"b\":2}\n");
	check_bad("{\"a\":1}\n\n{\"a\":\"\tx\"}\n{\"b\":2}\n",
		  "in:3:7: a raw control character in a string; write \\n, \\t or \\u00XX", "{\"a\":1}\n{\"b\":2}\n");
	check_bad("{\"a\":1}\n{\"a\":\"x}\n{\"b\":2}\n", "in:2:6: a string begins here and does not end",
		  "{\"a\":1}\n{\"b\":2}\n");
	check_bad("{\"a\":1}\n{\"b\":\"x}", "in:2:6: a string begins here and does not end", "{\"a\":1}\n");
	check_bad("{\"a\":\n{}\n", "in:1:6: the line ends before its object does", "{}\n");
	check_bad("{} {}\n{}\n", "in:1:4: text after the end of the object", "{}\n");
	check_bad("{\"a\":1} x\n{}\n", "in:1:9: text after the end of the object", "{}\n");
}

static void passes_bad_lines_on(void)
{
	const char *text = "{\"a\":1}\r\n{\"a\":1,}\r\n{\"a\":\"\xff\"}\n{\"b\":2}\n[]";

	reset();
	run.options.on_error = QOS_ON_ERROR_PASS;
	pipe_run_text(&run, text);
	CHECK_INT(run.counts.n_rejected, 3);
	CHECK_INT(strncmp(run.text, text, strlen(text)), 0);
}

static void refuses_long_lines(void)
{
	char *text = malloc(600000);
	int n;

	reset();
	run.options.most_bytes = 1000;
	n = sprintf(text, "{\"a\":1}\n{\"a\":\"");
	memset(text + n, 'x', 500000);
	strcpy(text + n + 500000, "\"}\n{\"b\":2}\n");
	CHECK_TEXT(pipe_run_text(&run, text), "{\"a\":1}\n{\"b\":2}\n");
	CHECK_TEXT(run.counts.message[0], "in:2: record is over 1000 bytes; raise --max-record");
	run.options.most_bytes = 1 << 20; /* longer than a block, but allowed */
	CHECK_TEXT(pipe_run_text(&run, text), text);
	free(text);
}

/* Many lines over several blocks, one in each hundred bad: every good one is there, and no other. */
static void survives_bad_lines_everywhere(void)
{
	static const char *const bad[] = { "{\"n\":\"\xc3\"}", "{\"n\":\"}", "{\"n\":\"\x01\"}", "{\"n\":1", "}" };
	char *text = malloc(4000000), *want = malloc(4000000), *p = text, *q = want;

	for (int i = 0; i < 40000; i++) {
		char line[100];

		sprintf(line, "{\"ts\":%d,\"s\":\"%.*s\"}\n", i, i % 60,
			"............................................................");
		p = stpcpy(p, line);
		q = stpcpy(q, line);
		if (i % 100 == 7)
			p += sprintf(p, "%s\n", bad[i / 100 % 5]);
	}
	reset();
	CHECK_INT(strcmp(pipe_run_text(&run, text), want), 0);
	CHECK_INT(run.counts.n_rejected, 400);
	CHECK_INT(run.counts.n_records, 40000);
	CHECK_TEXT(run.counts.message[1], "in:110:6: a string begins here and does not end");
	free(text);
	free(want);
}

/* What the format says of an input, one line each: "+bytes, size" of a record, "-column why" of what is refused. */
static struct qos_buf verdicts(struct qos_in *in)
{
	struct qos_reading g = { .in = in };
	void *state = calloc(1, qos_format_jsonl.reader_bytes);
	struct qos_buf said = { 0 };
	struct qos_record r = { 0 };
	enum qos_next next;

	qos_fields_new(&g.fields, NULL);
	qos_fields_want(g.fields, QOS_F_SIZE);
	qos_reading_grow(&g);
	CHECK_INT(qos_format_jsonl.open(state, &g, NULL), 0);
	while ((next = qos_format_jsonl.next(state, &g, &r)) != QOS_NEXT_END) {
		struct qos_cell size = g.cell[QOS_F_SIZE];

		if (next == QOS_NEXT_RECORD)
			qos_buf_printf(&said, "+%.*s size %d %.*s\n", (int)r.n_bytes, r.bytes, size.kind,
				       size.kind == QOS_CELL_ABSENT ? 0 : (int)size.len, r.bytes + size.off);
		else
			qos_buf_printf(&said, "-%d %s\n", g.bad.column, g.bad.why);
	}
	qos_format_jsonl.close(state);
	qos_fields_free(g.fields);
	qos_in_close(in);
	free(g.cell);
	free(state);
	return said;
}

/* A line that may be right, or have a few bytes changed.   Returns  its end. */
static char *random_line(struct qos_rng *rng, char *p)
{
	static const char *const right[] = { "{\"size\":5,\"a\":{\"b\":[1,-2.5e3,true,null]}}",
					     "{\"a\":\"x\\n\\u00e9\\\\\",\"s\\u0069ze\":\"7\"}",
					     "{\"size\":1,\"size\":{\"size\":22}}",
					     " { \"\\ud83d\\ude00\" : \"\xf0\x9f\x98\x80\" } ",
					     "{}",
					     "" };
	static const char bytes[] = "{}[]\",:\\ 0e-.\x01\xc3\xa9\xff\r\tu";
	const char *line = right[qos_rng_below(rng, 6)];
	size_t n = strlen(line);

	memcpy(p, line, n + 1);
	for (uint64_t k = qos_rng_below(rng, 40) ? 0 : 1 + qos_rng_below(rng, 3); n && k > 0; k--)
		p[qos_rng_below(rng, n)] = bytes[qos_rng_below(rng, sizeof(bytes) - 1)];
	return p + n;
}

/* A line between any others, in any block, is what it is alone. */
static void does_not_depend_on_neighbours(void)
{
	enum { N = 12000 };
	char *text = malloc(N * 64 + 1), *p = text;
	struct qos_buf alone = { 0 }, among;
	struct qos_in in = { 0 };
	struct qos_rng rng;

	qos_rng_seed(&rng, 5);
	for (int i = 0; i < N; i++) {
		char *line = p;
		struct qos_buf said;

		p = random_line(&rng, p);
		*p++ = '\n';
		qos_in_memory(&in, "m", (struct qos_str){ line, (size_t)(p - line) }, 1000, NULL);
		said = verdicts(&in);
		qos_buf_add(&alone, said.p ? said.p : "", said.n);
		qos_buf_free(&said);
	}
	CHECK(p - text > QOS_BLOCK_BYTES);
	pipe_file("in", (struct qos_str){ text, (size_t)(p - text) });
	in = (struct qos_in){ 0 };
	CHECK_INT(qos_in_open(&in, "in", 1000, NULL), 0);
	among = verdicts(&in);
	CHECK(memmem(alone.p, alone.n, "\n-", 2) != NULL);
	CHECK(qos_str_equal((struct qos_str){ alone.p, alone.n }, (struct qos_str){ among.p, among.n }));
	qos_buf_free(&alone);
	qos_buf_free(&among);
	free(text);
}

static void maps_fields(void)
{
	reset();
	run.decode = (struct qos_decode){ .ts = true, .need_ts = true };
	run.map[0] = "ts";
	run.map[1] = "meta.when";
	pipe_run_text(&run, "{\"meta\":{\"when\":5},\"ts\":\"x\"}\n{\"ts\":1}\n{\"\\u006deta\":{\"when\":6}}\n");
	CHECK_INT(run.counts.n_records, 2);
	CHECK_INT(run.counts.n_rejected, 1);
}

static void becomes_csv(void)
{
	reset();
	run.options.output = &qos_format_csv;
	CHECK_TEXT(
		pipe_run_text(&run,
			      "{\"a\":1,\"b\":\"x,\\\"y\",\"c\":null,\"d\":[1,2]}\n{\"b\":true,\"a\":\"\\u00e9\"}\n"),
		"a,b,c,d\n1,\"x,\"\"y\",,\"[1,2]\"\n\xc3\xa9,true,,\n");
}

static int score(const char *text)
{
	char why[160];

	return qos_format_jsonl.detect(qos_str(text), why);
}

static void detects(void)
{
	CHECK(score("{\"a\":1}\n{\"b\":2}\n") > 90);
	CHECK(score("\n {\"a\":1}\n{\"cut\":") > 90);
	CHECK(score("{\"a\":1") >= 30);
	CHECK(score("{\"a\":1}\n{a}\n") < 60);
	CHECK_INT(score("{a}\n{b}\n"), 0);
	CHECK_INT(score("[1]\n"), 0);
	CHECK_INT(score(""), 0);
	CHECK_INT(score("ts,size\n1,2\n"), 0);
}

int main(void)
{
	char folder[32];

	pipe_enter(folder);
	RUN("lines go through byte for byte, empty ones are skipped", passes_on_bytes);
	RUN("a bad line is refused alone, with line, column and reason", refuses_bad_lines_alone);
	RUN("bad lines are passed on unchanged when asked for", passes_bad_lines_on);
	RUN("a line over the limit is refused without its neighbours", refuses_long_lines);
	RUN("bad lines in every block cost no good one", survives_bad_lines_everywhere);
	RUN("a line among others is what it is alone", does_not_depend_on_neighbours);
	RUN("a field may stand inside an object", maps_fields);
	RUN("objects become rows", becomes_csv);
	RUN("JSON Lines are told from other text", detects);
	reset();
	pipe_leave(folder, NULL, 0);
	return DONE();
}
