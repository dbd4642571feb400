/*
 * Balancing: which adapter gets a record?
 *
 *   dst, else the strategy of the class  ->  an adapter at arrival | whichever is free first | each one
 *
 * `late` is no strategy: records wait together, and the adapter that is free first takes the next one.  Nobody waits
 * while somebody is idle, so no choice at arrival does better for the mean.  Choosing at arrival is for what that
 * cannot give: the same adapter for a stream, weights, regions, services, copies.
 *
 * Cost   late: nothing.  Else a look at dst, a hash of the stream's name and the strategy's own.
 */
#ifndef QOS_ROUTE_BALANCING_H
#define QOS_ROUTE_BALANCING_H

#include "config/config.h"
#include "pool/pool.h"
#include "record/record.h"

/* Where a record goes, when it is no index of an adapter. */
#define QOS_TO_FREE (-1) /* whichever is free first */
#define QOS_TO_NONE (-2) /* none that it names is there */
#define QOS_TO_EACH (-3) /* a copy to each, see qos_balancing_each() */

enum qos_bound { /* of a record: who chose its adapter, so that another can be chosen when that one fails */
		 QOS_BOUND_LATE,
		 QOS_BOUND_STRATEGY,
		 QOS_BOUND_DIRECT,  /* the record: this one and no other */
		 QOS_BOUND_SERVICE, /* and above: the record named service `bound` - QOS_BOUND_SERVICE */
};

struct qos_balancing {
	struct qos_pool pool;
	int strategy[QOS_CLASSES_MOST]; /* of a class, in use in the pool; -1: late */
	int direct, service;            /* strategies in use */
	bool binds;                     /* some class has a strategy */
};

/*
 * config	adapters, strategies; borrowed by nothing afterwards
 * fields	dst, and what the strategies read, become wanted
 *
 * Fails  QOS_EUSAGE for a strategy that does not exist; then what was made is freed.
 */
int qos_balancing_init(struct qos_balancing *b, const struct qos_config *config, uint64_t seed,
		       struct qos_fields *fields, struct qos_err *err);
/* Gives back what it owns; the struct itself is the caller's. */
void qos_balancing_free(struct qos_balancing *b);
/* Are the strategies that config names there?   Fails  QOS_EUSAGE. */
int qos_balancing_check(const struct qos_config *config, struct qos_err *err);

/* Where a borrowed record goes that has a class; *bound is written. */
int qos_balancing_choose(struct qos_balancing *b, const struct qos_record *r, int64_t now_ns, uint8_t *bound);
/* Where a record goes whose adapter is there no longer; it may be QOS_TO_FREE, or the same one. */
int qos_balancing_again(struct qos_balancing *b, const struct qos_record *r, uint64_t stream, int64_t now_ns);
/* The adapter that gets a copy after adapter `after` (-1 to begin); -1: no more.  All of them when none is open. */
int qos_balancing_each(const struct qos_balancing *b, int after);

#endif
