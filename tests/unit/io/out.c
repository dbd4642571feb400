#include "io/out.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/unit/test.h"

/* Reads all of a file from its start. */
static size_t contents(int fd, char *p, size_t room)
{
	size_t n = 0;
	ssize_t k;

	lseek(fd, 0, SEEK_SET);
	while (n < room && (k = read(fd, p + n, room - n)) > 0)
		n += (size_t)k;
	return n;
}

static int temporary(void)
{
	char name[] = "/tmp/qos-out-XXXXXX";
	int fd = mkstemp(name);

	unlink(name);
	return fd;
}

static void test_order(void)
{
	enum { N = 300000 };
	char *text = malloc(2 * N), number[16];
	int fd = temporary();
	struct qos_out o;
	size_t n = 0;

	CHECK_INT(qos_out_open(&o, fd, NULL), 0);
	for (int i = 0; n < N; i++) {
		size_t k = (size_t)snprintf(number, sizeof(number), "%d", i);

		memcpy(text + n, number, k);
		text[n + k] = '\n';
		n += k + 1;
		qos_out_add(&o, number, k);
		qos_out_byte(&o, '\n');
	}
	CHECK(o.written_bytes > 0 && o.written_bytes < n); /* a block has gone, the rest waits */
	CHECK_INT(qos_out_flush(&o), 0);
	CHECK_INT(o.written_bytes, n);
	CHECK_INT(contents(fd, text + N + 8, N - 8), N - 8 < n ? N - 8 : n);
	CHECK(memcmp(text, text + N + 8, N - 8) == 0);
	qos_out_free(&o);
	close(fd);
	free(text);
}

static void test_larger_than_a_block(void)
{
	enum { N = 1 << 20 };
	char *big = malloc(N), *back = malloc(N + 8);
	int fd = temporary();
	struct qos_out o;

	memset(big, 'x', N);
	qos_out_open(&o, fd, NULL);
	qos_out_add(&o, "ab", 2);
	qos_out_add(&o, big, N);
	qos_out_add(&o, "cd", 2);
	CHECK_INT(qos_out_flush(&o), 0);
	CHECK_INT(contents(fd, back, N + 8), N + 4);
	CHECK(memcmp(back, "abx", 3) == 0 && memcmp(back + N + 1, "xcd", 3) == 0);
	qos_out_free(&o);
	close(fd);
	free(big);
	free(back);
}

static void test_failure(void)
{
	int fd[2];
	struct qos_out o;

	signal(SIGPIPE, SIG_IGN);
	CHECK_INT(pipe(fd), 0);
	close(fd[0]);
	qos_out_open(&o, fd[1], NULL);
	qos_out_add(&o, "lost", 4);
	CHECK_INT(qos_out_flush(&o), -1);
	CHECK_INT(o.error, EPIPE);
	for (int i = 0; i < 1000000; i++)
		qos_out_add(&o, "thrown away", 11);
	CHECK_INT(qos_out_flush(&o), -1);
	CHECK_INT(o.written_bytes, 0);
	qos_out_free(&o);
	close(fd[1]);
}

static void test_full_device(void)
{
	struct qos_out o;
	int fd = open("/dev/full", O_WRONLY);

	qos_out_open(&o, fd, NULL);
	qos_out_byte(&o, 'x');
	CHECK_INT(qos_out_flush(&o), -1);
	CHECK_INT(o.error, ENOSPC);
	qos_out_free(&o);
	close(fd);
}

static void *drain(void *fd)
{
	static size_t total;
	char piece[1000];
	ssize_t n;

	while ((n = read(*(int *)fd, piece, sizeof(piece))) > 0)
		total += (size_t)n;
	return &total;
}

static void test_not_blocking(void)
{
	enum { N = 1 << 20 };
	int fd[2];
	pthread_t reader;
	struct qos_out o;
	void *total;

	CHECK_INT(pipe(fd), 0);
	fcntl(fd[1], F_SETFL, O_NONBLOCK);
	pthread_create(&reader, NULL, drain, &fd[0]);
	qos_out_open(&o, fd[1], NULL);
	for (int i = 0; i < N; i++)
		qos_out_byte(&o, (char)i);
	CHECK_INT(qos_out_flush(&o), 0);
	CHECK_INT(o.written_bytes, N);
	close(fd[1]);
	pthread_join(reader, &total);
	CHECK_INT(*(size_t *)total, N);
	close(fd[0]);
	qos_out_free(&o);
}

/* Without a descriptor nothing is written, and nothing is lost. */
static void test_memory(void)
{
	struct qos_out o;

	CHECK_INT(qos_out_open(&o, -1, NULL), 0);
	for (int i = 0; i < 1000000; i++)
		qos_out_byte(&o, (char)('a' + i % 26));
	CHECK_INT(o.at - o.block, 1000000);
	CHECK_INT(o.block[999999], 'a' + 999999 % 26);
	CHECK_INT(o.error, 0);
	qos_out_free(&o);
}

int main(void)
{
	RUN("what goes in comes out in order, a block at a time", test_order);
	RUN("a piece larger than the block is written whole", test_larger_than_a_block);
	RUN("a write that failed is remembered and later bytes are thrown away", test_failure);
	RUN("a full device is an error", test_full_device);
	RUN("a descriptor that does not block gets everything", test_not_blocking);
	RUN("without a descriptor all of it stays in memory", test_memory);
	return DONE();
}
