/* What timed stages write about a record, as texts. */
#ifndef QOS_SCHED_TEXT_H
#define QOS_SCHED_TEXT_H

#include "base/str.h"
#include "record/record.h"

/*
 * The wait in seconds, the departure in the form of the record's time stamp, the reason of a drop.
 *
 * self		not used: these are the `text` of columns
 * scratch	64 bytes, where the text is made
 *
 * Returns  an empty text where there is nothing to say: a wait and a departure of a record that was not served, and the
 *	    reason of one that an earlier filter dropped, which says so already.
 */
struct qos_str qos_text_wait(const void *self, const struct qos_record *r, char *scratch);
struct qos_str qos_text_depart(const void *self, const struct qos_record *r, char *scratch);
struct qos_str qos_text_drop(const void *self, const struct qos_record *r, char *scratch);
/* The colour that a meter gave; empty: none did. */
struct qos_str qos_text_color(const void *self, const struct qos_record *r, char *scratch);

#endif
