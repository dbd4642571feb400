/*
 * The inside of a router, for router.c (arrival, set-up), service.c (who is served, and leaves) and failover.c
 * (adapters that go down and come back) alone.
 */
#ifndef QOS_ROUTE_INSIDE_H
#define QOS_ROUTE_INSIDE_H

#include "base/bits.h"
#include "pool/health.h"
#include "route/copies.h"
#include "route/router.h"

struct qos_router {
	const struct qos_config *config;
	const struct qos_fields *fields;
	struct qos_tenants tenants;
	struct qos_lanes queues; /* of the records that nobody bound to an adapter */
	struct qos_servers gate; /* the router's own capacity; no servers: none */
	struct qos_sites sites;  /* the adapters */
	struct qos_balancing balancing;
	struct qos_health health; /* of the adapters */
	struct qos_copies copies;
	struct qos_room room;
	bool timed; /* there is a capacity somewhere */
	bool keep_drops, put_copies;
	bool own_turn;                  /* of two equally urgent records: the bound one goes first */
	struct qos_bucketq *in_service; /* key: the moment of departure */
	struct qos_bucketq *busy;       /* servers whose end of service is not a departure; key: that moment */
	struct qos_slab slab;
	struct qos_ledger ledger;
	int64_t now_ns;    /* of the last push or advance */
	int64_t retry_ns;  /* what the record that is being dropped is told; 0: nothing */
	int64_t origin_ns; /* of the first record: faults are counted from there */
	int64_t fault_ns;  /* when a simulated adapter changes; QOS_NEVER */
	int64_t house_ns;  /* when housekeeping is due, at the first event from then on */
	struct qos_column column[6];
	int n_columns;
};

/* Does the pool know of this record? */
static inline bool qos_router_counts(const struct qos_router *router, const struct qos_record *r)
{
	return r->bound || router->balancing.binds;
}

/* The queues that it waits in, or came from. */
static inline struct qos_lanes *qos_router_queues_of(struct qos_router *router, const struct qos_record *r)
{
	return r->bound ? router->sites.site[r->adapter].queues : &router->queues;
}

/* The record ends: it was served, or dropped for r->drop. */
void qos_router_settle(struct qos_router *router, struct qos_record *r, struct qos_sink *out);
/* The record ends: queues q, or somebody before or behind them, did not take it. */
void qos_router_drop(struct qos_router *router, struct qos_record *r, enum qos_drop why, struct qos_lanes *q,
		     struct qos_sink *out);
/* Ends what q has dropped: it left queues without being served, those or others. */
void qos_router_end_dropped(struct qos_router *router, struct qos_lanes *q, struct qos_sink *out);
/* The record waits where it was sent (an adapter, or QOS_TO_FREE), or is dropped; r->bound is set. */
void qos_router_join(struct qos_router *router, struct qos_record *r, int to, int64_t now_ns, struct qos_sink *out);

/* Ends services and lets records go that are due; starts all services that can start now. */
void qos_router_serve(struct qos_router *router, int64_t now_ns, struct qos_sink *out);
/* Could a service start now? */
bool qos_router_can_serve(struct qos_router *router);
/* The next end of a service or departure; QOS_NEVER. */
int64_t qos_router_serve_due(const struct qos_router *router);
/* All that is in service at adapter i ends now, in error. */
void qos_router_abort(struct qos_router *router, int i, int64_t now_ns);

/* Member i was given a record, lost it, or a record of it ended: who may be chosen may be others now. */
void qos_router_given(struct qos_router *router, int i);
void qos_router_lost(struct qos_router *router, int i);
void qos_router_ended(struct qos_router *router, const struct qos_record *r, bool ok, int64_t now_ns,
		      struct qos_sink *out);
/* Ejections end. */
void qos_router_health(struct qos_router *router, int64_t now_ns, struct qos_sink *out);
/* A look at adapters that takes place once in a while: who is slow, who is not ready, what do they weigh? */
void qos_router_review(struct qos_router *router, int64_t now_ns, struct qos_sink *out);
/* Faults that begin or end up to now_ns, each at its moment. */
void qos_router_faults(struct qos_router *router, int64_t now_ns, struct qos_sink *out);

#endif
