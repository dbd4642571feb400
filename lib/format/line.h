/*
 * What formats of one record a line have in common.
 */
#ifndef QOS_FORMAT_LINE_H
#define QOS_FORMAT_LINE_H

#include "format/format.h"

/*
 * Takes the next line that is not empty.
 *
 * Returns  QOS_NEXT_RECORD when there is one; else what the format's next() returns: the end, an error, or a line over
 *	    --max-record, which is refused.
 */
enum qos_next qos_line_take(struct qos_reading *g, struct qos_str *line, uint8_t *eol_bytes);
/* Gives out a line whose cells are set. */
enum qos_next qos_line_give(struct qos_reading *g, struct qos_record *r, struct qos_str line, uint8_t eol_bytes);
/* Refuses a line that was taken; `at` stands in it. */
enum qos_next qos_line_refuse(struct qos_reading *g, struct qos_str line, uint8_t eol_bytes, const char *at,
			      const char *why);
/*
 * How many of the first lines that are not empty are `good`?  A cut last line counts when it is the only one.
 *
 * what	 "access log lines", for why (size 160)
 * most	 the score when all are
 */
int qos_line_score(struct qos_str head, bool (*good)(struct qos_str line), const char *what, int most, char *why);

#endif
