/* A token bucket as one time stamp with its remainder. */
#include "sched/bucket.h"

#include "base/bits.h"

/* start + bytes over rate, as a time stamp with remainder; clamped at the end of time. */
static int64_t later(const struct qos_bucket *b, int64_t start_ns, int64_t start_rest, int64_t bytes, int64_t *rest)
{
	int64_t product;
	unsigned __int128 wide, span;

	if (!__builtin_mul_overflow(bytes, QOS_BITS_NS, &product) &&
	    !__builtin_add_overflow(product, start_rest, &product)) {
		*rest = product % b->rate_bps;
		return start_ns + product / b->rate_bps;
	}
	wide = (unsigned __int128)bytes * QOS_BITS_NS + (unsigned __int128)start_rest;
	span = wide / (unsigned __int128)b->rate_bps;
	*rest = (int64_t)(wide % (unsigned __int128)b->rate_bps);
	if (span > INT64_MAX)
		return INT64_MAX;
	return start_ns > 0 ? qos_add_clamped(start_ns, (int64_t)span) : start_ns + (int64_t)span;
}

void qos_bucket_init(struct qos_bucket *b, int64_t rate_bps, int64_t depth_bytes)
{
	b->rate_bps = rate_bps;
	b->rest = 0;
	qos_bucket_depth(b, depth_bytes);
	b->empty_ns = INT64_MIN / 2; /* full since long ago */
}

void qos_bucket_depth(struct qos_bucket *b, int64_t depth_bytes)
{
	int64_t rest;

	b->depth_bytes = depth_bytes;
	b->depth_ns = later(b, 0, 0, depth_bytes, &rest);
	if (rest)
		b->depth_ns++;
}

int64_t qos_bucket_when(const struct qos_bucket *b, int64_t bytes)
{
	int64_t rest, when_ns = later(b, b->empty_ns, b->rest, bytes, &rest);

	return rest && when_ns < INT64_MAX ? when_ns + 1 : when_ns;
}

/* What ran over is gone: it holds its depth at the most. */
static void brim(struct qos_bucket *b, int64_t now_ns)
{
	/*
	 * A full bucket was empty exactly depth / rate ago.  Who left at a moment rounded up to the nanosecond keeps
	 * what ran in during that last part of one, or a bucket of one record would lose it every time.
	 */
	if (b->empty_ns < now_ns - b->depth_ns - 1) {
		int64_t rest, exact = later(b, 0, 0, b->depth_bytes, &rest);

		b->empty_ns = now_ns - exact;
		b->rest = 0;
		if (rest) {
			b->empty_ns--;
			b->rest = b->rate_bps - rest;
		}
	}
}

void qos_bucket_take(struct qos_bucket *b, int64_t bytes, int64_t now_ns)
{
	brim(b, now_ns);
	b->empty_ns = later(b, b->empty_ns, b->rest, bytes, &b->rest);
}

/* What it holds, in units of 8e9 bytes, is the time since it was empty times the rate, whatever the rate is. */
void qos_bucket_rate(struct qos_bucket *b, int64_t rate_bps, int64_t now_ns)
{
	__int128 level = ((__int128)now_ns - b->empty_ns) * b->rate_bps - b->rest;
	__int128 depth = (__int128)b->depth_bytes * QOS_BITS_NS, most = (__int128)rate_bps * (INT64_MAX / 4);

	if (level > depth + b->rate_bps) /* as above: what ran in during the last part of a nanosecond stays */
		level = depth;
	if (level > most || level < -most) /* 73 years: full, or in debt, for good */
		level = level < 0 ? -most : most;
	b->rate_bps = rate_bps;
	qos_bucket_depth(b, b->depth_bytes);
	b->empty_ns = now_ns - (int64_t)(level / rate_bps);
	b->rest = (int64_t)(-(level % rate_bps));
	if (b->rest < 0) {
		b->empty_ns--;
		b->rest += rate_bps;
	}
}

void qos_bucket_stood(struct qos_bucket *b, int64_t span_ns)
{
	b->empty_ns = b->empty_ns < 0 ? b->empty_ns + span_ns : qos_add_clamped(b->empty_ns, span_ns);
}
