/* What an adapter has been given: one run of bytes, moved to the front when half of its room is forgotten. */
#include "route/backlog.h"

#include <stdlib.h>

#define FIRST_BYTES  (64 * 1024)
#define FIRST_PIECES 256

static bool make_room(struct qos_backlog *b, size_t n)
{
	size_t held = b->end - b->first, room = b->room ? b->room : FIRST_BYTES;
	char *bytes;

	if (b->first > held && held + n <= b->room) {
		memmove(b->bytes, b->bytes + b->first, held);
		b->first = 0;
		b->end = held;
		return true;
	}
	while (b->end + n > room)
		room *= 2;
	bytes = realloc(b->bytes, room);
	if (!bytes)
		return false;
	b->bytes = bytes;
	b->room = room;
	return true;
}

static bool make_pieces(struct qos_backlog *b)
{
	uint32_t room = b->piece_room ? 2 * b->piece_room : FIRST_PIECES;
	struct qos_piece *piece = room ? malloc(room * sizeof(*piece)) : NULL;

	if (!piece)
		return false;
	for (int64_t i = 0; i < b->n; i++)
		piece[i] = *qos_backlog_at(b, i);
	free(b->piece);
	b->piece = piece;
	b->piece_room = room;
	b->piece_first = 0;
	return true;
}

bool qos_backlog_add(struct qos_backlog *b, const struct qos_piece *piece, struct qos_str text, struct qos_str name)
{
	struct qos_piece *p;

	if (name.n > UINT16_MAX)
		name.n = UINT16_MAX;
	if (b->n == b->piece_room && !make_pieces(b))
		return false;
	if (b->end + text.n + name.n > b->room && !make_room(b, text.n + name.n))
		return false;
	p = qos_backlog_at(b, b->n++);
	*p = *piece;
	p->n_bytes = (uint32_t)text.n;
	p->name_bytes = (uint16_t)name.n;
	if (text.n)
		memcpy(b->bytes + b->end, text.p, text.n);
	if (name.n)
		memcpy(b->bytes + b->end + text.n, name.p, name.n);
	b->end += text.n + name.n;
	return true;
}

struct qos_str qos_backlog_unsent(const struct qos_backlog *b)
{
	return (struct qos_str){ b->bytes + b->first + b->sent_bytes + b->begun_bytes, qos_backlog_unsent_bytes(b) };
}

struct qos_str qos_backlog_next(const struct qos_backlog *b, struct qos_str *name)
{
	const struct qos_piece *p = qos_backlog_at(b, b->n_sent);
	const char *text = b->bytes + b->first + b->sent_bytes;

	*name = (struct qos_str){ text + p->n_bytes, p->name_bytes };
	return (struct qos_str){ text + b->begun_bytes, p->n_bytes - b->begun_bytes };
}

const struct qos_piece *qos_backlog_sent(struct qos_backlog *b, size_t *n)
{
	const struct qos_piece *p = qos_backlog_at(b, b->n_sent);
	size_t left = p->n_bytes - b->begun_bytes;

	if (*n < left) {
		b->begun_bytes += *n;
		*n = 0;
		return NULL;
	}
	*n -= left;
	b->begun_bytes = 0;
	b->sent_bytes += p->n_bytes + p->name_bytes;
	b->n_sent++;
	return p;
}

struct qos_str qos_backlog_oldest(const struct qos_backlog *b, struct qos_str *name)
{
	const struct qos_piece *p = qos_backlog_at(b, 0);
	const char *text = b->bytes + b->first;

	*name = (struct qos_str){ text + p->n_bytes, p->name_bytes };
	return (struct qos_str){ text, p->n_bytes };
}

void qos_backlog_drop(struct qos_backlog *b)
{
	const struct qos_piece *p = qos_backlog_at(b, 0);
	size_t n = (size_t)p->n_bytes + p->name_bytes;

	if (b->n_sent) {
		b->n_sent--;
		b->sent_bytes -= n;
	} else {
		b->begun_bytes = 0;
	}
	b->first += n;
	b->piece_first++;
	b->n--;
	if (b->n == 0)
		b->first = b->end = 0;
}

void qos_backlog_unsend(struct qos_backlog *b)
{
	b->n_sent = 0;
	b->sent_bytes = b->begun_bytes = 0;
}

void qos_backlog_free(struct qos_backlog *b)
{
	free(b->bytes);
	free(b->piece);
	*b = (struct qos_backlog){ 0 };
}
