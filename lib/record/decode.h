/*
 * Typed members of a record from its cells: times, sizes, durations, the class.
 */
#ifndef QOS_RECORD_DECODE_H
#define QOS_RECORD_DECODE_H

#include "record/record.h"

struct qos_decode {
	bool ts, depart, size, service_time, max_latency, class, drop,
		color;                   /* which members to fill in; each wants its field */
	bool need_ts;                    /* a record with neither ts nor depart is bad; empty cells count as absent */
	const struct qos_names *classes; /* class names by index; an unknown name is bad */
	/* the form of ts, see unit/timeformat.h, and the year where it has none; NULL: what timestamp.h knows */
	const char *ts_format;
	int ts_year;
	/* state, all zero at first */
	int64_t stamp_cache[2];  /* of the timestamp parser: last day and its epoch */
	uint8_t class_cache[64]; /* by a few bytes of a class name: its index + 1 */
	char scratch[64];        /* a cell's text with its quoting undone; no number and no time stamp is longer */
};

/* Marks the fields that it reads as wanted. */
void qos_decode_want(const struct qos_decode *d, struct qos_fields *f);
/*
 * Fills in ts_ns, time_form, arrival_ns, size_bytes, service_ns, deadline_ns (= max_latency span or QOS_UNSET, until
 * the stage adds ts), class, drop and color of a borrowed record.
 *
 * Returns  0; or -1 with *field set to the id of the bad one (its cell tells the column) and why (size 200) saying what
 *	    is wrong with it and what would be right.
 */
int qos_decode_record(struct qos_decode *d, struct qos_record *r, int *field, char *why);

#endif
