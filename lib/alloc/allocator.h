/*
 * The bandwidth allocator: who is promised how much of a link, and by when a promise that nobody uses ends.
 *
 * A class may be promised its guarantee, what no class is guaranteed, and what less urgent classes lend: all but a part
 * of their guarantees that they keep, as far as they have not promised it themselves.  So with G the guarantees, K the
 * parts that are kept and A what is promised so far, a request of class c finds the least of
 *
 *   link - A_c - sum over d <> c of max(A_d, d less urgent than c ? K_d : G_d)	reason `link`
 *   ceil_c - A_c									`ceil`
 *   what its tenant may have less what it has						`tenant`
 *
 * and of the first at least what is left of K_c: that was never lent.
 * It gets all, a part, or nothing, and is told which of them it met.  A promise is never taken back while it is used.
 *
 * Cost   an operation O(classes), whatever the number of allocations; expiry O(1).  About 160 bytes and the name for
 *	  an allocation, no more of them than `most`.
 * After  the lendable seats of Kubernetes' priority levels; RFC 2205 for soft state that ends unless it is used.
 */
#ifndef QOS_ALLOC_ALLOCATOR_H
#define QOS_ALLOC_ALLOCATOR_H

#include "base/str.h"
#include "config/config.h"

#define QOS_ALLOCATOR_NO_TENANT (-1)

enum qos_grant_reason {
	QOS_GRANT_FULL,     /* all that was asked */
	QOS_GRANT_LINK,     /* the rest of the link is promised, or kept by classes */
	QOS_GRANT_CEIL,     /* its class may have no more */
	QOS_GRANT_TENANT,   /* its tenant may have no more */
	QOS_GRANT_MOST,     /* one allocation too many */
	QOS_GRANT_MEMORY,   /* no memory for it */
	QOS_GRANT_RATE,     /* it asked for no rate */
	QOS_GRANT_UNKNOWN,  /* there is no such allocation */
	QOS_GRANT_RELEASED, /* given back */
	QOS_GRANT_OP,       /* no such operation: for who reads requests */
	QOS_N_GRANT
};
extern const char *const qos_grant_reason_name[QOS_N_GRANT]; /* "full", "link", "ceil", ... */

struct qos_allocator_options {
	double lendable;      /* 0..1: the part of a guarantee that more urgent classes may be promised */
	int64_t idle_ns;      /* unused for so long it ends; 0: never */
	uint32_t most;        /* allocations; 0: 1,000,000 */
	uint32_t extra_bytes; /* of the owner's own with each allocation, zeroed */
};

struct qos_allocation {
	int64_t asked_bps, granted_bps;
	int64_t used_bytes, since_ns;         /* used since the last answer */
	int64_t seen_ns;                      /* when it was used or asked about last */
	struct qos_allocation *newer, *older; /* by seen_ns */
	struct qos_stream *stream;            /* its name and class (group) */
	int tenant;
};

struct qos_grant {
	struct qos_allocation *allocation; /* NULL: there is none now */
	int64_t granted_bps;
	double utilisation; /* what was used of what was granted since the last answer; 0 of a new one */
	enum qos_grant_reason reason;
};

struct qos_allocator;

/*
 * config	classes, rates and tenants (whose share and ceil in bit/s limit them) are read, nothing is kept
 * Fails	QOS_EUSAGE when guarantees add up to more than the link, with the sum; QOS_EIO.
 */
int qos_allocator_new(struct qos_allocator **a, const struct qos_config *config,
		      const struct qos_allocator_options *options, struct qos_err *err);
/* Frees it and what it owns; takes NULL. */
void qos_allocator_free(struct qos_allocator *a);
/* Rates, ceilings and priorities are those of this configuration from now on; what is promised stays. */
void qos_allocator_change(struct qos_allocator *a, const struct qos_config *config);

/*
 * Asks for a rate for a stream of a class.  One that has an allocation asks anew: it keeps what it has, as far as that
 * is still asked.
 *
 * tenant	index into the config's tenants, or QOS_ALLOCATOR_NO_TENANT
 * now_ns	of any clock that does not go back
 */
struct qos_grant qos_allocator_allocate(struct qos_allocator *a, int class, struct qos_str stream, int tenant,
					int64_t rate_bps, int64_t now_ns);
/* The same for an allocation that must be there; rate_bps 0: what it asked for last. */
struct qos_grant qos_allocator_update(struct qos_allocator *a, int class, struct qos_str stream, int64_t rate_bps,
				      int64_t now_ns);
/* Gives back; the grant says what it was. */
struct qos_grant qos_allocator_release(struct qos_allocator *a, int class, struct qos_str stream, int64_t now_ns);

/* Counts a request that the caller refuses himself, as one that asks for no operation.   Returns  nothing granted. */
struct qos_grant qos_allocator_refuse(struct qos_allocator *a, enum qos_grant_reason why);

/* That of a stream of a class, borrowed; NULL: it has none. */
struct qos_allocation *qos_allocator_find(const struct qos_allocator *a, int class, struct qos_str stream);
/* So many bytes were sent. */
void qos_allocator_use(struct qos_allocator *a, struct qos_allocation *x, int64_t bytes, int64_t now_ns);
/* One that has ended, and is still there; NULL: none. */
struct qos_allocation *qos_allocator_idle(const struct qos_allocator *a, int64_t now_ns);
/* It ends, as one that was not used: for who has cleared his own part of it. */
void qos_allocator_end(struct qos_allocator *a, struct qos_allocation *x);
/* Ends all that are idle.   Returns  how many. */
uint32_t qos_allocator_expire(struct qos_allocator *a, int64_t now_ns);
/* The owner's own bytes of an allocation, aligned to 16. */
void *qos_allocation_extra(struct qos_allocation *x);

/*
 * What each class is to be guaranteed now, [classes]: its guarantee, or what its streams are promised if that is more;
 * the least urgent ones give what others were lent.  They add up to the link at most, unless promises alone exceed it.
 */
void qos_allocator_rates(const struct qos_allocator *a, int64_t *rate_bps);
/* Promised to a class; class -1: to all. */
int64_t qos_allocator_promised(const struct qos_allocator *a, int class);
/* Allocations now. */
uint32_t qos_allocator_count(const struct qos_allocator *a);

struct qos_allocator_counts {
	uint64_t n_full, n_part, n_refused, n_updates, n_released, n_expired;
	uint32_t n_max; /* most at once */
};
/* What was asked and answered so far; the allocator's. */
const struct qos_allocator_counts *qos_allocator_counts(const struct qos_allocator *a);

#endif
