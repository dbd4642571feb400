/*
 * Lanes: the queues before some servers, one set of them a tenant, and whose turn it is.
 *
 *   record -> its tenant's lane --the discipline among its classes--> the lane's turn? -> service
 *
 * What a tenant was served here is kept as a virtual time, `used_ns`: service time over its share.  The clock of
 * virtual time goes on with the service given, and up to the tenant that waits and used least, so that what nobody else
 * wanted costs nothing later.  How far a tenant is behind the clock is its credit; it keeps 100 ms of it at most (or
 * eight of the largest services).
 *
 *   1. a tenant at its ceil waits
 *   2. those with more than half of what they may keep go first: the most urgent class, then who has most credit
 *   3. then the others, who has most credit
 *
 * A tenant that uses its share up has no credit to speak of, so a flood, however urgent, goes behind all who keep to
 * their shares and delays them by no more than the record in service.  Limits (queues, streams, shedding) hold in each
 * lane by itself.
 *
 * With one tenant there is nothing to choose, and this costs an index.
 *
 * Cost   O(1) to queue, O(tenants) to choose.
 * After  Bennett and Zhang, "WF2Q: worst-case fair weighted fair queueing", INFOCOM 1996 (eligible first, virtual
 *	  time); the order among the eligible is by class here.
 */
#ifndef QOS_ROUTE_LANES_H
#define QOS_ROUTE_LANES_H

#include "route/queues.h"
#include "route/tenants.h"

struct qos_lane {
	struct qos_queues queues;
	double used_ns; /* service over share, in virtual time */
};

struct qos_lanes {
	struct qos_lane *lane; /* [n] by tenant, owned */
	int n;
	struct qos_tenants *tenants; /* the caller's */
	int touched;                 /* the lane that holds what was dropped last */
	double virtual_ns;
	int64_t largest_ns; /* service */
	bool flat;          /* the discipline does not look at how urgent a class is */
};

/*
 * As qos_queues_init, for each tenant; they must outlive the lanes.
 *
 * Fails  as that does; then what was made is freed.
 */
int qos_lanes_init(struct qos_lanes *l, struct qos_tenants *tenants, const struct qos_config *config,
		   const struct qos_queues_options *options, const struct qos_fields *fields, struct qos_slab *slab,
		   struct qos_err *err);
/* Gives back what it owns, queued records too; the struct itself is the caller's. */
void qos_lanes_free(struct qos_lanes *l);

/* The queues of a record's tenant. */
static inline struct qos_queues *qos_lanes_of(const struct qos_lanes *l, const struct qos_record *r)
{
	return &l->lane[r->tenant].queues;
}

/* What the functions below do where there is more than one lane. */
enum qos_drop qos_lanes_push_shared(struct qos_lanes *l, struct qos_record *r, int64_t now_ns);
struct qos_record *qos_lanes_pop_shared(struct qos_lanes *l, int64_t now_ns);
uint64_t qos_lanes_waiting_shared(const struct qos_lanes *l, int64_t now_ns);
void qos_lanes_sent_shared(struct qos_lanes *l, const struct qos_record *r, int64_t service_ns, int64_t now_ns);

/* As those of queues. */
static inline enum qos_drop qos_lanes_push(struct qos_lanes *l, struct qos_record *r, int64_t now_ns)
{
	return l->n > 1 ? qos_lanes_push_shared(l, r, now_ns) : qos_queues_push(&l->lane->queues, r, now_ns);
}
static inline struct qos_record *qos_lanes_pop(struct qos_lanes *l, int64_t now_ns)
{
	return l->n > 1 ? qos_lanes_pop_shared(l, now_ns) : qos_queues_pop(&l->lane->queues, now_ns);
}
static inline void qos_lanes_sent(struct qos_lanes *l, const struct qos_record *r, int64_t service_ns, int64_t now_ns)
{
	qos_queues_sent(qos_lanes_of(l, r), r, service_ns, now_ns);
	if (l->n > 1)
		qos_lanes_sent_shared(l, r, service_ns, now_ns);
}
static inline void qos_lanes_leave(struct qos_lanes *l, const struct qos_record *r)
{
	qos_queues_leave(qos_lanes_of(l, r), r);
}
/* What the last push or pop dropped, of whatever tenant and before whatever adapter it waited. */
static inline struct qos_record *qos_lanes_dropped(struct qos_lanes *l)
{
	return qos_queues_dropped(&l->lane[l->touched].queues);
}
/*
 * Takes all that waits out: linked by node.sibling, of a tenant each record before those that were to be served after
 * it in its class; they have yet to leave.
 */
struct qos_record *qos_lanes_take_all(struct qos_lanes *l, int64_t now_ns);
/* Would a record of some tenant be dropped now? */
bool qos_lanes_full(const struct qos_lanes *l);

/* Bits of the ranks that hold records which may be served now; 0: none. */
static inline uint64_t qos_lanes_waiting(const struct qos_lanes *l, int64_t now_ns)
{
	return l->n > 1 ? qos_lanes_waiting_shared(l, now_ns) : l->lane->queues.waiting;
}
/* Does anything wait, at a ceil or not? */
bool qos_lanes_hold(const struct qos_lanes *l);
/* When is the first of those that wait below its ceil again?  QOS_NEVER: none is at its ceil. */
int64_t qos_lanes_due(const struct qos_lanes *l, int64_t now_ns);

/* When could a record that is dropped now for that reason be taken?   Returns  ns from now; 0: not known, or never. */
int64_t qos_lanes_retry_ns(const struct qos_lanes *l, const struct qos_record *r, enum qos_drop why, int64_t now_ns);

#endif
