/* What each tenant may, and what happened to it. */
#include "route/tenants.h"

#include <stdlib.h>

#define LEAST_SHARE 0.01 /* of those without a share where the others leave nothing */

/* Does the configuration share the router among tenants? */
static bool is_wanted(const struct qos_config *c)
{
	for (int i = 0; i < c->n_tenants; i++) {
		const struct qos_tenant_config *t = &c->tenants[i];

		if (t->share > 0 || t->rate.bps || t->ceil.bps || t->n_streams)
			return true;
	}
	return false;
}

static void open_limit(struct qos_tenant_limit *limit, const struct qos_limit_config *c)
{
	int64_t depth_bytes = c->bps / 80; /* of 100 ms */

	limit->is_set = c->bps > 0;
	limit->by_record = c->by_record;
	if (limit->is_set)
		qos_bucket_init(&limit->bucket, c->bps, depth_bytes > 0 ? depth_bytes : 1);
}

/* Tenants without a share of their own, all others among them as one, have equal parts of what is left. */
static void share_out(struct qos_tenants *t, const struct qos_config *c)
{
	double given = 0, part, sum = 0;
	int n_without = 1;

	for (int i = 0; i < c->n_tenants; i++) {
		given += c->tenants[i].share;
		n_without += c->tenants[i].share <= 0;
	}
	part = (1 - given) / n_without;
	if (part < LEAST_SHARE)
		part = LEAST_SHARE;
	for (int i = 0; i < t->n; i++) {
		double share = i < c->n_tenants ? c->tenants[i].share : 0;

		t->tenant[i].share = share > 0 ? share : part;
		sum += t->tenant[i].share;
	}
	for (int i = 0; i < t->n; i++)
		t->tenant[i].share /= sum;
}

static int open_tenants(struct qos_tenants *t, const struct qos_config *c, struct qos_err *err)
{
	for (int i = 0; i < c->n_tenants; i++) {
		struct qos_tenant *one = &t->tenant[i];

		one->name = c->tenants[i].name;
		one->max_streams = c->tenants[i].n_streams;
		open_limit(&one->rate, &c->tenants[i].rate);
		open_limit(&one->ceil, &c->tenants[i].ceil);
		t->has_ceil = t->has_ceil || one->ceil.is_set;
		if (qos_names_add(&t->names, one->name) != i)
			return qos_fail_memory(err, "tenants");
	}
	t->tenant[t->n - 1].name = QOS_STR("(others)");
	share_out(t, c);
	return 0;
}

int qos_tenants_init(struct qos_tenants *t, const struct qos_config *config, struct qos_room *room,
		     struct qos_fields *fields, struct qos_err *err)
{
	bool shared = is_wanted(config);
	int rc;

	*t = (struct qos_tenants){ .n = shared ? config->n_tenants + 1 : 1 };
	t->tenant = calloc((size_t)t->n, sizeof(*t->tenant));
	if (!t->tenant || (shared && !(t->scale = qos_sketch_scale_new())))
		rc = qos_fail_memory(err, "tenants");
	else
		rc = shared ? open_tenants(t, config, err) : 0;
	if (rc)
		qos_tenants_free(t);
	else if (shared)
		qos_fields_want(fields, QOS_F_TENANT);
	for (int i = 0; i < t->n && shared; i++) {
		t->tenant[i].claim = (struct qos_claim){ .share = t->tenant[i].share, .next = room->claim };
		room->claim = &t->tenant[i].claim;
	}
	return rc;
}

void qos_tenants_free(struct qos_tenants *t)
{
	for (int i = 0; i < t->n && t->tenant; i++)
		qos_sketch_free(&t->tenant[i].wait);
	qos_sketch_scale_free(t->scale);
	qos_names_free(&t->names);
	free(t->tenant);
	*t = (struct qos_tenants){ 0 };
}

void qos_tenants_came(struct qos_tenants *t, struct qos_record *r)
{
	char scratch[256]; /* longer names are no tenants of the config that a quote could hide */
	struct qos_cell c = r->cell[QOS_F_TENANT];
	struct qos_str name = c.len <= sizeof(scratch) ? qos_cell_text(r, c, scratch) : qos_cell_raw(r, c);
	int i = qos_names_find(&t->names, name.n ? name : QOS_STR("default"));
	struct qos_ledger_class *counts;

	r->tenant = (uint16_t)(i < 0 ? t->n - 1 : i);
	counts = &t->tenant[r->tenant].counts;
	counts->n_in++;
	counts->in_bytes += (uint64_t)r->size_bytes;
}

static int64_t cost_of(const struct qos_tenant_limit *limit, const struct qos_record *r)
{
	return limit->by_record || r->size_bytes < 1 ? 1 : r->size_bytes;
}

bool qos_tenants_admit(struct qos_tenants *t, const struct qos_record *r, int64_t now_ns)
{
	struct qos_tenant_limit *rate = &t->tenant[r->tenant].rate;

	if (!rate->is_set)
		return true;
	if (!qos_bucket_ready(&rate->bucket, now_ns))
		return false;
	qos_bucket_take(&rate->bucket, cost_of(rate, r), now_ns);
	return true;
}

int64_t qos_tenants_rest_ns(const struct qos_tenants *t, int tenant, int64_t now_ns)
{
	int64_t at_ns = qos_bucket_when(&t->tenant[tenant].rate.bucket, 0);

	return at_ns > now_ns ? at_ns - now_ns : 0;
}

void qos_tenants_served(struct qos_tenants *t, const struct qos_record *r, int64_t now_ns)
{
	struct qos_tenant_limit *ceil = &t->tenant[r->tenant].ceil;

	if (ceil->is_set)
		qos_bucket_take(&ceil->bucket, cost_of(ceil, r), now_ns);
}

void qos_tenants_ended(struct qos_tenants *t, const struct qos_record *r)
{
	struct qos_tenant *one = &t->tenant[r->tenant];

	if (r->drop) {
		one->counts.dropped[r->drop]++;
		return;
	}
	one->counts.n_out++;
	one->counts.out_bytes += (uint64_t)r->size_bytes;
	qos_sketch_add(&one->wait, t->scale, r->wait_ns);
}
