/*
 * A token bucket as one time stamp, exact: the moment at which it is (or was) empty.
 *
 * A bucket of depth s bytes that fills at rate r holds min(s, r (t - empty)) bytes at time t.  The time stamp carries
 * its remainder in units of 1/rate ns, so that no rounding adds up, however long a busy period lasts.
 *
 * After  ITU-T I.371 (GCRA, "virtual scheduling"); cells have one size there, records have any here.
 */
#ifndef QOS_SCHED_BUCKET_H
#define QOS_SCHED_BUCKET_H

#include <stdbool.h>
#include <stdint.h>

#define QOS_BITS_NS 8000000000LL /* ns of one byte at 1 bit/s */

struct qos_bucket {
	int64_t rate_bps;    /* > 0 */
	int64_t depth_bytes; /* what it holds when full */
	int64_t depth_ns;    /* time to fill: depth over rate, rounded up */
	int64_t empty_ns;    /* moment at which it was empty */
	int64_t rest;        /* 0..rate_bps-1: that moment is empty_ns + rest / rate_bps */
};

/* A full bucket.  rate_bps > 0, depth_bytes >= 0. */
void qos_bucket_init(struct qos_bucket *b, int64_t rate_bps, int64_t depth_bytes);
/* Changes the depth from now on; what is in it stays. */
void qos_bucket_depth(struct qos_bucket *b, int64_t depth_bytes);
/* Changes the rate from now_ns on; what is in it, or owed, stays, exactly.  rate_bps > 0. */
void qos_bucket_rate(struct qos_bucket *b, int64_t rate_bps, int64_t now_ns);
/* Nothing ran in for so long, up to now. */
void qos_bucket_stood(struct qos_bucket *b, int64_t span_ns);
/* The first moment at which the bucket holds `bytes` (which may be more than its depth: then it is the moment by which
 * that much would have run in since it was empty). */
int64_t qos_bucket_when(const struct qos_bucket *b, int64_t bytes);
/* Takes bytes out at now_ns, into debt if need be. */
void qos_bucket_take(struct qos_bucket *b, int64_t bytes, int64_t now_ns);
/* Is it out of debt? */
static inline bool qos_bucket_ready(const struct qos_bucket *b, int64_t now_ns)
{
	return b->empty_ns < now_ns || (b->empty_ns == now_ns && b->rest == 0);
}

#endif
