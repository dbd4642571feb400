/* Numbers in JSON. */
#ifndef QOS_RENDER_JSON_NUMBER_H
#define QOS_RENDER_JSON_NUMBER_H

#include "base/buf.h"

/* A number that JSON can hold; null for what was not measured. */
void qos_json_number(struct qos_buf *b, double x);
/* `, "name": x`: a member behind another one. */
void qos_json_member(struct qos_buf *b, const char *name, double x);

#endif
