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
		site->n_failed_over += to != i;
		if (to < 0)
			r->bound = QOS_BOUND_LATE;
		qos_router_join(router, r, to, now_ns, out); /* a copy of it */
		qos_lanes_leave(site->queues, r);
		qos_record_drop(r, router->fields, &router->slab);
	}
}

static void go_down(struct qos_router *router, int i, int64_t now_ns, struct qos_sink *out)
{
	struct qos_site *site = &router->sites.site[i];

	site->up = false;
	site->down_since_ns = now_ns;
	site->n_downs++;
	set_open(router, i, false);
	qos_router_abort(router, i, now_ns);
	fail_over(router, i, now_ns, out);
	qos_sites_changed(&router->sites, i);
}

static void come_back(struct qos_router *router, int i, int64_t now_ns)
{
	struct qos_site *site = &router->sites.site[i];

	site->up = true;
	site->down_ns += now_ns - site->down_since_ns;
	site->down_since_ns = QOS_UNSET;
	set_open(router, i, true);
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
				come_back(router, i, t_ns);
		}
		router->fault_ns = next_fault(router, t_ns);
	}
}
