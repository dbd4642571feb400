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
#include "route/queues.h"
#include "sched/text.h"
#include "unit/timestamp.h"

#define IN_SERVICE_SHIFT 13 /* buckets of 8.192 us */

struct adapter {
	struct qos_str name;
	struct qos_servers pool;
};

struct qos_router {
	const struct qos_config *config;
	const struct qos_fields *fields;
	struct qos_queues queues;
	struct qos_servers gate; /* the router's own capacity; no servers: none */
	struct adapter *adapter;
	int n_adapters;
	bool timed; /* there is a capacity somewhere */
	bool keep_drops;
	bool (*ready)(const void *ready_self, int adapter);
	const void *ready_self;
	struct qos_bucketq *in_service; /* key: the moment of departure */
	struct qos_bucketq *busy;       /* servers whose end of service is not a departure; key: that moment */
	struct qos_slab slab;
	struct qos_ledger ledger;
	int64_t now_ns;   /* of the last push or advance */
	int64_t retry_ns; /* what the record that is being dropped is told; 0: nothing */
	struct qos_column column[6];
	int n_columns;
};

/* --- what is written --- */

static struct qos_str text_adapter(const void *self, const struct qos_record *r, char *scratch)
{
	const struct qos_router *router = self;

	return r->adapter < 0 ? QOS_STR("") : router->adapter[r->adapter].name;
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
	if (r->n_adapters)
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

/* --- arrival --- */

/* Would the same record be taken later? */
static bool may_return(enum qos_drop why)
{
	return why != QOS_DROP_EXPIRED && why != QOS_DROP_MEMORY;
}

/* Ends a record that will not be served. */
static void drop(struct qos_router *router, struct qos_record *r, enum qos_drop why, struct qos_sink *out)
{
	struct qos_queues_class *c = &router->queues.class[r->class];

	r->drop = (uint8_t)why;
	router->retry_ns = may_return(why) ? qos_queues_retry_ns(&router->queues, r->class) : 0;
	if (router->retry_ns > c->retry_max_ns)
		c->retry_max_ns = router->retry_ns;
	qos_ledger_drop(&router->ledger, r);
	if (router->keep_drops)
		out->put(out->self, r);
}

/* Nothing takes time here: the record leaves as it comes. */
static void pass(struct qos_router *router, struct qos_record *r, int64_t now_ns, struct qos_sink *out)
{
	r->wait_ns = 0;
	r->depart_ns = now_ns;
	r->adapter = router->n_adapters ? 0 : -1;
	qos_ledger_out(&router->ledger, r);
	out->put(out->self, r);
}

/* What left the queues without being served. */
static void end_dropped(struct qos_router *router, struct qos_sink *out)
{
	struct qos_record *r;

	while ((r = qos_queues_dropped(&router->queues))) {
		drop(router, r, (enum qos_drop)r->drop, out);
		qos_queues_leave(&router->queues, r);
		qos_record_drop(r, router->fields, &router->slab);
	}
}

static void admit(struct qos_router *router, struct qos_record *r, int64_t now_ns, struct qos_sink *out)
{
	enum qos_drop why = qos_queues_push(&router->queues, r, now_ns);

	if (why)
		drop(router, r, why, out);
	end_dropped(router, out);
	router->ledger.class[r->class].n_queued_max = router->queues.queue[router->queues.rank[r->class]].n_records_max;
}

static void router_push(void *self, struct qos_record *r, int64_t now_ns, struct qos_sink *out)
{
	struct qos_router *router = self;
	int64_t span_ns = r->deadline_ns;

	router->now_ns = now_ns;
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

/* The adapter with the smallest part of its servers busy, the first given among equals; -1 when all are busy. */
static int idle_adapter(const struct qos_router *r)
{
	int best = -1;

	for (int i = 0; i < r->n_adapters; i++) {
		const struct qos_servers *p = &r->adapter[i].pool, *b = best < 0 ? NULL : &r->adapter[best].pool;

		if (r->ready && !r->ready(r->ready_self, i))
			continue;
		if (p->n_idle && (!b || (int64_t)p->n_idle * b->n_servers > (int64_t)b->n_idle * p->n_servers))
			best = i;
	}
	return best;
}

/* May a service start now?  *adapter: where, -1 on the router's own capacity. */
static bool can_start(const struct qos_router *r, int *adapter)
{
	*adapter = -1;
	if (!r->queues.waiting || (r->gate.n_servers && !r->gate.n_idle))
		return false;
	return r->n_adapters == 0 || (*adapter = idle_adapter(r)) >= 0;
}

/*
 * Most records free their server when they leave.  Where the two moments differ (a latency follows the service, or the
 * gate is free before the adapter is), the server gets a node of its own.
 */
struct busy {
	struct qos_node node; /* key: end of service */
	struct qos_servers *pool;
	int server;
};

static bool leaves_with_server(const struct qos_servers *pool)
{
	return pool->latency_ns == 0;
}

/* Frees the server at its end of service; at once if there is no memory for the node, which errs on the fast side. */
static void free_later(struct qos_router *r, struct qos_servers *pool, int server, uint64_t seq)
{
	struct busy *b = qos_slab_get(&r->slab, sizeof(*b));

	if (!b) {
		qos_servers_done(pool, server);
		return;
	}
	*b = (struct busy){ { .key = pool->server[server].free_ns, .seq = seq }, pool, server };
	qos_bucketq_push(r->busy, &b->node);
}

static struct qos_servers *pool_of(struct qos_router *r, int adapter)
{
	return adapter < 0 ? &r->gate : &r->adapter[adapter].pool;
}

/* Takes the record that is next into service; it leaves at its depart_ns. */
static void start(struct qos_router *router, int adapter, int64_t now_ns, struct qos_sink *out)
{
	struct qos_record *r = qos_queues_pop(&router->queues, now_ns);
	struct qos_servers *pool = pool_of(router, adapter);

	end_dropped(router, out);
	if (!r)
		return;
	if (adapter >= 0 && router->gate.n_servers)
		free_later(router, &router->gate, qos_servers_start(&router->gate, r, false, now_ns), r->node.seq);
	r->server = (uint16_t)qos_servers_start(pool, r, true, now_ns);
	r->adapter = (int16_t)adapter;
	r->wait_ns = now_ns - r->arrival_ns;
	r->depart_ns = qos_add_clamped(pool->server[r->server].free_ns, pool->latency_ns);
	qos_queues_sent(&router->queues, r, pool->server[r->server].free_ns - now_ns, now_ns);
	if (!leaves_with_server(pool))
		free_later(router, pool, r->server, r->node.seq);
	r->node.key = r->depart_ns;
	qos_bucketq_push(router->in_service, &r->node);
}

/* Ends the services that are due, and lets go the records that are; records in order of departure. */
static void finish(struct qos_router *router, int64_t now_ns, struct qos_sink *out)
{
	struct qos_node *n;

	while ((n = qos_bucketq_first(router->busy)) && n->key <= now_ns) {
		struct busy *b = (struct busy *)qos_bucketq_pop(router->busy);

		qos_servers_done(b->pool, b->server);
		qos_slab_put(&router->slab, b, sizeof(*b));
	}
	while ((n = qos_bucketq_first(router->in_service)) && n->key <= now_ns) {
		struct qos_record *r = (struct qos_record *)qos_bucketq_pop(router->in_service);
		struct qos_servers *pool = pool_of(router, r->adapter);

		if (leaves_with_server(pool))
			qos_servers_done(pool, r->server);
		qos_ledger_out(&router->ledger, r);
		out->put(out->self, r);
		qos_queues_leave(&router->queues, r);
		qos_record_drop(r, router->fields, &router->slab);
	}
}

static void router_advance(void *self, int64_t now_ns, struct qos_sink *out)
{
	struct qos_router *r = self;
	int adapter;

	r->now_ns = now_ns;
	finish(r, now_ns, out);
	while (can_start(r, &adapter)) {
		start(r, adapter, now_ns, out);
		finish(r, now_ns, out); /* a service may take no time */
	}
}

static int64_t router_due(const void *self)
{
	const struct qos_router *r = self;
	const struct qos_node *a, *b;
	int64_t due_ns = QOS_NEVER;
	int adapter;

	if (can_start(r, &adapter))
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
	return ((const struct qos_router *)self)->queues.waiting != 0;
}

/* Would a record of some class be dropped now? */
static bool router_full(const void *self)
{
	return qos_queues_full(&((const struct qos_router *)self)->queues);
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

static int open_adapters(struct qos_router *r, struct qos_err *err)
{
	const struct qos_config *c = r->config;

	r->adapter = calloc((size_t)c->n_adapters + 1, sizeof(*r->adapter));
	if (!r->adapter)
		return qos_fail_memory(err, "adapters");
	for (int i = 0; i < c->n_adapters; i++) {
		const struct qos_adapter_config *a = &c->adapters[i];
		struct qos_rate rate = { .bps = a->rate_bps == QOS_DEFAULT ? 0 : a->rate_bps,
					 .num = a->rate_num,
					 .den = a->rate_den };

		r->adapter[i].name = a->name;
		if (qos_servers_init(&r->adapter[i].pool, rate, a->concurrency, a->latency_ns, err))
			return QOS_EIO;
		r->n_adapters++;
	}
	return 0;
}

int qos_router_new(struct qos_router **router, const struct qos_config *config,
		   const struct qos_router_options *options, struct qos_fields *fields, struct qos_err *err)
{
	struct qos_router *r = calloc(1, sizeof(*r));
	int rc;

	*router = NULL;
	if (!r)
		return qos_fail_memory(err, "router");
	r->config = config;
	r->fields = fields;
	r->keep_drops = options->keep_drops;
	r->ready = options->ready;
	r->ready_self = options->ready_self;
	if ((rc = qos_queues_init(&r->queues, config, &options->queues, fields, &r->slab, err)) ||
	    (rc = open_adapters(r, err)))
		goto fail;
	r->timed = r->n_adapters > 0 || qos_rate_is_set(&options->capacity);
	if (qos_rate_is_set(&options->capacity) && (rc = qos_servers_init(&r->gate, options->capacity, 1, 0, err)))
		goto fail;
	rc = QOS_EIO;
	if (qos_bucketq_new(&r->in_service, IN_SERVICE_SHIFT, err) || qos_bucketq_new(&r->busy, IN_SERVICE_SHIFT, err))
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
	for (int i = 0; i < r->n_adapters; i++)
		qos_servers_free(&r->adapter[i].pool);
	free(r->adapter);
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

const struct qos_servers *qos_router_adapter(const struct qos_router *r, int i)
{
	return &r->adapter[i].pool;
}

uint32_t qos_router_streams_max(const struct qos_router *r)
{
	return r->queues.n_streams_max;
}

const struct qos_queues *qos_router_queues(const struct qos_router *r)
{
	return &r->queues;
}
