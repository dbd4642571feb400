/*
 * Delivery: records that have departed go to their real adapters, as text.
 *
 *   router -> put -> backlog of the adapter -> write without waiting -> the other end
 *
 * An adapter that is closed, stuck or full costs the others nothing: what it is given goes to one that is ready, and
 * what it holds follows (failover).  It is opened again after a back-off that doubles, with jitter.
 *
 *   at_most_once   a record is forgotten when it is written; one that was begun when the adapter broke is lost.
 *   at_least_once  a record is kept until the other end has read it and `window` bytes more, which it may have read and
 *		    not finished; what is kept when the adapter breaks is sent again.  At the end the other end must be
 *		    done (a command ends with status 0, a socket is closed by its peer).
 */
#ifndef QOS_ROUTE_DELIVER_H
#define QOS_ROUTE_DELIVER_H

#include "config/config.h"
#include "format/writer.h"
#include "io/poller.h"
#include "stats/sketch.h"

#define QOS_DELIVER_ALL (-2) /* value of a record's adapter: each one gets a copy */

struct qos_deliver_options {
	const struct qos_format *output, *input; /* of the text; of the records that come */
	struct qos_reading *reading;
	struct qos_fields *fields;
	const struct qos_column *columns; /* [n_columns], what the filter adds */
	int n_columns;
	const void *columns_self;
	uint64_t seed; /* of the jitter */
};

struct qos_deliver_stats {
	uint64_t n_sent, sent_bytes; /* written whole, again included */
	uint64_t n_opens;            /* that succeeded */
	uint64_t n_failed_over;      /* records that went elsewhere instead */
	uint64_t n_again;            /* that may have arrived twice */
	uint64_t n_lost;             /* begun when it broke, or without memory */
	uint64_t n_left;             /* held now and not known to have arrived */
	uint64_t n_stuck;            /* times that it took nothing for too long */
	size_t held_bytes, held_max_bytes;
	int error;                     /* errno of the last failure, 0 */
	const struct qos_sketch *wait; /* from put to written, of the records that did not move */
	int64_t moved_wait_max_ns;     /* of those that came from another adapter, or wait again */
};

struct qos_deliver;

/* Does any adapter of this configuration take bytes?  (sim: exists in the router alone) */
bool qos_deliver_wanted(const struct qos_config *config);
/*
 * config	borrowed: adapters, class names
 * Fails	for an adapter whose place cannot be meant.
 */
int qos_deliver_new(struct qos_deliver **d, const struct qos_config *config, const struct qos_deliver_options *o,
		    struct qos_err *err);
/* Frees it and what it owns, as it is; takes NULL. */
void qos_deliver_free(struct qos_deliver *d);

/* Takes a record for its r->adapter; the record stays the caller's. */
struct qos_sink qos_deliver_sink(struct qos_deliver *d);
struct qos_poller qos_deliver_poller(struct qos_deliver *d);
/* Would adapter i take a record at once?  Those without bytes always do. */
bool qos_deliver_ready(const struct qos_deliver *d, int i);

/* Does adapter i take bytes? */
bool qos_deliver_is_real(const struct qos_deliver *d, int i);
void qos_deliver_stats(const struct qos_deliver *d, int i, struct qos_deliver_stats *s);
const struct qos_sketch_scale *qos_deliver_scale(const struct qos_deliver *d);

#endif
