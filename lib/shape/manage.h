/*
 * Queue management of the shaper: the members of aqm/, by class or in each stream's own queue.
 *
 * A stream's state lives in its extra bytes and ends with its backlog: one that comes back begins anew.
 */
#ifndef QOS_SHAPE_MANAGE_H
#define QOS_SHAPE_MANAGE_H

#include "aqm/aqm.h"
#include "config/config.h"
#include "record/record.h"
#include "sched/stream.h"

struct qos_managed { /* a queue: of a class, or of a stream (in its extra bytes) */
	int64_t n_records, n_bytes;
	bool ready;      /* the member's init was called */
	int64_t state[]; /* the member's */
};

struct qos_manage_class {
	struct qos_aqm_use use;
	struct qos_managed *queue; /* NULL: tail drop alone */
	int64_t largest_bytes;     /* record seen */
	int64_t gap_ns;            /* mean time between departures while records waited */
	int64_t left_ns;           /* the last departure */
	uint64_t n_marked;
};

struct qos_manage {
	struct qos_manage_class class[QOS_CLASSES_MOST];
	struct qos_arena arena; /* parameters and classes' states */
	struct qos_rng rng;
	bool on;               /* some class is managed */
	bool mark;             /* instead of dropping */
	uint32_t stream_bytes; /* extra bytes that a stream needs; 0: none */
};

/* Fails  QOS_EUSAGE for a member that does not exist. */
int qos_manage_init(struct qos_manage *m, const struct qos_config *config, bool mark, struct qos_err *err);
/* Gives back what it owns; the struct itself is the caller's. */
void qos_manage_free(struct qos_manage *m);
/* A record has arrived.  stream: the one that waits already, or NULL.   Returns  false: drop it. */
bool qos_manage_arrives(struct qos_manage *m, struct qos_record *r, struct qos_stream *stream, int64_t now_ns);
/* It was queued; the stream is there now. */
void qos_manage_queued(struct qos_manage *m, const struct qos_record *r, struct qos_stream *stream);
/*
 * The head of a stream is about to leave, and is still counted.
 *
 * Returns  false: drop it; the next one is asked for then.
 */
bool qos_manage_leaves(struct qos_manage *m, struct qos_record *r, struct qos_stream *stream, int64_t now_ns);

#endif
