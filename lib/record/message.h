/*
 * A message that a program makes itself: fields by name, and the record that stages take.
 *
 *   begin -> set, set, ... -> record -> stage.push
 *
 * It is used over and over.  A record is lent, as a reader's is, until the next begin.
 */
#ifndef QOS_RECORD_MESSAGE_H
#define QOS_RECORD_MESSAGE_H

#include "record/record.h"

struct qos_message;

/* fields, classes (by index, NULL: none are known): borrowed, those of the stages. */
int qos_message_new(struct qos_message **m, struct qos_fields *fields, const struct qos_names *classes,
		    struct qos_err *err);
/* Frees it and what it owns; takes NULL. */
void qos_message_free(struct qos_message *m);

/* An empty one that arrives now. */
void qos_message_begin(struct qos_message *m, int64_t now_ns);
/* Adds a field, known or not; one that was set before takes the new value.  A name that no stage knows is no error. */
void qos_message_set(struct qos_message *m, const char *field, struct qos_str value);
/*
 * Its record: `size` (default: the bytes of all values), `service_time`, `max_latency`, `class` and `drop` are read.
 *
 * Returns  NULL with *err: QOS_EINPUT for a value that is none, QOS_EIO when memory ran out.
 */
struct qos_record *qos_message_record(struct qos_message *m, struct qos_err *err);

#endif
