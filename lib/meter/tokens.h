/*
 * Buckets of tokens without rounding.
 *
 * A token is the 8,000,000,000th part of a byte, so that a rate of r bit/s brings r tokens a nanosecond, as a whole
 * number, and nothing has to be divided: no remainder, no drift, however long.
 */
#ifndef QOS_METER_TOKENS_H
#define QOS_METER_TOKENS_H

#include <stdint.h>

#define QOS_TOKENS_BYTE 8000000000LL /* 2^63 bytes are under 2^96 tokens, and so is any rate over 292 years */

static inline __int128 qos_tokens_of(int64_t bytes)
{
	return (__int128)bytes * QOS_TOKENS_BYTE;
}

/* Adds to *level what a rate brings in ns, up to depth.   Returns  what ran over. */
static inline __int128 qos_tokens_add(__int128 *level, __int128 more, __int128 depth)
{
	__int128 over = *level + more - depth;

	if (over < 0)
		over = 0;
	*level += more - over;
	return over;
}

/* The time since the last call, 0 for the first; *last_ns is INT64_MIN before. */
static inline int64_t qos_tokens_since(int64_t *last_ns, int64_t now_ns)
{
	int64_t span_ns = 0;

	if (*last_ns != INT64_MIN && now_ns > *last_ns && __builtin_sub_overflow(now_ns, *last_ns, &span_ns))
		span_ns = INT64_MAX;
	if (now_ns > *last_ns)
		*last_ns = now_ns;
	return span_ns;
}

#endif
