/*
 * The shaper: a stage that divides a link among classes as HTB does, and the classes among their streams by deficit
 * round robin.
 *
 *   link   rate, burst		a token bucket that every record passes: never more than rate x t + burst
 *   class  rate, burst		the floor: while its bucket is not in debt, the class is served before all borrowers
 *	    ceil, cburst	the limit of what it may use in all
 *	    prio		who borrows first; among equals what is left is lent by quantum (weight = rate)
 *   stream			the class's records by stream, equal bytes to each that waits
 *
 * `depart` is the moment at which every bucket above the record lets it go.  Oracle: the kernel's sch_htb, and its
 * floors with weighted excess, x_i = min(demand, ceil, g_i + lambda w_i).
 */
#ifndef QOS_SHAPE_SHAPER_H
#define QOS_SHAPE_SHAPER_H

#include "config/config.h"
#include "format/writer.h"
#include "overload/congestion.h"
#include "record/stage.h"
#include "sched/ledger.h"
#include "shape/framing.h"
#include "shape/grants.h"
#include "shape/manage.h"
#include "shape/police.h"
#include "shape/schedule.h"

struct qos_shaper_options {
	bool keep_drops;  /* dropped records go on, with the reason in `drop` */
	int stream_field; /* field id that names the stream; QOS_F_STREAM */
	bool mark;        /* queue management marks instead of dropping */
	struct qos_framing framing;
	int64_t latency_ns;                           /* of the link: from the last bucket to depart */
	struct qos_schedule *schedule;                /* borrowed; NULL: nothing changes */
	const struct qos_allocator_options *allocate; /* records may ask for bandwidth; NULL: all are data */
};

struct qos_shaper;

/*
 * config	borrowed: classes, bandwidth, limits
 * fields	the stream field becomes wanted
 * Fails	QOS_EUSAGE when guarantees add up to more than the link, with the sum.
 */
int qos_shaper_new(struct qos_shaper **shaper, const struct qos_config *config,
		   const struct qos_shaper_options *options, struct qos_fields *fields, struct qos_err *err);
/* Frees it and what it owns; takes NULL. */
void qos_shaper_free(struct qos_shaper *s);
struct qos_stage qos_shaper_stage(struct qos_shaper *s);
/* shape_wait, depart, color (if policed), mark (options.mark), granted, utilisation and reason (options.allocate) and
 * drop (keep_drops); self is the shaper. */
const struct qos_column *qos_shaper_columns(struct qos_shaper *s, int *n);

const struct qos_ledger *qos_shaper_ledger(const struct qos_shaper *s);
const struct qos_manage *qos_shaper_manage(const struct qos_shaper *s);
const struct qos_police *qos_shaper_police(const struct qos_shaper *s);
/* A request that is no record of the input (see shape/grants.h), for the stream that its field `stream` names; it is
 * put with the answer, and counted by the allocator alone.  options.allocate was given. */
void qos_shaper_request(struct qos_shaper *s, struct qos_record *r, int64_t now_ns, struct qos_sink *out);
/* NULL: every record is data. */
const struct qos_allocator *qos_shaper_allocator(const struct qos_shaper *s);
/* Of a class: from router.congestion_threshold of its queue limit on. */
const struct qos_congestion *qos_shaper_congestion(const struct qos_shaper *s, int class);
/* Most streams that were backlogged at once. */
uint32_t qos_shaper_streams_max(const struct qos_shaper *s);

#endif
