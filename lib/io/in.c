/*
 * Block reader: how do bytes come in?
 *
 * One block holds what is unread.  A fill moves the rest of the last record to the front (a record's length at most,
 * since formats consume what is whole) and reads into everything behind it, so most reads are of the size of the block.
 *
 * Cost   one read(2) a block, one poll(2) more where a read could wait; one short memmove a block.
 */
#include "io/in.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define IN_PAD_BYTES 64 /* readable behind the end, see in.h */
#define IN_EOL_BYTES 2  /* a record of most_bytes still needs its line end */

static int make_block(struct qos_in *in, size_t room, struct qos_err *err)
{
	in->block = malloc(room + IN_PAD_BYTES);
	if (!in->block)
		return qos_fail_memory(err, "reading the input");
	memset(in->block + room, 0, IN_PAD_BYTES);
	in->room = room;
	in->at = in->end = in->block;
	return 0;
}

static void start(struct qos_in *in, const char *name, size_t most_bytes)
{
	in->block = NULL;
	in->at = in->end = NULL;
	in->room = 0;
	in->most_bytes = most_bytes;
	in->n_fills++;
	in->read_bytes = 0;
	in->name = name;
	in->line = 1;
	in->fd = -1;
	in->eof = in->regular = false;
	in->error = 0;
	in->inflate = NULL;
	in->packed = NULL;
	in->packed_end = in->n_packed = 0;
	in->packed_bytes = 0;
	in->looked = in->packed_eof = in->more = false;
	in->damage[0] = '\0';
}

/* What kind of file is it?  A directory can be opened, but reading it only says so late. */
static int look(struct qos_in *in, struct qos_err *err)
{
	struct stat st;

	if (fstat(in->fd, &st) != 0)
		return qos_fail_errno(err, "%s", in->name);
	if (S_ISDIR(st.st_mode))
		return qos_fail(err, QOS_EIO, QOS_NOWHERE, "%s: is a directory; name the files in it", in->name);
	in->regular = S_ISREG(st.st_mode);
	if (in->regular)
		posix_fadvise(in->fd, 0, 0, POSIX_FADV_SEQUENTIAL); /* advice: failing changes nothing */
	return 0;
}

int qos_in_open(struct qos_in *in, const char *name, size_t most_bytes, struct qos_err *err)
{
	bool standard = strcmp(name, "-") == 0;
	int rc;

	start(in, standard ? "stdin" : name, most_bytes);
	in->fd = standard ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (in->fd < 0)
		return qos_fail_errno(err, "%s", name);
	if ((rc = look(in, err)) || (rc = make_block(in, QOS_BLOCK_BYTES, err)))
		qos_in_close(in);
	return rc;
}

int qos_in_memory(struct qos_in *in, const char *name, struct qos_str bytes, size_t most_bytes, struct qos_err *err)
{
	int rc;

	start(in, name, most_bytes);
	if ((rc = make_block(in, bytes.n + 1, err)))
		return rc;
	if (bytes.n)
		memcpy(in->block, bytes.p, bytes.n);
	in->end = in->block + bytes.n;
	in->read_bytes = bytes.n;
	in->eof = true;
	in->regular = true;
	in->looked = true;
	return 0;
}

void qos_in_close(struct qos_in *in)
{
	if (in->fd > STDIN_FILENO)
		close(in->fd); /* only read from: nothing can be lost */
	free(in->block);
	free(in->packed);
	qos_inflate_free(in->inflate);
	in->block = in->packed = NULL;
	in->inflate = NULL;
	in->at = in->end = NULL;
	in->fd = -1;
}

/* Brings the unread bytes to the front and makes sure that a good piece of free room stands behind them. */
static int make_room(struct qos_in *in)
{
	size_t n = (size_t)(in->end - in->at), room = in->room;
	char *block;

	if (n && in->at != in->block)
		memmove(in->block, in->at, n);
	in->at = in->block;
	in->end = in->block + n;
	if (room - n >= room / 2)
		return 0;
	block = realloc(in->block, 2 * room + IN_PAD_BYTES);
	if (!block)
		return -1;
	memset(block + 2 * room, 0, IN_PAD_BYTES);
	in->block = block;
	in->room = 2 * room;
	in->at = block;
	in->end = block + n;
	return 0;
}

/* Gives others their chance before a read that would wait.   Returns  false when reading shall end. */
static bool may_read(struct qos_in *in)
{
	struct pollfd p = { .fd = in->fd, .events = POLLIN };

	if (in->regular || poll(&p, 1, 0) != 0)
		return true;
	if (in->wait)
		return in->wait(in->who, in->fd);
	if (in->before_wait)
		in->before_wait(in->who);
	return true;
}

/* After a read that gave nothing: may it be tried again? */
static bool again(struct qos_in *in)
{
	struct pollfd p = { .fd = in->fd, .events = POLLIN };

	if (errno == EINTR)
		return !in->wait || in->wait(in->who, in->fd);
	if (errno != EAGAIN && errno != EWOULDBLOCK) {
		in->error = errno;
		return false;
	}
	if (in->wait)
		return in->wait(in->who, in->fd);
	poll(&p, 1, -1);
	return true;
}

/* One read.   Returns  its bytes; 0 at the end (*eof), or after an error (in->error). */
static size_t read_some(struct qos_in *in, char *to, size_t room, bool *eof)
{
	ssize_t n;

	if (!may_read(in)) {
		*eof = true;
		return 0;
	}
	while ((n = read(in->fd, to, room)) < 0) {
		if (!again(in)) {
			*eof = !in->error;
			return 0;
		}
	}
	*eof = n == 0;
	return (size_t)n;
}

/* Compressed bytes go to a buffer of their own. */
static void divert(struct qos_in *in, enum qos_packing packing)
{
	in->packed = malloc(QOS_BLOCK_BYTES);
	if (!in->packed || qos_inflate_new(&in->inflate, packing, NULL) != 0) {
		in->error = ENOMEM;
		return;
	}
	in->n_packed = in->packed_end = (size_t)(in->end - in->at);
	memcpy(in->packed, in->at, in->n_packed);
	in->packed_bytes = in->n_packed;
	in->packed_eof = in->eof;
	in->eof = false;
	in->end = in->at;
}

/* The first bytes tell whether the input is compressed. */
static void look_inside(struct qos_in *in)
{
	enum qos_packing packing;

	do
		in->end += read_some(in, in->block + (in->end - in->block), QOS_BLOCK_BYTES - QOS_PACKING_HEAD_BYTES,
				     &in->eof);
	while ((packing = qos_packing_of((struct qos_str){ in->at, (size_t)(in->end - in->at) })) ==
		       QOS_PACKING_UNSURE &&
	       !in->eof && !in->error);
	in->looked = true;
	if (packing > QOS_PACKING_UNSURE && !in->error)
		divert(in, packing);
}

static void damaged(struct qos_in *in, const char *why)
{
	snprintf(in->damage, sizeof(in->damage), "damaged %s data at byte %llu: %s", qos_inflate_name(in->inflate),
		 (unsigned long long)(in->packed_bytes - in->n_packed), why);
}

/* Reads and unpacks until something comes out.   Returns  its bytes. */
static size_t fill_unpacked(struct qos_in *in, char *to, size_t room)
{
	const char *why;
	size_t n;

	for (;;) {
		if (in->damage[0]) { /* only now: what came out before it is used first */
			in->error = EBADMSG;
			return 0;
		}
		if (!in->n_packed && !in->more && !in->packed_eof) {
			n = read_some(in, in->packed, QOS_BLOCK_BYTES, &in->packed_eof);
			if (in->error)
				return 0;
			in->n_packed = in->packed_end = n;
			in->packed_bytes += n;
		}
		n = room;
		why = qos_inflate_step(in->inflate, in->packed + in->packed_end - in->n_packed, &in->n_packed, to, &n,
				       in->packed_eof);
		in->more = n == room;
		if (why)
			damaged(in, why);
		else if (!n && !in->n_packed && in->packed_eof && !qos_inflate_whole(in->inflate))
			damaged(in, "it is cut short");
		else if (!n && !in->n_packed && in->packed_eof)
			in->eof = true;
		if (n || in->eof)
			return n;
	}
}

size_t qos_in_fill(struct qos_in *in)
{
	char *free_at;
	size_t n;

	if (in->eof || in->error || (size_t)(in->end - in->at) >= in->most_bytes + IN_EOL_BYTES)
		return 0;
	in->n_fills++;
	if (make_room(in) != 0) {
		in->error = ENOMEM;
		return 0;
	}
	if (!in->looked) {
		look_inside(in);
		if (!in->inflate || in->error) {
			n = (size_t)(in->end - in->at);
			in->read_bytes += n;
			return n;
		}
	}
	free_at = in->block + (in->end - in->block);
	n = (size_t)(in->block + in->room - free_at);
	n = in->inflate ? fill_unpacked(in, free_at, n) : read_some(in, free_at, n, &in->eof);
	in->end += n;
	in->read_bytes += n;
	return n;
}

void qos_in_skip_line(struct qos_in *in)
{
	const char *newline;

	while (!(newline = memchr(in->at, '\n', (size_t)(in->end - in->at)))) {
		in->at = in->end;
		if (!qos_in_fill(in))
			break;
	}
	in->at = newline ? newline + 1 : in->end;
	in->line++;
}

enum qos_line qos_in_line(struct qos_in *in, struct qos_str *line, uint8_t *eol_bytes)
{
	const char *newline;
	size_t seen = 0, n;

	/* what was searched once is not searched again after a fill */
	while (!(newline = memchr(in->at + seen, '\n', (size_t)(in->end - in->at) - seen))) {
		seen = (size_t)(in->end - in->at);
		if (!qos_in_fill(in))
			break;
	}
	n = newline ? (size_t)(newline - in->at) : (size_t)(in->end - in->at);
	*line = (struct qos_str){ in->at, 0 };
	*eol_bytes = newline != NULL;
	if (in->error || (n == 0 && !newline))
		return QOS_LINE_END;
	if (n && newline && newline[-1] == '\r') {
		n--;
		*eol_bytes = 2;
	}
	if (n > in->most_bytes) {
		qos_in_skip_line(in);
		return QOS_LINE_LONG;
	}
	line->n = n;
	in->at += n + *eol_bytes;
	in->line++;
	return QOS_LINE;
}
