/*
 * The writing engine: a sink that sets our values into records, over one format.
 */
#ifndef QOS_FORMAT_WRITER_H
#define QOS_FORMAT_WRITER_H

#include "format/format.h"
#include "record/stage.h"

/* One field that a filter writes. */
struct qos_column {
	int field; /* id */
	bool number;
	/* Its text for this record: written into scratch (64 bytes), or a lasting text; empty for nothing. */
	struct qos_str (*text)(const void *self, const struct qos_record *r, char *scratch);
};

struct qos_writer;

/*
 * out		borrowed
 * columns	[n], borrowed; at most 16.  Their fields are kept (qos_fields_keep) here, so make the writer before the
 *		first record
 * self		handed to each column's text()
 * input	format of the records that will come, reading its state (NULL: generated records, see qos_record of a
 *		source)
 */
int qos_writer_new(struct qos_writer **w, const struct qos_format *output, const struct qos_format *input,
		   struct qos_reading *reading, struct qos_out *out, struct qos_fields *fields,
		   const struct qos_column *columns, int n, const void *self, struct qos_err *err);
/* Frees it; call qos_writer_finish() first. */
void qos_writer_free(struct qos_writer *w);
struct qos_sink qos_writer_sink(struct qos_writer *w);
/* Texts that --csv-safe made harmless so far. */
uint64_t qos_writer_unsafe(const struct qos_writer *w);
/*
 * Writes what an empty output still needs (a csv header) and flushes.
 *
 * Fails  QOS_EIO when something could not be written; QOS_EINPUT when records had fields that the header, written
 *	  before them, has no column for (the records themselves were written).
 */
int qos_writer_finish(struct qos_writer *w, struct qos_err *err);

#endif
