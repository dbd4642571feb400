/* The disciplines there are: a new one is one file and one word here. */
#ifndef QOS_DISCIPLINE_DISCIPLINE_H
#define QOS_DISCIPLINE_DISCIPLINE_H

#include "base/str.h"
#include "sched/discipline.h"

#define QOS_DISCIPLINES(X) X(qos) X(strict) X(wrr) X(drr) X(wfq) X(edf) X(fifo)

#define QOS_DISCIPLINE_EXTERN(name) extern const struct qos_discipline qos_discipline_##name;
QOS_DISCIPLINES(QOS_DISCIPLINE_EXTERN)
/* all of them, ended by NULL */
extern const struct qos_discipline *const qos_disciplines[];

/* A queue's share in millionths, at least 1. */
static inline int64_t qos_discipline_weight(const struct qos_queue *q)
{
	int64_t weight = (int64_t)(q->share * 1e6 + 0.5);

	return weight > 0 ? weight : 1;
}

/* By name, or NULL. */
const struct qos_discipline *qos_discipline_find(struct qos_str name);

#endif
