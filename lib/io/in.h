/*
 * Block reader: large reads, records seen in place.
 *
 * The unread bytes are always contiguous: [at, end).  A record that crosses the end of a block is moved to the front
 * and read on, up to `most_bytes`; what is larger is skipped without being held.
 */
#ifndef QOS_IO_IN_H
#define QOS_IO_IN_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "io/inflate.h"

#define QOS_BLOCK_BYTES (256 * 1024)

/* All zero before qos_in_open(), except the hooks, which may be set before or after it. */
struct qos_in {
	const char *at, *end; /* unread bytes; a format moves `at` forward as it takes records */
	char *block;          /* owned; 64 readable bytes (any value) stand behind end, for vector instructions */
	size_t room;
	size_t most_bytes; /* --max-record */
	uint64_t n_fills;  /* changes whenever the bytes of [at, end) may have moved */
	uint64_t read_bytes;
	const char *name; /* for messages: the operand, or "stdin" */
	long line; /* number of the line (record in a capture) that `at` stands in, counted by the formats, from 1 */
	int fd;
	bool eof;
	bool regular; /* a plain file: reading it never waits */
	int error;    /* errno of a failed read, 0; EBADMSG: compressed bytes are damaged, `damage` says how */
	/* compressed input: what was read and is not unpacked yet */
	struct qos_inflate *inflate; /* owned; NULL: bytes are as they are */
	char *packed;                /* owned, [QOS_BLOCK_BYTES]; the last n_packed bytes up to packed_end are unread */
	size_t packed_end, n_packed;
	uint64_t packed_bytes; /* read so far */
	bool looked;           /* whether it is compressed is known */
	bool packed_eof;       /* no more of it will come */
	bool more;             /* the last step filled its room: there may be more without reading */
	char damage[120];
	/* called before a read that would block, so that output can be flushed; may be NULL */
	void (*before_wait)(void *who);
	/* Called instead, and after a signal: waits until fd can be read; false ends the input here.  May be NULL. */
	bool (*wait)(void *who, int fd);
	void *who;
};

/*
 * Opens a file, or fd 0 for "-".  gzip, zstd and xz are told by their first bytes and unpacked while they are read:
 * all that stands above, read_bytes as well, is about the unpacked bytes then.
 *
 * name		borrowed for the life of the reader
 * most_bytes	largest record
 */
int qos_in_open(struct qos_in *in, const char *name, size_t most_bytes, struct qos_err *err);
/* The same over bytes in memory (tests, fuzzers, the embedded sample); they are copied. */
int qos_in_memory(struct qos_in *in, const char *name, struct qos_str bytes, size_t most_bytes, struct qos_err *err);
void qos_in_close(struct qos_in *in);

/*
 * Reads on, keeping [at, end).  Flushes through before_wait if the descriptor has nothing yet.
 *
 * Returns  bytes added; 0 at the end of the input, after an error (in->error), or when most_bytes of unread bytes are
 *	    held already (in->eof tells which: false then).
 */
size_t qos_in_fill(struct qos_in *in);

enum qos_line { QOS_LINE, QOS_LINE_LONG, QOS_LINE_END };
/*
 * Takes one line: *line without its end (\n or \r\n), *eol_bytes of what ended it; in->line is advanced.
 *
 * Returns  QOS_LINE; QOS_LINE_LONG for one over most_bytes, which was skipped (*line is empty); QOS_LINE_END, after
 *	    which in->error tells whether it was the end.
 */
enum qos_line qos_in_line(struct qos_in *in, struct qos_str *line, uint8_t *eol_bytes);
/* Goes on behind the next newline, or to the end of the input, without holding what it skips. */
void qos_in_skip_line(struct qos_in *in);
/* Position of `at` in the input, in bytes. */
static inline uint64_t qos_in_offset(const struct qos_in *in)
{
	return in->read_bytes - (uint64_t)(in->end - in->at);
}

#endif
