/* Servers of a pool: a stack of idle ones, exact ends of service. */
#include "sched/server.h"

#include <stdlib.h>

#include "base/bits.h"
#include "sched/bucket.h"

int qos_servers_init(struct qos_servers *p, struct qos_rate rate, int n_servers, struct qos_err *err)
{
	*p = (struct qos_servers){ .rate = rate, .n_servers = n_servers, .n_idle = n_servers };
	p->server = calloc((size_t)n_servers, sizeof(*p->server));
	p->idle = calloc((size_t)n_servers, sizeof(*p->idle));
	if (!p->server || !p->idle) {
		qos_servers_free(p);
		return qos_fail_memory(err, "servers");
	}
	for (int i = 0; i < n_servers; i++) {
		p->idle[i] = n_servers - 1 - i; /* the first server is on top */
		p->server[i].free_ns = INT64_MIN;
	}
	return 0;
}

void qos_servers_free(struct qos_servers *p)
{
	free(p->server);
	free(p->idle);
	*p = (struct qos_servers){ 0 };
}

/* End of a service that costs `cost` units of 1/divisor ns, begun at start + rest/divisor. */
static int64_t end_of(int64_t start_ns, int64_t bytes, int64_t unit, int64_t divisor, int64_t *rest)
{
	int64_t product;
	unsigned __int128 wide;

	if (!__builtin_mul_overflow(bytes, unit, &product) && !__builtin_add_overflow(product, *rest, &product)) {
		*rest = product % divisor;
		return qos_add_clamped(start_ns, product / divisor);
	}
	wide = (unsigned __int128)bytes * (unsigned __int128)unit + (unsigned __int128)*rest;
	*rest = (int64_t)(wide % (unsigned __int128)divisor);
	wide /= (unsigned __int128)divisor;
	return wide > INT64_MAX ? INT64_MAX : qos_add_clamped(start_ns, (int64_t)wide);
}

int qos_servers_start(struct qos_servers *p, const struct qos_record *r, bool use_service_time, int64_t now_ns)
{
	int i = p->idle[--p->n_idle];
	struct qos_server *s = &p->server[i];

	if (s->free_ns != now_ns)
		s->rest = 0; /* a new busy period starts on the nanosecond */
	if (use_service_time && r->service_ns != QOS_UNSET)
		s->free_ns = qos_add_clamped(now_ns, r->service_ns);
	else if (p->rate.bps)
		s->free_ns = end_of(now_ns, r->size_bytes, QOS_BITS_NS, p->rate.bps, &s->rest);
	else if (p->rate.num)
		s->free_ns = end_of(now_ns, 1, p->rate.den, p->rate.num, &s->rest);
	else
		s->free_ns = now_ns;
	p->n_served++;
	p->busy_ns += s->free_ns - now_ns;
	return i;
}

void qos_servers_done(struct qos_servers *p, int server)
{
	p->idle[p->n_idle++] = server;
}
