/* The router's queues with records made by hand. */
#ifndef TESTS_UNIT_ROUTE_MADE_H
#define TESTS_UNIT_ROUTE_MADE_H

#include "record/stage.h"
#include "route/queues.h"
#include "tests/unit/test.h"

struct made {
	struct qos_config *config;
	struct qos_fields *fields;
	struct qos_slab slab;
	struct qos_queues queues;
	struct qos_cell cell[QOS_N_KNOWN];
	uint64_t seq;
};

static inline void open_queues(struct made *m, const char *discipline, const char *aqm,
			       const struct qos_queues_options *o)
{
	struct qos_err err = { 0 };

	memset(m, 0, sizeof(*m));
	CHECK(qos_config_load(&m->config, NULL, NULL, 0, &err) == 0);
	CHECK(qos_fields_new(&m->fields, &err) == 0);
	m->config->discipline = qos_str(discipline);
	m->config->aqm = qos_str(aqm);
	m->config->max_concurrent_streams = 1000000;
	CHECK(qos_queues_init(&m->queues, m->config, o, m->fields, &m->slab, &err) == 0);
}

static inline void close_queues(struct made *m)
{
	qos_queues_free(&m->queues);
	qos_fields_free(m->fields);
	qos_slab_free(&m->slab);
	qos_config_free(m->config);
}

static inline enum qos_drop push_to(struct made *m, struct qos_queues *q, int class, const char *stream, int64_t bytes,
				    int64_t now_ns)
{
	struct qos_record r = { .bytes = stream,
				.n_bytes = (uint32_t)strlen(stream),
				.cell = m->cell,
				.class = (int16_t) class,
				.size_bytes = bytes,
				.arrival_ns = now_ns,
				.deadline_ns = now_ns + 10000000,
				.node = { .seq = m->seq++ } };

	m->cell[QOS_F_STREAM] = (struct qos_cell){ .off = 0, .len = r.n_bytes, .kind = QOS_CELL_TEXT };
	return qos_queues_push(q, &r, now_ns);
}

static inline enum qos_drop push(struct made *m, int class, const char *stream, int64_t bytes, int64_t now_ns)
{
	return push_to(m, &m->queues, class, stream, bytes, now_ns);
}

/* Ends what was dropped; how many for that reason, or for any. */
static inline int end_dropped(struct made *m, enum qos_drop why)
{
	struct qos_record *r;
	int n = 0;

	while ((r = qos_queues_dropped(&m->queues))) {
		n += !why || r->drop == why;
		qos_queues_leave(&m->queues, r);
		qos_record_drop(r, m->fields, &m->slab);
	}
	return n;
}

static inline int serve(struct made *m, int64_t now_ns, int64_t service_ns)
{
	struct qos_record *r = qos_queues_pop(&m->queues, now_ns);
	int class;

	if (!r)
		return -1;
	class = r->class;
	qos_queues_sent(&m->queues, r, service_ns, now_ns);
	qos_queues_leave(&m->queues, r);
	qos_record_drop(r, m->fields, &m->slab);
	return class;
}

#endif
