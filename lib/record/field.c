/*
 * Fields: which column is which field, and who wants it?
 *
 * All of it happens at set-up: two name tables and flags by id.  A column that bears the name of a field which was
 * mapped from another column (-f ts=timestamp, and there is a `ts` as well) gets an id of its own under a name that no
 * filter can ask for: its own with a zero byte before it.
 */
#include "record/field.h"
#include "unit/timeformat.h"
#include "unit/timestamp.h"

#include <stdlib.h>

const char *const qos_field_name[QOS_N_KNOWN] = {
	[QOS_F_TS] = "ts",
	[QOS_F_DEPART] = "depart",
	[QOS_F_ID] = "id",
	[QOS_F_STREAM] = "stream",
	[QOS_F_TENANT] = "tenant",
	[QOS_F_TYPE] = "type",
	[QOS_F_PRIORITY] = "priority",
	[QOS_F_SIZE] = "size",
	[QOS_F_SERVICE_TIME] = "service_time",
	[QOS_F_SERVICE] = "service",
	[QOS_F_DST] = "dst",
	[QOS_F_MAX_LATENCY] = "max_latency",
	[QOS_F_RELIABILITY] = "reliability",
	[QOS_F_REGION] = "region",
	[QOS_F_PAYLOAD] = "payload",
	[QOS_F_LABEL] = "label",
	[QOS_F_OP] = "op",
	[QOS_F_RATE] = "rate",
	[QOS_F_CLASS] = "class",
	[QOS_F_CLASS_BY] = "class_by",
	[QOS_F_CONFIDENCE] = "confidence",
	[QOS_F_ADAPTER] = "adapter",
	[QOS_F_QUEUE_WAIT] = "queue_wait",
	[QOS_F_SHAPE_WAIT] = "shape_wait",
	[QOS_F_COLOR] = "color",
	[QOS_F_DROP] = "drop",
	[QOS_F_MARK] = "mark",
	[QOS_F_RETRY_AFTER] = "retry_after",
	[QOS_F_GRANTED] = "granted",
	[QOS_F_UTILISATION] = "utilisation",
	[QOS_F_REASON] = "reason",
};

#define COLUMNS_MOST (int)(sizeof(((struct qos_fields *)NULL)->column_id) / sizeof(int))

int qos_fields_new(struct qos_fields **f, struct qos_err *err)
{
	*f = calloc(1, sizeof(**f));
	for (int i = 0; *f && i < QOS_N_KNOWN; i++) {
		if (qos_names_add(&(*f)->names, qos_str(qos_field_name[i])) != i) {
			qos_fields_free(*f);
			*f = NULL;
		}
	}
	return *f ? 0 : qos_fail_memory(err, "the table of fields");
}

void qos_fields_free(struct qos_fields *f)
{
	if (!f)
		return;
	qos_names_free(&f->names);
	qos_names_free(&f->columns);
	free(f);
}

int qos_fields_id(struct qos_fields *f, struct qos_str name)
{
	int id = qos_names_find(&f->names, name);

	if (id >= 0 || f->names.n >= QOS_FIELDS_MOST)
		return id;
	return qos_names_add(&f->names, name);
}

void qos_fields_want(struct qos_fields *f, int id)
{
	f->wanted[id] = true;
}

void qos_fields_keep(struct qos_fields *f, int id)
{
	f->wanted[id] = true;
	if (f->kept[id])
		return;
	f->kept[id] = true;
	f->keep[f->n_keep++] = (uint16_t)id;
}

/* The column that a field was mapped from, or -1. */
static int mapped_from(const struct qos_fields *f, int id)
{
	for (int i = 0; i < (int)f->columns.n; i++)
		if (f->column_id[i] == id)
			return i;
	return -1;
}

int qos_fields_map(struct qos_fields *f, struct qos_str name, struct qos_str column, struct qos_err *err)
{
	int id = qos_fields_id(f, name), i = qos_names_find(&f->columns, column), before;

	if (id < 0)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "there are more than %d fields", QOS_FIELDS_MOST);
	if (i >= 0 && f->column_id[i] >= 0 && f->column_id[i] != id)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE,
				"column \"%.*s\" stands for field \"%.*s\" already; give \"%.*s\" another one",
				QOS_STR_ARG(column), QOS_STR_ARG(f->names.name[f->column_id[i]]), QOS_STR_ARG(name));
	if (i < 0 && f->columns.n >= (uint32_t)COLUMNS_MOST)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "more than %d columns are mapped to fields",
				COLUMNS_MOST);
	if ((before = mapped_from(f, id)) >= 0)
		f->column_id[before] = -1;
	if (i < 0 && (i = qos_names_add(&f->columns, column)) < 0)
		return qos_fail_memory(err, "the table of fields");
	f->column_id[i] = id;
	return 0;
}

#define OWN_NAME_BYTES 256 /* longer column names are never those of a field */

/* Writes the name that a column has when its plain one is a field mapped from elsewhere.  n == 0: too long for that. */
static struct qos_str own_name(struct qos_str column, char scratch[OWN_NAME_BYTES])
{
	if (column.n >= OWN_NAME_BYTES)
		return (struct qos_str){ scratch, 0 };
	scratch[0] = '\0';
	memcpy(scratch + 1, column.p, column.n);
	return (struct qos_str){ scratch, column.n + 1 };
}

/* The name in names that a column stands for.  `scratch` holds it where it had to be made. */
static struct qos_str name_of_column(const struct qos_fields *f, struct qos_str column, char scratch[OWN_NAME_BYTES])
{
	int i = qos_names_find(&f->columns, column), id, from;

	if (i >= 0 && f->column_id[i] >= 0)
		return f->names.name[f->column_id[i]];
	id = qos_names_find(&f->names, column);
	from = id < 0 ? -1 : mapped_from(f, id);
	if (from < 0)
		return column;
	return own_name(column, scratch);
}

int qos_fields_column(const struct qos_fields *f, struct qos_str column)
{
	char scratch[OWN_NAME_BYTES];
	int id = qos_names_find(&f->names, name_of_column(f, column, scratch));

	return id >= 0 && f->wanted[id] ? id : -1;
}

int qos_fields_column_keep(struct qos_fields *f, struct qos_str column)
{
	char scratch[OWN_NAME_BYTES];
	int id = qos_fields_id(f, name_of_column(f, column, scratch));

	if (id < 0)
		return -1;
	qos_fields_keep(f, id);
	f->carried[id] = true;
	return id;
}

struct qos_str qos_fields_column_name(const struct qos_fields *f, int id)
{
	int from = mapped_from(f, id);
	struct qos_str name = from < 0 ? f->names.name[id] : f->columns.name[from];

	if (name.n > 1 && name.p[0] == '\0')
		return (struct qos_str){ name.p + 1, name.n - 1 };
	return name;
}

int qos_fields_count(const struct qos_fields *f)
{
	return (int)f->names.n;
}

int qos_fields_ts(const struct qos_fields *f, struct qos_str text, int64_t *ns, int64_t cache[2])
{
	enum qos_time_form form;

	if (f->ts_format)
		return qos_timeformat_parse(f->ts_format, f->ts_year, text, ns);
	return qos_timestamp_parse(text, ns, &form, cache, NULL);
}
