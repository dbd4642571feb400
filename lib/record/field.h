/*
 * Fields: names to small integers at set-up, and who wants what.
 *
 * A reader parses only the fields that somebody wants.  Known fields (DESIGN of the record) have fixed ids; any other
 * name that an expression, --by or a foreign output asks for gets the next id.  While records flow, a field is its id.
 */
#ifndef QOS_RECORD_FIELD_H
#define QOS_RECORD_FIELD_H

#include "base/err.h"
#include "base/names.h"

/* The known fields; the order is that of the table in field.c. */
enum qos_field {
	QOS_F_TS,
	QOS_F_DEPART,
	QOS_F_ID,
	QOS_F_STREAM,
	QOS_F_TENANT,
	QOS_F_TYPE,
	QOS_F_PRIORITY,
	QOS_F_SIZE,
	QOS_F_SERVICE_TIME,
	QOS_F_SERVICE,
	QOS_F_DST,
	QOS_F_MAX_LATENCY,
	QOS_F_RELIABILITY,
	QOS_F_REGION,
	QOS_F_PAYLOAD,
	QOS_F_LABEL,
	QOS_F_OP,
	QOS_F_RATE,
	QOS_F_CLASS,
	QOS_F_CLASS_BY,
	QOS_F_CONFIDENCE,
	QOS_F_ADAPTER,
	QOS_F_QUEUE_WAIT,
	QOS_F_SHAPE_WAIT,
	QOS_F_COLOR,
	QOS_F_DROP,
	QOS_F_MARK,
	QOS_F_RETRY_AFTER,
	QOS_F_GRANTED,
	QOS_F_UTILISATION,
	QOS_F_REASON,
	QOS_N_KNOWN
};

/* names of the known fields: "ts", "depart", ... */
extern const char *const qos_field_name[QOS_N_KNOWN];

#define QOS_FIELDS_MOST 4096 /* ids; a trace with more columns than that is refused */

struct qos_fields {
	struct qos_names names;       /* id <-> the name that filters and expressions use */
	struct qos_names columns;     /* foreign column names that stand for a field; index into column_id */
	int column_id[64];            /* field id of columns.name[i], -f NAME=COLUMN; -1: a later map took its field */
	bool wanted[QOS_FIELDS_MOST]; /* by id: a stage or the writer reads it */
	bool kept[QOS_FIELDS_MOST];   /* by id: the writer needs its place also in kept records */
	bool want_all;                /* a stage reads every column, also those that nobody named */
	uint16_t keep[QOS_FIELDS_MOST]; /* ids that are kept, in the order they were asked for: index k of a kept record
					 */
	int n_keep;
	bool carried[QOS_FIELDS_MOST]; /* by id: a column of the input, which output of another format carries */
	const char *ts_format; /* how the input writes ts, see unit/timeformat.h; NULL: as unit/timestamp.h knows */
	int ts_year;           /* of a ts that tells none */
};

/* The known fields, none wanted. */
int qos_fields_new(struct qos_fields **f, struct qos_err *err);
/* Frees it and what it owns; takes NULL. */
void qos_fields_free(struct qos_fields *f);

/*
 * The moment that the text of a ts is, in the form that the input has.
 *
 * cache	see qos_timestamp_parse()
 *
 * Returns  0; -1 when it is of another form.
 */
int qos_fields_ts(const struct qos_fields *f, struct qos_str text, int64_t *ns, int64_t cache[2]);

/* Id of a field by name, made if new.   Returns  -1 when there are QOS_FIELDS_MOST, or memory ran out. */
int qos_fields_id(struct qos_fields *f, struct qos_str name);
/* A stage reads this field. */
void qos_fields_want(struct qos_fields *f, int id);
/* The writer needs this field's place in the record, borrowed or kept; implies want. */
void qos_fields_keep(struct qos_fields *f, int id);

/*
 * A foreign schema: input column `column` is our field `name` (-f NAME=COLUMN).  From then on a column that really has
 * the field's own name is a field of its own.
 *
 * A field that was mapped before takes the new column instead (the command line over the config).
 *
 * Fails  QOS_EUSAGE if the column stands for another field or there are 64.
 */
int qos_fields_map(struct qos_fields *f, struct qos_str name, struct qos_str column, struct qos_err *err);
/* What a reader asks for each input column: the id that it stands for, or -1 if nobody wants it. */
int qos_fields_column(const struct qos_fields *f, struct qos_str column);
/* The same, made and kept if it is new: readers of a trace that is written in another format keep every column. */
int qos_fields_column_keep(struct qos_fields *f, struct qos_str column);
/* The column name of a field on input and output: its mapped name, or its own. */
struct qos_str qos_fields_column_name(const struct qos_fields *f, int id);
/* Number of ids given out; cells of a borrowed record are indexed 0..count-1. */
int qos_fields_count(const struct qos_fields *f);

#endif
