/*
 * The queues of the router: one a class, served in the order of a discipline, kept short by queue management.
 *
 *   arrive -> shed? -> limit of streams -> management -> room -> queue --discipline--> expired? management? -> leave
 *
 * Records that end here (too many streams, a full queue, evicted, managed away, expired) are handed back with their
 * reason; the caller puts them on and counts them.  Time is an argument.
 */
#ifndef QOS_ROUTE_QUEUES_H
#define QOS_ROUTE_QUEUES_H

#include "aqm/aqm.h"
#include "config/config.h"
#include "discipline/discipline.h"
#include "overload/congestion.h"
#include "overload/drain.h"
#include "overload/shed.h"
#include "record/record.h"
#include "route/overflow.h"
#include "sched/stream.h"

struct qos_queues_class { /* what happened to a class, by its index in the config */
	uint64_t n_marked;
	uint64_t n_inversions;  /* served while a record of a more urgent class waited */
	int64_t gap_max_ns;     /* longest that it waited without service */
	int64_t waits_since_ns; /* for service */
	int64_t limit_records;
	int64_t congested_records; /* the threshold */
	struct qos_congestion congestion;
	int64_t retry_max_ns; /* the longest that a dropped record was told */
};

struct qos_queues_options {
	bool drop_expired;   /* drop records whose deadline has passed before they are served */
	bool mark;           /* management marks instead of dropping */
	uint64_t seed;       /* of management's chances */
	int n_servers;       /* that serve them; 0: those of all adapters, or the router's one */
	int64_t max_streams; /* active ones; 0: as config says */
	/* What may wait in all, here and in other queues that share it; NULL: as config says, for these alone. */
	struct qos_room *room;
	struct qos_claim *claim; /* what their tenant holds of the room; NULL: there is one tenant */
};

struct qos_queues {
	const struct qos_config *config;
	const struct qos_fields *fields;
	const struct qos_discipline *discipline;
	struct qos_queues_options options;
	void *state;                              /* the discipline's */
	struct qos_queue queue[QOS_CLASSES_MOST]; /* by rank */
	struct qos_aqm_use use[QOS_CLASSES_MOST]; /* by rank */
	int rank[QOS_CLASSES_MOST];               /* of a class */
	uint64_t waiting;                         /* bit = rank of a queue that holds records */
	uint64_t congested;                       /* bit = rank of a queue that is */
	struct qos_queues_class class[QOS_CLASSES_MOST];
	struct qos_streams streams;
	int64_t n_records, n_records_max;  /* that wait */
	uint32_t n_streams, n_streams_max; /* with a record queued or in service */
	uint32_t max_streams;
	struct qos_slab *slab;      /* of records, the caller's */
	struct qos_record *dropped; /* linked by node.sibling, the caller's to end */
	struct qos_arena arena;     /* parameters */
	struct qos_rng rng;
	int64_t mean_service_ns;
	struct qos_extremes worst;
	struct qos_room *room, own_room;
	struct qos_claim *claim;
	struct qos_queues *next_member; /* of the room */
	struct qos_drain drain;
	struct qos_shed shed; /* n_ranks 0: nothing is shed */
};

/*
 * config	classes, discipline, limits, management; must outlive the queues
 * slab		where records are kept
 *
 * Fails  QOS_EUSAGE for a discipline or management that does not exist; then what was made is freed.
 */
int qos_queues_init(struct qos_queues *s, const struct qos_config *config, const struct qos_queues_options *options,
		    const struct qos_fields *fields, struct qos_slab *slab, struct qos_err *err);
/* Gives back all it owns, queued records too; the struct itself is the caller's. */
void qos_queues_free(struct qos_queues *s);

/*
 * A record has arrived: a kept copy joins its queue.  It may come from other queues of the same configuration, where it
 * has not left yet: the copy is another record then.
 *
 * Returns  QOS_DROP_NONE, or why it may not; then r is still the caller's.  Others may have been dropped to make room.
 */
enum qos_drop qos_queues_push(struct qos_queues *s, struct qos_record *r, int64_t now_ns);
/* The record to be served now, or NULL when none is left; others may have been dropped on the way. */
struct qos_record *qos_queues_pop(struct qos_queues *s, int64_t now_ns);
/* The record that was popped will be served for so long, from now on. */
void qos_queues_sent(struct qos_queues *s, const struct qos_record *r, int64_t service_ns, int64_t now_ns);
/* A record that was popped, or handed back as dropped, is done with: its stream may go idle. */
void qos_queues_leave(struct qos_queues *s, const struct qos_record *r);
/* The dropped one by one, each the caller's; NULL: no more. */
struct qos_record *qos_queues_dropped(struct qos_queues *s);
/* Takes the record of a queue that holds some out that would be served last; it joins the dropped. */
void qos_queues_evict(struct qos_queues *s, int rank, enum qos_drop why, int64_t now_ns);
/* Are some records of these classes turned away now because too many come? */
bool qos_queues_sheds(const struct qos_queues *s);
/*
 * When could a record of a class that is refused now be served?
 *
 *   (records that wait in classes at least as urgent + 1) x mean time between two services begun while records waited
 *
 * Under fifo and edf all that wait count.  While its class is shed, not before the window ends.
 *
 * Returns  ns from now; 0: nothing is known, or nothing waits.
 */
int64_t qos_queues_retry_ns(const struct qos_queues *s, int class);
/* Would a record of some class be dropped now? */
bool qos_queues_full(const struct qos_queues *s);
/* The longest that a class can wait for service under this discipline, after what was seen; QOS_NEVER: no bound. */
int64_t qos_queues_gap_ns(const struct qos_queues *s, int class);

#endif
