/*
 * logfmt in and out: key=value, a blank between them.
 *
 *     ts=1431857103.25 level=info msg="disk is \"full\"" retry
 *
 * A value in quotes has the escapes of JSON; where they are none, it stands as it is.  A key alone has an empty value.
 * Keys of one source come in the same order, so each place in a line remembers its key and the field it stands for.
 * Written back, a record keeps its bytes; our values are set in or appended.
 *
 * Cost   about 10 ns a pair.
 * After  the form that Heroku's router made common; there is no standard.
 */
#include <stdlib.h>
#include <string.h>

#include "format/line.h"
#include "format/pair.h"

#define PLACES    64   /* that remember their key */
#define KEY_BYTES 48   /* of a key that is remembered */
#define PAIRS     4096 /* of one line: the fields option's limit */

struct place {
	int id;
	uint32_t n; /* 0: nothing is remembered */
	char key[KEY_BYTES];
};

struct logfmt {
	struct place place[PLACES];
	int n_given;
	int given[QOS_FIELDS_MOST]; /* ids whose cells the last line has set */
};

/* The field of the key at place i of a line; -1: nobody wants it, -2: there is no room for it. */
static int find_field(struct logfmt *l, struct qos_reading *g, int i, struct qos_str key)
{
	struct place *place = i < PLACES ? &l->place[i] : NULL;
	int id;

	if (place && place->n == key.n && memcmp(place->key, key.p, key.n) == 0)
		return place->id;
	id = g->keep_all ? qos_fields_column_keep(g->fields, key) : qos_fields_column(g->fields, key);
	if (g->keep_all && (id < 0 || qos_reading_grow(g) != 0))
		return -2;
	if (place && key.n <= KEY_BYTES) {
		place->id = id;
		place->n = (uint32_t)key.n;
		memcpy(place->key, key.p, key.n);
	}
	return id;
}

static enum qos_next logfmt_next(void *state, struct qos_reading *g, struct qos_record *r)
{
	struct logfmt *l = state;
	struct qos_str line;
	uint8_t eol_bytes;
	enum qos_next what = qos_line_take(g, &line, &eol_bytes);
	const char *at = line.p, *why;
	struct qos_pair pair;
	int rc, n = 0;

	if (what != QOS_NEXT_RECORD)
		return what;
	for (int i = 0; i < l->n_given; i++)
		g->cell[l->given[i]] = (struct qos_cell){ 0 };
	l->n_given = 0;
	while ((rc = qos_pair_take(line, &at, &pair, &why)) > 0) {
		int id = find_field(l, g, n++, pair.key);

		if (n > PAIRS || id == -2)
			return qos_line_refuse(g, line, eol_bytes, pair.key.p, "there are more than 4096 fields");
		if (id < 0 || id >= g->n_cells)
			continue;
		if (g->cell[id].kind == QOS_CELL_ABSENT)
			l->given[l->n_given++] = id;
		g->cell[id] = pair.value;
	}
	if (rc < 0)
		return qos_line_refuse(g, line, eol_bytes, at, why);
	return qos_line_give(g, r, line, eol_bytes);
}

/* Two pairs at least, and nothing that is none. */
static bool is_good(struct qos_str line)
{
	const char *at = line.p, *why;
	struct qos_pair pair;
	int rc, n = 0;

	while ((rc = qos_pair_take(line, &at, &pair, &why)) > 0)
		n += pair.bare ? -1 : 1;
	return rc == 0 && n >= 2;
}

static int logfmt_detect(struct qos_str head, char *why)
{
	return qos_line_score(head, is_good, "key=value pairs", 91, why);
}

/* --- out --- */

struct logfmt_writer {
	int kept[16]; /* by column of ours: its index in fields->keep */
	bool splice;
};

static int logfmt_begin(void *state, struct qos_writing *w, const struct qos_record *first)
{
	struct logfmt_writer *l = state;

	l->splice = w->input == &qos_format_logfmt && w->reading;
	for (int i = 0; i < w->n_columns; i++)
		while (w->fields->keep[l->kept[i]] != w->columns[i])
			l->kept[i]++;
	return 0;
}

static int find_replaced(const struct logfmt_writer *l, const struct qos_writing *w, const struct qos_record *r,
			 const struct qos_value *v, int *order)
{
	int n = 0;

	for (int i = 0; i < w->n_columns; i++) {
		struct qos_cell c = qos_record_kept_cell(r, w->fields, l->kept[i]);
		int k = n;

		if (c.kind == QOS_CELL_ABSENT || !v[i].text.n)
			continue;
		for (; k > 0 && qos_record_kept_cell(r, w->fields, l->kept[order[k - 1]]).off > c.off; k--)
			order[k] = order[k - 1];
		order[k] = i;
		n++;
	}
	return n;
}

static void put_spliced(const struct logfmt_writer *l, struct qos_writing *w, const struct qos_record *r,
			const struct qos_value *v)
{
	const char *from = r->bytes;
	int order[16], n = find_replaced(l, w, r, v, order);

	for (int i = 0; i < n; i++) {
		struct qos_cell c = qos_record_kept_cell(r, w->fields, l->kept[order[i]]);
		struct qos_str raw = qos_cell_raw(r, c); /* with the quotes around it */

		qos_out_add(w->out, from, (size_t)(raw.p - from));
		if (raw.p > r->bytes && raw.p[-1] != '=') /* a key alone */
			qos_out_byte(w->out, '=');
		qos_pair_add_text(w->out, v[order[i]].text);
		from = raw.p + raw.n;
	}
	qos_out_add(w->out, from, (size_t)(r->bytes + r->n_bytes - from));
	for (int i = 0; i < w->n_columns; i++) {
		if (!v[i].text.n || qos_record_kept_cell(r, w->fields, l->kept[i]).kind != QOS_CELL_ABSENT)
			continue;
		qos_pair_add_key(w->out, qos_fields_column_name(w->fields, v[i].field), false);
		qos_pair_add_text(w->out, v[i].text);
	}
}

static void put_built(struct qos_writing *w, const struct qos_record *r, const struct qos_value *v)
{
	const struct qos_fields *f = w->fields;
	int n_cells = r->kept ? r->n_cells : f->n_keep;
	bool first = true, ours;

	for (int k = 0; k < n_cells && k < f->n_keep; k++) {
		struct qos_cell c = qos_record_kept_cell(r, f, k);

		ours = false;
		for (int i = 0; i < w->n_columns; i++)
			ours |= w->columns[i] == f->keep[k] && v[i].text.n;
		if (c.kind == QOS_CELL_ABSENT || ours)
			continue;
		qos_pair_add_key(w->out, qos_fields_column_name(f, f->keep[k]), first);
		first = false;
		qos_pair_add_text(w->out, c.kind == QOS_CELL_TRUE || c.kind == QOS_CELL_FALSE || c.kind == QOS_CELL_TREE
						  ? qos_cell_raw(r, c)
						  : qos_cell_text(r, c, w->scratch));
	}
	for (int i = 0; i < w->n_columns; i++) {
		if (!v[i].text.n)
			continue;
		qos_pair_add_key(w->out, qos_fields_column_name(f, v[i].field), first);
		first = false;
		qos_pair_add_text(w->out, v[i].text);
	}
}

static void logfmt_put(void *state, struct qos_writing *w, const struct qos_record *r, const struct qos_value *v)
{
	struct logfmt_writer *l = state;

	if (l->splice)
		put_spliced(l, w, r, v);
	else
		put_built(w, r, v);
	if (r->eol_bytes == 2 && l->splice)
		qos_out_byte(w->out, '\r');
	qos_out_byte(w->out, '\n');
}

const struct qos_format qos_format_logfmt = {
	.name = "logfmt",
	.summary = "key=value pairs, a blank between them",
	.reader_bytes = sizeof(struct logfmt),
	.writer_bytes = sizeof(struct logfmt_writer),
	.detect = logfmt_detect,
	.next = logfmt_next,
	.begin = logfmt_begin,
	.put = logfmt_put,
	.carries_fields = true,
};
