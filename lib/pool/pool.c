/* Members, their load and their latency. */
#include "pool/pool.h"

#include <math.h>
#include <stdlib.h>

#include "pool/balance.h"

void qos_pool_init(struct qos_pool *p, uint64_t seed)
{
	*p = (struct qos_pool){ .tau_ns = 10000000000, .unseen_ns = 1000000 };
	qos_rng_seed(&p->rng, seed);
}

void qos_pool_free(struct qos_pool *p)
{
	for (int i = 0; i < p->n_uses; i++) {
		if (p->use[i].balance->free)
			p->use[i].balance->free(p->use[i].state);
		free(p->use[i].state);
	}
	free(p->use);
	free(p->member);
	free(p->open);
	qos_names_free(&p->names);
	qos_names_free(&p->regions);
	qos_names_free(&p->services);
}

/* The bits of "auth+billing"; false when there are too many services, or no memory. */
static bool add_services(struct qos_pool *p, struct qos_str s, uint64_t *bits)
{
	*bits = 0;
	while (s.n) {
		const char *plus = memchr(s.p, '+', s.n);
		size_t n = plus ? (size_t)(plus - s.p) : s.n;
		int k = n ? qos_names_add(&p->services, (struct qos_str){ s.p, n }) : 0;

		if (k < 0 || k >= QOS_POOL_SERVICES_MOST)
			return false;
		if (n)
			*bits |= (uint64_t)1 << k;
		n += plus != NULL;
		s = (struct qos_str){ s.p + n, s.n - n };
	}
	return true;
}

int qos_pool_add(struct qos_pool *p, const struct qos_member_config *c, struct qos_err *err)
{
	size_t room = p->n ? 2 * (size_t)p->n : 1; /* doubles whenever the number of members is a power of two */
	struct qos_member *member;
	uint64_t services;
	int *open, region = -1;

	if (qos_names_find(&p->names, c->name) >= 0)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "there are two adapters \"%.*s\"", QOS_STR_ARG(c->name));
	if (!add_services(p, c->services, &services))
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "adapter %.*s: more than %d services",
				QOS_STR_ARG(c->name), QOS_POOL_SERVICES_MOST);
	if ((p->n & (p->n - 1)) == 0) {
		if (!(member = realloc(p->member, room * sizeof(*member))))
			return qos_fail_memory(err, "adapter");
		p->member = member;
		if (!(open = realloc(p->open, room * sizeof(*open))))
			return qos_fail_memory(err, "adapter");
		p->open = open;
	}
	if (c->region.n && (region = qos_names_add(&p->regions, c->region)) < 0)
		return qos_fail_memory(err, "region");
	if (qos_names_add(&p->names, c->name) < 0)
		return qos_fail_memory(err, "adapter");
	p->member[p->n] = (struct qos_member){ .hash = qos_hash(c->name),
					       .weight = c->weight,
					       .services = services,
					       .region = region,
					       .concurrency = c->concurrency,
					       .open = true };
	return p->n++;
}

int qos_pool_use(struct qos_pool *p, const struct qos_balance *b, struct qos_err *err)
{
	struct qos_pool_use *use = realloc(p->use, ((size_t)p->n_uses + 1) * sizeof(*use));

	if (!use)
		return qos_fail_memory(err, "strategy");
	p->use = use;
	use[p->n_uses] = (struct qos_pool_use){ .balance = b };
	if (b->state_bytes && !(use[p->n_uses].state = calloc(1, b->state_bytes)))
		return qos_fail_memory(err, "strategy");
	return p->n_uses++;
}

int qos_pool_rebuild(struct qos_pool *p, struct qos_err *err)
{
	int rc = 0;

	p->n_open = 0;
	p->n_load = 0;
	p->open_weight = 0;
	for (int i = 0; i < p->n; i++) {
		if (!p->member[i].open)
			continue;
		p->open[p->n_open++] = i;
		p->n_load += p->member[i].n_load;
		p->open_weight += p->member[i].weight;
	}
	for (int i = 0; i < p->n_uses && !rc && p->n_open; i++)
		if (p->use[i].balance->rebuild)
			rc = p->use[i].balance->rebuild(p->use[i].state, p, err);
	return rc;
}

int qos_pool_set_open(struct qos_pool *p, int i, bool open, struct qos_err *err)
{
	if (p->member[i].open == open)
		return 0;
	p->member[i].open = open;
	return qos_pool_rebuild(p, err);
}

int qos_pool_strategy(const struct qos_pool *p, const char *name)
{
	for (int i = 0; i < p->n_uses; i++)
		if (strcmp(p->use[i].balance->name, name) == 0)
			return i;
	return -1;
}

int qos_pool_wish(const struct qos_pool *p, struct qos_str dst, struct qos_wish *w)
{
	static const struct qos_str direct = { "direct:", 7 }, service = { "service:", 8 };
	struct qos_wish wish = *w;

	if (qos_str_is(dst, "lb"))
		return 0;
	if (qos_str_starts(dst, direct)) {
		wish.strategy = qos_pool_strategy(p, "direct");
		wish.member = qos_names_find(&p->names, (struct qos_str){ dst.p + direct.n, dst.n - direct.n });
		if (wish.member < 0)
			return -1;
	} else if (qos_str_starts(dst, service)) {
		wish.strategy = qos_pool_strategy(p, "service");
		wish.service = qos_names_find(&p->services, (struct qos_str){ dst.p + service.n, dst.n - service.n });
		if (wish.service < 0)
			return -1;
	} else if (qos_str_is(dst, "broadcast")) {
		wish.strategy = qos_pool_strategy(p, "broadcast");
		wish.after = -1;
	} else {
		return -1;
	}
	if (wish.strategy < 0)
		return -1;
	*w = wish;
	return 0;
}

int qos_pool_pick(struct qos_pool *p, const struct qos_wish *w, int64_t now_ns)
{
	const struct qos_pool_use *use = &p->use[w->strategy];
	int i = p->n_open ? use->balance->pick(use->state, p, w, now_ns) : -1;

	if (i >= 0)
		p->member[i].n_picked++;
	return i;
}

void qos_pool_queued(struct qos_pool *p, int i, int change)
{
	p->member[i].n_load += change;
	if (p->member[i].open)
		p->n_load += change;
}

void qos_pool_started(struct qos_pool *p, int i)
{
	qos_pool_queued(p, i, 1);
}

/* What is left of a value after span_ns. */
static double decay(const struct qos_pool *p, int64_t span_ns)
{
	return span_ns > 0 ? exp(-(double)span_ns / (double)p->tau_ns) : 1;
}

void qos_pool_done(struct qos_pool *p, int i, int64_t latency_ns, bool ok, int64_t now_ns)
{
	struct qos_member *m = &p->member[i];
	double x = (double)latency_ns, w;

	qos_pool_queued(p, i, -1);
	m->n_done++;
	m->n_failed += !ok;
	if (!ok)
		return;
	w = decay(p, now_ns - m->stamp_ns);
	m->latency_ns = x >= m->latency_ns ? x : m->latency_ns * w + x * (1 - w);
	m->stamp_ns = now_ns;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

void qos_pool_advance(struct qos_pool *p, int64_t now_ns)
{
	enum { MOST = 256 }; /* the median of so many says enough */
	double seen[MOST];
	int n = 0;

	for (int i = 0; i < p->n && n < MOST; i++)
		if (p->member[i].latency_ns > 0)
			seen[n++] = qos_pool_latency(p, i, now_ns);
	if (!n)
		return;
	qsort(seen, (size_t)n, sizeof(*seen), by_value);
	p->unseen_ns = seen[n / 2];
}

double qos_pool_latency(const struct qos_pool *p, int i, int64_t now_ns)
{
	const struct qos_member *m = &p->member[i];

	return m->latency_ns > 0 ? m->latency_ns * decay(p, now_ns - m->stamp_ns) : p->unseen_ns;
}

double qos_pool_price(const struct qos_pool *p, int i, int64_t now_ns)
{
	return qos_pool_latency(p, i, now_ns) * qos_balance_load(&p->member[i]);
}

int64_t qos_pool_bound(const struct qos_pool *p, int i)
{
	/* the subtraction keeps a whole number that a product missed by its last bits */
	return (int64_t)ceil(1.25 * (double)(p->n_load + 1) * p->member[i].weight / p->open_weight - 1e-9);
}
