/*
 * The router: a stage that queues records by class, serves them in the order of a discipline, and sends them to
 * adapters.
 *
 *   push -> class, deadline -> which adapter? -> limits -> queue --discipline--> server -> (latency) -> out
 *
 * Records wait together for the adapter that is free first, unless a strategy or the record itself chooses one at
 * arrival: then in the queues of that adapter, which have their own limits, and adapters take turns at the router's
 * capacity.
 *
 * It is told the time.  Records that arrive at one moment all compete before any of them is served, so the result does
 * not depend on their order in the input where a discipline ranks them.  Ties: (time, class, sequence).
 */
#ifndef QOS_ROUTE_ROUTER_H
#define QOS_ROUTE_ROUTER_H

#include "config/config.h"
#include "pool/health.h"
#include "format/writer.h"
#include "record/stage.h"
#include "route/balancing.h"
#include "route/sites.h"
#include "sched/ledger.h"

struct qos_router_options {
	struct qos_rate capacity; /* of the router itself; unset: none */
	struct qos_queues_options queues;
	bool keep_drops; /* dropped records go on, with the reason in `drop` */
	bool put_copies; /* each copy of a record to all adapters is put, marked r->copy; else the last one alone */
	/* May adapter i be given a record now?  NULL: always.  Asked when a service could start there. */
	bool (*ready)(const void *ready_self, int adapter);
	const void *ready_self;
};

struct qos_router_class {
	int64_t depth;                   /* records that wait */
	uint64_t n_marked, n_inversions; /* inversions: in the queues that it was served from */
	uint64_t n_congestions;
	int64_t congested_ns;
	int64_t gap_max_ns, gap_bound_ns; /* longest without service, and the bound; QOS_NEVER: none */
	int64_t retry_ns, retry_max_ns;   /* what a refused record is told now, and was told at most */
};

struct qos_router;

/*
 * config	borrowed: classes, discipline, limits, adapters; its strings must outlive the router
 * fields	the stream field becomes wanted
 * Fails	QOS_EUSAGE for a discipline or adapter that does not exist.
 */
int qos_router_new(struct qos_router **router, const struct qos_config *config,
		   const struct qos_router_options *options, struct qos_fields *fields, struct qos_err *err);
/* Frees it and what it owns; takes NULL. */
void qos_router_free(struct qos_router *r);
struct qos_stage qos_router_stage(struct qos_router *r);
/* adapter (where there are adapters), queue_wait, depart, and drop (with keep_drops); self is the router. */
const struct qos_column *qos_router_columns(struct qos_router *r, int *n);

const struct qos_ledger *qos_router_ledger(const struct qos_router *r);
/* Adapter i, i < the config's n_adapters. */
const struct qos_site *qos_router_site(const struct qos_router *r, int i);
/* How long adapter i has been down, in all. */
int64_t qos_router_down_ns(const struct qos_router *r, int i);
/* Who may be chosen and why not; and how long adapter i was ejected or on trial, in all. */
const struct qos_health *qos_router_health_of(const struct qos_router *r);
int64_t qos_router_ejected_ns(const struct qos_router *r, int i);
/* What the strategies know of the adapters. */
const struct qos_pool *qos_router_pool(const struct qos_router *r);
/* What happened to a class, in all queues together. */
struct qos_router_class qos_router_class(const struct qos_router *r, int class);
/* A tenant's queues before adapter i, NULL while there are none; -1: of records that no adapter was chosen for. */
const struct qos_queues *qos_router_queues(const struct qos_router *r, int adapter, int tenant);
/* What happened to each tenant; one where none are configured. */
const struct qos_tenants *qos_router_tenants(const struct qos_router *r);
/* What all queues may hold, and held. */
const struct qos_room *qos_router_room(const struct qos_router *r);
/* Most streams that were active at once, in the queues of one adapter or in those of all. */
uint32_t qos_router_streams_max(const struct qos_router *r);

#endif
