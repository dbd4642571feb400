/*
 * Tenants: who they are, what each of them may, and what happened to each.
 *
 *   record -> tenant -> its rate -> its lane of the queues (route/lanes.h)
 *
 * Those that are configured, and one more that stands for all others.  Where the configuration shares nothing among
 * them there is one, and this costs nothing.
 */
#ifndef QOS_ROUTE_TENANTS_H
#define QOS_ROUTE_TENANTS_H

#include "config/config.h"
#include "record/record.h"
#include "route/overflow.h"
#include "sched/bucket.h"
#include "sched/ledger.h"
#include "stats/sketch.h"

struct qos_tenant_limit {
	bool is_set, by_record;
	struct qos_bucket bucket;
};

struct qos_tenant {
	struct qos_str name;
	double share;                       /* of all tenants' 1 */
	int64_t max_streams;                /* 0: as for all */
	struct qos_claim claim;             /* of the room for all queues */
	struct qos_tenant_limit rate, ceil; /* of what it brings; of what it is served, wherever */
	struct qos_ledger_class counts;     /* of all its classes */
	struct qos_sketch wait;             /* of what was served */
};

struct qos_tenants {
	struct qos_tenant *tenant; /* [n], owned; the last one stands for all that are not configured */
	int n;
	bool has_ceil;                  /* one of them has */
	struct qos_names names;         /* of those that are configured */
	struct qos_sketch_scale *scale; /* NULL with one tenant */
};

/*
 * config	tenants; must outlive them
 * room		of which each tenant gets a claim
 *
 * Fails  without memory; then what was made is freed.
 */
int qos_tenants_init(struct qos_tenants *t, const struct qos_config *config, struct qos_room *room,
		     struct qos_fields *fields, struct qos_err *err);
/* Gives back what it owns; the struct itself is the caller's. */
void qos_tenants_free(struct qos_tenants *t);

/* Is there more than one? */
static inline bool qos_tenants_are_shared(const struct qos_tenants *t)
{
	return t->n > 1;
}

/* The rest is for where there is more than one. */

/* A record has come: sets its tenant, and counts it there. */
void qos_tenants_came(struct qos_tenants *t, struct qos_record *r);
/* Is it within its tenant's rate?  If it is, the rate is charged. */
bool qos_tenants_admit(struct qos_tenants *t, const struct qos_record *r, int64_t now_ns);
/* How long until that tenant may bring the next one. */
int64_t qos_tenants_rest_ns(const struct qos_tenants *t, int tenant, int64_t now_ns);
/* A record has ended: it was served, or dropped for r->drop. */
void qos_tenants_ended(struct qos_tenants *t, const struct qos_record *r);

/* Is the tenant below its ceil? */
static inline bool qos_tenant_is_free(const struct qos_tenant *one, int64_t now_ns)
{
	return !one->ceil.is_set || qos_bucket_ready(&one->ceil.bucket, now_ns);
}
/* A record of it is being served. */
void qos_tenants_served(struct qos_tenants *t, const struct qos_record *r, int64_t now_ns);

#endif
