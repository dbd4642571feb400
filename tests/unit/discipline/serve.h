/* A little server for the tests of disciplines: queues of given classes, records pushed by hand, served in order. */
#ifndef TESTS_UNIT_DISCIPLINE_SERVE_H
#define TESTS_UNIT_DISCIPLINE_SERVE_H

#include <stdlib.h>

#include "discipline/discipline.h"
#include "tests/unit/test.h"

struct serve {
	const struct qos_discipline *d;
	void *state;
	struct qos_queue q[8];
	struct qos_flow flow[8]; /* one stream a class */
	int n;
	uint64_t waiting, seq;
};

static void serve_open(struct serve *s, const struct qos_discipline *d, int n, const double *share,
		       const int64_t *target_ns)
{
	*s = (struct serve){ .d = d, .n = n, .state = calloc(1, d->state_bytes + 1) };
	for (int i = 0; i < n; i++) {
		s->q[i] = (struct qos_queue){
			.rank = i,
			.class = i,
			.share = share[i],
			.target_ns = target_ns[i],
		};
		CHECK(qos_queue_init(&s->q[i], d->order, NULL) == 0);
	}
	if (d->init)
		d->init(s->state, s->q, n);
}

static void serve_push(struct serve *s, struct qos_record *r, int rank, int64_t deadline_ns, int64_t service_ns)
{
	*r = (struct qos_record){
		.class = (int16_t)rank, .deadline_ns = deadline_ns, .service_ns = service_ns, .size_bytes = service_ns
	};
	r->node.seq = s->seq++;
	qos_queue_push(&s->q[rank], r, &s->flow[rank]);
	if (!(s->waiting >> rank & 1) && s->d->filled)
		s->d->filled(s->state, &s->q[rank]);
	s->waiting |= 1ull << rank;
}

/* The record served next, or NULL when nobody waits. */
static struct qos_record *serve_next(struct serve *s)
{
	struct qos_record *r;
	struct qos_flow *from;
	int rank;

	if (!s->waiting)
		return NULL;
	rank = s->d->pick(s->state, s->q, s->n, s->waiting);
	if (rank < 0 || rank >= s->n || !(s->waiting >> rank & 1))
		return NULL; /* the contract test reports it */
	r = qos_queue_pop(&s->q[rank], &from);
	if (!s->q[rank].n_records)
		s->waiting &= ~(1ull << rank);
	if (s->d->sent)
		s->d->sent(s->state, &s->q[rank], r, r->service_ns);
	return r;
}

static void serve_close(struct serve *s)
{
	for (int i = 0; i < s->n; i++)
		qos_queue_free(&s->q[i]);
	free(s->state);
}

#endif
