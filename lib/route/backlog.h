/*
 * What an adapter has been given: records as text, in order, in one run of bytes.
 *
 *   [ written, perhaps not read by the other end | being written | waits ]
 *     first                                        n_sent, begun            n
 *
 * Cost   a copy of the text when it is added; pieces are numbers in a ring.
 */
#ifndef QOS_ROUTE_BACKLOG_H
#define QOS_ROUTE_BACKLOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct qos_piece {
	uint32_t n_bytes;    /* of its text */
	uint16_t name_bytes; /* of its stream's name, which stands behind the text */
	int16_t class;
	bool own;       /* a copy of its own for this adapter (broadcast): no other takes it */
	bool rest;      /* the end of a record that went elsewhere; only keeps the text whole that was begun here */
	bool moved;     /* another adapter could not take it */
	int64_t put_ns; /* when it was added */
};

struct qos_backlog {
	char *bytes; /* owned; the pieces' text is [first, end) */
	size_t first, end, room;
	struct qos_piece *piece; /* owned; a ring of piece_room, a power of two */
	uint32_t piece_first, piece_room;
	int64_t n, n_sent;  /* pieces; of them written */
	size_t sent_bytes;  /* of the pieces that were written, names included */
	size_t begun_bytes; /* of the next one */
};

/* Adds a piece behind the others; piece->n_bytes and name_bytes are set here.   Returns  false: no memory. */
bool qos_backlog_add(struct qos_backlog *b, const struct qos_piece *piece, struct qos_str text, struct qos_str name);
/* Piece i of n, from the oldest. */
static inline struct qos_piece *qos_backlog_at(const struct qos_backlog *b, int64_t i)
{
	return &b->piece[(b->piece_first + (uint32_t)i) & (b->piece_room - 1)];
}
/* What waits to be written: all of it (names would be in it, so only where there are none), or the next piece. */
struct qos_str qos_backlog_unsent(const struct qos_backlog *b);
struct qos_str qos_backlog_next(const struct qos_backlog *b, struct qos_str *name);
static inline size_t qos_backlog_unsent_bytes(const struct qos_backlog *b)
{
	return b->end - b->first - b->sent_bytes - b->begun_bytes;
}
/*
 * *n bytes were written: takes them from *n up to the end of one piece.
 *
 * Returns  the piece that this completed, or NULL: none.
 */
const struct qos_piece *qos_backlog_sent(struct qos_backlog *b, size_t *n);
/* The oldest piece's text, and its stream's name. */
struct qos_str qos_backlog_oldest(const struct qos_backlog *b, struct qos_str *name);
/* Forgets the oldest piece. */
void qos_backlog_drop(struct qos_backlog *b);
/* Nothing was written: all of it waits again. */
void qos_backlog_unsend(struct qos_backlog *b);
/* Gives its memory back; it is empty then. */
void qos_backlog_free(struct qos_backlog *b);

#endif
