/*
 * The three interfaces that carry everything: bytes -> reader -> record -> stage -> writer -> bytes.
 *
 * A reader is a source; so is a generator.  A writer is a sink; so is an array in a test.  Against the stream flow only
 * return values, and counters that somebody reads later.  Time is an argument: nothing here asks what time it is.
 */
#ifndef QOS_RECORD_STAGE_H
#define QOS_RECORD_STAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "record/record.h"

#define QOS_NEVER INT64_MAX

struct qos_source {
	struct qos_record *(*peek)(void *self); /* the next record, still the source's; NULL at the end */
	struct qos_record *(*take)(void *self); /* the same, now yours until the next peek or take */
	void *self;
};

struct qos_sink {
	void (*put)(void *self, struct qos_record *r); /* reads it, keeps nothing */
	void *self;
};

struct qos_stage {
	/* A record has arrived.  The stage puts it, keeps a copy, or drops it and counts why. */
	void (*push)(void *self, struct qos_record *r, int64_t now_ns, struct qos_sink *out);
	int64_t (*due)(const void *self);                                  /* when to come back; QOS_NEVER */
	void (*advance)(void *self, int64_t now_ns, struct qos_sink *out); /* that moment has come */
	bool (*full)(const void *self);                                    /* NULL: never; true: do not read on yet */
	bool (*holds)(const void *self); /* NULL: no; true: records wait for something that `due` does not know */
	void *self;
};

#endif
