/*
 * What all queues may hold together, and who makes room when that is full.
 *
 * A record that finds no room takes it from the lowest class that holds records, before whatever adapter they wait:
 * what would be served last there goes.  So a record is refused only if nothing lower waits, or not enough of it, and
 * then it is itself the newest of the lowest class that waits (in rounds the stream that holds most gives room inside
 * that class, too).  With tenants the one that holds most for its share gives way first.
 *
 * Cost  O(1) a record while there is room, else O(queues that share it).
 */
#ifndef QOS_ROUTE_OVERFLOW_H
#define QOS_ROUTE_OVERFLOW_H

#include "overload/congestion.h"

struct qos_config;
struct qos_queues;

struct qos_room {
	int64_t limit_records, limit_bytes;         /* INT64_MAX: none */
	int64_t congested_records, congested_bytes; /* where congestion begins; INT64_MAX: never */
	int64_t n_records, n_bytes;                 /* that wait */
	int64_t n_records_max, n_bytes_max;
	struct qos_congestion congestion;
	struct qos_queues *member; /* queues that share it, linked by next_member */
	struct qos_claim *claim;   /* of each tenant, linked by next; NULL: there is one tenant */
};

struct qos_claim { /* what a tenant holds of it */
	double share;
	int64_t n_records, n_bytes;
	struct qos_claim *next;
};

/* Empty room with the limits of a configuration. */
struct qos_room qos_room_of(const struct qos_config *config);
static inline bool qos_room_fits(const struct qos_room *room, int64_t size_bytes)
{
	return room->n_records < room->limit_records && size_bytes <= room->limit_bytes - room->n_bytes;
}

static inline bool qos_room_is_limited(const struct qos_room *room)
{
	return room->limit_records != INT64_MAX || room->limit_bytes != INT64_MAX;
}

/* Has something joined or left: is it congested? */
void qos_room_watch(struct qos_room *room, int64_t now_ns);
/*
 * Makes room for a record of size_bytes of the class with that rank, which wants to join s; what is evicted, from
 * whatever queues, joins the dropped of s.
 *
 * Returns  false: it must be refused; then nothing of its own tenant was evicted for it.
 */
bool qos_overflow_make_room(struct qos_queues *s, int rank, int64_t size_bytes, int64_t now_ns);

#endif
