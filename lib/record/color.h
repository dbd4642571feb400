/* Colours of records, as meters give them. */
#ifndef QOS_RECORD_COLOR_H
#define QOS_RECORD_COLOR_H

#include "base/str.h"

enum qos_color { QOS_GREEN, QOS_YELLOW, QOS_RED, QOS_N_COLORS };
extern const char *const qos_color_name[QOS_N_COLORS]; /* "green", "yellow", "red": the value of `color` */

/* -1: there is no such colour. */
int qos_color_find(struct qos_str name);

#endif
