/*
 * The router: a stage that queues records by class, serves them in the order of a discipline, and sends them to
 * adapters.
 *
 *   push -> class, deadline -> limits (queue, streams) -> queue --discipline--> server of an adapter -> (latency) ->
 * out
 *
 * It is told the time.  Records that arrive at one moment all compete before any of them is served, so the result does
 * not depend on their order in the input where a discipline ranks them.  Ties: (time, class, sequence).
 */
#ifndef QOS_ROUTE_ROUTER_H
#define QOS_ROUTE_ROUTER_H

#include "config/config.h"
#include "format/writer.h"
#include "record/stage.h"
#include "route/queues.h"
#include "sched/ledger.h"
#include "sched/server.h"

struct qos_router_options {
	struct qos_rate capacity; /* of the router itself; unset: none */
	struct qos_queues_options queues;
	bool keep_drops; /* dropped records go on, with the reason in `drop` */
	/* May adapter i be given a record now?  NULL: always.  Asked when a service could start there. */
	bool (*ready)(const void *ready_self, int adapter);
	const void *ready_self;
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
/* The pool of adapter i, i < the config's n_adapters. */
const struct qos_servers *qos_router_adapter(const struct qos_router *r, int i);
/* Its queues, for what happened to each class. */
const struct qos_queues *qos_router_queues(const struct qos_router *r);
/* Most streams that were active at once. */
uint32_t qos_router_streams_max(const struct qos_router *r);

#endif
