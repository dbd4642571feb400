/* Views of queues for the members of aqm/, and their verdicts. */
#include "shape/manage.h"

static struct qos_managed *queue_of(const struct qos_manage_class *c, struct qos_stream *stream)
{
	if (!c->use.by_stream)
		return c->queue;
	return stream ? qos_stream_extra(stream) : NULL;
}

int qos_manage_init(struct qos_manage *m, const struct qos_config *config, bool mark, struct qos_err *err)
{
	int rc = 0;

	*m = (struct qos_manage){ .mark = mark };
	qos_rng_seed(&m->rng, 1);
	for (int i = 0; !rc && i < config->n_classes; i++) {
		struct qos_manage_class *c = &m->class[i];
		struct qos_str text = config->classes[i].aqm.n ? config->classes[i].aqm : config->aqm;
		uint32_t bytes;

		if ((rc = qos_aqm_read(&c->use, text, &m->arena, err)) || !c->use.aqm)
			continue;
		m->on = true;
		bytes = (uint32_t)(sizeof(*c->queue) + c->use.aqm->state_bytes);
		if (c->use.by_stream && bytes > m->stream_bytes)
			m->stream_bytes = bytes;
		c->queue = qos_arena_get(&m->arena, bytes);
		if (!c->queue)
			rc = qos_fail_memory(err, "queue management");
	}
	if (rc)
		qos_manage_free(m);
	return rc;
}

void qos_manage_free(struct qos_manage *m)
{
	qos_arena_free(&m->arena);
}

static struct qos_aqm_view view(struct qos_manage *m, const struct qos_manage_class *c, const struct qos_managed *q,
				int64_t now_ns)
{
	return (struct qos_aqm_view){ .now_ns = now_ns,
				      .n_records = q->n_records,
				      .n_bytes = q->n_bytes,
				      .largest_bytes = c->largest_bytes,
				      .service_ns = c->gap_ns,
				      .mark = m->mark,
				      .rng = &m->rng };
}

static bool passes(struct qos_manage_class *c, struct qos_record *r, enum qos_aqm_verdict verdict)
{
	if (verdict == QOS_MARK) {
		r->marked = true;
		c->n_marked++;
	}
	return verdict != QOS_REFUSE;
}

static void make_ready(const struct qos_manage_class *c, struct qos_managed *q)
{
	if (!q->ready && c->use.aqm->init)
		c->use.aqm->init(q->state, c->use.params);
	q->ready = true;
}

bool qos_manage_arrives(struct qos_manage *m, struct qos_record *r, struct qos_stream *stream, int64_t now_ns)
{
	struct qos_manage_class *c = &m->class[r->class];
	struct qos_managed *q = queue_of(c, stream);
	struct qos_aqm_view v;

	if (r->size_bytes > c->largest_bytes)
		c->largest_bytes = r->size_bytes;
	if (!c->use.aqm || !c->use.aqm->arrive || !q)
		return true;
	make_ready(c, q);
	v = view(m, c, q, now_ns);
	return passes(c, r, c->use.aqm->arrive(q->state, c->use.params, &v));
}

void qos_manage_queued(struct qos_manage *m, const struct qos_record *r, struct qos_stream *stream)
{
	struct qos_managed *q = queue_of(&m->class[r->class], stream);

	if (!m->class[r->class].use.aqm)
		return;
	q->n_records++;
	q->n_bytes += r->size_bytes;
}

/* A member that is asked for the time of a service gets that between two departures while records waited. */
static void note_departure(struct qos_manage_class *c, const struct qos_managed *q, int64_t now_ns)
{
	if (c->left_ns && q->n_records)
		c->gap_ns += (now_ns - c->left_ns - c->gap_ns) / 16;
	c->left_ns = q->n_records ? now_ns : 0;
}

bool qos_manage_leaves(struct qos_manage *m, struct qos_record *r, struct qos_stream *stream, int64_t now_ns)
{
	struct qos_manage_class *c = &m->class[r->class];
	struct qos_managed *q = queue_of(c, stream);
	struct qos_aqm_view v;
	bool pass;

	if (!c->use.aqm)
		return true;
	make_ready(c, q);
	q->n_records--;
	q->n_bytes -= r->size_bytes;
	v = view(m, c, q, now_ns);
	v.sojourn_ns = now_ns - r->arrival_ns;
	pass = !c->use.aqm->leave || passes(c, r, c->use.aqm->leave(q->state, c->use.params, &v));
	if (pass)
		note_departure(c, q, now_ns);
	else if (q->n_records == 0 && c->use.aqm->empty)
		c->use.aqm->empty(q->state);
	return pass;
}
