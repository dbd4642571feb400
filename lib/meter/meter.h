/*
 * Meters: what colour?
 *
 * A meter tells each record at its arrival whether it stays within what was agreed (green), uses what may be lost first
 * (yellow), or is beyond both (red).  It delays nothing and keeps no order; it gets the time and changes its own state.
 *
 * Being aware of colours that records bring is the caller's choice: a meter that shall not be is told green each time,
 * which in each of the RFCs here is the same as colour blind.
 */
#ifndef QOS_METER_METER_H
#define QOS_METER_METER_H

#include "base/arena.h"
#include "record/color.h"
#include "unit/param.h"

/* The first member of each meter's parameters; QOS_METER_COMMON are its rows. */
struct qos_meter_common {
	bool aware; /* the record's own colour counts */
	bool drop;  /* red records are dropped */
};

#define QOS_METER_COMMON                                                                                               \
	{ "aware",                                                                                                     \
	  QOS_PARAM_TRUTH,                                                                                             \
	  offsetof(struct qos_meter_common, aware),                                                                    \
	  NULL,                                                                                                        \
	  NULL,                                                                                                        \
	  NULL,                                                                                                        \
	  "a record's own colour counts: it can only get worse" },                                                     \
	{                                                                                                              \
		"drop", QOS_PARAM_TRUTH, offsetof(struct qos_meter_common, drop), NULL, NULL, NULL, "drop red records" \
	}

struct qos_meter {
	const char *name;
	const char *summary;            /* one line for --police help */
	size_t state_bytes;             /* given zeroed to `init` */
	const struct qos_param *params; /* begins with QOS_METER_COMMON */
	size_t params_bytes;

	/* Do the parameters make sense together?  NULL: always. */
	int (*check)(const void *params, struct qos_err *err);
	/* Buckets are full when the first record comes. */
	void (*init)(void *state, const void *params);
	/* The colour of a record of so many bytes at now_ns, which never goes back; it came with the colour `was`. */
	enum qos_color (*color)(void *state, const void *params, int64_t bytes, enum qos_color was, int64_t now_ns);
};

#define QOS_METERS(X) X(srtcm) X(trtcm) X(trtcm4115) X(gcra)

#define QOS_METER_EXTERN(name) extern const struct qos_meter qos_meter_##name;
QOS_METERS(QOS_METER_EXTERN)
/* all of them, ended by NULL */
extern const struct qos_meter *const qos_meters[];

/* A meter at work.  meter NULL: none. */
struct qos_meter_use {
	const struct qos_meter *meter;
	const struct qos_meter_common *params; /* the arena's, as all of it */
	void *state;
};

/*
 * Reads `srtcm,cir=7mbit,cbs=100kB,ebs=200kB,drop`; an empty text is no meter.
 *
 * Owns   nothing: parameters and state live in the arena.
 * Fails  QOS_EUSAGE for an unknown name or parameter, with the nearest one; for buckets that can never be green.
 */
int qos_meter_read(struct qos_meter_use *use, struct qos_str text, struct qos_arena *arena, struct qos_err *err);
/* The colour of a record that came with the colour `was`, looked at if the meter is aware; use->meter is not NULL. */
enum qos_color qos_meter_color(const struct qos_meter_use *use, int64_t bytes, enum qos_color was, int64_t now_ns);
/* What there is: a line for each meter, its parameters below; appended to b. */
void qos_meters_help(struct qos_buf *b);

#endif
