/*
 * Adapters that go down, slow down and come back.
 *
 * What is in service at one that goes down ends in error; what waits there goes where its wish allows, or to whoever is
 * free; what asked for that adapter by name waits until it is back.
 */
#include "route/inside.h"

/* The adapter may be chosen, or not. */
static void set_open(struct qos_router *router, int i, bool open)
{
	struct qos_err err = { 0 };

	router->sites.site[i].open = open;
	/* without memory for a new table strategies go on with the old one; the next change makes it anew */
	(void)qos_pool_set_open(&router->balancing.pool, i, open, &err);
}

/* What waits for adapter i and may go elsewhere does. */
static void fail_over(struct qos_router *router, int i, int64_t now_ns, struct qos_sink *out)
{
	struct qos_site *site = &router->sites.site[i];
	struct qos_record *r, *all = site->n_waiting ? qos_lanes_take_all(site->queues, now_ns) : NULL;

	while ((r = all)) {
		const struct qos_stream *stream = r->stream;
		int to = qos_balancing_again(&router->balancing, r,
					     qos_hash((struct qos_str){ stream->name, stream->name_bytes }), now_ns);

		all = (struct qos_record *)r->node.sibling;
		qos_pool_queued(&router->balancing.pool, i, -1);
		qos_sites_queued(&router->sites, i, -1);
		qos_health_lost(&router->health, i);
		site->n_failed_over += to != i;
		if (to < 0)
			r->bound = QOS_BOUND_LATE;
		qos_router_join(router, r, to, now_ns, out); /* a copy of it */
		qos_lanes_leave(site->queues, r);
		qos_record_drop(r, router->fields, &router->slab);
	}
}

/* Those that may be chosen now are opened, those that may not are closed and what waits there moves. */
static void apply(struct qos_router *router, int64_t now_ns, struct qos_sink *out)
{
	const struct qos_health *h = &router->health;

	for (int i = 0; i < router->sites.n; i++)
		if (router->sites.site[i].open != qos_health_is_open(h, i))
			set_open(router, i, qos_health_is_open(h, i));
	for (int i = 0; i < router->sites.n; i++)
		if (!router->sites.site[i].open && h->member[i].state != QOS_HEALTH_TRIAL)
			fail_over(router, i, now_ns, out);
}

static void go_down(struct qos_router *router, int i, int64_t now_ns, struct qos_sink *out)
{
	struct qos_site *site = &router->sites.site[i];

	site->up = false;
	site->down_since_ns = now_ns;
	site->n_downs++;
	qos_health_set_up(&router->health, i, false);
	qos_router_abort(router, i, now_ns);
	apply(router, now_ns, out);
	qos_sites_changed(&router->sites, i);
}

static void come_back(struct qos_router *router, int i, int64_t now_ns, struct qos_sink *out)
{
	struct qos_site *site = &router->sites.site[i];

	site->up = true;
	site->down_ns += now_ns - site->down_since_ns;
	site->down_since_ns = QOS_UNSET;
	qos_health_set_up(&router->health, i, true);
	apply(router, now_ns, out);
	qos_sites_changed(&router->sites, i);
}

/* The first moment after t_ns at which any adapter changes. */
static int64_t next_fault(const struct qos_router *r, int64_t t_ns)
{
	int64_t next_ns = QOS_NEVER;

	for (int i = 0; i < r->sites.n; i++) {
		int64_t ns = qos_faults_next(&r->sites.site[i].faults, t_ns - r->origin_ns);

		if (ns != INT64_MAX && qos_add_clamped(r->origin_ns, ns) < next_ns)
			next_ns = qos_add_clamped(r->origin_ns, ns);
	}
	return next_ns;
}

void qos_router_faults(struct qos_router *router, int64_t now_ns, struct qos_sink *out)
{
	while (router->fault_ns <= now_ns) {
		int64_t t_ns = router->fault_ns;

		for (int i = 0; i < router->sites.n; i++) {
			struct qos_site *site = &router->sites.site[i];
			struct qos_fault_state s = qos_faults_at(&site->faults, t_ns - router->origin_ns);

			site->factor = s.factor;
			if (site->up && !s.up)
				go_down(router, i, t_ns, out);
			else if (!site->up && s.up)
				come_back(router, i, t_ns, out);
		}
		router->fault_ns = next_fault(router, t_ns);
	}
}

/* --- health --- */

void qos_router_given(struct qos_router *router, int i)
{
	if (qos_health_given(&router->health, i))
		set_open(router, i, qos_health_is_open(&router->health, i));
}

void qos_router_lost(struct qos_router *router, int i)
{
	if (qos_health_lost(&router->health, i))
		set_open(router, i, qos_health_is_open(&router->health, i));
}

void qos_router_ended(struct qos_router *router, const struct qos_record *r, bool ok, int64_t now_ns,
		      struct qos_sink *out)
{
	if (qos_health_ended(&router->health, r->adapter, ok, now_ns - r->arrival_ns - r->wait_ns, now_ns))
		apply(router, now_ns, out);
}

void qos_router_health(struct qos_router *router, int64_t now_ns, struct qos_sink *out)
{
	if (qos_health_advance(&router->health, now_ns))
		apply(router, now_ns, out);
}

/* A real adapter that is not ready twice in a row is as good as down, until it is. */
static bool look_for_ready(struct qos_router *router)
{
	bool changed = false;

	for (int i = 0; router->sites.ready && router->balancing.binds && i < router->sites.n; i++) {
		struct qos_site *site = &router->sites.site[i];

		site->n_unready = qos_sites_is_ready(&router->sites, i) ? 0 : site->n_unready + 1;
		if (site->up)
			changed = qos_health_set_up(&router->health, i, site->n_unready < 2) || changed;
	}
	return changed;
}

static void weigh(struct qos_router *router, int64_t now_ns)
{
	struct qos_pool *pool = &router->balancing.pool;
	struct qos_err err = { 0 };
	bool changed = false;

	for (int i = 0; i < router->sites.n; i++) {
		struct qos_site *site = &router->sites.site[i];
		int eighths = qos_health_eighths(&router->health, i, site->eighths, now_ns);

		changed = changed || eighths != site->eighths;
		site->eighths = eighths;
		pool->member[i].weight = site->weight * eighths / 8;
	}
	if (changed)
		(void)qos_pool_rebuild(pool, &err); /* as in set_open() */
}

void qos_router_review(struct qos_router *router, int64_t now_ns, struct qos_sink *out)
{
	bool changed = look_for_ready(router);

	if (qos_health_review(&router->health, now_ns) || changed)
		apply(router, now_ns, out);
	if (router->balancing.binds && router->config->adaptive_routing)
		weigh(router, now_ns);
}
