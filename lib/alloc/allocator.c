/* The allocator: sums by class and tenant, a table of streams, and a list by last use. */
#include "alloc/allocator.h"

#include <stdlib.h>

#include "base/bits.h"
#include "sched/stream.h"

#define MOST_BY_DEFAULT 1000000

const char *const qos_grant_reason_name[QOS_N_GRANT] = {
	[QOS_GRANT_FULL] = "full",     [QOS_GRANT_LINK] = "link",       [QOS_GRANT_CEIL] = "ceil",
	[QOS_GRANT_TENANT] = "tenant", [QOS_GRANT_MOST] = "most",       [QOS_GRANT_MEMORY] = "memory",
	[QOS_GRANT_RATE] = "rate",     [QOS_GRANT_UNKNOWN] = "unknown", [QOS_GRANT_RELEASED] = "released",
	[QOS_GRANT_OP] = "op",
};

struct claimant {
	int64_t guarantee_bps, kept_bps, ceil_bps;
	int64_t granted_bps;
	int priority;
};

struct tenant {
	int64_t most_bps, granted_bps;
};

struct qos_allocator {
	struct claimant class[QOS_CLASSES_MOST];
	uint8_t lender[QOS_CLASSES_MOST]; /* classes, the least urgent first */
	int n_classes;
	struct tenant *tenant;
	int n_tenants;
	int64_t link_bps, granted_bps;
	double lendable;
	int64_t idle_ns;
	uint32_t most;
	struct qos_streams streams;
	struct qos_allocation *newest, *oldest;
	struct qos_allocator_counts counts;
};

/* --- classes and tenants --- */

static bool lends_before(const struct qos_allocator *a, int i, int k)
{
	int x = a->class[i].priority, y = a->class[k].priority;

	return x > y || (x == y && i > k);
}

static void order_lenders(struct qos_allocator *a)
{
	for (int i = 0; i < a->n_classes; i++) {
		int at = i;

		for (; at > 0 && lends_before(a, i, a->lender[at - 1]); at--)
			a->lender[at] = a->lender[at - 1];
		a->lender[at] = (uint8_t)i;
	}
}

static int64_t tenant_most(const struct qos_tenant_config *t, int64_t link_bps)
{
	int64_t share_bps = t->share > 0 ? (int64_t)(t->share * (double)link_bps + 0.5) : link_bps;
	int64_t ceil_bps = t->ceil.bps && !t->ceil.by_record ? t->ceil.bps : INT64_MAX;

	return share_bps < ceil_bps ? share_bps : ceil_bps;
}

void qos_allocator_change(struct qos_allocator *a, const struct qos_config *config)
{
	a->link_bps = config->total_bandwidth_bps;
	for (int i = 0; i < a->n_classes; i++) {
		const struct qos_class_config *from = &config->classes[i];
		struct claimant *c = &a->class[i];

		c->guarantee_bps = qos_config_guarantee(config, from);
		c->kept_bps = c->guarantee_bps - (int64_t)(a->lendable * (double)c->guarantee_bps);
		c->ceil_bps = from->ceil_bps == QOS_DEFAULT ? INT64_MAX : from->ceil_bps;
		c->priority = from->priority;
	}
	order_lenders(a);
	for (int i = 0; i < a->n_tenants; i++)
		a->tenant[i].most_bps = tenant_most(&config->tenants[i], a->link_bps);
}

/* --- set-up --- */

static size_t extra_at(void)
{
	return (sizeof(struct qos_allocation) + 15) & ~(size_t)15;
}

int qos_allocator_new(struct qos_allocator **allocator, const struct qos_config *config,
		      const struct qos_allocator_options *options, struct qos_err *err)
{
	struct qos_allocator *a;
	int rc = qos_config_check_guarantees(config, err);

	*allocator = NULL;
	if (rc)
		return rc;
	if (!(options->lendable >= 0 && options->lendable <= 1))
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "%g of a guarantee cannot be lent; write 0 to 1",
				options->lendable);
	a = calloc(1, sizeof(*a));
	if (!a)
		return qos_fail_memory(err, "allocator");
	a->n_classes = config->n_classes;
	a->n_tenants = config->n_tenants;
	a->lendable = options->lendable;
	a->idle_ns = options->idle_ns;
	a->most = options->most ? options->most : MOST_BY_DEFAULT;
	a->tenant = calloc((size_t)a->n_tenants + 1, sizeof(*a->tenant));
	rc = a->tenant ? qos_streams_init(&a->streams, err) : qos_fail_memory(err, "allocator");
	if (rc) {
		qos_allocator_free(a);
		return rc;
	}
	a->streams.extra_bytes = (uint32_t)extra_at() + options->extra_bytes;
	qos_allocator_change(a, config);
	*allocator = a;
	return 0;
}

void qos_allocator_free(struct qos_allocator *a)
{
	if (!a)
		return;
	qos_streams_free(&a->streams);
	free(a->tenant);
	free(a);
}

/* --- the list by last use --- */

static void unlink_used(struct qos_allocator *a, struct qos_allocation *x)
{
	if (x->newer)
		x->newer->older = x->older;
	else
		a->newest = x->older;
	if (x->older)
		x->older->newer = x->newer;
	else
		a->oldest = x->newer;
}

static void link_used(struct qos_allocator *a, struct qos_allocation *x, int64_t now_ns)
{
	x->seen_ns = now_ns;
	x->newer = NULL;
	x->older = a->newest;
	if (a->newest)
		a->newest->newer = x;
	else
		a->oldest = x;
	a->newest = x;
}

static void touch(struct qos_allocator *a, struct qos_allocation *x, int64_t now_ns)
{
	x->seen_ns = now_ns;
	if (a->newest == x)
		return;
	unlink_used(a, x);
	link_used(a, x, now_ns);
}

/* --- one allocation --- */

struct qos_allocation *qos_allocator_find(const struct qos_allocator *a, int class, struct qos_str name)
{
	uint64_t hash;
	struct qos_stream *stream = qos_streams_find(&a->streams, class, name, &hash);

	return stream ? qos_stream_extra(stream) : NULL;
}

void *qos_allocation_extra(struct qos_allocation *x)
{
	return (char *)x + extra_at();
}

static void promise(struct qos_allocator *a, struct qos_allocation *x, int64_t granted_bps)
{
	int64_t more_bps = granted_bps - x->granted_bps;

	x->granted_bps = granted_bps;
	a->granted_bps += more_bps;
	a->class[x->stream->group].granted_bps += more_bps;
	if (x->tenant >= 0)
		a->tenant[x->tenant].granted_bps += more_bps;
}

static struct qos_allocation *add(struct qos_allocator *a, int class, struct qos_str name, int tenant, int64_t now_ns)
{
	uint64_t hash;
	struct qos_stream *stream;
	struct qos_allocation *x;

	qos_streams_find(&a->streams, class, name, &hash);
	stream = qos_streams_add(&a->streams, class, name, hash);
	if (!stream)
		return NULL;
	x = qos_stream_extra(stream);
	x->stream = stream;
	x->tenant = tenant;
	x->since_ns = now_ns;
	link_used(a, x, now_ns);
	if (a->streams.n > a->counts.n_max)
		a->counts.n_max = a->streams.n;
	return x;
}

static void end(struct qos_allocator *a, struct qos_allocation *x)
{
	promise(a, x, 0);
	unlink_used(a, x);
	qos_streams_remove(&a->streams, x->stream);
}

void qos_allocator_end(struct qos_allocator *a, struct qos_allocation *x)
{
	end(a, x);
	a->counts.n_expired++;
}

void qos_allocator_use(struct qos_allocator *a, struct qos_allocation *x, int64_t bytes, int64_t now_ns)
{
	x->used_bytes = qos_add_clamped(x->used_bytes, bytes);
	touch(a, x, now_ns);
}

/* Since the last answer; a span of nothing tells nothing. */
static double utilisation(const struct qos_allocation *x, int64_t now_ns)
{
	double span_s = (double)(now_ns - x->since_ns) / 1e9;

	return span_s > 0 && x->granted_bps > 0 ? (double)x->used_bytes * 8 / ((double)x->granted_bps * span_s) : 0;
}

/* --- admission --- */

static int64_t larger(int64_t x, int64_t y)
{
	return x > y ? x : y;
}

static int64_t smaller(int64_t x, int64_t y)
{
	return x < y ? x : y;
}

/*
 * What a class could be promised beside what it has: what the others neither promised nor hold back from it, or the
 * rest of what it keeps itself, which the others cannot have been lent.
 */
static int64_t room_of_link(const struct qos_allocator *a, int class)
{
	const struct claimant *own = &a->class[class];
	int64_t free_bps = a->link_bps - own->granted_bps, kept_bps = free_bps;

	for (int i = 0; i < a->n_classes; i++) {
		const struct claimant *c = &a->class[i];

		if (i == class)
			continue;
		free_bps -= larger(c->granted_bps, c->priority > own->priority ? c->kept_bps : c->guarantee_bps);
		kept_bps -= larger(c->granted_bps, c->kept_bps);
	}
	return larger(free_bps, smaller(kept_bps, own->kept_bps - own->granted_bps));
}

/* What there is for a stream that has had_bps already, and the first limit that it would meet. */
static int64_t room(const struct qos_allocator *a, int class, int tenant, int64_t had_bps, enum qos_grant_reason *why)
{
	const struct claimant *c = &a->class[class];
	int64_t most_bps = room_of_link(a, class), ceil_bps = c->ceil_bps - c->granted_bps;

	*why = QOS_GRANT_LINK;
	if (ceil_bps < most_bps) {
		most_bps = ceil_bps;
		*why = QOS_GRANT_CEIL;
	}
	if (tenant >= 0 && a->tenant[tenant].most_bps - a->tenant[tenant].granted_bps < most_bps) {
		most_bps = a->tenant[tenant].most_bps - a->tenant[tenant].granted_bps;
		*why = QOS_GRANT_TENANT;
	}
	/* less than nothing is left when the link has become slower; what was promised stays */
	return had_bps + (most_bps > 0 ? most_bps : 0);
}

struct qos_grant qos_allocator_refuse(struct qos_allocator *a, enum qos_grant_reason why)
{
	a->counts.n_refused++;
	return (struct qos_grant){ .reason = why };
}

static struct qos_grant grant(struct qos_allocator *a, struct qos_allocation *x, int64_t rate_bps, int64_t room_bps,
			      enum qos_grant_reason why, int64_t now_ns)
{
	struct qos_grant g = { .allocation = x, .utilisation = utilisation(x, now_ns) };

	g.granted_bps = rate_bps < room_bps ? rate_bps : room_bps;
	g.reason = g.granted_bps == rate_bps ? QOS_GRANT_FULL : why;
	x->asked_bps = rate_bps;
	promise(a, x, g.granted_bps);
	x->used_bytes = 0;
	x->since_ns = now_ns;
	touch(a, x, now_ns);
	if (g.reason == QOS_GRANT_FULL)
		a->counts.n_full++;
	else
		a->counts.n_part++;
	return g;
}

static struct qos_grant ask_anew(struct qos_allocator *a, struct qos_allocation *x, int64_t rate_bps, int64_t now_ns)
{
	enum qos_grant_reason why;
	int64_t room_bps = room(a, (int)x->stream->group, x->tenant, x->granted_bps, &why);

	a->counts.n_updates++;
	return grant(a, x, rate_bps, room_bps, why, now_ns);
}

struct qos_grant qos_allocator_allocate(struct qos_allocator *a, int class, struct qos_str stream, int tenant,
					int64_t rate_bps, int64_t now_ns)
{
	struct qos_allocation *x = qos_allocator_find(a, class, stream);
	enum qos_grant_reason why;
	int64_t room_bps;

	if (rate_bps <= 0)
		return qos_allocator_refuse(a, QOS_GRANT_RATE);
	if (x)
		return ask_anew(a, x, rate_bps, now_ns);
	if (a->streams.n >= a->most)
		return qos_allocator_refuse(a, QOS_GRANT_MOST);
	room_bps = room(a, class, tenant, 0, &why);
	if (room_bps == 0)
		return qos_allocator_refuse(a, why);
	x = add(a, class, stream, tenant, now_ns);
	return x ? grant(a, x, rate_bps, room_bps, why, now_ns) : qos_allocator_refuse(a, QOS_GRANT_MEMORY);
}

struct qos_grant qos_allocator_update(struct qos_allocator *a, int class, struct qos_str stream, int64_t rate_bps,
				      int64_t now_ns)
{
	struct qos_allocation *x = qos_allocator_find(a, class, stream);

	if (!x)
		return qos_allocator_refuse(a, QOS_GRANT_UNKNOWN);
	if (rate_bps < 0)
		return qos_allocator_refuse(a, QOS_GRANT_RATE);
	return ask_anew(a, x, rate_bps ? rate_bps : x->asked_bps, now_ns);
}

struct qos_grant qos_allocator_release(struct qos_allocator *a, int class, struct qos_str stream, int64_t now_ns)
{
	struct qos_allocation *x = qos_allocator_find(a, class, stream);
	struct qos_grant g = { .reason = QOS_GRANT_RELEASED };

	if (!x)
		return qos_allocator_refuse(a, QOS_GRANT_UNKNOWN);
	g.granted_bps = x->granted_bps;
	g.utilisation = utilisation(x, now_ns);
	end(a, x);
	a->counts.n_released++;
	return g;
}

/* --- expiry --- */

struct qos_allocation *qos_allocator_idle(const struct qos_allocator *a, int64_t now_ns)
{
	return a->idle_ns && a->oldest && now_ns - a->oldest->seen_ns >= a->idle_ns ? a->oldest : NULL;
}

uint32_t qos_allocator_expire(struct qos_allocator *a, int64_t now_ns)
{
	struct qos_allocation *x;
	uint32_t n = 0;

	for (; (x = qos_allocator_idle(a, now_ns)); n++)
		qos_allocator_end(a, x);
	return n;
}

/* --- what is promised --- */

void qos_allocator_rates(const struct qos_allocator *a, int64_t *rate_bps)
{
	int64_t over_bps = -a->link_bps;

	for (int i = 0; i < a->n_classes; i++) {
		const struct claimant *c = &a->class[i];

		rate_bps[i] = larger(c->granted_bps, c->guarantee_bps);
		over_bps += rate_bps[i];
	}
	for (int i = 0; i < a->n_classes && over_bps > 0; i++) {
		const struct claimant *c = &a->class[a->lender[i]];
		int64_t held_bps = larger(c->granted_bps, c->kept_bps);
		int64_t lends_bps = smaller(rate_bps[a->lender[i]] - held_bps, over_bps);

		rate_bps[a->lender[i]] -= lends_bps;
		over_bps -= lends_bps;
	}
}

int64_t qos_allocator_promised(const struct qos_allocator *a, int class)
{
	return class < 0 ? a->granted_bps : a->class[class].granted_bps;
}

uint32_t qos_allocator_count(const struct qos_allocator *a)
{
	return a->streams.n;
}

const struct qos_allocator_counts *qos_allocator_counts(const struct qos_allocator *a)
{
	return &a->counts;
}
