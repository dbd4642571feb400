/*
 * Compressed input: what was it before?
 *
 * Each library does the work; here they get one face.  Streams may follow each other, as they do in rotated logs that
 * were put together with cat.  Zero bytes behind a gzip stream are padding; anything else there is damage.
 *
 * Memory  of the window that the stream asks for, at most 128 MiB (zstd -22 and xz -9 stay under it).
 * After   RFC 1952 (gzip), RFC 8878 (zstd), the .xz file format 1.2.
 */
#include "io/inflate.h"

#include <lzma.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

#define XZ_MEMORY_BYTES (128u << 20)
#define ZSTD_WINDOW_LOG 27        /* 128 MiB */
#define GZIP_WINDOW     (15 + 16) /* zlib's way to ask for gzip framing */

struct qos_inflate {
	enum qos_packing packing;
	bool inside;  /* a stream has begun and not ended */
	bool padding; /* gzip: behind a stream, in its zero bytes */
	z_stream gzip;
	ZSTD_DStream *zstd;
	lzma_stream xz;
};

static const struct {
	enum qos_packing packing;
	struct qos_str magic;
} magics[] = {
	{ QOS_PACKING_GZIP, { "\x1f\x8b\x08", 3 } },
	{ QOS_PACKING_ZSTD, { "\x28\xb5\x2f\xfd", 4 } },
	{ QOS_PACKING_XZ, { "\xfd\x37zXZ\0", 6 } },
};

enum qos_packing qos_packing_of(struct qos_str head)
{
	for (size_t i = 0; i < sizeof(magics) / sizeof(*magics); i++) {
		struct qos_str magic = magics[i].magic;

		if (qos_str_starts(head, magic))
			return magics[i].packing;
		if (head.n && qos_str_starts(magic, head))
			return QOS_PACKING_UNSURE;
	}
	return QOS_PACKING_NONE;
}

static bool start(struct qos_inflate *z)
{
	const lzma_stream fresh = LZMA_STREAM_INIT;

	switch (z->packing) {
	case QOS_PACKING_GZIP: return inflateInit2(&z->gzip, GZIP_WINDOW) == Z_OK;
	case QOS_PACKING_ZSTD:
		z->zstd = ZSTD_createDStream();
		return z->zstd && !ZSTD_isError(ZSTD_DCtx_setParameter(z->zstd, ZSTD_d_windowLogMax, ZSTD_WINDOW_LOG));
	default: z->xz = fresh; return lzma_stream_decoder(&z->xz, XZ_MEMORY_BYTES, LZMA_CONCATENATED) == LZMA_OK;
	}
}

int qos_inflate_new(struct qos_inflate **z, enum qos_packing packing, struct qos_err *err)
{
	*z = calloc(1, sizeof(**z));
	if (*z) {
		(*z)->packing = packing;
		if (start(*z))
			return 0;
	}
	qos_inflate_free(*z);
	*z = NULL;
	return qos_fail_memory(err, "unpacking the input");
}

void qos_inflate_free(struct qos_inflate *z)
{
	if (!z)
		return;
	switch (z->packing) {
	case QOS_PACKING_GZIP: inflateEnd(&z->gzip); break;
	case QOS_PACKING_ZSTD: ZSTD_freeDStream(z->zstd); break;
	default: lzma_end(&z->xz);
	}
	free(z);
}

/* Behind a stream: NULL, when another one begins here or nothing is left. */
static const char *next_gzip(struct qos_inflate *z)
{
	for (; z->gzip.avail_in && *z->gzip.next_in == 0; z->gzip.next_in++, z->gzip.avail_in--)
		z->padding = true;
	if (!z->gzip.avail_in)
		return NULL;
	if (z->padding || *z->gzip.next_in != 0x1f)
		return "something else stands behind the end of the stream";
	return inflateReset(&z->gzip) == Z_OK ? NULL : "it cannot be begun again";
}

static const char *step_gzip(struct qos_inflate *z, const char *from, size_t *n_from, char *to, size_t *n_to)
{
	const char *why = NULL;
	int rc = Z_OK;

	z->gzip.next_in = (Bytef *)from;
	z->gzip.avail_in = (uInt)*n_from;
	z->gzip.next_out = (Bytef *)to;
	z->gzip.avail_out = (uInt)*n_to;
	while (rc == Z_OK && z->gzip.avail_out) {
		if (!z->inside && ((why = next_gzip(z)) || !z->gzip.avail_in))
			break;
		z->inside = true;
		rc = inflate(&z->gzip, Z_NO_FLUSH);
		if (rc == Z_STREAM_END) {
			z->inside = false;
			rc = Z_OK;
		}
	}
	*n_from = z->gzip.avail_in;
	*n_to -= z->gzip.avail_out;
	if (why || rc == Z_OK || rc == Z_BUF_ERROR) /* no progress: more bytes are needed */
		return why;
	return z->gzip.msg ? z->gzip.msg : rc == Z_MEM_ERROR ? "out of memory" : "not gzip data";
}

static const char *step_zstd(struct qos_inflate *z, const char *from, size_t *n_from, char *to, size_t *n_to)
{
	ZSTD_inBuffer in = { from, *n_from, 0 };
	ZSTD_outBuffer out = { to, *n_to, 0 };
	size_t rc, taken, given;

	do {
		taken = in.pos;
		given = out.pos;
		rc = ZSTD_decompressStream(z->zstd, &out, &in);
		if (!ZSTD_isError(rc) && (in.pos > taken || out.pos > given))
			z->inside = rc != 0; /* asked behind a stream, it wants to begin the next one */
	} while (!ZSTD_isError(rc) && in.pos < in.size && out.pos < out.size);
	*n_from = in.size - in.pos;
	*n_to = out.pos;
	return ZSTD_isError(rc) ? ZSTD_getErrorName(rc) : NULL;
}

static const char *step_xz(struct qos_inflate *z, const char *from, size_t *n_from, char *to, size_t *n_to, bool last)
{
	lzma_ret rc = LZMA_OK;

	z->xz.next_in = (const uint8_t *)from;
	z->xz.avail_in = *n_from;
	z->xz.next_out = (uint8_t *)to;
	z->xz.avail_out = *n_to;
	while (rc == LZMA_OK && z->xz.avail_out && (z->xz.avail_in || last))
		rc = lzma_code(&z->xz, last ? LZMA_FINISH : LZMA_RUN);
	*n_from = z->xz.avail_in;
	*n_to -= z->xz.avail_out;
	z->inside = rc != LZMA_STREAM_END;
	switch (rc) {
	case LZMA_OK:
	case LZMA_BUF_ERROR:
	case LZMA_STREAM_END: return NULL;
	case LZMA_MEM_ERROR: return "out of memory";
	case LZMA_MEMLIMIT_ERROR: return "it needs more than 128 MiB to unpack";
	default: return "its bytes do not fit together";
	}
}

const char *qos_inflate_step(struct qos_inflate *z, const char *from, size_t *n_from, char *to, size_t *n_to, bool last)
{
	switch (z->packing) {
	case QOS_PACKING_GZIP: return step_gzip(z, from, n_from, to, n_to);
	case QOS_PACKING_ZSTD: return step_zstd(z, from, n_from, to, n_to);
	default: return step_xz(z, from, n_from, to, n_to, last);
	}
}

bool qos_inflate_whole(const struct qos_inflate *z)
{
	return !z->inside;
}

const char *qos_inflate_name(const struct qos_inflate *z)
{
	return z->packing == QOS_PACKING_GZIP ? "gzip" : z->packing == QOS_PACKING_ZSTD ? "zstd" : "xz";
}
