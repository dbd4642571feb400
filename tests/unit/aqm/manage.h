/* One managed queue by hand, as the engine runs it: equal records, a limit, arrivals and services at given times. */
#ifndef TESTS_UNIT_AQM_MANAGE_H
#define TESTS_UNIT_AQM_MANAGE_H

#include <stdlib.h>

#include "aqm/aqm.h"
#include "tests/unit/test.h"

#define MANAGE_MOST 4096

struct manage {
	struct qos_arena arena;
	struct qos_aqm_use use;
	struct qos_rng rng;
	_Alignas(16) char state[256];
	int64_t arrived_ns[MANAGE_MOST];
	int first, last, limit;
	int64_t bytes; /* of each record */
	bool mark;
	int n_dropped, n_marked, n_refused, n_served;
};

static void manage_open(struct manage *m, const char *text, int limit)
{
	memset(m, 0, sizeof(*m));
	m->limit = limit;
	m->bytes = 1000;
	qos_rng_seed(&m->rng, 1);
	CHECK(qos_aqm_read(&m->use, qos_str(text), &m->arena, NULL) == 0);
	CHECK(m->use.aqm->state_bytes <= sizeof(m->state));
	if (m->use.aqm->init)
		m->use.aqm->init(m->state, m->use.params);
}

static struct qos_aqm_view manage_view(struct manage *m, int n, int64_t now_ns)
{
	return (struct qos_aqm_view){ .now_ns = now_ns,
				      .n_records = n,
				      .n_bytes = n * m->bytes,
				      .largest_bytes = m->bytes,
				      .service_ns = 1000000,
				      .mark = m->mark,
				      .rng = &m->rng };
}

static void manage_arrive(struct manage *m, int64_t now_ns)
{
	struct qos_aqm_view v = manage_view(m, m->last - m->first, now_ns);
	enum qos_aqm_verdict verdict = QOS_PASS;

	if (m->last - m->first >= m->limit) {
		m->n_refused++;
		return;
	}
	if (m->use.aqm->arrive)
		verdict = m->use.aqm->arrive(m->state, m->use.params, &v);
	m->n_marked += verdict == QOS_MARK;
	m->n_dropped += verdict == QOS_REFUSE;
	if (verdict != QOS_REFUSE)
		m->arrived_ns[m->last++] = now_ns;
}

static void manage_serve(struct manage *m, int64_t now_ns)
{
	enum qos_aqm_verdict verdict = QOS_REFUSE;

	while (m->first < m->last && verdict == QOS_REFUSE) {
		struct qos_aqm_view v = manage_view(m, m->last - m->first - 1, now_ns);

		v.sojourn_ns = now_ns - m->arrived_ns[m->first++];
		verdict = m->use.aqm->leave ? m->use.aqm->leave(m->state, m->use.params, &v) : QOS_PASS;
		m->n_dropped += verdict == QOS_REFUSE;
		m->n_marked += verdict == QOS_MARK;
		m->n_served += verdict != QOS_REFUSE;
		if (verdict == QOS_REFUSE && m->first == m->last && m->use.aqm->empty)
			m->use.aqm->empty(m->state);
	}
}

static void manage_close(struct manage *m)
{
	qos_arena_free(&m->arena);
}

#endif
