/* Compressed input. */
#include "io/inflate.h"

#include <errno.h>
#include <lzma.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "io/in.h"
#include "tests/unit/test.h"

#define TEXT_BYTES 1000000
#define ROOM_BYTES (2 * TEXT_BYTES)

static char *text, *packed;

static size_t pack_gzip(struct qos_str from, char *to)
{
	z_stream z = { 0 };

	deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
	z.next_in = (Bytef *)from.p;
	z.avail_in = (uInt)from.n;
	z.next_out = (Bytef *)to;
	z.avail_out = ROOM_BYTES;
	CHECK_INT(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	return z.total_out;
}

static size_t pack_zstd(struct qos_str from, char *to)
{
	ZSTD_CCtx *z = ZSTD_createCCtx();
	size_t n;

	ZSTD_CCtx_setParameter(z, ZSTD_c_checksumFlag, 1);
	n = ZSTD_compress2(z, to, ROOM_BYTES, from.p, from.n);
	ZSTD_freeCCtx(z);
	CHECK(!ZSTD_isError(n));
	return n;
}

static size_t pack_xz(struct qos_str from, char *to)
{
	size_t n = 0;

	CHECK_INT(lzma_easy_buffer_encode(0, LZMA_CHECK_CRC64, NULL, (const uint8_t *)from.p, from.n, (uint8_t *)to, &n,
					  ROOM_BYTES),
		  LZMA_OK);
	return n;
}

static size_t (*const packers[])(struct qos_str, char *) = { pack_gzip, pack_zstd, pack_xz };

/* Opens packed bytes as a file; its name stays for messages. */
static void open_packed(struct qos_in *in, size_t n)
{
	char name[] = "/tmp/qos-inflate-XXXXXX";
	int fd = mkstemp(name);

	CHECK_INT(write(fd, packed, n), n);
	close(fd);
	*in = (struct qos_in){ .fd = -1 };
	CHECK_INT(qos_in_open(in, name, 1 << 20, NULL), 0);
	in->name = "packed";
	unlink(name);
}

/* Reads all lines.   Returns  how many bytes of `text`, over and over, they are; -1 when they differ. */
static long read_all(struct qos_in *in)
{
	struct qos_str line;
	uint8_t eol;
	bool same = true;
	long at = 0;

	while (qos_in_line(in, &line, &eol) == QOS_LINE) {
		same &= memcmp(line.p, text + at % TEXT_BYTES, line.n) == 0;
		at += (long)line.n + eol;
	}
	return same ? at : -1;
}

static void unpacks(void)
{
	struct qos_in in;

	for (int i = 0; i < 3; i++) {
		size_t n = packers[i]((struct qos_str){ text, TEXT_BYTES }, packed);

		open_packed(&in, n);
		CHECK_INT(read_all(&in), TEXT_BYTES);
		CHECK_INT(in.error, 0);
		CHECK_INT(in.read_bytes, TEXT_BYTES);
		CHECK(in.room <= 4 * QOS_BLOCK_BYTES);
		qos_in_close(&in);
	}
}

static void joins_streams(void)
{
	struct qos_in in;

	for (int i = 0; i < 3; i++) {
		size_t n = packers[i]((struct qos_str){ text, TEXT_BYTES }, packed);

		memcpy(packed + n, packed, n);
		open_packed(&in, 2 * n);
		CHECK_INT(read_all(&in), 2 * TEXT_BYTES);
		CHECK_INT(in.error, 0);
		qos_in_close(&in);
	}
}

/* A stream that was cut anywhere gives what stands before the cut, then says so. */
static void tells_cuts(void)
{
	static const char *const names[] = { "gzip", "zstd", "xz" };
	struct qos_in in;
	long got;

	for (int i = 0; i < 3; i++) {
		size_t n = packers[i]((struct qos_str){ text, TEXT_BYTES }, packed);

		for (size_t cut = QOS_PACKING_HEAD_BYTES; cut < n; cut += n / 7 + 1) {
			open_packed(&in, cut);
			got = read_all(&in);
			CHECK(got >= 0 && got < TEXT_BYTES);
			CHECK_INT(in.error, EBADMSG);
			CHECK(strstr(in.damage, names[i]) && strstr(in.damage, "cut short"));
			qos_in_close(&in);
		}
	}
}

static void tells_damage(void)
{
	struct qos_in in;

	for (int i = 0; i < 3; i++) {
		size_t n = packers[i]((struct qos_str){ text, TEXT_BYTES }, packed);

		for (int k = 0; k < 16; k++)
			packed[n / 2 + (size_t)k] ^= 0x55;
		open_packed(&in, n);
		CHECK(read_all(&in) < TEXT_BYTES);
		CHECK_INT(in.error, EBADMSG);
		CHECK(strstr(in.damage, "at byte "));
		qos_in_close(&in);
	}
}

static void tells_what_stands_behind(void)
{
	size_t n = pack_gzip(QOS_STR("a\n"), packed);
	struct qos_in in;
	struct qos_str line;
	uint8_t eol;

	memset(packed + n, 0, 100);
	open_packed(&in, n + 100);
	CHECK_INT(qos_in_line(&in, &line, &eol), QOS_LINE);
	CHECK_INT(qos_in_line(&in, &line, &eol), QOS_LINE_END);
	CHECK_INT(in.error, 0);
	qos_in_close(&in);
	memcpy(packed + n, "junk", 4);
	open_packed(&in, n + 4);
	CHECK_INT(qos_in_line(&in, &line, &eol), QOS_LINE);
	CHECK_INT(qos_in_line(&in, &line, &eol), QOS_LINE_END);
	CHECK_INT(in.error, EBADMSG);
	CHECK(strstr(in.damage, "something else stands behind"));
	qos_in_close(&in);
}

static void knows_magic(void)
{
	CHECK_INT(qos_packing_of(QOS_STR("")), QOS_PACKING_NONE);
	CHECK_INT(qos_packing_of(QOS_STR("\x1f")), QOS_PACKING_UNSURE);
	CHECK_INT(qos_packing_of(QOS_STR("\x1f\x8b\x08")), QOS_PACKING_GZIP);
	CHECK_INT(qos_packing_of(QOS_STR("\x28\xb5\x2f\xfd")), QOS_PACKING_ZSTD);
	CHECK_INT(qos_packing_of(QOS_STR("\xfd\x37zXZ\0")), QOS_PACKING_XZ);
	CHECK_INT(qos_packing_of(QOS_STR("(ts,")), QOS_PACKING_NONE);
}

/* The magic number arrives byte by byte. */
static void waits_for_magic(void)
{
	size_t n = pack_gzip(QOS_STR("one\ntwo\n"), packed);
	struct qos_in in = { .fd = -1 };
	struct qos_str line;
	uint8_t eol;
	char name[32];
	int fd[2];

	CHECK_INT(pipe(fd), 0);
	snprintf(name, sizeof(name), "/dev/fd/%d", fd[0]);
	CHECK_INT(qos_in_open(&in, name, 100, NULL), 0);
	close(fd[0]);
	if (fork() == 0) {
		for (size_t i = 0; i < n; i++)
			if (usleep(200), write(fd[1], packed + i, 1) != 1)
				_exit(1);
		_exit(0);
	}
	close(fd[1]);
	CHECK_INT(qos_in_line(&in, &line, &eol), QOS_LINE);
	CHECK(qos_str_is(line, "one"));
	CHECK_INT(qos_in_line(&in, &line, &eol), QOS_LINE);
	CHECK(qos_str_is(line, "two"));
	CHECK_INT(qos_in_line(&in, &line, &eol), QOS_LINE_END);
	CHECK_INT(in.error, 0);
	qos_in_close(&in);
}

int main(void)
{
	text = malloc(TEXT_BYTES + 64);
	packed = malloc(2 * ROOM_BYTES);
	for (int i = 0; i < TEXT_BYTES; i += 40)
		snprintf(text + i, 41, "%08x %08x %08x %010d a\n", i * 2654435761u, i * 40503u, i ^ 0x5bd1e995, i);
	RUN("gzip, zstd and xz are unpacked in bounded memory", unpacks);
	RUN("streams that follow each other are one input", joins_streams);
	RUN("a cut stream gives what it has and says so", tells_cuts);
	RUN("damage is told with its place", tells_damage);
	RUN("zero bytes behind gzip are padding, others are damage", tells_what_stands_behind);
	RUN("magic numbers are told apart", knows_magic);
	RUN("a magic number may arrive byte by byte", waits_for_magic);
	free(text);
	free(packed);
	return DONE();
}
