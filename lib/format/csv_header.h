/*
 * The header of separated values: what are the columns called?
 *
 * A column without a name is called by its number; one whose name was there before gets a number behind it and a
 * warning, since its cells would hide the first one's.
 */
#ifndef QOS_FORMAT_CSV_HEADER_H
#define QOS_FORMAT_CSV_HEADER_H

#include "format/csv_row.h"
#include "format/format.h"

/*
 * Takes the names of a header row that was split, remembers the first input's for writers, and registers them all where
 * g->keep_all asks for it.  Of an input that goes on spliced the header must be that of the first input.
 *
 * names	empty; the caller frees them, also after a failure
 * bytes	of the row
 * at		its file and line
 */
int qos_csv_header_use(struct qos_names *names, const struct qos_csv_row *row, struct qos_reading *g, const char *bytes,
		       struct qos_at at, struct qos_err *err);

#endif
