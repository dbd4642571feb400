/* Room for a record, from the lowest class up. */
#include "route/overflow.h"

#include "base/bits.h"
#include "route/queues.h"

struct qos_room qos_room_of(const struct qos_config *c)
{
	struct qos_room room = { .limit_records = c->max_queued ? c->max_queued : INT64_MAX,
				 .limit_bytes = c->max_queued_bytes ? c->max_queued_bytes : INT64_MAX };

	room.congested_records = qos_congestion_threshold(room.limit_records, c->congestion_threshold);
	room.congested_bytes = qos_congestion_threshold(room.limit_bytes, c->congestion_threshold);
	return room;
}

void qos_room_watch(struct qos_room *room, int64_t now_ns)
{
	struct qos_congestion *c = &room->congestion;
	bool on = qos_congestion_at(c, room->n_records, room->congested_records) ||
		  qos_congestion_at(c, room->n_bytes, room->congested_bytes);

	qos_congestion_set(c, on, now_ns);
}

/* --- which tenant --- */

/* The part of the room that a tenant takes, over its share, with one more record if more_bytes >= 0. */
static double fill(const struct qos_room *room, const struct qos_claim *c, int64_t more_bytes)
{
	double n = (double)c->n_records + (more_bytes >= 0), bytes = (double)c->n_bytes;

	if (more_bytes > 0)
		bytes += (double)more_bytes;
	n = room->limit_records != INT64_MAX ? n / (double)room->limit_records : 0;
	bytes = room->limit_bytes != INT64_MAX ? bytes / (double)room->limit_bytes : 0;
	return (n > bytes ? n : bytes) / c->share;
}

/* The tenant that holds most for its share, the record's own among equals. */
static const struct qos_claim *fattest(const struct qos_room *room, const struct qos_claim *own, int64_t size_bytes)
{
	const struct qos_claim *most = own;
	double most_fill = own ? fill(room, own, size_bytes) : 0;

	for (const struct qos_claim *c = room->claim; c; c = c->next) {
		if (c == own || !c->n_records || fill(room, c, -1) <= most_fill)
			continue;
		most = c;
		most_fill = fill(room, c, -1);
	}
	return most;
}

/* --- which of its records --- */

/* Bits of the ranks of q that may give room for a record of that rank that wants to join s. */
static uint64_t givers(const struct qos_queues *q, const struct qos_queues *s, int rank)
{
	uint64_t below = rank < 63 ? ~0ull << (rank + 1) : 0, own = 1ull << rank;

	if (q->claim != s->claim)
		return q->waiting;
	/* inside its own class only where it need not be itself the newest */
	return q->waiting & (q == s && s->queue[rank].order == QOS_ORDER_ROUNDS ? below | own : below);
}

/* Would it fit if all of its own tenant gave what it may? */
static bool could_fit(const struct qos_queues *s, int rank, int64_t size_bytes)
{
	const struct qos_room *room = s->room;
	int64_t n_records = 0, n_bytes = 0;
	int i;

	for (const struct qos_queues *q = room->member; q; q = q->next_member) {
		if (q->claim != s->claim)
			continue;
		qos_bits_each (i, givers(q, s, rank)) {
			n_records += q->queue[i].n_records;
			n_bytes += q->queue[i].n_bytes;
		}
	}
	return room->n_records - n_records < room->limit_records &&
	       size_bytes <= room->limit_bytes - (room->n_bytes - n_bytes);
}

/* Of that tenant's queues those with the lowest class that may give, the fuller ones among equals; *rank: which. */
static struct qos_queues *lowest(const struct qos_queues *s, int own_rank, const struct qos_claim *claim, int *rank)
{
	struct qos_queues *best = NULL;

	for (struct qos_queues *q = s->room->member; q; q = q->next_member) {
		uint64_t bits = q->claim == claim ? givers(q, s, own_rank) : 0;
		int last;

		if (!bits)
			continue;
		last = 63 - __builtin_clzll(bits);
		if (best &&
		    (last < *rank || (last == *rank && q->queue[last].n_records <= best->queue[last].n_records)))
			continue;
		best = q;
		*rank = last;
	}
	return best;
}

bool qos_overflow_make_room(struct qos_queues *s, int rank, int64_t size_bytes, int64_t now_ns)
{
	while (!qos_room_fits(s->room, size_bytes)) {
		const struct qos_claim *claim = fattest(s->room, s->claim, size_bytes);
		struct qos_queues *from;
		struct qos_record *r;
		int from_rank = 0;

		if (claim == s->claim && !could_fit(s, rank, size_bytes))
			return false;
		from = lowest(s, rank, claim, &from_rank);
		if (!from)
			return false;
		qos_queues_evict(from, from_rank, QOS_DROP_OVERFLOW, now_ns);
		if (from == s)
			continue;
		r = qos_queues_dropped(from);
		r->node.sibling = (struct qos_node *)s->dropped;
		s->dropped = r;
	}
	return true;
}
