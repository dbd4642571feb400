/*
 * Time stamps in and out, exact to the nanosecond, int64 from 1678 to 2262.
 */
#ifndef QOS_UNIT_TIMESTAMP_H
#define QOS_UNIT_TIMESTAMP_H

#include <stdint.h>

#include "base/str.h"

/* The form that a stamp came in; what a filter writes keeps it. */
enum qos_time_form {
	QOS_TIME_S,       /* epoch seconds, up to 9 decimals; told from ms, us, ns by magnitude (integer part < 1e11) */
	QOS_TIME_MS,      /* 1e11 <= x < 1e14 */
	QOS_TIME_US,      /* 1e14 <= x < 1e17 */
	QOS_TIME_NS,      /* x >= 1e17 */
	QOS_TIME_RFC3339, /* 2015-05-17T10:05:03.123Z, any offset, 'T' 't' or a space, ',' as decimal mark too */
	QOS_TIME_CLF,     /* 17/May/2015:10:05:03 +0000; written as RFC 3339, since it has no fractions */
};

/*
 * A moment in any of these forms; the whole text must be one.
 *
 * Decimals past the nanosecond are cut, not rounded, so that a stamp never moves ahead.  Epoch numbers may be negative,
 * and may have an exponent; their form is told by the magnitude of the whole part.  A date without a zone is UTC.
 * 23:59:60 UTC is the second after 23:59:59; a 60th second anywhere else is refused.
 *
 * cache	two words of the caller's, zero at first: the last day seen, so that a sorted trace does not count
 *		days again
 *
 * Returns  0; -1 when it is no time stamp or outside of 1678 to 2262, with why (size 120; may be NULL); then *ns and
 *	    *form may have changed.
 */
int qos_timestamp_parse(struct qos_str text, int64_t *ns, enum qos_time_form *form, int64_t cache[2], char *why);

#define QOS_TIMESTAMP_BYTES 40
/*
 * Writes ns in a form; nine decimals for seconds (six after ms, three after us), so that nothing is lost; RFC 3339 in
 * UTC with 9 decimals.  Trailing zeros of the fraction are left out (and the point).
 *
 * p	room for QOS_TIMESTAMP_BYTES, all of which may be touched
 *
 * Returns  the number of bytes written to p (at most QOS_TIMESTAMP_BYTES).
 */
size_t qos_timestamp_write(char *p, int64_t ns, enum qos_time_form form);
/* A span in seconds with up to 9 decimals, trailing zeros left out: "0.012", "0", "-1.5"; the same room. */
size_t qos_seconds_write(char *p, int64_t ns);

#endif
