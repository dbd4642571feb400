/*
 * The router: arrival, the end of records, set-up.
 *
 * Two kinds of moments move it: a record arrives (push), a service ends or an adapter changes (advance).  Starting a
 * service is put off to `advance` at the same moment, so that everything that arrives then is seen.
 */
#include "route/inside.h"

#include <stdlib.h>

#include "sched/text.h"
#include "unit/timestamp.h"

/* --- what is written --- */

static struct qos_str text_adapter(const void *self, const struct qos_record *r, char *scratch)
{
	const struct qos_router *router = self;

	if (r->copies)
		return r->drop && r->drop != QOS_DROP_ERROR ? QOS_STR("") : QOS_STR("broadcast");
	return r->adapter < 0 ? QOS_STR("") : router->sites.site[r->adapter].name;
}

static struct qos_str text_mark(const void *self, const struct qos_record *r, char *scratch)
{
	const struct qos_router *router = self;

	const struct qos_queues *q = &router->queues.lane->queues;

	return r->marked ? qos_str(q->use[q->rank[r->class]].aqm->name) : QOS_STR("");
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
	if (r->queues.lane->queues.options.mark)
		r->column[r->n_columns++] = (struct qos_column){ QOS_F_MARK, false, text_mark };
	if (r->keep_drops) {
		r->column[r->n_columns++] = (struct qos_column){ QOS_F_DROP, false, qos_text_drop };
		r->column[r->n_columns++] = (struct qos_column){ QOS_F_RETRY_AFTER, true, text_retry };
	}
}

/* --- the end of a record --- */

/* It was served, or dropped for r->drop. */
void qos_router_settle(struct qos_router *router, struct qos_record *r, struct qos_sink *out)
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
	if (qos_tenants_are_shared(&router->tenants))
		qos_tenants_ended(&router->tenants, r);
	if (!r->drop || router->keep_drops)
		out->put(out->self, r);
}

/* Ends a record that queues q, or anybody on the way there, does not take. */
void qos_router_drop(struct qos_router *router, struct qos_record *r, enum qos_drop why, struct qos_lanes *q,
		     struct qos_sink *out)
{
	struct qos_queues_class *c = &qos_lanes_of(q, r)->class[r->class];

	r->drop = (uint8_t)why;
	if (why != QOS_DROP_ERROR)
		r->adapter = -1;
	router->retry_ns = qos_lanes_retry_ns(q, r, why, router->now_ns);
	if (router->retry_ns > c->retry_max_ns)
		c->retry_max_ns = router->retry_ns;
	qos_router_settle(router, r, out);
}

/* What left queues without being served. */
void qos_router_end_dropped(struct qos_router *router, struct qos_lanes *q, struct qos_sink *out)
{
	struct qos_record *r;

	while ((r = qos_lanes_dropped(q))) {
		struct qos_lanes *own = qos_router_queues_of(router, r); /* somebody before another adapter made room */

		if (r->bound) {
			qos_pool_queued(&router->balancing.pool, r->adapter, -1);
			qos_sites_queued(&router->sites, r->adapter, -1);
			qos_router_lost(router, r->adapter);
		}
		qos_router_drop(router, r, (enum qos_drop)r->drop, own, out);
		qos_lanes_leave(own, r);
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
	qos_router_settle(router, r, out);
}

/* The record waits where it was sent; r->bound is set. */
void qos_router_join(struct qos_router *router, struct qos_record *r, int to, int64_t now_ns, struct qos_sink *out)
{
	struct qos_lanes *q = to >= 0 ? qos_sites_queues(&router->sites, to) : &router->queues;
	struct qos_ledger_class *l = &router->ledger.class[r->class];
	enum qos_drop why = QOS_DROP_MEMORY;
	const struct qos_queues *own;

	r->adapter = (int16_t)(to >= 0 ? to : -1);
	if (q)
		why = qos_lanes_push(q, r, now_ns);
	if (!why && to >= 0) {
		qos_pool_queued(&router->balancing.pool, to, 1);
		qos_sites_queued(&router->sites, to, 1);
		qos_router_given(router, to);
	}
	if (why)
		qos_router_drop(router, r, why, q ? q : &router->queues, out);
	if (!q)
		return;
	qos_router_end_dropped(router, q, out);
	own = qos_lanes_of(q, r);
	if (own->queue[own->rank[r->class]].n_records_max > l->n_queued_max)
		l->n_queued_max = own->queue[own->rank[r->class]].n_records_max;
}

/* A copy to each adapter. */
static void spread(struct qos_router *router, struct qos_record *r, int64_t now_ns, struct qos_sink *out)
{
	const struct qos_balancing *b = &router->balancing;
	uint32_t group;
	int n = 0;

	for (int i = -1; (i = qos_balancing_each(b, i)) >= 0;)
		n++;
	group = qos_copies_begin(&router->copies, n);
	if (!group) {
		qos_router_drop(router, r, QOS_DROP_MEMORY, &router->queues, out);
		return;
	}
	for (int i = -1; (i = qos_balancing_each(b, i)) >= 0;) {
		struct qos_record copy = *r; /* the reader's own is used again for the next record */

		copy.copies = group;
		copy.bound = QOS_BOUND_DIRECT;
		qos_router_join(router, &copy, i, now_ns, out);
	}
}

static void admit(struct qos_router *router, struct qos_record *r, int64_t now_ns, struct qos_sink *out)
{
	int to = QOS_TO_FREE;

	if (qos_tenants_are_shared(&router->tenants) && !qos_tenants_admit(&router->tenants, r, now_ns)) {
		qos_router_drop(router, r, QOS_DROP_RATE, &router->queues, out);
		return;
	}
	if (router->sites.n)
		to = qos_balancing_choose(&router->balancing, r, now_ns, &r->bound);
	if (to == QOS_TO_NONE)
		qos_router_drop(router, r, QOS_DROP_ROUTE, &router->queues, out);
	else if (to == QOS_TO_EACH)
		spread(router, r, now_ns, out);
	else
		qos_router_join(router, r, to, now_ns, out);
}

/* What is done once in a while. */
static void keep_house(struct qos_router *r, int64_t now_ns, struct qos_sink *out)
{
	r->house_ns = qos_add_clamped(now_ns, r->config->processing_interval_ns);
	qos_pool_advance(&r->balancing.pool, now_ns);
	qos_router_review(r, now_ns, out);
}

/* The first record has come. */
static void begin(struct qos_router *r, int64_t now_ns)
{
	r->origin_ns = now_ns;
	if (r->sites.has_faults)
		r->fault_ns = now_ns;
	if (r->balancing.binds || r->sites.n > 1)
		r->house_ns = now_ns;
}

static void router_push(void *self, struct qos_record *r, int64_t now_ns, struct qos_sink *out)
{
	struct qos_router *router = self;
	int64_t span_ns = r->deadline_ns;

	router->now_ns = now_ns;
	if (router->origin_ns == QOS_UNSET)
		begin(router, now_ns);
	if (now_ns >= router->fault_ns)
		qos_router_faults(router, now_ns, out);
	if (now_ns >= router->health.due_ns)
		qos_router_health(router, now_ns, out);
	if (now_ns >= router->house_ns)
		keep_house(router, now_ns, out);
	if (r->class < 0) {
		r->class = (int16_t)router->config->default_class;
		router->ledger.n_unclassified++;
	}
	qos_ledger_in(&router->ledger, r);
	if (qos_tenants_are_shared(&router->tenants))
		qos_tenants_came(&router->tenants, r);
	if (r->drop) { /* dropped by an earlier filter and kept: it goes on untouched */
		qos_ledger_drop(&router->ledger, r);
		if (qos_tenants_are_shared(&router->tenants))
			qos_tenants_ended(&router->tenants, r);
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

/* --- time --- */

static void router_advance(void *self, int64_t now_ns, struct qos_sink *out)
{
	struct qos_router *r = self;

	r->now_ns = now_ns;
	if (now_ns >= r->fault_ns)
		qos_router_faults(r, now_ns, out);
	if (now_ns >= r->health.due_ns)
		qos_router_health(r, now_ns, out);
	if (now_ns >= r->house_ns)
		keep_house(r, now_ns, out);
	qos_router_serve(r, now_ns, out);
}

static int64_t router_due(const void *self)
{
	struct qos_router *r =
		(struct qos_router *)self; /* looking for the next one changes what is known, not what is */
	int64_t due_ns;

	if (qos_router_can_serve(r))
		return r->now_ns;
	due_ns = qos_router_serve_due(r);
	if (r->fault_ns < due_ns && (due_ns != QOS_NEVER || r->room.n_records))
		due_ns = r->fault_ns;
	if (!r->room.n_records)
		return due_ns;
	if (r->health.due_ns < due_ns)
		due_ns = r->health.due_ns;
	return r->sites.ready && r->balancing.binds && r->house_ns < due_ns ? r->house_ns
									    : due_ns; /* readiness is looked for */
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
		if (r->sites.site[i].queues && qos_lanes_full(r->sites.site[i].queues))
			return true;
	return qos_lanes_full(&r->queues);
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

static int open_health(struct qos_router *r, struct qos_err *err)
{
	const struct qos_config *c = r->config;
	struct qos_health_options o = { .errors = c->outlier_errors,
					.latency_factor = c->outlier_latency,
					.ejection_ns = c->ejection_time_ns,
					.slow_start_ns = c->slow_start_ns };

	qos_health_init(&r->health, &o);
	for (int i = 0; i < r->sites.n; i++)
		if (qos_health_add(&r->health, INT64_MIN, err) < 0)
			return QOS_EIO;
	return 0;
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
	if ((rc = qos_tenants_init(&r->tenants, config, &r->room, fields, err)) ||
	    (rc = qos_lanes_init(&r->queues, &r->tenants, config, &queues, fields, &r->slab, err)) ||
	    (rc = qos_sites_init(&r->sites, &r->tenants, config, &queues, fields, &r->slab, err)) ||
	    (rc = qos_balancing_init(&r->balancing, config, options->queues.seed, fields, err)) ||
	    (rc = open_health(r, err)))
		goto fail;
	r->sites.ready = options->ready;
	r->sites.ready_self = options->ready_self;
	r->origin_ns = QOS_UNSET;
	r->fault_ns = r->house_ns = QOS_NEVER;
	r->timed = r->sites.n > 0 || qos_rate_is_set(&options->capacity);
	if (qos_rate_is_set(&options->capacity) && (rc = qos_servers_init(&r->gate, options->capacity, 1, err)))
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
	qos_lanes_free(&r->queues);
	qos_sites_free(&r->sites);
	qos_tenants_free(&r->tenants);
	qos_balancing_free(&r->balancing);
	qos_health_free(&r->health);
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

int64_t qos_router_down_ns(const struct qos_router *r, int i)
{
	const struct qos_site *site = &r->sites.site[i];

	return site->down_ns + (site->up ? 0 : r->now_ns - site->down_since_ns);
}

const struct qos_health *qos_router_health_of(const struct qos_router *r)
{
	return &r->health;
}

int64_t qos_router_ejected_ns(const struct qos_router *r, int i)
{
	return qos_health_ejected_ns(&r->health, i, r->now_ns);
}

const struct qos_pool *qos_router_pool(const struct qos_router *r)
{
	return &r->balancing.pool;
}

/* The lanes before adapter i; -1: those of records that no adapter was chosen for.   NULL: there are none. */
static const struct qos_lanes *lanes_at(const struct qos_router *r, int i)
{
	return i < 0 ? &r->queues : r->sites.site[i].queues;
}

static uint32_t streams_max(const struct qos_lanes *q)
{
	uint32_t n = 0;

	for (int i = 0; q && i < q->n; i++)
		n += q->lane[i].queues.n_streams_max;
	return n;
}

uint32_t qos_router_streams_max(const struct qos_router *r)
{
	uint32_t n = 0;

	for (int i = -1; i < r->sites.n; i++)
		if (streams_max(lanes_at(r, i)) > n)
			n = streams_max(lanes_at(r, i));
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

static void add_classes(struct qos_router_class *sum, const struct qos_lanes *q, int class)
{
	for (int i = 0; i < q->n; i++)
		add_class(sum, &q->lane[i].queues, class);
	if (q->n > 1)
		sum->gap_bound_ns = QOS_NEVER; /* the lanes' turns are not in it */
}

static bool has_served(const struct qos_lanes *q)
{
	for (int i = 0; i < q->n; i++)
		if (q->lane[i].queues.worst.service_ns)
			return true;
	return false;
}

struct qos_router_class qos_router_class(const struct qos_router *r, int class)
{
	struct qos_router_class sum = { 0 };
	bool any = false;

	for (int i = 0; i < r->sites.n; i++) {
		if (!r->sites.site[i].queues)
			continue;
		add_classes(&sum, r->sites.site[i].queues, class);
		any = true;
	}
	if (!any || has_served(&r->queues)) /* nobody waited there, so they bound nothing */
		add_classes(&sum, &r->queues, class);
	return sum;
}

const struct qos_queues *qos_router_queues(const struct qos_router *r, int adapter, int tenant)
{
	const struct qos_lanes *q = lanes_at(r, adapter);

	return q ? &q->lane[tenant].queues : NULL;
}

const struct qos_tenants *qos_router_tenants(const struct qos_router *r)
{
	return &r->tenants;
}

const struct qos_room *qos_router_room(const struct qos_router *r)
{
	return &r->room;
}
