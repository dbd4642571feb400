/* Names of DSCP values: EF, AF11 to AF43, CS0 to CS7, VA, LE, DF. */
#ifndef QOS_UNIT_DSCP_H
#define QOS_UNIT_DSCP_H

#include "base/str.h"

#define QOS_DSCP_MOST 63

/* The value of a name, in any case, or of a number.   Returns  -1 when it is none. */
int qos_dscp_parse(struct qos_str text);

#endif
