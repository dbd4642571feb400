/* Room for a record, from the lowest class up. */
#include "route/overflow.h"

#include "base/bits.h"
#include "route/queues.h"

static int64_t part_of(int64_t limit, double share)
{
	int64_t n = (int64_t)((double)limit * share);

	return limit == INT64_MAX ? INT64_MAX : n > 0 ? n : 1;
}

struct qos_room qos_room_of(const struct qos_config *c)
{
	struct qos_room room = { .limit_records = c->max_queued ? c->max_queued : INT64_MAX,
				 .limit_bytes = c->max_queued_bytes ? c->max_queued_bytes : INT64_MAX };

	room.congested_records = part_of(room.limit_records, c->congestion_threshold);
	room.congested_bytes = part_of(room.limit_bytes, c->congestion_threshold);
	return room;
}

void qos_room_watch(struct qos_room *room, int64_t now_ns)
{
	struct qos_congestion *c = &room->congestion;
	bool on = qos_congestion_at(c, room->n_records, room->congested_records) ||
		  qos_congestion_at(c, room->n_bytes, room->congested_bytes);

	qos_congestion_set(c, on, now_ns);
}

/* May records of a queue go for one of that rank?  Of its own class only where it need not be itself the newest. */
static bool may_give(const struct qos_queue *q, int rank)
{
	return q->rank > rank || (q->rank == rank && q->order == QOS_ORDER_ROUNDS);
}

bool qos_overflow_make_room(struct qos_queues *s, int rank, int64_t size_bytes, int64_t now_ns)
{
	const struct qos_room *room = s->room;
	int64_t n_records = 0, n_bytes = 0;
	int i;

	qos_bits_each (i, s->waiting) {
		if (!may_give(&s->queue[i], rank))
			continue;
		n_records += s->queue[i].n_records;
		n_bytes += s->queue[i].n_bytes;
	}
	if (!n_records || room->n_records - n_records >= room->limit_records ||
	    size_bytes > room->limit_bytes - (room->n_bytes - n_bytes))
		return false;
	while (!qos_room_fits(room, size_bytes))
		qos_queues_evict(s, 63 - __builtin_clzll(s->waiting), QOS_DROP_OVERFLOW, now_ns);
	return true;
}
