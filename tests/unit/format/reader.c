#include "tests/unit/format/pipe.h"

#include <pthread.h>

#include "tests/unit/test.h"

#define DECODE                                                            \
	{                                                                 \
		.ts = true, .depart = true, .size = true, .need_ts = true \
	}

static void test_skip(void)
{
	struct pipe_run p = { .decode = DECODE };

	CHECK_TEXT(pipe_run_text(&p, "ts,size,x\n1,2,a\n1,2\n2,12q,b\n\n,5,c\n3,4,d\n"), "ts,size,x\n1,2,a\n3,4,d\n");
	CHECK_INT(p.counts.n_records, 2);
	CHECK_INT(p.counts.n_rejected, 3);
	CHECK_INT(p.counts.n_messages, 3);
	CHECK_TEXT(p.counts.message[0], "in:3:4: row has 2 columns, the header has 3");
	CHECK(strncmp(p.counts.message[1], "in:4:3: size \"12q\": ", 20) == 0);
	CHECK_TEXT(p.counts.message[2], "in:6:1: record has no ts; map the column that has the time with -f ts=COLUMN");
	CHECK_INT(p.counts.err.code, 0);
	CHECK_INT(p.counts.read_bytes, 40);
	free(p.text);
}

static void test_pass(void)
{
	static const char input[] = "ts,size,x\n1,2\r\n1,2,a\nnoon,2,b\n";
	struct pipe_run p = {
		.decode = DECODE, .options.on_error = QOS_ON_ERROR_PASS, .fields = { "class" }, .values = { "gold" }
	};

	CHECK_TEXT(pipe_run_text(&p, input), "ts,size,x,class\n1,2\r\n1,2,a,gold\nnoon,2,b\n");
	CHECK_INT(p.counts.n_records, 1);
	CHECK_INT(p.counts.n_rejected, 2);
	p.keep = true;
	CHECK_TEXT(pipe_run_text(&p, input), "ts,size,x,class\n1,2\r\n1,2,a,gold\nnoon,2,b\n");
	free(p.text);
}

static void test_fail(void)
{
	struct pipe_run p = { .decode = DECODE, .options.on_error = QOS_ON_ERROR_FAIL };

	CHECK_TEXT(pipe_run_text(&p, "ts,size\n1,2\n1\n2,3\n"), "ts,size\n1,2\n");
	CHECK_INT(p.counts.err.code, QOS_EINPUT);
	CHECK_TEXT(p.counts.err.text, "in:3:2: row has 1 column, the header has 2");
	free(p.text);
}

static void test_place_in_a_row_of_lines(void)
{
	struct pipe_run p = { .decode = DECODE };

	pipe_run_text(&p, "ts,x,size\n1,\"two\nlines\",0\n1,\"three\nlines\n\",5q,\n1,\"three\nlines\n\",6q\n1,a,7q");
	CHECK_TEXT(p.counts.message[0], "in:6:6: row has 4 columns, the header has 3");
	CHECK(strncmp(p.counts.message[1], "in:9:3: size \"6q\": ", 19) == 0);
	CHECK(strncmp(p.counts.message[2], "in:10:5: size \"7q\": ", 20) == 0);
	free(p.text);
}

static void test_ten_messages(void)
{
	char input[400] = "ts,size\n";
	struct pipe_run p = { .decode = DECODE };

	for (int i = 0; i < 30; i++)
		strcat(input, "bad\n");
	pipe_run_text(&p, input);
	CHECK_INT(p.counts.n_rejected, 30);
	CHECK_INT(p.counts.n_messages, QOS_REJECTS_SHOWN);
	free(p.text);
}

static void test_control_characters(void)
{
	struct pipe_run p = { .decode = DECODE };

	pipe_run_text(&p, "ts,size\n\x1b[31m,2\n");
	CHECK(strstr(p.counts.message[0], "?[31m") && !strchr(p.counts.message[0], '\x1b'));
	free(p.text);
}

static void test_long_record(void)
{
	struct pipe_run p = { .options.most_bytes = 20 };

	CHECK_TEXT(pipe_run_text(&p, "ts,x\n1,0123456789012345678901234\n2,\"01234567890123456789\"\n3,y\n"),
		   "ts,x\n3,y\n");
	CHECK_INT(p.counts.n_rejected, 2);
	CHECK_TEXT(p.counts.message[0], "in:2: record is over 20 bytes; raise --max-record");
	free(p.text);
}

/* Larger than any block, so that it is not held. */
static void test_huge_record(void)
{
	enum { N = 3 << 20 };
	char *input = malloc(N + 100);
	struct pipe_run p = { .decode = DECODE };
	size_t n = (size_t)sprintf(input, "ts,x\n1,a\n2,");

	memset(input + n, 'z', N);
	sprintf(input + n + N, "\n3,b\n4,\"open\n5,c\n");
	CHECK_TEXT(pipe_run_text(&p, input), "ts,x\n1,a\n3,b\n5,c\n");
	CHECK_TEXT(p.counts.message[0], "in:3: record is over 1048576 bytes; raise --max-record");
	CHECK(strncmp(p.counts.message[1], "in:5:3: a quote opens here and does not close before the end of the input",
		      73) == 0);
	CHECK_INT(p.counts.n_rejected, 2);
	free(p.text);
	free(input);
}

static void test_files(void)
{
	static const char *const files[] = { "one", "two", "three" };
	struct pipe_run p = { .decode = DECODE };

	pipe_file("one", QOS_STR("ts,size\n1,2\n"));
	pipe_file("two", QOS_STR("ts,size\n3,x\n3,4"));
	pipe_file("three", QOS_STR("ts,bytes\n5,6\n"));
	pipe_run_files(&p, files, 2);
	CHECK_TEXT(p.text, "ts,size\n1,2\n3,4\n");
	CHECK(strncmp(p.counts.message[0], "two:2:3: size \"x\"", 17) == 0);
	CHECK_INT(p.counts.read_bytes, 12 + 15);
	pipe_run_files(&p, files, 3);
	CHECK_TEXT(p.text, "ts,size\n1,2\n3,4\n");
	CHECK_INT(p.counts.err.code, QOS_EINPUT);
	CHECK_TEXT(p.counts.err.text,
		   "three:1: column 2 is \"bytes\", in the first input it is \"size\"; choose -o jsonl");
	free(p.text);
}

static void test_bad_operands(void)
{
	static const char *const missing[] = { "in", "missing" }, *const folder[] = { "." };
	struct pipe_run p = { .rc = 0 };

	pipe_file("in", QOS_STR("ts\n1\n"));
	pipe_run_files(&p, missing, 2);
	CHECK_INT(p.rc, QOS_EIO);
	CHECK_TEXT(p.err.text, "missing: No such file or directory");
	CHECK_TEXT(p.text, "");
	pipe_run_files(&p, folder, 1);
	CHECK_TEXT(p.err.text, ".: is a directory; name the files in it");
	p.options.most_bytes = (size_t)1 << 32;
	pipe_run_files(&p, missing, 1);
	CHECK_INT(p.rc, QOS_EUSAGE);
	free(p.text);
}

static void test_header_errors(void)
{
	struct pipe_run p = { .rc = 0 };

	pipe_run_text(&p, "ts,size,ts\n1,2,3\n");
	CHECK_INT(p.rc, 0);
	CHECK_TEXT(p.text, "ts,size,ts\n1,2,3\n");
	CHECK_INT(p.counts.n_messages, 1);
	CHECK_INT(p.counts.n_rejected, 0);
	CHECK_TEXT(p.counts.message[0],
		   "in:1: warning: columns 1 and 3 are both named \"ts\"; the later is called \"ts_2\" here");
	p.options.output = &qos_format_jsonl;
	CHECK_TEXT(pipe_run_text(&p, "a,a,a_2,a\n1,2,3,4\n"), "{\"a\":1,\"a_2\":2,\"a_2_2\":3,\"a_3\":4}\n");
	p.options.output = NULL;
	CHECK_TEXT(pipe_run_text(&p, "ts,,\n1,2,3\n"), "ts,,\n1,2,3\n"); /* unnamed columns are not the same one */
	CHECK_INT(p.rc, 0);
	p.options.format = &qos_format_csv;
	pipe_run_text(&p, "ts,\"size\n1,2\n");
	CHECK_INT(p.rc, QOS_EINPUT);
	free(p.text);
}

static void test_map(void)
{
	struct pipe_run p = { .decode = DECODE, .map = { "ts", "when" } };

	CHECK_TEXT(pipe_run_text(&p, "size,when,ts\n5,1,noon\n5,x,2\n"), "size,when,ts\n5,1,noon\n");
	CHECK(strncmp(p.counts.message[0], "in:3:3: ts \"x\": ", 16) == 0);
	free(p.text);
}

static void test_detection(void)
{
	struct pipe_run p = { .rc = 0 };

	pipe_run_text(&p, "\x01\x02 nothing known\n");
	CHECK_INT(p.rc, QOS_EINPUT);
	CHECK(strstr(p.err.text, "no format fits") && strstr(p.err.text, "--input"));
	CHECK_TEXT(pipe_run_text(&p, ""), "");
	CHECK_INT(p.rc, 0);
	free(p.text);
}

/* A record after the other over a pipe: each must be out before the next is written. */
struct live {
	int fd;
	int n_flushes;
};

static void flushed(void *who)
{
	struct live *l = who;

	if (++l->n_flushes <= 3)
		CHECK_INT(write(l->fd, "7,8\n", 4), 4);
	else if (l->fd >= 0) {
		close(l->fd);
		l->fd = -1;
	}
}

static void test_live(void)
{
	struct live live = { -1, 0 };
	char name[32];
	const char *files[] = { name };
	struct pipe_run p = { .options.before_wait = flushed, .options.who = &live, .decode = DECODE };
	int fd[2];

	CHECK_INT(pipe(fd), 0);
	CHECK_INT(write(fd[1], "ts,size\n1,2\n", 12), 12);
	live.fd = fd[1];
	snprintf(name, sizeof(name), "/dev/fd/%d", fd[0]);
	/* opening /dev/fd makes another reading end */
	pipe_run_files(&p, files, 1);
	CHECK_TEXT(p.text, "ts,size\n1,2\n7,8\n7,8\n7,8\n");
	CHECK_INT(live.n_flushes, 4);
	close(fd[0]);
	free(p.text);
}

static void test_peek(void)
{
	static const char *const files[] = { "in" };
	struct qos_reader_options o = { .files = files, .n_files = 1, .most_bytes = 100, .no_output = true };
	struct qos_decode decode = { .size = true };
	struct qos_source source;
	struct qos_reader *reader;
	struct qos_fields *fields;
	struct qos_record *r;

	pipe_file("in", QOS_STR("size\n10\n20\n"));
	qos_fields_new(&fields, NULL);
	CHECK_INT(qos_reader_new(&reader, &o, fields, &decode, NULL), 0);
	source = qos_reader_source(reader);
	CHECK((r = source.peek(source.self)) && r->size_bytes == 10);
	CHECK((r = source.peek(source.self)) && r->size_bytes == 10);
	CHECK((r = source.take(source.self)) && r->size_bytes == 10 && r->node.seq == 1);
	qos_reader_reject(reader, 3, "a stage did not like it");
	CHECK_TEXT(qos_reader_counts(reader)->message[0], "in:2:3: a stage did not like it");
	CHECK_INT(qos_reader_counts(reader)->n_records, 0);
	CHECK((r = source.take(source.self)) && r->size_bytes == 20 && r->node.seq == 2);
	CHECK(!source.peek(source.self));
	CHECK(!source.take(source.self));
	qos_reader_free(reader);
	qos_fields_free(fields);
}

int main(void)
{
	static const char *const files[] = { "one", "two", "three" };
	char folder[32];

	pipe_enter(folder);
	RUN("bad records are skipped, counted and described with their place", test_skip);
	RUN("bad records can be passed on unchanged", test_pass);
	RUN("reading can stop at the first bad record", test_fail);
	RUN("the place of a bad cell counts the lines inside of its record", test_place_in_a_row_of_lines);
	RUN("ten messages are remembered, and all bad records counted", test_ten_messages);
	RUN("control characters do not get into messages", test_control_characters);
	RUN("a record over the limit is refused", test_long_record);
	RUN("a record that no block can hold is refused, and so is a quote that never closes", test_huge_record);
	RUN("inputs follow each other, and must have the same columns", test_files);
	RUN("operands that cannot be read are found before the first record", test_bad_operands);
	RUN("a header must name its columns once", test_header_errors);
	RUN("a mapped column is read as the field", test_map);
	RUN("an unknown format is an error and an empty input is not", test_detection);
	RUN("before a pipe is waited for, the output is flushed", test_live);
	RUN("peek shows the record that take gives, and a stage can refuse it", test_peek);
	pipe_leave(folder, files, 3);
	return DONE();
}
