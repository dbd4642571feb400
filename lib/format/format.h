/*
 * Formats: where are the fields?
 *
 * A format turns bytes into records whose cells say where the wanted fields stand, and writes records back: spliced
 * (the input's own bytes with our values set in) when the input was of the same format, built from the kept cells
 * otherwise. A new format is one new file with one `const struct qos_format`, registered by one word below.
 */
#ifndef QOS_FORMAT_FORMAT_H
#define QOS_FORMAT_FORMAT_H

#include "format/capture_blocks.h"
#include "io/in.h"
#include "io/out.h"
#include "record/record.h"

enum qos_next { QOS_NEXT_RECORD, QOS_NEXT_BAD, QOS_NEXT_END, QOS_NEXT_ERROR };

/* Why a record was refused. */
struct qos_bad {
	long line;            /* where it begins, from 1 */
	int column;           /* byte in the line, from 1; 0 the whole line */
	char why[200];        /* what is wrong and, where there is something, what to do */
	struct qos_str bytes; /* the record as it came, to pass it on; empty when it was not held */
	uint8_t eol_bytes;
};

/* What a reader works on; belongs to the reading engine (reader.h). */
struct qos_reading {
	struct qos_in *in;
	struct qos_fields *fields;
	struct qos_cell *cell; /* [n_cells], by field id; the format fills it and points record.cell at it */
	int n_cells;
	bool keep_all; /* the output is of another format: every column is registered with qos_fields_column_keep() */
	const char *no_header; /* csv: column names given by the user, "a,b,c"; NULL: the first line has them */
	int year;              /* syslog: of times that have none; 0: the format's default */
	const char *ts_format; /* --ts-format; NULL: not given */
	bool decap;            /* captures: the packet inside of tunnels is told */
	const int16_t *remark; /* captures: DSCP by class that writers set, -1 none; NULL: they set none */
	bool csv_safe;         /* writers of csv and tsv make a text that a spreadsheet would run harmless; no splice */
	const struct qos_format *output; /* what records will be written as; NULL: they will not */
	bool splice;        /* records go on in this same format: a later input must have the columns of the first */
	struct qos_bad bad; /* filled in with QOS_NEXT_BAD */
	char note[200];     /* open(): what is odd about this input, told to the user; it is read all the same */
	struct qos_err err; /* filled in with QOS_NEXT_ERROR: the input cannot be read on (damaged capture, I/O) */
	/* what the first input's header said, for writers and for the inputs after it; the engine frees it */
	struct qos_names columns; /* its column names in order; n == 0: none */
	struct qos_str header;    /* the header as it came, without its line end; in `lasting` */
	uint8_t header_eol_bytes;
	struct qos_arena lasting;         /* memory that lives as long as the reader, over all its inputs */
	struct qos_capture_blocks blocks; /* captures: what their writers need that is no packet; the engine frees it */
};
/*
 * Makes room for cells of all ids given out so far; new cells are absent.  The engine calls it before the first next()
 * of an input; a format that registers a column later calls it itself and points record.cell at the new g->cell.
 *
 * Returns  -1 when memory ran out.
 */
int qos_reading_grow(struct qos_reading *g);

/* One of our values for a record: text, ready to be written, escaping left to the format. */
struct qos_value {
	int field;   /* id */
	bool number; /* needs no quotes in JSON */
	/* Empty: nothing to say.  What the record has already stays; else an empty cell in csv, left out in JSON. */
	struct qos_str text;
};

/* What a writer works on; belongs to the writing engine (writer.h). */
struct qos_writing {
	struct qos_out *out;
	struct qos_fields *fields;
	const struct qos_format *input; /* whose records come: equal to the writer's own format means splice */
	struct qos_reading *reading;    /* for what the input's header said; NULL for generated records */
	const int *columns;             /* [n_columns] ids of our fields, always all of them, in this order */
	int n_columns;
	char *scratch; /* for qos_cell_text(): [scratch_bytes], at least the n_bytes of the record at hand */
	size_t scratch_bytes;
	uint64_t n_unsafe; /* texts that reading->csv_safe made harmless */
	struct qos_err err;
	uint64_t n_lost; /* records with a field that the header already written has no column for */
	char lost[64];   /* the first such field */
};

struct qos_format {
	const char *name;
	const char *summary;               /* one line for --input help */
	size_t reader_bytes, writer_bytes; /* state, zeroed, allocated by the engine */

	/* How well do the first bytes of an input fit, 0..100?  `why` (size 160) gets the reason in a few words. */
	int (*detect)(struct qos_str head, char *why);

	/*
	 * Reads what stands before the first record (a header).  in->at stands at the first byte of the input, in->line
	 * is 1. Who wants what is settled only after it: look at fields->wanted in the first next().  With keep_all it
	 * may register its columns here.  The state is zeroed and fresh for each input.
	 *
	 * Fails  with err filled in; close() is called all the same.
	 */
	int (*open)(void *state, struct qos_reading *g, struct qos_err *err);
	/*
	 * The next record into *r (bytes, n_bytes, eol_bytes, cell; the caller has set the rest), valid until the next
	 * call. Cells of wanted fields that the record lacks are QOS_CELL_ABSENT; cells are all absent before the first
	 * next(). When it returns, in->line is that of the line behind the record (also behind a last line without a
	 * newline), so that the engine finds the record's own by counting the newlines in its bytes.  A refused record
	 * (QOS_NEXT_BAD) has been consumed.  Input runs out: call qos_in_fill(); it moves in->at and with it every
	 * pointer into the block.
	 */
	enum qos_next (*next)(void *state, struct qos_reading *g, struct qos_record *r);
	void (*close)(void *state);

	/* NULL: cannot be written.  `first`: the first record to be written; NULL when there is none (header only). */
	int (*begin)(void *state, struct qos_writing *w, const struct qos_record *first);
	/*
	 * v has w->n_columns values, in the order of w->columns.  In a splice (w->input is this format) the bytes of r
	 * go out with v set in.  Otherwise what goes out are the kept cells (qos_record_kept_cell, k in
	 * 0..fields->n_keep-1) of fields that are no columns of ours, named by qos_fields_column_name(), and then v.
	 */
	void (*put)(void *state, struct qos_writing *w, const struct qos_record *r, const struct qos_value *v);
	void (*finish)(void *state, struct qos_writing *w); /* what stands behind the last record; NULL: nothing */
	void (*end)(void *state, struct qos_writing *w);    /* NULL: nothing to free */
	/* A refused record (r->bad) goes on unchanged (--on-error pass); NULL: its bytes and line end as they came. */
	void (*pass)(void *state, struct qos_writing *w, const struct qos_record *r);
	bool carries_fields; /* the default output format is the input's own when it can carry fields */
};

#define QOS_FORMATS(X) X(csv) X(tsv) X(jsonl) X(journald) X(logfmt) X(syslog) X(clf) X(lines) X(pcap) X(pcapng)

#define QOS_FORMAT_EXTERN(name) extern const struct qos_format qos_format_##name;
QOS_FORMATS(QOS_FORMAT_EXTERN)
/* all formats, ended by NULL */
extern const struct qos_format *const qos_formats[];

/* A format by name, or NULL. */
const struct qos_format *qos_format_find(struct qos_str name);
/*
 * The format that fits the first bytes of an input best.
 *
 * head	up to 250 lines of what has arrived
 * why	size 200: what was found and why, for --explain-format
 *
 * Returns  NULL when none fits with at least 30 of 100.
 */
const struct qos_format *qos_format_detect(struct qos_str head, char *why);

#endif
