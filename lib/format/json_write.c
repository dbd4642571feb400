/*
 * jsonl out: the record's own bytes with our values set in, or an object built from its cells.
 *
 * Cost   one copy of the record, and a short one for each value.
 */
#include "format/json_write.h"

#include <stdlib.h>

#include "format/json_text.h"

int qos_json_begin(void *state, struct qos_writing *w, const struct qos_record *first)
{
	struct qos_json_writer *j = state;

	/* journald is jsonl with names of its own */
	j->splice = (w->input == &qos_format_jsonl || w->input == &qos_format_journald) && w->reading;
	for (int i = 0; i < w->n_columns; i++) {
		j->ours[w->columns[i]] = true;
		j->kept[i] = 0;
		while (w->fields->keep[j->kept[i]] != w->columns[i])
			j->kept[i]++;
	}
	return 0;
}

void qos_json_end(void *state, struct qos_writing *w)
{
	struct qos_json_writer *j = state;

	qos_buf_free(&j->names);
	free(j->name_at);
}

static void add_value(struct qos_out *o, const struct qos_value *v)
{
	/* a time that is no number (RFC 3339) is a text whatever its column says */
	if (v->number)
		qos_json_add_untyped(o, v->text);
	else
		qos_json_add_text(o, v->text);
}

static void add_name(struct qos_out *o, struct qos_str name, bool first)
{
	if (!first)
		qos_out_byte(o, ',');
	qos_json_add_text(o, name);
	qos_out_byte(o, ':');
}

/* Our values that are new to the record. */
static void append_new(const struct qos_json_writer *j, struct qos_writing *w, const struct qos_record *r,
		       const struct qos_value *v, bool first)
{
	for (int i = 0; i < w->n_columns; i++) {
		if (!v[i].text.n ||
		    (j->splice && qos_record_kept_cell(r, w->fields, j->kept[i]).kind != QOS_CELL_ABSENT))
			continue;
		add_name(w->out, qos_fields_column_name(w->fields, v[i].field), first);
		add_value(w->out, &v[i]);
		first = false;
	}
}

/* The record's values that we replace, in the order in which they stand.   Returns  how many. */
static int find_replaced(const struct qos_json_writer *j, const struct qos_writing *w, const struct qos_record *r,
			 const struct qos_value *v, int *order)
{
	int n = 0;

	for (int i = 0; i < w->n_columns; i++) {
		struct qos_cell c = qos_record_kept_cell(r, w->fields, j->kept[i]);
		int k = n;

		if (c.kind == QOS_CELL_ABSENT || !v[i].text.n)
			continue;
		for (; k > 0 && qos_record_kept_cell(r, w->fields, j->kept[order[k - 1]]).off > c.off; k--)
			order[k] = order[k - 1];
		order[k] = i;
		n++;
	}
	return n;
}

static void put_spliced(const struct qos_json_writer *j, struct qos_writing *w, const struct qos_record *r,
			const struct qos_value *v)
{
	const char *from = r->bytes, *brace = r->bytes + r->n_bytes, *p;
	int order[16], n = find_replaced(j, w, r, v, order);

	do
		brace--;
	while (*brace != '}');
	for (int i = 0; i < n; i++) {
		struct qos_str raw = qos_cell_raw(r, qos_record_kept_cell(r, w->fields, j->kept[order[i]]));

		qos_out_add(w->out, from, (size_t)(raw.p - from));
		add_value(w->out, &v[order[i]]);
		from = raw.p + raw.n;
	}
	qos_out_add(w->out, from, (size_t)(brace - from));
	for (p = brace; p[-1] == ' ' || p[-1] == '\t'; p--)
		;
	append_new(j, w, r, v, p[-1] == '{');
	qos_out_add(w->out, brace, (size_t)(r->bytes + r->n_bytes - brace));
}

/* Texts of the names of all kept fields, made once. */
static bool know_names(struct qos_json_writer *j, const struct qos_writing *w)
{
	uint32_t *at;

	if (j->n_names == w->fields->n_keep)
		return true;
	at = realloc(j->name_at, (size_t)(w->fields->n_keep + 1) * sizeof(*at));
	if (!at)
		return false;
	j->name_at = at;
	for (; j->n_names < w->fields->n_keep; j->n_names++) {
		at[j->n_names] = (uint32_t)j->names.n;
		qos_buf_json(&j->names, qos_fields_column_name(w->fields, w->fields->keep[j->n_names]));
		qos_buf_puts(&j->names, ":");
	}
	at[j->n_names] = (uint32_t)j->names.n;
	return !j->names.failed;
}

static void add_cell(struct qos_writing *w, const struct qos_record *r, struct qos_cell c)
{
	struct qos_str text = qos_cell_text(r, c, w->scratch);

	switch (c.kind) {
	case QOS_CELL_ZERO:
	case QOS_CELL_TEXT: qos_json_add_untyped(w->out, text); return;
	case QOS_CELL_QUOTED:
	case QOS_CELL_CSV:
	case QOS_CELL_ESCAPED: qos_json_add_text(w->out, text); return;
	default: text = qos_cell_raw(r, c); qos_out_add(w->out, text.p, text.n);
	}
}

static void put_built(struct qos_json_writer *j, struct qos_writing *w, const struct qos_record *r,
		      const struct qos_value *v)
{
	const struct qos_fields *f = w->fields;
	int n_cells = r->kept ? r->n_cells : f->n_keep;
	bool first = true;

	if (!know_names(j, w)) {
		qos_fail_memory(&w->err, "names of the output");
		return;
	}
	qos_out_byte(w->out, '{');
	for (int k = 0; k < n_cells && k < f->n_keep; k++) {
		struct qos_cell c = qos_record_kept_cell(r, f, k);
		int ours = -1;

		if (c.kind == QOS_CELL_ABSENT)
			continue;
		for (int i = 0; j->ours[f->keep[k]] && i < w->n_columns; i++)
			if (w->columns[i] == f->keep[k] && v[i].text.n)
				ours = i;
		if (ours >= 0)
			continue; /* our value stands for it, with the others at the end */
		if (!first)
			qos_out_byte(w->out, ',');
		first = false;
		qos_out_add(w->out, j->names.p + j->name_at[k], j->name_at[k + 1] - j->name_at[k]);
		add_cell(w, r, c);
	}
	append_new(j, w, r, v, first);
	qos_out_byte(w->out, '}');
}

void qos_json_put(void *state, struct qos_writing *w, const struct qos_record *r, const struct qos_value *v)
{
	struct qos_json_writer *j = state;

	if (j->splice)
		put_spliced(j, w, r, v);
	else
		put_built(j, w, r, v);
	if (r->eol_bytes == 2 && j->splice)
		qos_out_byte(w->out, '\r');
	qos_out_byte(w->out, '\n');
}
