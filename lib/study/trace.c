/* Traces in memory. */
#include "study/trace.h"

#include <stdlib.h>

/* --- keeping --- */

static struct qos_trace_entry *add(struct qos_trace *t)
{
	if (t->n == t->room) {
		size_t room = t->room ? 2 * t->room : 4096;
		struct qos_trace_entry *all = realloc(t->entry, room * sizeof(*all));

		if (!all)
			return NULL;
		t->entry = all;
		t->room = room;
	}
	return &t->entry[t->n++];
}

/* Appends a cell's text.   Returns  its length. */
static uint32_t add_text(struct qos_trace *t, const struct qos_record *r, struct qos_cell c)
{
	struct qos_str text;
	char *scratch = NULL;

	if (c.kind == QOS_CELL_CSV || c.kind == QOS_CELL_ESCAPED) {
		scratch = malloc(c.len + 1);
		t->failed = t->failed || !scratch;
	}
	text = scratch ? qos_cell_text(r, c, scratch) : (struct qos_str){ r->bytes + c.off, c.len };
	if (c.kind == QOS_CELL_ABSENT || c.kind == QOS_CELL_NULL)
		text.n = 0;
	qos_buf_add(&t->text, text.p, text.n);
	free(scratch);
	return (uint32_t)text.n;
}

static void trace_push(void *self, struct qos_record *r, int64_t now_ns, struct qos_sink *out)
{
	struct qos_trace *t = self;
	struct qos_trace_entry *e = t->failed ? NULL : add(t);

	if (!e) {
		t->failed = true;
		return;
	}
	*e = (struct qos_trace_entry){ .ts_ns = r->ts_ns,
				       .arrival_ns = r->arrival_ns,
				       .size_bytes = r->size_bytes,
				       .max_latency_ns = r->deadline_ns,
				       .text = t->text.n,
				       .class = r->class,
				       .has_stream = r->cell[t->stream_field].kind != QOS_CELL_ABSENT,
				       .drop = r->drop,
				       .color = r->color };
	e->stream_bytes = add_text(t, r, r->cell[t->stream_field]);
	if (r->drop)
		e->drop_bytes = add_text(t, r, r->cell[QOS_F_DROP]);
	t->bytes += (uint64_t)r->size_bytes;
	t->failed = t->failed || t->text.failed;
}

static int64_t trace_due(const void *self)
{
	return QOS_NEVER;
}

static void trace_advance(void *self, int64_t now_ns, struct qos_sink *out)
{
}

struct qos_stage qos_trace_stage(struct qos_trace *t)
{
	return (struct qos_stage){ .push = trace_push, .due = trace_due, .advance = trace_advance, .self = t };
}

void qos_trace_free(struct qos_trace *t)
{
	free(t->entry);
	qos_buf_free(&t->text);
}

/* --- playing --- */

struct play {
	const struct qos_trace *trace;
	struct qos_sink *out;
	struct qos_cell *cell; /* [n_cells] of the record at hand; all but those set here are absent */
	size_t n_cells;
	struct qos_buf scratch;
};

static const char *text_at(const struct qos_trace *t, const struct qos_trace_entry *e)
{
	return t->text.p ? t->text.p + e->text : "";
}

/* As a reader lends it. */
static struct qos_record lend(struct play *p, size_t i)
{
	const struct qos_trace_entry *e = &p->trace->entry[i];
	struct qos_record r = { .bytes = text_at(p->trace, e),
				.n_bytes = e->stream_bytes + e->drop_bytes,
				.cell = p->cell,
				.class = p->trace->class_of ? p->trace->class_of[e->class] : e->class,
				.adapter = -1,
				.drop = e->drop,
				.color = e->color,
				.ts_ns = e->ts_ns,
				.arrival_ns = e->arrival_ns,
				.size_bytes = e->size_bytes,
				.service_ns = QOS_UNSET,
				.deadline_ns = e->max_latency_ns,
				.depart_ns = QOS_UNSET };

	r.node.seq = i;
	memset(p->cell, 0, p->n_cells * sizeof(*p->cell));
	if (e->has_stream)
		p->cell[p->trace->stream_field] = p->cell[QOS_F_STREAM] =
			(struct qos_cell){ 0, e->stream_bytes, QOS_CELL_TEXT };
	p->cell[QOS_F_DROP] = (struct qos_cell){ e->stream_bytes, e->drop_bytes, QOS_CELL_TEXT };
	return r;
}

/* What has left, as if it had been written and read again. */
static void put(void *self, struct qos_record *r)
{
	struct play *p = self;
	size_t i = r->node.seq;
	const struct qos_trace_entry *e = &p->trace->entry[i];
	struct qos_record read = lend(p, i);

	read.class = r->class;
	read.drop = r->drop;
	read.color = r->color;
	if (r->depart_ns != QOS_UNSET) {
		read.arrival_ns = r->depart_ns;
		p->cell[QOS_F_DEPART] = (struct qos_cell){ 0, 1, QOS_CELL_TEXT };
	}
	if (r->drop && r->drop != QOS_DROP_UPSTREAM) {
		const char *why = qos_drop_name[r->drop];

		p->scratch.n = 0;
		qos_buf_add(&p->scratch, text_at(p->trace, e), e->stream_bytes);
		qos_buf_puts(&p->scratch, why);
		if (!p->scratch.failed) {
			read.bytes = p->scratch.p;
			read.n_bytes = (uint32_t)p->scratch.n;
			p->cell[QOS_F_DROP].len = (uint32_t)strlen(why) & 0xfffffff;
		}
	}
	p->out->put(p->out->self, &read);
}

int qos_trace_play(const struct qos_trace *t, const struct qos_stage *stage, struct qos_sink *out, struct qos_err *err)
{
	struct play p = { .trace = t, .out = out };
	struct qos_sink sink = { put, &p };
	int64_t now_ns = INT64_MIN;
	size_t i = 0;

	p.n_cells = t->stream_field < QOS_N_KNOWN ? QOS_N_KNOWN : (size_t)t->stream_field + 1;
	p.cell = calloc(p.n_cells, sizeof(*p.cell));
	if (!p.cell)
		return qos_fail_memory(err, "playing a trace");
	for (;;) {
		int64_t due_ns = stage->due(stage->self);

		if (i < t->n && t->entry[i].arrival_ns <= due_ns) {
			struct qos_record r = lend(&p, i++);

			if (r.arrival_ns > now_ns)
				now_ns = r.arrival_ns;
			stage->push(stage->self, &r, now_ns, &sink);
		} else if (due_ns != QOS_NEVER) {
			if (due_ns > now_ns)
				now_ns = due_ns;
			stage->advance(stage->self, now_ns, &sink);
		} else {
			break;
		}
	}
	free(p.cell);
	qos_buf_free(&p.scratch);
	return 0;
}
