/* The forecast of a report, below its table and in its JSON. */
#ifndef QOS_RENDER_OUTLOOK_H
#define QOS_RENDER_OUTLOOK_H

#include "base/buf.h"
#include "stats/forecast.h"

/* Lines for people.   utf8  what is beyond ASCII in names may be shown */
void qos_outlook_table(const struct qos_outlook *o, bool utf8, struct qos_buf *b);
/* An object. */
void qos_outlook_json(const struct qos_outlook *o, struct qos_buf *b);

#endif
