#include "io/in.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/unit/test.h"

static void close_pair(int fd[2])
{
	close(fd[0]);
	close(fd[1]);
}

/* Opens the reading end of a pipe that holds `text`; *writer stays open when it is not NULL. */
static void open_pipe(struct qos_in *in, const char *text, size_t most_bytes, int *writer)
{
	int fd[2];
	char name[32];

	*in = (struct qos_in){ .fd = -1 };
	CHECK_INT(pipe(fd), 0);
	CHECK_INT(write(fd[1], text, strlen(text)), strlen(text));
	snprintf(name, sizeof(name), "/dev/fd/%d", fd[0]);
	CHECK_INT(qos_in_open(in, name, most_bytes, NULL), 0);
	close(fd[0]);
	in->name = "pipe";
	if (writer)
		*writer = fd[1];
	else
		close(fd[1]);
}

static void test_lines(void)
{
	struct qos_in in = { 0 };
	struct qos_str line;
	uint8_t eol;

	qos_in_memory(&in, "m", QOS_STR("a\nbc\r\n\nlast"), 100, NULL);
	CHECK_INT(qos_in_line(&in, &line, &eol), QOS_LINE);
	CHECK(qos_str_is(line, "a") && eol == 1);
	CHECK_INT(qos_in_line(&in, &line, &eol), QOS_LINE);
	CHECK(qos_str_is(line, "bc") && eol == 2);
	CHECK_INT(qos_in_line(&in, &line, &eol), QOS_LINE);
	CHECK(qos_str_is(line, "") && eol == 1);
	CHECK_INT(in.line, 4);
	CHECK_INT(qos_in_line(&in, &line, &eol), QOS_LINE);
	CHECK(qos_str_is(line, "last") && eol == 0);
	CHECK_INT(qos_in_line(&in, &line, &eol), QOS_LINE_END);
	CHECK_INT(in.line, 5);
	qos_in_close(&in);
}

static void test_empty(void)
{
	struct qos_in in = { 0 };
	struct qos_str line;
	uint8_t eol;

	qos_in_memory(&in, "m", (struct qos_str){ NULL, 0 }, 100, NULL);
	CHECK_INT(qos_in_line(&in, &line, &eol), QOS_LINE_END);
	CHECK_INT(in.error, 0);
	qos_in_close(&in);
}

static void test_limit(void)
{
	struct qos_in in = { 0 };
	struct qos_str line;
	uint8_t eol;

	qos_in_memory(&in, "m", QOS_STR("12345\r\n123456\n1\n"), 5, NULL);
	CHECK_INT(qos_in_line(&in, &line, &eol), QOS_LINE);
	CHECK(qos_str_is(line, "12345"));
	CHECK_INT(qos_in_line(&in, &line, &eol), QOS_LINE_LONG);
	CHECK_INT(qos_in_line(&in, &line, &eol), QOS_LINE);
	CHECK(qos_str_is(line, "1"));
	CHECK_INT(in.line, 4);
	qos_in_close(&in);
}

/* A file of lines of every length around the block and the limit, read through small and large limits. */
static void test_long_lines_of_a_file(void)
{
	static const size_t lengths[] = { 3, QOS_BLOCK_BYTES - 2, QOS_BLOCK_BYTES, 1, 3 * QOS_BLOCK_BYTES, 7, 0, 100 };
	enum { N = sizeof(lengths) / sizeof(*lengths), MOST = 2 * QOS_BLOCK_BYTES };
	char name[] = "/tmp/qos-in-XXXXXX", *text = malloc(4 * QOS_BLOCK_BYTES);
	struct qos_in in = { .fd = -1 };
	struct qos_str line;
	int fd = mkstemp(name);
	uint8_t eol;

	for (int i = 0; i < N; i++) {
		memset(text, 'a' + i, lengths[i]);
		text[lengths[i]] = '\n';
		CHECK_INT(write(fd, text, lengths[i] + 1), lengths[i] + 1);
	}
	CHECK_INT(qos_in_open(&in, name, MOST, NULL), 0);
	for (int i = 0; i < N; i++) {
		enum qos_line got = qos_in_line(&in, &line, &eol);

		CHECK_INT(got, lengths[i] > MOST ? QOS_LINE_LONG : QOS_LINE);
		if (got != QOS_LINE)
			continue;
		CHECK_INT(line.n, lengths[i]);
		CHECK(line.n == 0 || (line.p[0] == 'a' + i && line.p[line.n - 1] == 'a' + i));
	}
	CHECK_INT(qos_in_line(&in, &line, &eol), QOS_LINE_END);
	CHECK(in.room <= 2 * MOST + 4); /* the long line was never held */
	qos_in_close(&in);
	unlink(name);
	close(fd);
	free(text);
}

static void count_wait(void *who)
{
	++*(int *)who;
}

static void test_before_wait(void)
{
	struct qos_in in;
	struct qos_str line;
	int writer, n_waits = 0;
	uint8_t eol;

	open_pipe(&in, "one\n", 100, &writer);
	in.before_wait = count_wait;
	in.who = &n_waits;
	CHECK_INT(qos_in_line(&in, &line, &eol), QOS_LINE);
	CHECK_INT(n_waits, 0);
	close(writer);
	CHECK_INT(qos_in_line(&in, &line, &eol), QOS_LINE_END);
	qos_in_close(&in);
}

static bool write_then_stop(void *who, int fd)
{
	int *writer = who;

	if (*writer < 0)
		return false;
	CHECK_INT(write(*writer, "two\n", 4), 4);
	*writer = -1;
	return true;
}

static void test_wait(void)
{
	struct qos_in in;
	struct qos_str line;
	int writer, handed;
	uint8_t eol;

	open_pipe(&in, "one\n", 100, &writer);
	handed = writer;
	in.wait = write_then_stop;
	in.who = &handed;
	CHECK_INT(qos_in_line(&in, &line, &eol), QOS_LINE);
	CHECK_INT(qos_in_line(&in, &line, &eol), QOS_LINE);
	CHECK(qos_str_is(line, "two"));
	CHECK_INT(qos_in_line(&in, &line, &eol), QOS_LINE_END); /* the writer is still there: wait said stop */
	CHECK(in.eof && !in.error);
	close(writer);
	qos_in_close(&in);
}

static void test_errors(void)
{
	struct qos_in in = { .fd = -1 };
	struct qos_err err;
	int fd[2];
	struct qos_str line;
	uint8_t eol;

	CHECK_INT(qos_in_open(&in, "/", 100, &err), QOS_EIO);
	CHECK_TEXT(err.text, "/: is a directory; name the files in it");
	CHECK_INT(qos_in_open(&in, "/no/such/file", 100, &err), QOS_EIO);
	CHECK_TEXT(err.text, "/no/such/file: No such file or directory");
	CHECK_INT(pipe(fd), 0);
	open_pipe(&in, "x", 100, NULL);
	close(in.fd);
	in.fd = fd[1]; /* reading the writing end fails */
	in.regular = true;
	CHECK_INT(qos_in_line(&in, &line, &eol), QOS_LINE_END);
	CHECK_INT(in.error, EBADF);
	in.fd = -1;
	qos_in_close(&in);
	close_pair(fd);
}

static void test_offset(void)
{
	struct qos_in in;
	struct qos_str line;
	uint8_t eol;

	open_pipe(&in, "one\ntwo\n", 100, NULL);
	CHECK_INT(qos_in_offset(&in), 0);
	qos_in_line(&in, &line, &eol);
	CHECK_INT(qos_in_offset(&in), 4);
	qos_in_skip_line(&in);
	CHECK_INT(qos_in_offset(&in), 8);
	CHECK_INT(in.line, 3);
	qos_in_close(&in);
}

int main(void)
{
	RUN("lines come with their ends counted, the last one without", test_lines);
	RUN("an empty input has no line", test_empty);
	RUN("a line over the limit is skipped, one of exactly the limit is not", test_limit);
	RUN("lines longer than the block are whole, those over the limit are not held", test_long_lines_of_a_file);
	RUN("before_wait is not called while there is something to read", test_before_wait);
	RUN("wait is asked when a pipe is empty and can end the input", test_wait);
	RUN("a directory, a missing file and a failed read are told", test_errors);
	RUN("the offset counts what was taken", test_offset);
	return DONE();
}
