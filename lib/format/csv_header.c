/* The names of columns; see csv_header.h. */
#include "format/csv_header.h"

#include <stdio.h>
#include <stdlib.h>

#define NAME_BYTES 256 /* of a name made up for a second column of the same name */

/* Puts the first free one of name_2, name_3, ... into `to`, as other tools call such columns. */
static struct qos_str second_name(const struct qos_names *names, struct qos_str name, char *to)
{
	struct qos_str result = { to, 0 };
	int n = name.n > NAME_BYTES - 16 ? NAME_BYTES - 16 : (int)name.n;

	for (int i = 2; i <= QOS_FIELDS_MOST + 1; i++) {
		result.n = (size_t)snprintf(to, NAME_BYTES, "%.*s_%d", n, name.p, i);
		if (qos_names_find(names, result) < 0)
			break;
	}
	return result;
}

/* Adds one column name. */
static int add_name(struct qos_names *names, struct qos_str name, struct qos_reading *g, struct qos_at at,
		    struct qos_err *err)
{
	char number[16], second[NAME_BYTES];
	int before;

	if (name.n == 0)
		name = (struct qos_str){ number, (size_t)snprintf(number, sizeof(number), "%u", names->n + 1) };
	before = qos_names_find(names, name);
	if (before >= 0) {
		struct qos_str other = second_name(names, name, second);

		if (!g->note[0])
			snprintf(
				g->note, sizeof(g->note),
				"warning: columns %d and %u are both named \"%.*s\"; the later is called \"%.*s\" here",
				before + 1, names->n + 1, (int)(name.n > 40 ? 40 : name.n), name.p,
				(int)(other.n > 44 ? 44 : other.n), other.p);
		name = other;
	}
	if (names->n >= QOS_FIELDS_MOST)
		return qos_fail(err, QOS_EINPUT, at, "the header has more than %d columns", QOS_FIELDS_MOST);
	return qos_names_add(names, name) < 0 ? qos_fail_memory(err, "the csv header") : 0;
}

/* Takes the names of a header that was split. */
static int take_names(struct qos_names *names, const struct qos_csv_row *row, struct qos_reading *g, const char *bytes,
		      struct qos_at at, struct qos_err *err)
{
	struct qos_record header = { .bytes = bytes };
	char *scratch = malloc(row->n_bytes + 1);
	int rc = scratch ? 0 : qos_fail_memory(err, "the csv header");

	for (size_t i = 0; i < row->n && !rc; i++) {
		at.column = (int)row->cell[i].off + 1;
		rc = add_name(names, qos_cell_text(&header, row->cell[i], scratch), g, at, err);
	}
	free(scratch);
	return rc;
}

/* A later input that goes on into the same csv output must have the columns of the first. */
static int compare_names(const struct qos_names *names, const struct qos_reading *g, struct qos_at at,
			 struct qos_err *err)
{
	uint32_t n = names->n < g->columns.n ? names->n : g->columns.n;

	for (uint32_t i = 0; i < n; i++)
		if (!qos_str_equal(names->name[i], g->columns.name[i]))
			return qos_fail(err, QOS_EINPUT, at,
					"column %u is \"%.*s\", in the first input it is \"%.*s\"; choose -o jsonl",
					i + 1, QOS_STR_ARG(names->name[i]), QOS_STR_ARG(g->columns.name[i]));
	if (names->n != g->columns.n)
		return qos_fail(err, QOS_EINPUT, at,
				"the header has %u columns, that of the first input %u; choose "
				"-o jsonl",
				names->n, g->columns.n);
	return 0;
}

/* Remembers the first header for writers. */
static int remember(const struct qos_names *names, struct qos_reading *g, struct qos_str header, uint8_t eol_bytes,
		    struct qos_err *err)
{
	g->header = (struct qos_str){ qos_arena_copy(&g->lasting, header), header.n };
	g->header_eol_bytes = eol_bytes;
	for (uint32_t i = 0; i < names->n && g->header.p; i++)
		if (qos_names_add(&g->columns, names->name[i]) < 0)
			g->header.p = NULL;
	return g->header.p ? 0 : qos_fail_memory(err, "the csv header");
}

int qos_csv_header_use(struct qos_names *names, const struct qos_csv_row *row, struct qos_reading *g, const char *bytes,
		       struct qos_at at, struct qos_err *err)
{
	struct qos_str header = { bytes, row->n_bytes };
	int rc = take_names(names, row, g, bytes, at, err);

	if (!rc && g->columns.n == 0)
		rc = remember(names, g, header, row->eol_bytes, err);
	else if (!rc && g->splice)
		rc = compare_names(names, g, at, err);
	for (uint32_t i = 0; i < names->n && g->keep_all && !rc; i++)
		if (qos_fields_column_keep(g->fields, names->name[i]) < 0)
			rc = qos_fail(err, QOS_EINPUT, at, "there are more than %d fields in all inputs",
				      QOS_FIELDS_MOST);
	return rc;
}
