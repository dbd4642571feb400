/*
 * The conservation ledger of a timed stage: in = out + dropped + held, by class.
 */
#ifndef QOS_SCHED_LEDGER_H
#define QOS_SCHED_LEDGER_H

#include "record/record.h"

#define QOS_LEDGER_CLASSES 64

struct qos_ledger_class {
	uint64_t n_in, n_out, in_bytes, out_bytes;
	uint64_t dropped[QOS_N_DROP]; /* by reason */
	int64_t wait_max_ns;
	__int128 wait_sum_ns;
	int64_t n_queued_max; /* deepest queue, records */
};

struct qos_ledger {
	struct qos_ledger_class class[QOS_LEDGER_CLASSES]; /* by index in the config */
	uint64_t n_unclassified;                           /* came without a class and got the default one */
};

static inline void qos_ledger_in(struct qos_ledger *l, const struct qos_record *r)
{
	l->class[r->class].n_in++;
	l->class[r->class].in_bytes += (uint64_t)r->size_bytes;
}

static inline void qos_ledger_out(struct qos_ledger *l, const struct qos_record *r)
{
	struct qos_ledger_class *c = &l->class[r->class];

	c->n_out++;
	c->out_bytes += (uint64_t)r->size_bytes;
	c->wait_sum_ns += r->wait_ns;
	if (r->wait_ns > c->wait_max_ns)
		c->wait_max_ns = r->wait_ns;
}

static inline void qos_ledger_drop(struct qos_ledger *l, const struct qos_record *r)
{
	l->class[r->class].dropped[r->drop]++;
}

/* Sum over all classes of the dropped, upstream's own not counted. */
uint64_t qos_ledger_dropped(const struct qos_ledger *l);

#endif
