/*
 * Quantities as people write them, exactly: durations, sizes, rates, shares.
 *
 * A number has digits, one optional point, optional exponent; it is never a double on the way.  A result that is not a
 * whole unit (ns, byte, bit/s) is rounded half up; one that does not fit is an error.  Units are read without regard to
 * case, blanks may stand before them, and k M G T are 10^3..10^12, Ki Mi Gi Ti 2^10..2^40, in every kind of quantity.
 */
#ifndef QOS_UNIT_UNIT_H
#define QOS_UNIT_UNIT_H

#include <stdint.h>

#include "base/str.h"

/* Each gives 0, or -1 with why (size 120; may be NULL) saying what is wrong and what a right value looks like. */

/* `250us 10ms 1.5s 5min 1h 2d`; ns us ms s m h d, also nsec usec msec sec min hour day.  A bare number is in units of
 * bare_ns (0: refused).  Never negative. */
int qos_unit_duration(struct qos_str text, int64_t bare_ns, int64_t *ns, char *why);
/* `1500 64KiB 10MB 1GB 64k`; a bare number is bytes, the B may be left out.  tc reads kb as 1024, we as 1000. */
int qos_unit_size(struct qos_str text, int64_t *bytes, char *why);
/* Bit rates `9600 10kbit 1gbit 1.5Gbps 10Mbit/s`, byte rates `1MB/s 125KiB/s`; a bare number is bit/s.  bps are bits
 * (tc's are bytes), B/s and b/s are bytes.  0 is refused. */
int qos_unit_bitrate(struct qos_str text, int64_t *bps, char *why);
/* Message rates `100k/s`, `5/s`, `3/min`: *num records in *den nanoseconds, exactly and in lowest terms (`5/s`: 1 in
 * 200000000).  Both > 0; a rate of 0 is refused. */
int qos_unit_msgrate(struct qos_str text, int64_t *num, int64_t *den, char *why);
/* `30%` or `0.3`; 0..1. */
int qos_unit_share(struct qos_str text, double *share, char *why);
/* A whole number 0..INT64_MAX, with optional k M G T (base 10) or Ki Mi Gi Ti. */
int qos_unit_count(struct qos_str text, int64_t *n, char *why);
/* A decimal number as the nearest double (infinite beyond its range), whole text; -1 when it is none.  JSON's forms,
 * plus a leading '+', leading zeros, and a point with digits on one side only. */
int qos_unit_number(struct qos_str text, double *x);

/* Fast path for records: seconds (or a duration with a unit) to ns.  -1 when it is none. */
int qos_unit_seconds(struct qos_str text, int64_t *ns);
/* Fast path for records: bytes (or a size with a unit).  -1 when it is none. */
int qos_unit_bytes(struct qos_str text, int64_t *bytes);

#endif
