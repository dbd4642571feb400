/*
 * Active queue management: does a record stay?
 *
 * A member is asked when a record arrives, when one is about to be served, or both, and answers with a verdict; the
 * engine drops, marks and counts.  Its state belongs to one queue: that of a class, or of a stream.
 */
#ifndef QOS_SCHED_AQM_H
#define QOS_SCHED_AQM_H

#include "base/rng.h"
#include "unit/param.h"

enum qos_aqm_verdict { QOS_PASS, QOS_MARK, QOS_REFUSE };

/* What a member may know of its queue.  The record in question is not counted in n_records and n_bytes. */
struct qos_aqm_view {
	int64_t now_ns;
	int64_t n_records, n_bytes;
	int64_t largest_bytes; /* record seen so far */
	int64_t service_ns;    /* mean service time of late; 0: none seen */
	int64_t sojourn_ns;    /* of the record that is about to leave */
	bool mark;             /* mark instead of dropping, where the law allows */
	struct qos_rng *rng;
};

struct qos_aqm {
	const char *name;
	const char *summary;            /* one line for --aqm help */
	size_t state_bytes;             /* zeroed by the engine, then `init` */
	const struct qos_param *params; /* NULL: none */
	size_t params_bytes;
	bool by_stream; /* may it stand in every stream's own queue (fq_NAME)? */

	void (*init)(void *state, const void *params); /* NULL: zeros are right */
	/* A record has arrived.   NULL: it stays. */
	enum qos_aqm_verdict (*arrive)(void *state, const void *params, const struct qos_aqm_view *v);
	/* A record is about to be served.  After QOS_REFUSE the next one is asked for.   NULL: it is served. */
	enum qos_aqm_verdict (*leave)(void *state, const void *params, const struct qos_aqm_view *v);
	/* The last record was refused: the queue ran empty before one could be served.   NULL: nothing to do. */
	void (*empty)(void *state);
};

#endif
