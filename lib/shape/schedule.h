/*
 * A schedule: how the link and its classes change in time.
 *
 * A text of lines, each a moment and what is new from then on; # begins a comment.  What a line does not name stays.
 * Moments go forward, and are all of one kind.  The link is up at the end.
 *
 *   10s	rate=2mbit				10 s after the first arrival (a bare number: seconds)
 *   20s	rate=10mbit critical:rate=3mbit,ceil=10mbit
 *   2026-11-24T06:00:00Z	rate=0		a moment of its own (@1764000000.5: epoch); 0: it is down
 *
 * It says when its next change is due, and makes it in a configuration of its own.
 */
#ifndef QOS_SHAPE_SCHEDULE_H
#define QOS_SHAPE_SCHEDULE_H

#include "config/config.h"

struct qos_change {
	bool from_start; /* ns counts from the first arrival */
	int64_t ns;
	int class; /* -1: the link */
	struct qos_str key, value;
};

struct qos_schedule {
	struct qos_arena arena;
	struct qos_config config; /* the one that changes; its texts are the given one's */
	struct qos_class_config classes[QOS_CLASSES_MOST];
	struct qos_change *change; /* [n], by moment */
	int n, next;
	bool started;
	int64_t first_ns; /* what relative moments count from */
	bool link_is_down;
};

/*
 * Reads a file, and tries every change in turn, so that none can fail later.
 *
 * config	what it begins with; borrowed
 *
 * Fails  QOS_EUSAGE for a line that is none, an unknown class or key, a wrong value, with its place; QOS_EIO.
 */
int qos_schedule_read(struct qos_schedule **s, const char *file, const struct qos_config *config, struct qos_err *err);
/* Frees it and what it owns; takes NULL. */
void qos_schedule_free(struct qos_schedule *s);
/* Begins anew, with this configuration. */
void qos_schedule_reset(struct qos_schedule *s, const struct qos_config *config);
/* The first record has arrived. */
void qos_schedule_start(struct qos_schedule *s, int64_t first_ns);
/* When the next change is due; INT64_MAX: none is left. */
int64_t qos_schedule_due(const struct qos_schedule *s);
/* Makes all changes of that moment in s->config and s->link_is_down. */
void qos_schedule_step(struct qos_schedule *s);

#endif
