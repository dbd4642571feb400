/* The kinds of queue management there are: a new one is one file and one word here. */
#ifndef QOS_AQM_AQM_H
#define QOS_AQM_AQM_H

#include "base/arena.h"
#include "sched/aqm.h"

#define QOS_AQMS(X) X(codel) X(pie) X(red)

#define QOS_AQM_EXTERN(name) extern const struct qos_aqm qos_aqm_##name;
QOS_AQMS(QOS_AQM_EXTERN)
/* all of them, ended by NULL */
extern const struct qos_aqm *const qos_aqms[];

/* A kind with its parameters, as a class uses it.  aqm NULL: tail drop alone. */
struct qos_aqm_use {
	const struct qos_aqm *aqm;
	bool by_stream;     /* every stream has a queue and a state of its own, served in turn */
	const void *params; /* the arena's */
};

/*
 * Reads `codel`, `fq_codel,target=5ms,interval=100ms`, `tail` or `none`.
 *
 * Owns   nothing: the parameters live in the arena.
 * Fails  QOS_EUSAGE for an unknown name or parameter, with the nearest one.
 */
int qos_aqm_read(struct qos_aqm_use *use, struct qos_str text, struct qos_arena *arena, struct qos_err *err);

/* What there is: a line for each, its parameters below; appended to b. */
void qos_aqms_help(struct qos_buf *b);

#endif
