/*
 * Policing: every record gets its colour when it arrives, and red ones may end here.  Nothing is delayed.
 *
 * A record passes the meter of its class, then that of the link, and has the worse of their colours.  An aware meter
 * looks at the colour that the record has by then.  What the class's meter drops, the link's does not see.
 */
#ifndef QOS_SHAPE_POLICE_H
#define QOS_SHAPE_POLICE_H

#include "config/config.h"
#include "meter/meter.h"
#include "record/record.h"

struct qos_police_meter {
	struct qos_meter_use use; /* use.meter NULL: none */
	uint64_t n[QOS_N_COLORS], bytes[QOS_N_COLORS];
};

struct qos_police {
	struct qos_police_meter link, class[QOS_CLASSES_MOST];
	bool on;    /* there is a meter */
	bool aware; /* one of them looks at the colours that records bring */
	struct qos_arena arena;
};

/* Fails  QOS_EUSAGE for a meter that does not exist or can never be green. */
int qos_police_init(struct qos_police *p, const struct qos_config *config, struct qos_err *err);
/* Gives back what it owns; the struct itself is the caller's. */
void qos_police_free(struct qos_police *p);
/* Colours a record.   Returns  false when it is to be dropped. */
bool qos_police_passes(struct qos_police *p, struct qos_record *r, int64_t now_ns);

#endif
