/*
 * Who is served, where, until when.
 *
 * Records in service wait in the one ordered queue for their departure, so output is in order of departure.
 */
#include "route/inside.h"

/* Which record may start now? */
struct chance {
	int adapter;              /* where; -1: on the router's own capacity */
	struct qos_lanes *queues; /* whose next one it is; NULL: none may */
};

/* Bound records and those that any adapter may serve compete by urgency, and by turns. */
static struct chance next_at_sites(struct qos_router *r)
{
	uint64_t waiting = qos_lanes_waiting(&r->queues, r->now_ns);
	int own = r->room.n_records ? qos_sites_next(&r->sites, r->now_ns) : -1;
	int free_one = waiting ? qos_sites_idle(&r->sites) : -1;

	if (own >= 0 && free_one >= 0) {
		int a = qos_bits_first(qos_lanes_waiting(r->sites.site[own].queues, r->now_ns)),
		    b = qos_bits_first(waiting);

		if (b < a || (b == a && !r->own_turn))
			own = -1;
	}
	if (own >= 0)
		return (struct chance){ own, r->sites.site[own].queues };
	return (struct chance){ free_one, free_one >= 0 ? &r->queues : NULL };
}

static inline struct chance next_chance(struct qos_router *r)
{
	if (r->gate.n_servers && !r->gate.n_idle)
		return (struct chance){ 0 };
	if (r->sites.n)
		return next_at_sites(r);
	return (struct chance){ -1, qos_lanes_waiting(&r->queues, r->now_ns) ? &r->queues : NULL };
}

/*
 * Most records free their server when they leave.  Where the two moments differ (a latency follows the service, or the
 * gate is free before the adapter is), the server gets a node of its own.
 */
struct busy {
	struct qos_node node; /* key: end of service */
	int adapter;          /* -1: the gate */
	int server;
};

static struct qos_servers *pool_of(struct qos_router *r, int adapter)
{
	return adapter < 0 ? &r->gate : &r->sites.site[adapter].servers;
}

static bool leaves_with_server(const struct qos_router *r, int adapter)
{
	return adapter < 0 || !r->sites.site[adapter].has_latency;
}

/* Frees the server at its end of service; at once if there is no memory for the node, which errs on the fast side. */
static void free_later(struct qos_router *r, int adapter, int server, uint64_t seq)
{
	struct qos_servers *pool = pool_of(r, adapter);
	struct busy *b = qos_slab_get(&r->slab, sizeof(*b));

	if (!b) {
		qos_servers_done(pool, server);
		return;
	}
	*b = (struct busy){ { .key = pool->server[server].free_ns, .seq = seq }, adapter, server };
	qos_bucketq_push(r->busy, &b->node);
}

/* A server of it is idle again. */
static void serve_done(struct qos_router *r, int adapter, int server)
{
	qos_servers_done(pool_of(r, adapter), server);
	if (adapter >= 0)
		qos_sites_changed(&r->sites, adapter);
}

/* The record leaves its queue for a server of that adapter: whose turn is it next, and what does the pool know? */
static void taken(struct qos_router *router, struct qos_record *r, int adapter)
{
	if (r->bound) {
		qos_sites_queued(&router->sites, adapter, -1);
		router->sites.turn = adapter + 1 < router->sites.n ? adapter + 1 : 0;
	} else {
		if (qos_router_counts(router, r))
			qos_pool_started(&router->balancing.pool, adapter);
		qos_router_given(router, adapter);
	}
	router->own_turn = !r->bound;
	r->adapter = (int16_t)adapter;
}

/* Takes the record that is next into service; it leaves at its depart_ns. */
static void start(struct qos_router *router, const struct chance *at, int64_t now_ns, struct qos_sink *out)
{
	struct qos_record *r = qos_lanes_pop(at->queues, now_ns);
	struct qos_servers *pool = pool_of(router, at->adapter);

	qos_router_end_dropped(router, at->queues, out);
	if (!r)
		return;
	if (at->adapter >= 0 && router->gate.n_servers)
		free_later(router, -1, qos_servers_start(&router->gate, r, false, now_ns), r->node.seq);
	r->wait_ns = now_ns - r->arrival_ns;
	if (at->adapter >= 0) {
		taken(router, r, at->adapter);
		qos_sites_start(&router->sites, at->adapter, r, now_ns);
	} else {
		r->server = (uint16_t)qos_servers_start(pool, r, true, now_ns);
		r->depart_ns = pool->server[r->server].free_ns;
	}
	qos_lanes_sent(at->queues, r, pool->server[r->server].free_ns - now_ns, now_ns);
	if (!leaves_with_server(router, at->adapter))
		free_later(router, at->adapter, r->server, r->node.seq);
	r->node.key = r->depart_ns;
	qos_bucketq_push(router->in_service, &r->node);
}

/* The record has been served, or has failed. */
static void leave(struct qos_router *router, struct qos_record *r, int64_t now_ns, struct qos_sink *out)
{
	struct qos_lanes *q = qos_router_queues_of(router, r);
	bool ok = !r->drop;

	if (leaves_with_server(router, r->adapter))
		serve_done(router, r->adapter, r->server);
	if (r->adapter >= 0 && qos_router_counts(router, r))
		qos_pool_done(&router->balancing.pool, r->adapter, now_ns - r->arrival_ns - r->wait_ns, ok, now_ns);
	if (router->sites.n > 1)
		qos_router_ended(router, r, ok, now_ns, out);
	qos_lanes_leave(q, r);
	if (ok) {
		qos_router_settle(router, r, out);
	} else {
		router->sites.site[r->adapter].n_errors++;
		r->depart_ns = QOS_UNSET;
		qos_router_drop(router, r, QOS_DROP_ERROR, q, out);
	}
	qos_record_drop(r, router->fields, &router->slab);
}

/* Ends the services that are due, and lets go the records that are; records in order of departure. */
static void finish(struct qos_router *router, int64_t now_ns, struct qos_sink *out)
{
	struct qos_node *n;

	while ((n = qos_bucketq_first(router->busy)) && n->key <= now_ns) {
		struct busy *b = (struct busy *)qos_bucketq_pop(router->busy);

		serve_done(router, b->adapter, b->server);
		qos_slab_put(&router->slab, b, sizeof(*b));
	}
	while ((n = qos_bucketq_first(router->in_service)) && n->key <= now_ns)
		leave(router, (struct qos_record *)qos_bucketq_pop(router->in_service), now_ns, out);
}

void qos_router_serve(struct qos_router *r, int64_t now_ns, struct qos_sink *out)
{
	struct chance chance;

	finish(r, now_ns, out);
	while ((chance = next_chance(r)).queues) {
		start(r, &chance, now_ns, out);
		finish(r, now_ns, out); /* a service may take no time */
	}
}

bool qos_router_can_serve(struct qos_router *r)
{
	return next_chance(r).queues;
}

/* Some that wait may be at their tenants' ceils alone. */
static int64_t due_below_ceil(const struct qos_router *r, int64_t due_ns)
{
	for (int i = -1; i < r->sites.n; i++) {
		const struct qos_lanes *q = i < 0 ? &r->queues : r->sites.site[i].queues;
		int64_t at_ns = q ? qos_lanes_due(q, r->now_ns) : QOS_NEVER;

		if (at_ns < due_ns)
			due_ns = at_ns;
	}
	return due_ns;
}

int64_t qos_router_serve_due(const struct qos_router *r)
{
	const struct qos_node *a = qos_bucketq_first(r->busy), *b = qos_bucketq_first(r->in_service);
	int64_t due_ns = a ? a->key : QOS_NEVER;

	if (b && b->key < due_ns)
		due_ns = b->key;
	return r->tenants.has_ceil ? due_below_ceil(r, due_ns) : due_ns;
}

/* --- an adapter fails --- */

static bool record_at(struct qos_node *n, int adapter)
{
	struct qos_record *r = (struct qos_record *)n;

	if (r->adapter != adapter)
		return false;
	r->drop = QOS_DROP_ERROR;
	return true;
}

static bool server_of(struct qos_node *n, int adapter)
{
	return ((struct busy *)n)->adapter == adapter;
}

/* What is of that adapter is due now. */
static void hasten(struct qos_bucketq *q, int adapter, bool (*is)(struct qos_node *n, int adapter), int64_t now_ns)
{
	struct qos_node *n, *all = NULL;

	while ((n = qos_bucketq_pop(q))) {
		if (is(n, adapter))
			n->key = now_ns;
		n->sibling = all;
		all = n;
	}
	while ((n = all)) {
		all = n->sibling;
		qos_bucketq_push(q, n);
	}
}

void qos_router_abort(struct qos_router *router, int i, int64_t now_ns)
{
	hasten(router->busy, i, server_of, now_ns);
	hasten(router->in_service, i, record_at, now_ns);
}
