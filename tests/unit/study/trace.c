/* Traces in memory: what is kept is what is played, drops and streams too. */
#include "study/trace.h"

#include "tests/unit/study/study.h"

/* A stage that lets each record wait 1 ms, alone or not, and drops those of class 2. */
struct delay {
	struct qos_record *held[8];
	int n;
	int64_t due_ns;
	struct qos_fields *fields;
	struct qos_slab slab;
};

static void delay_push(void *self, struct qos_record *r, int64_t now_ns, struct qos_sink *out)
{
	struct delay *d = self;

	CHECK_INT(now_ns, r->arrival_ns);
	if (r->class == 2 || r->drop) {
		r->drop = r->drop ? r->drop : QOS_DROP_TAIL;
		out->put(out->self, r);
		return;
	}
	d->held[d->n++] = qos_record_keep(r, d->fields, &d->slab);
	if (d->n == 1)
		d->due_ns = now_ns + MS;
}

static int64_t delay_due(const void *self)
{
	return ((const struct delay *)self)->due_ns;
}

static void delay_advance(void *self, int64_t now_ns, struct qos_sink *out)
{
	struct delay *d = self;

	for (int i = 0; i < d->n; i++) {
		d->held[i]->depart_ns = now_ns;
		out->put(out->self, d->held[i]);
		qos_record_drop(d->held[i], d->fields, &d->slab);
	}
	d->n = 0;
	d->due_ns = QOS_NEVER;
}

struct seen {
	char text[500];
};

static struct qos_str cell(const struct qos_record *r, int field)
{
	return (struct qos_str){ r->bytes + r->cell[field].off, r->cell[field].len };
}

static void see(void *self, struct qos_record *r)
{
	struct seen *s = self;
	size_t n = strlen(s->text);

	snprintf(s->text + n, sizeof(s->text) - n, "%d %.*s %.*s %lld%s;", (int)r->node.seq,
		 QOS_STR_ARG(cell(r, QOS_F_STREAM)), QOS_STR_ARG(cell(r, QOS_F_DROP)), (long long)(r->arrival_ns / MS),
		 r->cell[QOS_F_DEPART].len ? "" : " stays");
}

static void played_twice(void)
{
	struct qos_trace t = { .stream_field = QOS_F_STREAM };
	struct qos_err err;

	collect(&t, 0, 1, 100, "a", NULL);
	collect(&t, 0, 2, 100, "long", NULL);
	collect(&t, 5, 1, 100, "b", "earlier");
	collect(&t, 9, 1, 100, NULL, NULL);
	CHECK_INT(t.n, 4);
	CHECK_INT(t.bytes, 400);
	for (int i = 0; i < 2; i++) {
		struct delay d = { .due_ns = QOS_NEVER };
		struct qos_stage stage = { delay_push, delay_due, delay_advance, NULL, NULL, &d };
		struct seen s = { "" };
		struct qos_sink sink = { see, &s };

		CHECK_INT(qos_fields_new(&d.fields, &err), 0);
		CHECK_INT(qos_trace_play(&t, &stage, &sink, &err), 0);
		CHECK_TEXT(s.text, "1 long tail 0 stays;0 a  1;2 b earlier 5 stays;3   10;");
		qos_fields_free(d.fields);
		qos_slab_free(&d.slab);
	}
	qos_trace_free(&t);
}

int main(void)
{
	RUN("a trace plays the same each time: streams, drops of its own and of the stage, departures", played_twice);
	return DONE();
}
