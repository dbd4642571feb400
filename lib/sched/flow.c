/* Deficit round robin over the streams of a queue. */
#include "sched/flow.h"

#include "base/bits.h"

static void append(struct qos_flow_list *l, struct qos_flow *f, enum qos_flow_place place)
{
	f->next = NULL;
	f->place = (uint8_t)place;
	if (l->last)
		l->last->next = f;
	else
		l->first = f;
	l->last = f;
}

static struct qos_flow *take_first(struct qos_flow_list *l)
{
	struct qos_flow *f = l->first;

	l->first = f->next;
	if (!l->first)
		l->last = NULL;
	return f;
}

static int size_of(int64_t n_bytes)
{
	return n_bytes > 0 ? 63 - __builtin_clzll((uint64_t)n_bytes) : 0;
}

static void leave_size(struct qos_rounds *d, struct qos_flow *f)
{
	if (f->other)
		f->other->fatter = f->fatter;
	else
		d->by_size[f->size] = f->fatter;
	if (f->fatter)
		f->fatter->other = f->other;
	if (!d->by_size[f->size])
		d->sizes &= ~(1ull << f->size);
}

static void enter_size(struct qos_rounds *d, struct qos_flow *f)
{
	f->size = (uint8_t)size_of(f->n_bytes);
	f->other = NULL;
	f->fatter = d->by_size[f->size];
	if (f->fatter)
		f->fatter->other = f;
	d->by_size[f->size] = f;
	d->sizes |= 1ull << f->size;
}

void qos_rounds_push(struct qos_rounds *d, struct qos_flow *f, struct qos_record *r, int64_t quantum_bytes)
{
	bool held = f->head;

	r->node.sibling = NULL;
	r->node.child = (struct qos_node *)f->tail; /* the one before it; of the head it says nothing */
	if (held)
		f->tail->node.sibling = &r->node;
	else
		f->head = r;
	f->tail = r;
	f->n_bytes += r->size_bytes;
	if (!held) {
		enter_size(d, f);
	} else if (size_of(f->n_bytes) != f->size) {
		leave_size(d, f);
		enter_size(d, f);
	}
	if (f->place == QOS_FLOW_OUT) {
		f->credit_bytes = quantum_bytes;
		append(&d->fresh, f, QOS_FLOW_NEW);
	}
}

struct qos_flow *qos_rounds_first(struct qos_rounds *d, int64_t quantum_bytes, struct qos_flow **gone)
{
	for (;;) {
		struct qos_flow_list *l = d->fresh.first ? &d->fresh : &d->old;
		struct qos_flow *f = l->first;

		if (!f)
			return NULL;
		if (f->credit_bytes <= 0) {
			f->credit_bytes += quantum_bytes;
			append(&d->old, take_first(l), QOS_FLOW_OLD);
		} else if (f->head) {
			return f;
		} else if (l == &d->fresh && d->old.first) {
			append(&d->old, take_first(l), QOS_FLOW_OLD);
		} else {
			take_first(l);
			f->place = QOS_FLOW_OUT;
			f->next = *gone;
			*gone = f;
		}
	}
}

/* The flow holds `bytes` less. */
static void shrink(struct qos_rounds *d, struct qos_flow *f, int64_t bytes)
{
	f->n_bytes -= bytes;
	if (!f->head) {
		f->tail = NULL;
		leave_size(d, f);
	} else if (size_of(f->n_bytes) != f->size) {
		leave_size(d, f);
		enter_size(d, f);
	}
}

struct qos_record *qos_rounds_take(struct qos_rounds *d, struct qos_flow *f, bool charge)
{
	struct qos_record *r = f->head;

	f->head = (struct qos_record *)r->node.sibling;
	if (charge)
		f->credit_bytes -= r->size_bytes;
	shrink(d, f, r->size_bytes);
	return r;
}

struct qos_record *qos_rounds_take_last(struct qos_rounds *d, struct qos_flow *f)
{
	struct qos_record *r = f->tail;

	if (r == f->head)
		return qos_rounds_take(d, f, false);
	f->tail = (struct qos_record *)r->node.child;
	f->tail->node.sibling = NULL;
	shrink(d, f, r->size_bytes);
	return r;
}

struct qos_flow *qos_rounds_fattest(const struct qos_rounds *d)
{
	return d->sizes ? d->by_size[63 - __builtin_clzll(d->sizes)] : NULL;
}
