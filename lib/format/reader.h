/*
 * The reading engine: files, detection, the error policy and the numbers, over one format.
 *
 * It is a source.  It finds the format, lets it find the records, decodes the typed fields that somebody wants, and
 * counts and remembers what it had to refuse; the command prints that.
 */
#ifndef QOS_FORMAT_READER_H
#define QOS_FORMAT_READER_H

#include "format/format.h"
#include "record/decode.h"
#include "record/stage.h"

enum qos_on_error { QOS_ON_ERROR_SKIP, QOS_ON_ERROR_FAIL, QOS_ON_ERROR_PASS };

#define QOS_REJECTS_SHOWN 10

struct qos_reader_options {
	const char *const *files; /* [n_files], "-" is stdin; none: stdin */
	int n_files;
	const struct qos_format *format; /* NULL: detect, once per input */
	const struct qos_format *output; /* NULL: the input's own if it can carry fields, else jsonl */
	bool no_output;                  /* nobody writes records (qos-stats): no column is kept */
	size_t most_bytes;               /* --max-record */
	enum qos_on_error on_error;
	const char *no_header;
	int year;                       /* --ts-year; 0: the format's default */
	bool decap;                     /* --decap */
	const int16_t *remark;          /* [classes], --remark: borrowed; NULL */
	bool csv_safe;                  /* --csv-safe: every cell will be looked at, none is spliced */
	void (*before_wait)(void *who); /* flush the output: the input would block */
	bool (*wait)(void *who,
		     int fd); /* instead of before_wait, see io/in.h: flush, wait for fd; false: stop reading */
	void *who;
};

struct qos_reader;

/*
 * Opens the first input and finds its format, so that what can fail fails here.
 *
 * fields	who wants what is settled before the first record is read; shared with stage and writer, which live as
 *		long
 * decode	which typed members to fill in, borrowed; a field that does not parse makes its record bad
 */
int qos_reader_new(struct qos_reader **r, const struct qos_reader_options *o, struct qos_fields *fields,
		   struct qos_decode *decode, struct qos_err *err);
/* Frees it and what it owns; takes NULL. */
void qos_reader_free(struct qos_reader *r);

struct qos_source qos_reader_source(struct qos_reader *r);
/* The format that was found for the input at hand, and why. */
const struct qos_format *qos_reader_format(const struct qos_reader *r);
const char *qos_reader_why(const struct qos_reader *r);
/* The format that the output takes: asked for, or the default for this input. */
const struct qos_format *qos_reader_output(const struct qos_reader *r);
struct qos_reading *qos_reader_reading(struct qos_reader *r);

struct qos_reader_counts {
	uint64_t n_records;  /* given out, passed bad ones not counted */
	uint64_t n_rejected; /* refused, whether skipped or passed on */
	uint64_t read_bytes;
	int n_inputs;                         /* opened so far */
	int n_messages;                       /* of message[] */
	char message[QOS_REJECTS_SHOWN][512]; /* "file:line:column: why" of the first ones refused */
	struct qos_err err; /* code != 0: reading stopped early (I/O, damaged capture, --on-error fail) */
};
const struct qos_reader_counts *qos_reader_counts(const struct qos_reader *r);
/* Refuses a record after the reader gave it out (a stage found it bad): counted and remembered the same way. */
void qos_reader_reject(struct qos_reader *r, int column, const char *why);

#endif
