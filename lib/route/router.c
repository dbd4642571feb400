/*
 * The router.
 *
 * Two kinds of moments move it: a record arrives (push), a service ends (advance).  Starting a service is put off to
 * `advance` at the same moment, so that everything that arrives then is seen.  Records in service wait in the one
 * ordered queue for their departure, so output is in order of departure.
 */
#include "route/router.h"

#include <stdlib.h>

#include "base/bits.h"
#include "route/copies.h"
#include "sched/text.h"
#include "unit/timestamp.h"

struct qos_router {
	const struct qos_config *config;
	const struct qos_fields *fields;
	struct qos_queues queues; /* of the records that nobody bound to an adapter */
	struct qos_servers gate;  /* the router's own capacity; no servers: none */
	struct qos_sites sites;   /* the adapters */
	struct qos_balancing balancing;
	struct qos_copies copies;
	struct qos_room room;
	bool timed; /* there is a capacity somewhere */
	bool keep_drops, put_copies;
	bool own_turn;                  /* of two equally urgent records: the bound one goes first */
	struct qos_bucketq *in_service; /* key: the moment of departure */
	struct qos_bucketq *busy;       /* servers whose end of service is not a departure; key: that moment */
	struct qos_slab slab;
	struct qos_ledger ledger;
	int64_t now_ns;   /* of the last push or advance */
	int64_t retry_ns; /* what the record that is being dropped is told; 0: nothing */
	int64_t house_ns; /* when housekeeping is due, at the first event from then on */
	struct qos_column column[6];
	int n_columns;
};

/* --- what is written --- */

static struct qos_str text_adapter(const void *self, const struct qos_record *r, char *scratch)
{
	const struct qos_router *router = self;

	if (r->copies)
		return r->drop ? QOS_STR("") : QOS_STR("broadcast");
	return r->adapter < 0 ? QOS_STR("") : router->sites.site[r->adapter].name;
}

static struct qos_str text_mark(const void *self, const struct qos_record *r, char *scratch)
{
	const struct qos_router *router = self;

	return r->marked ? qos_str(router->queues.use[router->queues.rank[r->class]].aqm->name) : QOS_STR("");
}

/* Up to the millisecond, rounded up: nobody comes back on the microsecond. */
static struct qos_str text_retry(const void *self, const struct qos_record *r, char *scratch)
{
	const struct qos_router *router = self;
	int64_t ms = router->retry_ns / 1000000 + (router->retry_ns % 1000000 != 0);

	if (!ms || r->drop == QOS_DROP_NONE || r->drop == QOS_DROP_UPSTREAM)
		return QOS_STR("");
	return (struct qos_str){ scratch, qos_seconds_write(scratch, ms * 1000000) };
}

static void choose_columns(struct qos_router *r)
{
	if (r->sites.n)
		r->column[r->n_columns++] = (struct qos_column){ QOS_F_ADAPTER, false, text_adapter };
	r->column[r->n_columns++] = (struct qos_column){ QOS_F_QUEUE_WAIT, true, qos_text_wait };
	r->column[r->n_columns++] = (struct qos_column){ QOS_F_DEPART, true, qos_text_depart };
	if (r->queues.options.mark)
		r->column[r->n_columns++] = (struct qos_column){ QOS_F_MARK, false, text_mark };
	if (r->keep_drops) {
		r->column[r->n_columns++] = (struct qos_column){ QOS_F_DROP, false, qos_text_drop };
		r->column[r->n_columns++] = (struct qos_column){ QOS_F_RETRY_AFTER, true, text_retry };
	}
}

/* --- the end of a record --- */

/* It was served, or dropped for r->drop. */
static void settle(struct qos_router *router, struct qos_record *r, struct qos_sink *out)
{
	if (r->copies && !qos_copies_end(&router->copies, r)) {
		r->copy = true;
		if (!r->drop && router->put_copies)
			out->put(out->self, r);
		return;
	}
	if (r->drop)
		qos_ledger_drop(&router->ledger, r);
	else
		qos_ledger_out(&router->ledger, r);
	if (!r->drop || router->keep_drops)
		out->put(out->self, r);
}

/* Would the same record be taken later? */
static bool may_return(enum qos_drop why)
{
	return why != QOS_DROP_EXPIRED && why != QOS_DROP_MEMORY && why != QOS_DROP_ROUTE;
}

/* Ends a record that queues q, or anybody on the way there, does not take. */
static void drop(struct qos_router *router, struct qos_record *r, enum qos_drop why, struct qos_queues *q,
		 struct qos_sink *out)
{
	r->drop = (uint8_t)why;
	router->retry_ns = may_return(why) ? qos_queues_retry_ns(q, r->class) : 0;
	if (router->retry_ns > q->class[r->class].retry_max_ns)
		q->class[r->class].retry_max_ns = router->retry_ns;
	r->adapter = -1;
	settle(router, r, out);
}

/* Does the pool know of it? */
static bool counts(const struct qos_router *router, const struct qos_record *r)
{
	return r->bound || router->balancing.binds;
}

static struct qos_queues *queues_of(struct qos_router *router, const struct qos_record *r)
{
	return r->bound ? router->sites.site[r->adapter].queues : &router->queues;
}

/* What left queues without being served. */
static void end_dropped(struct qos_router *router, struct qos_queues *q, struct qos_sink *out)
{
	struct qos_record *r;

	while ((r = qos_queues_dropped(q))) {
		if (r->bound) {
			qos_pool_queued(&router->balancing.pool, r->adapter, -1);
			qos_sites_queued(&router->sites, r->adapter, -1);
		}
		drop(router, r, (enum qos_drop)r->drop, q, out);
		qos_queues_leave(q, r);
		qos_record_drop(r, router->fields, &router->slab);
	}
}

/* --- arrival --- */

/* Nothing takes time here: the record leaves as it comes. */
static void pass(struct qos_router *router, struct qos_record *r, int64_t now_ns, struct qos_sink *out)
{
	r->wait_ns = 0;
	r->depart_ns = now_ns;
	r->adapter = -1;
	settle(router, r, out);
}

/* The record waits where it was sent; r->bound is set. */
static void join(struct qos_router *router, struct qos_record *r, int to, int64_t now_ns, struct qos_sink *out)
{
	struct qos_queues *q = to >= 0 ? qos_sites_queues(&router->sites, to) : &router->queues;
	struct qos_ledger_class *l = &router->ledger.class[r->class];
	enum qos_drop why = QOS_DROP_MEMORY;
	int64_t depth;

	r->adapter = (int16_t)(to >= 0 ? to : -1);
	if (q)
		why = qos_queues_push(q, r, now_ns);
	if (!why && to >= 0) {
		qos_pool_queued(&router->balancing.pool, to, 1);
		qos_sites_queued(&router->sites, to, 1);
	}
	if (why)
		drop(router, r, why, q ? q : &router->queues, out);
	if (!q)
		return;
	end_dropped(router, q, out);
	depth = q->queue[q->rank[r->class]].n_records_max;
	if (depth > l->n_queued_max)
		l->n_queued_max = depth;
}

/* A copy to each adapter. */
static void spread(struct qos_router *router, struct qos_record *r, int64_t now_ns, struct qos_sink *out)
{
	const struct qos_balancing *b = &router->balancing;
	struct qos_record copy;
	int n = 0;

	for (int i = -1; (i = qos_balancing_each(b, i)) >= 0;)
		n++;
	r->copies = qos_copies_begin(&router->copies, n);
	if (!r->copies) {
		drop(router, r, QOS_DROP_MEMORY, &router->queues, out);
		return;
	}
	r->bound = QOS_BOUND_DIRECT;
	for (int i = -1; (i = qos_balancing_each(b, i)) >= 0;) {
		copy = *r;
		join(router, &copy, i, now_ns, out);
	}
}

static void admit(struct qos_router *router, struct qos_record *r, int64_t now_ns, struct qos_sink *out)
{
	int to = router->sites.n ? qos_balancing_choose(&router->balancing, r, now_ns, &r->bound) : QOS_TO_FREE;

	if (to == QOS_TO_NONE)
		drop(router, r, QOS_DROP_ROUTE, &router->queues, out);
	else if (to == QOS_TO_EACH)
		spread(router, r, now_ns, out);
	else
		join(router, r, to, now_ns, out);
}

/* What is done once in a while. */
static void keep_house(struct qos_router *r, int64_t now_ns)
{
	r->house_ns = qos_add_clamped(now_ns, r->config->processing_interval_ns);
	qos_pool_advance(&r->balancing.pool, now_ns);
}

static void router_push(void *self, struct qos_record *r, int64_t now_ns, struct qos_sink *out)
{
	struct qos_router *router = self;
	int64_t span_ns = r->deadline_ns;

	router->now_ns = now_ns;
	if (now_ns >= router->house_ns)
		keep_house(router, now_ns);
	if (r->class < 0) {
		r->class = (int16_t)router->config->default_class;
		router->ledger.n_unclassified++;
	}
	qos_ledger_in(&router->ledger, r);
	if (r->drop) { /* dropped by an earlier filter and kept: it goes on untouched */
		qos_ledger_drop(&router->ledger, r);
		out->put(out->self, r);
		return;
	}
	if (span_ns == QOS_UNSET)
		span_ns = router->config->classes[r->class].latency_target_ns;
	r->deadline_ns = qos_add_clamped(r->ts_ns != QOS_UNSET ? r->ts_ns : now_ns, span_ns);
	if (router->timed)
		admit(router, r, now_ns, out);
	else
		pass(router, r, now_ns, out);
}

/* --- service --- */

/* Which record may start now? */
struct chance {
	int adapter;               /* where; -1: on the router's own capacity */
	struct qos_queues *queues; /* whose next one it is; NULL: none may */
};

static struct chance next_chance(struct qos_router *r)
{
	int own = -1, free_one = -1;

	if (r->gate.n_servers && !r->gate.n_idle)
		return (struct chance){ 0 };
	if (r->sites.n == 0)
		return (struct chance){ -1, r->queues.waiting ? &r->queues : NULL };
	if (r->room.n_records)
		own = qos_sites_next(&r->sites);
	if (r->queues.waiting)
		free_one = qos_sites_idle(&r->sites);
	if (own >= 0 && free_one >= 0) {
		int a = qos_bits_first(r->sites.site[own].queues->waiting), b = qos_bits_first(r->queues.waiting);

		if (b < a || (b == a && !r->own_turn))
			own = -1;
	}
	if (own >= 0)
		return (struct chance){ own, r->sites.site[own].queues };
	return (struct chance){ free_one, free_one >= 0 ? &r->queues : NULL };
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

static bool leaves_with_server(const struct qos_servers *pool)
{
	return pool->latency_ns == 0;
}

static struct qos_servers *pool_of(struct qos_router *r, int adapter)
{
	return adapter < 0 ? &r->gate : &r->sites.site[adapter].servers;
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
	} else if (counts(router, r)) {
		qos_pool_started(&router->balancing.pool, adapter);
	}
	router->own_turn = !r->bound;
	r->adapter = (int16_t)adapter;
}

/* Takes the record that is next into service; it leaves at its depart_ns. */
static void start(struct qos_router *router, const struct chance *at, int64_t now_ns, struct qos_sink *out)
{
	struct qos_record *r = qos_queues_pop(at->queues, now_ns);
	struct qos_servers *pool = pool_of(router, at->adapter);

	end_dropped(router, at->queues, out);
	if (!r)
		return;
	if (at->adapter >= 0 && router->gate.n_servers)
		free_later(router, -1, qos_servers_start(&router->gate, r, false, now_ns), r->node.seq);
	r->server = (uint16_t)qos_servers_start(pool, r, true, now_ns);
	r->wait_ns = now_ns - r->arrival_ns;
	r->depart_ns = qos_add_clamped(pool->server[r->server].free_ns, pool->latency_ns);
	if (at->adapter >= 0)
		taken(router, r, at->adapter);
	qos_queues_sent(at->queues, r, pool->server[r->server].free_ns - now_ns, now_ns);
	if (!leaves_with_server(pool))
		free_later(router, at->adapter, r->server, r->node.seq);
	r->node.key = r->depart_ns;
	qos_bucketq_push(router->in_service, &r->node);
}

/* The record has been served. */
static void leave(struct qos_router *router, struct qos_record *r, int64_t now_ns, struct qos_sink *out)
{
	if (leaves_with_server(pool_of(router, r->adapter)))
		serve_done(router, r->adapter, r->server);
	if (r->adapter >= 0 && counts(router, r))
		qos_pool_done(&router->balancing.pool, r->adapter, r->depart_ns - r->arrival_ns - r->wait_ns, true,
			      now_ns);
	qos_queues_leave(queues_of(router, r), r);
	settle(router, r, out);
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

static void router_advance(void *self, int64_t now_ns, struct qos_sink *out)
{
	struct qos_router *r = self;
	struct chance chance;

	r->now_ns = now_ns;
	finish(r, now_ns, out);
	while ((chance = next_chance(r)).queues) {
		start(r, &chance, now_ns, out);
		finish(r, now_ns, out); /* a service may take no time */
	}
}

static int64_t router_due(const void *self)
{
	const struct qos_router *r = self;
	const struct qos_node *a, *b;
	int64_t due_ns = QOS_NEVER;

	if (next_chance((struct qos_router *)r).queues)
		return r->now_ns;
	if ((a = qos_bucketq_first(r->busy)))
		due_ns = a->key;
	if ((b = qos_bucketq_first(r->in_service)) && b->key < due_ns)
		due_ns = b->key;
	return due_ns;
}

/* --- set-up --- */

/* Do records wait, perhaps for an adapter to be ready? */
static bool router_holds(const void *self)
{
	return ((const struct qos_router *)self)->room.n_records > 0;
}

/* Would a record of some class be dropped now? */
static bool router_full(const void *self)
{
	const struct qos_router *r = self;

	for (int i = 0; r->balancing.binds && i < r->sites.n; i++)
		if (r->sites.site[i].queues && qos_queues_full(r->sites.site[i].queues))
			return true;
	return qos_queues_full(&r->queues);
}

struct qos_stage qos_router_stage(struct qos_router *r)
{
	return (struct qos_stage){ .push = router_push,
				   .due = router_due,
				   .advance = router_advance,
				   .full = router_full,
				   .holds = router_holds,
				   .self = r };
}

int qos_router_new(struct qos_router **router, const struct qos_config *config,
		   const struct qos_router_options *options, struct qos_fields *fields, struct qos_err *err)
{
	struct qos_router *r = calloc(1, sizeof(*r));
	struct qos_queues_options queues;
	int rc;

	*router = NULL;
	if (!r)
		return qos_fail_memory(err, "router");
	r->config = config;
	r->fields = fields;
	r->keep_drops = options->keep_drops;
	r->put_copies = options->put_copies;
	r->room = qos_room_of(config);
	queues = options->queues;
	queues.room = &r->room;
	if ((rc = qos_queues_init(&r->queues, config, &queues, fields, &r->slab, err)) ||
	    (rc = qos_sites_init(&r->sites, config, &queues, fields, &r->slab, err)) ||
	    (rc = qos_balancing_init(&r->balancing, config, options->queues.seed, fields, err)))
		goto fail;
	r->sites.ready = options->ready;
	r->sites.ready_self = options->ready_self;
	r->house_ns = r->balancing.binds ? INT64_MIN : QOS_NEVER;
	r->timed = r->sites.n > 0 || qos_rate_is_set(&options->capacity);
	if (qos_rate_is_set(&options->capacity) && (rc = qos_servers_init(&r->gate, options->capacity, 1, 0, err)))
		goto fail;
	rc = QOS_EIO;
	if (qos_bucketq_new(&r->in_service, err) || qos_bucketq_new(&r->busy, err))
		goto fail;
	qos_fields_want(fields, QOS_F_STREAM);
	choose_columns(r);
	*router = r;
	return 0;
fail:
	qos_router_free(r);
	return rc;
}

void qos_router_free(struct qos_router *r)
{
	struct qos_record *record;

	if (!r)
		return;
	while (r->in_service && (record = (struct qos_record *)qos_bucketq_pop(r->in_service)))
		qos_record_drop(record, r->fields, &r->slab);
	qos_queues_free(&r->queues);
	qos_sites_free(&r->sites);
	qos_balancing_free(&r->balancing);
	qos_copies_free(&r->copies);
	qos_servers_free(&r->gate);
	qos_bucketq_free(r->in_service);
	qos_bucketq_free(r->busy);
	qos_slab_free(&r->slab);
	free(r);
}

const struct qos_column *qos_router_columns(struct qos_router *r, int *n)
{
	*n = r->n_columns;
	return r->column;
}

const struct qos_ledger *qos_router_ledger(const struct qos_router *r)
{
	return &r->ledger;
}

const struct qos_site *qos_router_site(const struct qos_router *r, int i)
{
	return &r->sites.site[i];
}

const struct qos_pool *qos_router_pool(const struct qos_router *r)
{
	return &r->balancing.pool;
}

uint32_t qos_router_streams_max(const struct qos_router *r)
{
	uint32_t n = r->queues.n_streams_max;

	for (int i = 0; i < r->sites.n; i++)
		if (r->sites.site[i].queues && r->sites.site[i].queues->n_streams_max > n)
			n = r->sites.site[i].queues->n_streams_max;
	return n;
}

static void add_class(struct qos_router_class *sum, const struct qos_queues *q, int class)
{
	const struct qos_queues_class *c = &q->class[class];
	int64_t bound_ns = qos_queues_gap_ns(q, class);

	sum->depth += q->queue[q->rank[class]].n_records;
	sum->n_marked += c->n_marked;
	sum->n_inversions += c->n_inversions;
	sum->n_congestions += c->congestion.n;
	sum->congested_ns += c->congestion.ns;
	if (c->gap_max_ns > sum->gap_max_ns)
		sum->gap_max_ns = c->gap_max_ns;
	if (bound_ns > sum->gap_bound_ns)
		sum->gap_bound_ns = bound_ns;
	if (qos_queues_retry_ns(q, class) > sum->retry_ns)
		sum->retry_ns = qos_queues_retry_ns(q, class);
	if (c->retry_max_ns > sum->retry_max_ns)
		sum->retry_max_ns = c->retry_max_ns;
}

struct qos_router_class qos_router_class(const struct qos_router *r, int class)
{
	struct qos_router_class sum = { 0 };
	bool any = false;

	for (int i = 0; i < r->sites.n; i++) {
		if (!r->sites.site[i].queues)
			continue;
		add_class(&sum, r->sites.site[i].queues, class);
		any = true;
	}
	if (!any || r->queues.worst.service_ns) /* nobody waited there, so they bound nothing */
		add_class(&sum, &r->queues, class);
	return sum;
}

const struct qos_queues *qos_router_queues(const struct qos_router *r, int adapter)
{
	return adapter < 0 ? &r->queues : r->sites.site[adapter].queues;
}

const struct qos_room *qos_router_room(const struct qos_router *r)
{
	return &r->room;
}
