/*
 * csv and tsv out: how does a record become a row?
 *
 * A record that came as csv is its own row: our values are appended, and where the header has one of our columns
 * already the value is set in at the place of its cell.  The order of the replaced cells is that of the header, so
 * nothing is sorted while records flow.  A record of another format is built from its kept cells; the header is what
 * the input has shown so far when the first record is written.
 *
 * csv quotes a cell with a separator, a quote or a line end in it.  tsv quotes one with a tab or a line end in it, or a
 * quote at its beginning: tools that know no quotes in tsv then read nearly every cell as it is.
 *
 * Cost   one copy of the record.
 * After  RFC 4180, with the line end that the record came with.
 */
#include "format/csv.h"

#include <stdlib.h>

#include "io/out.h"
#include "unit/number.h"

/* High bit of the lowest byte of x that equals c, and perhaps of bytes above it; 0 when there is none. */
static inline uint64_t equal8(uint64_t x, uint8_t c)
{
	uint64_t y = x ^ 0x0101010101010101 * c;

	return (y - 0x0101010101010101) & ~y & 0x8080808080808080;
}

/* Copies eight bytes.   Returns  not 0 if a bare cell cannot have one of them. */
static inline uint64_t copy8(char *to, const char *from, char separator)
{
	uint64_t x;

	memcpy(&x, from, sizeof(x));
	memcpy(to, &x, sizeof(x));
	return equal8(x, (uint8_t)separator) | equal8(x, '"') | equal8(x, '\n') | equal8(x, '\r');
}

static inline uint64_t copy_bytes(char *to, const char *from, size_t n, char separator)
{
	uint64_t special = 0;

	for (size_t i = 0; i < n; i++) {
		to[i] = from[i];
		special |= from[i] == separator || from[i] == '"' || from[i] == '\n' || from[i] == '\r';
	}
	return special;
}

static bool needs_quotes(struct qos_str text, char separator)
{
	if (separator == ',' || text.p[0] == '"')
		return true;
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] == separator || text.p[i] == '\n' || text.p[i] == '\r')
			return true;
	return false;
}

/* A text with a byte in it that may need quotes. */
static __attribute__((noinline)) char *write_special(char *to, struct qos_str text, char separator)
{
	if (!needs_quotes(text, separator)) {
		memcpy(to, text.p, text.n);
		return to + text.n;
	}
	*to++ = '"';
	for (size_t i = 0; i < text.n; i++) {
		*to++ = text.p[i];
		if (text.p[i] == '"')
			*to++ = '"';
	}
	*to++ = '"';
	return to;
}

/* At most 2 * text.n + 2 bytes.  Copies and looks at once, and starts again in the rare case. */
static inline __attribute__((always_inline)) char *write_text(char *to, struct qos_str text, char separator)
{
	size_t n = text.n;
	uint64_t special;

	if (n < 8) {
		special = copy_bytes(to, text.p, n, separator);
	} else {
		special = copy8(to + n - 8, text.p + n - 8, separator);
		for (size_t i = 0; i < n - 8; i += 8)
			special |= copy8(to + i, text.p + i, separator);
	}
	return __builtin_expect(special != 0, 0) ? write_special(to, text, separator) : to + n;
}

/* Adds one text to a row. */
static void add_text(struct qos_out *o, struct qos_str text, char separator)
{
	size_t most = 2 * text.n + 2;

	if ((size_t)(o->end - o->at) < most)
		qos_out_room(o, most);
	if (!o->error && text.n)
		o->at = write_text(o->at, text, separator);
}

/* Would a spreadsheet run this cell?  It looks through quotes.  A number may have its sign. */
static bool is_run(struct qos_str text)
{
	struct qos_decimal number;

	if (!text.n || !memchr("=+-@\t\r", text.p[0], 6))
		return false;
	if (text.p[0] == '+') {
		text.p++;
		text.n--;
	}
	return text.n == 0 || qos_decimal_read(text, &number) != text.n;
}

/* A cell that would be run goes out as text: an apostrophe before it, and all of it in quotes. */
static void add_safe(struct qos_out *o, struct qos_str text)
{
	size_t most = 2 * text.n + 3;

	if ((size_t)(o->end - o->at) < most)
		qos_out_room(o, most);
	if (o->error)
		return;
	*o->at++ = '"';
	*o->at++ = '\'';
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '"')
			*o->at++ = '"';
		*o->at++ = text.p[i];
	}
	*o->at++ = '"';
}

static size_t put_text(struct qos_writing *w, bool separated, struct qos_str text, char separator)
{
	if (separated)
		qos_out_byte(w->out, separator);
	if (w->reading && w->reading->csv_safe && is_run(text)) {
		w->n_unsafe++;
		add_safe(w->out, text);
	} else {
		add_text(w->out, text, separator);
	}
	return text.n;
}

/* Index of a field in fields->keep, or -1. */
static int kept_index(const struct qos_fields *f, int id)
{
	for (int k = 0; k < f->n_keep; k++)
		if (f->keep[k] == id)
			return k;
	return -1;
}

static bool is_ours(const struct qos_writing *w, int id)
{
	for (int i = 0; i < w->n_columns; i++)
		if (w->columns[i] == id)
			return true;
	return false;
}

static void end_line(struct qos_out *o, uint8_t eol_bytes)
{
	if (eol_bytes == 2)
		qos_out_add(o, "\r\n", 2);
	else
		qos_out_byte(o, '\n');
}

static int begin_splice(struct qos_csv_writer *c, struct qos_writing *w)
{
	const struct qos_reading *g = w->reading;
	int value_of_column[16], n_values = w->n_columns;

	c->spliced = true;
	c->empty = g->columns.n == 0;
	if (c->empty)
		return 0;
	qos_out_add(w->out, g->header.p, g->header.n);
	for (int i = 0; i < n_values; i++) {
		struct qos_str name = qos_fields_column_name(w->fields, w->columns[i]);

		value_of_column[i] = qos_names_find(&g->columns, name);
		if (value_of_column[i] >= 0)
			continue;
		c->appended[c->n_appended++] = i;
		qos_out_byte(w->out, c->separator);
		add_text(w->out, name, c->separator);
	}
	for (int at = 0; at < (int)g->columns.n; at++)
		for (int i = 0; i < n_values; i++)
			if (value_of_column[i] == at) {
				c->replaced[c->n_replaced].value = i;
				c->replaced[c->n_replaced++].kept = kept_index(w->fields, w->columns[i]);
			}
	end_line(w->out, g->header_eol_bytes);
	return 0;
}

static int begin_built(struct qos_csv_writer *c, struct qos_writing *w, const struct qos_record *first)
{
	const struct qos_fields *f = w->fields;
	int n = 0;

	c->n_seen = f->n_keep;
	c->kept = malloc((size_t)(f->n_keep + 1) * sizeof(*c->kept));
	if (!c->kept)
		return qos_fail_memory(&w->err, "the csv header");
	for (int k = 0; k < f->n_keep; k++) {
		int id = f->keep[k];

		if (is_ours(w, id) || !(f->carried[id] || (first && qos_record_kept_cell(first, f, k).kind)))
			continue;
		c->kept[c->n_kept++] = (uint16_t)k;
		put_text(w, n++ > 0, qos_fields_column_name(f, id), c->separator);
	}
	for (int i = 0; i < w->n_columns; i++)
		put_text(w, n++ > 0, qos_fields_column_name(f, w->columns[i]), c->separator);
	if (n)
		qos_out_byte(w->out, '\n');
	return 0;
}

/* --csv-safe looks at every cell, so nothing is spliced. */
static int begin(struct qos_csv_writer *c, struct qos_writing *w, const struct qos_record *first, char separator,
		 const struct qos_format *own)
{
	c->separator = separator;
	if (w->reading && w->input == own && !w->reading->csv_safe)
		return begin_splice(c, w);
	return begin_built(c, w, first);
}

int qos_csv_begin(void *state, struct qos_writing *w, const struct qos_record *first)
{
	return begin(state, w, first, ',', &qos_format_csv);
}

int qos_tsv_begin(void *state, struct qos_writing *w, const struct qos_record *first)
{
	return begin(state, w, first, '\t', &qos_format_tsv);
}

/* Bytes that the values may take, each with its comma. */
static size_t most_of_values(const struct qos_value *v, int n)
{
	size_t most = 0;

	for (int i = 0; i < n; i++)
		most += 2 * v[i].text.n + 3;
	return most;
}

static inline __attribute__((always_inline)) char *write_value(char *to, const struct qos_value *v, char separator)
{
	const char *p = v->text.p;
	size_t n = v->text.n;

	if (!v->number)
		return write_text(to, v->text, separator);
	if (n >= 8 && n <= 16) { /* nearly every number: two moves instead of a call */
		memcpy(to, p, 8);
		memcpy(to + n - 8, p + n - 8, 8);
	} else {
		memcpy(to, p, n);
	}
	return to + n;
}

/* The record's bytes with some cells replaced.  A value that says nothing leaves what is there. */
static inline __attribute__((always_inline)) char *write_replaced(const struct qos_csv_writer *c,
								  const struct qos_fields *f, char *to,
								  const struct qos_record *r, const struct qos_value *v,
								  char separator)
{
	const char *from = r->bytes;

	for (int i = 0; i < c->n_replaced; i++) {
		const struct qos_value *value = &v[c->replaced[i].value];
		struct qos_cell cell = qos_record_kept_cell(r, f, c->replaced[i].kept);
		struct qos_str raw = qos_cell_raw(r, cell);

		if (value->text.n == 0 || cell.kind == QOS_CELL_ABSENT)
			continue;
		memcpy(to, from, (size_t)(raw.p - from));
		to = write_value(to + (raw.p - from), value, separator);
		from = raw.p + raw.n;
	}
	memcpy(to, from, (size_t)(r->bytes + r->n_bytes - from));
	return to + (r->bytes + r->n_bytes - from);
}

static inline __attribute__((always_inline)) void put_spliced(const struct qos_csv_writer *c, struct qos_writing *w,
							      const struct qos_record *r, const struct qos_value *v,
							      char separator)
{
	struct qos_out *o = w->out;
	size_t most = r->n_bytes + most_of_values(v, w->n_columns) + 2;
	char *to;

	if ((size_t)(o->end - o->at) < most) {
		qos_out_room(o, most);
		if ((size_t)(o->end - o->at) < most)
			return; /* no memory, which o->error says */
	}
	to = write_replaced(c, w->fields, o->at, r, v, separator);
	for (int i = 0; i < c->n_appended; i++) {
		*to++ = separator;
		to = write_value(to, &v[c->appended[i]], separator);
	}
	if (r->eol_bytes == 2)
		*to++ = '\r';
	*to++ = '\n';
	o->at = to;
}

/* A field that appeared after the header was written has no column to go to: counted, never silent. */
static void look_for_lost(const struct qos_csv_writer *c, struct qos_writing *w, const struct qos_record *r)
{
	for (int k = c->n_seen; k < w->fields->n_keep; k++) {
		struct qos_str name;

		if (!qos_record_kept_cell(r, w->fields, k).kind || is_ours(w, w->fields->keep[k]))
			continue;
		name = qos_fields_column_name(w->fields, w->fields->keep[k]);
		if (w->n_lost++ == 0) {
			size_t n = name.n < sizeof(w->lost) ? name.n : sizeof(w->lost) - 1;

			memcpy(w->lost, name.p, n);
			w->lost[n] = '\0';
		}
		return;
	}
}

static void put_built(const struct qos_csv_writer *c, struct qos_writing *w, const struct qos_record *r,
		      const struct qos_value *v)
{
	struct qos_out *o = w->out;
	size_t n_cells = 0, n_bytes = 0;
	char separator = c->separator;

	look_for_lost(c, w, r);
	for (int i = 0; i < c->n_kept; i++) {
		struct qos_cell cell = qos_record_kept_cell(r, w->fields, c->kept[i]);

		n_bytes += put_text(w, n_cells++ > 0, qos_cell_text(r, cell, w->scratch), separator);
	}
	for (int i = 0; i < w->n_columns; i++)
		n_bytes += put_text(w, n_cells++ > 0, v[i].text, separator);
	if (n_cells == 1 && n_bytes == 0)
		qos_out_add(o, "\"\"", 2); /* an empty line would be no row */
	if (n_cells)
		qos_out_byte(o, '\n');
}

void qos_csv_put(void *state, struct qos_writing *w, const struct qos_record *r, const struct qos_value *v)
{
	const struct qos_csv_writer *c = state;

	if (!c->spliced)
		put_built(c, w, r, v);
	else if (!c->empty)
		put_spliced(c, w, r, v, ',');
}

void qos_tsv_put(void *state, struct qos_writing *w, const struct qos_record *r, const struct qos_value *v)
{
	const struct qos_csv_writer *c = state;

	if (!c->spliced)
		put_built(c, w, r, v);
	else if (!c->empty)
		put_spliced(c, w, r, v, '\t');
}

void qos_csv_end(void *state, struct qos_writing *w)
{
	struct qos_csv_writer *c = state;

	free(c->kept);
	c->kept = NULL;
}
