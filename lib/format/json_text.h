/* Text as JSON strings, on the path of records. */
#ifndef QOS_FORMAT_JSON_TEXT_H
#define QOS_FORMAT_JSON_TEXT_H

#include "io/out.h"

/* Adds s as a JSON string with its quotes; bytes that are not UTF-8 become U+FFFD. */
void qos_json_add_text(struct qos_out *o, struct qos_str s);
/* Adds a text cell of a format without types: bare when it is a JSON number, else as a string. */
void qos_json_add_untyped(struct qos_out *o, struct qos_str s);

#endif
