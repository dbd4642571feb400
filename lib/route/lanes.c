/* Whose turn it is before some servers. */
#include "route/lanes.h"

#include <stdlib.h>

#include "base/bits.h"
#include "record/stage.h"

#define KEPT_NS 100e6 /* of unused virtual time that a tenant keeps */

/* --- arrival --- */

enum qos_drop qos_lanes_push_shared(struct qos_lanes *l, struct qos_record *r, int64_t now_ns)
{
	l->touched = r->tenant;
	return qos_queues_push(qos_lanes_of(l, r), r, now_ns);
}

bool qos_lanes_full(const struct qos_lanes *l)
{
	for (int i = 0; i < l->n; i++)
		if (qos_queues_full(&l->lane[i].queues))
			return true;
	return false;
}

struct qos_record *qos_lanes_take_all(struct qos_lanes *l, int64_t now_ns)
{
	struct qos_record *all = NULL;
	int rank;

	for (int i = 0; i < l->n; i++) {
		struct qos_queues *q = &l->lane[i].queues;

		q->dropped = all; /* what is evicted goes before it */
		qos_bits_each (rank, q->waiting)
			while (q->waiting >> rank & 1)
				qos_queues_evict(q, rank, QOS_DROP_NONE, now_ns);
		all = q->dropped;
		q->dropped = NULL;
	}
	return all;
}

/* --- whose turn is it? --- */

static bool may_be_served(const struct qos_lanes *l, int i, int64_t now_ns)
{
	return l->lane[i].queues.waiting && qos_tenant_is_free(&l->tenants->tenant[i], now_ns);
}

uint64_t qos_lanes_waiting_shared(const struct qos_lanes *l, int64_t now_ns)
{
	uint64_t waiting = 0;

	for (int i = 0; i < l->n; i++)
		if (may_be_served(l, i, now_ns))
			waiting |= l->lane[i].queues.waiting;
	return waiting;
}

bool qos_lanes_hold(const struct qos_lanes *l)
{
	for (int i = 0; i < l->n; i++)
		if (l->lane[i].queues.waiting)
			return true;
	return false;
}

int64_t qos_lanes_due(const struct qos_lanes *l, int64_t now_ns)
{
	int64_t due_ns = QOS_NEVER;

	for (int i = 0; i < l->n; i++) {
		const struct qos_tenant *one = &l->tenants->tenant[i];

		if (l->lane[i].queues.waiting && !qos_tenant_is_free(one, now_ns) &&
		    qos_bucket_when(&one->ceil.bucket, 0) < due_ns)
			due_ns = qos_bucket_when(&one->ceil.bucket, 0);
	}
	return due_ns;
}

/* Unused virtual time that a tenant keeps; long enough that the largest service is a small part of it. */
static double kept_ns(const struct qos_lanes *l)
{
	return (double)l->largest_ns > KEPT_NS / 8 ? (double)l->largest_ns * 8 : KEPT_NS;
}

/* What a tenant has used, less what it did not use so long ago that it is forgotten. */
static double used(const struct qos_lanes *l, int i)
{
	double least = l->virtual_ns - kept_ns(l);

	return l->lane[i].used_ns > least ? l->lane[i].used_ns : least;
}

/* The clock of virtual time reaches who used least: it is not charged for what nobody else wanted. */
static void wind(struct qos_lanes *l, int64_t now_ns)
{
	double least = 0;
	bool any = false;

	for (int i = 0; i < l->n; i++) {
		if (!may_be_served(l, i, now_ns) || (any && l->lane[i].used_ns >= least))
			continue;
		least = l->lane[i].used_ns;
		any = true;
	}
	if (any && least > l->virtual_ns)
		l->virtual_ns = least;
}

/*
 * Its place among those who wait, smaller first: urgency where it has half of what it may keep left, then what it used.
 * A tenant that uses its share up is never as far behind as that, however much it has that is urgent.
 */
static int place(const struct qos_lanes *l, int i)
{
	if (used(l, i) > l->virtual_ns - kept_ns(l) / 2)
		return 64;
	return l->flat ? 0 : qos_bits_first(l->lane[i].queues.waiting);
}

struct qos_record *qos_lanes_pop_shared(struct qos_lanes *l, int64_t now_ns)
{
	int best = -1, best_place = 0;

	wind(l, now_ns);
	for (int i = 0; i < l->n; i++) {
		int at;

		if (!may_be_served(l, i, now_ns))
			continue;
		at = place(l, i);
		if (best < 0 || at < best_place || (at == best_place && used(l, i) < used(l, best))) {
			best = i;
			best_place = at;
		}
	}
	if (best < 0)
		return NULL;
	l->touched = best;
	return qos_queues_pop(&l->lane[best].queues, now_ns);
}

void qos_lanes_sent_shared(struct qos_lanes *l, const struct qos_record *r, int64_t service_ns, int64_t now_ns)
{
	double cost_ns = (double)service_ns / l->tenants->tenant[r->tenant].share;

	l->lane[r->tenant].used_ns = used(l, r->tenant) + cost_ns;
	l->virtual_ns += (double)service_ns;
	if (service_ns > l->largest_ns)
		l->largest_ns = service_ns;
	qos_tenants_served(l->tenants, r, now_ns);
}

int64_t qos_lanes_retry_ns(const struct qos_lanes *l, const struct qos_record *r, enum qos_drop why, int64_t now_ns)
{
	switch (why) {
	case QOS_DROP_EXPIRED:
	case QOS_DROP_MEMORY:
	case QOS_DROP_ROUTE: return 0;
	case QOS_DROP_RATE: return qos_tenants_rest_ns(l->tenants, r->tenant, now_ns);
	default: return qos_queues_retry_ns(qos_lanes_of(l, r), r->class);
	}
}

/* --- set-up --- */

int qos_lanes_init(struct qos_lanes *l, struct qos_tenants *tenants, const struct qos_config *config,
		   const struct qos_queues_options *options, const struct qos_fields *fields, struct qos_slab *slab,
		   struct qos_err *err)
{
	*l = (struct qos_lanes){ .tenants = tenants };
	l->lane = calloc((size_t)tenants->n, sizeof(*l->lane));
	if (!l->lane)
		return qos_fail_memory(err, "queues");
	for (; l->n < tenants->n; l->n++) {
		struct qos_queues_options own = *options;
		int rc;

		own.seed += (uint64_t)l->n;
		own.max_streams = tenants->tenant[l->n].max_streams;
		own.claim = tenants->n > 1 ? &tenants->tenant[l->n].claim : NULL;
		rc = qos_queues_init(&l->lane[l->n].queues, config, &own, fields, slab, err);
		if (rc) {
			qos_lanes_free(l);
			return rc;
		}
	}
	l->flat = l->lane->queues.discipline->flat;
	return 0;
}

void qos_lanes_free(struct qos_lanes *l)
{
	for (int i = 0; i < l->n; i++)
		qos_queues_free(&l->lane[i].queues);
	free(l->lane);
	*l = (struct qos_lanes){ 0 };
}
