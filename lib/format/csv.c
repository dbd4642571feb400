/*
 * csv and tsv in: where are the cells of a row?
 *
 * A row without quotes and with as many cells as the header is found by bit masks (csv_scan.h) that are kept from row
 * to row, so that every byte is looked at once; only wanted columns leave a cell.  Any other row is odd: libcsv
 * (csv_row.h) says what it is, and a test holds both ways to the same cells.
 *
 * A quote that never closes would swallow the rest of the input.  It costs one line instead: when no end was found
 * within the largest record, the line that opens it is refused, and up to the place that was searched a row has to end
 * on its own line.  So every byte that is held is searched at most twice, whatever the input does.
 *
 * Cost   about 30 ns for a row of 100 bytes and 8 columns; libcsv's few ns a byte for rows with quotes.
 * After  RFC 4180; \r\n is kept as it came, empty lines are skipped, a byte order mark is dropped.
 */
#include "format/csv.h"

#include <stdio.h>
#include <stdlib.h>

#include "format/csv_header.h"
#include "format/csv_row.h"
#include "format/csv_scan.h"

struct csv {
	struct qos_cell **target;     /* [n_columns] where the cell of each column goes */
	const struct qos_cell *cells; /* g->cell that they point into; another one: they are stale */
	int n_columns;
	/* the scan: bits of [base, base + 64) from the next row on */
	const char *base, *limit; /* limit: end of the bytes, or one more where a last newline is made up */
	struct qos_csv_bits bits;
	uint64_t n_fills; /* of the input when the scan was set up */
	/* rows that are odd */
	struct qos_csv_row row;
	uint64_t stray_end;      /* offset in the input up to which a row has to end on its own line */
	struct qos_names names;  /* of the columns */
	struct qos_cell ignored; /* cells of columns that nobody wants */
};

static inline __attribute__((always_inline)) struct qos_csv_bits load_block(const char *base, const char *limit,
									    char separator)
{
	struct qos_csv_bits bits = qos_csv_block(base, separator);

	if (limit - base < QOS_CSV_BLOCK_BYTES) {
		uint64_t valid = ((uint64_t)1 << (limit - base)) - 1;

		bits.ends &= valid;
		bits.stops &= valid;
	}
	return bits;
}

/*
 * Sets the scan up at in->at.  Behind a last line without its newline one is put into the padding of the block, so that
 * such a line is like any other.
 */
static void restart(struct csv *c, struct qos_in *in)
{
	c->n_fills = in->n_fills;
	c->base = in->at;
	c->limit = in->end;
	c->bits = (struct qos_csv_bits){ 0, 0 };
	if (in->at == in->end)
		return;
	if (in->eof && in->end[-1] != '\n') {
		in->block[in->end - in->block] = '\n';
		c->limit++;
	}
	c->bits = load_block(c->base, c->limit, c->row.separator);
}

enum scan { SCAN_ROW, SCAN_MORE, SCAN_ODD };

/* The next row if it is an ordinary one: its cells, and *n_bytes up to its newline.  Else only cells are changed. */
static inline __attribute__((always_inline)) enum scan scan_row(struct csv *c, const char *start, uint32_t *n_bytes,
								char separator)
{
	struct qos_cell **target = c->target, **const end = target + c->n_columns;
	uint64_t ends = c->bits.ends, stops = c->bits.stops, last;
	const char *base = c->base;
	uint32_t from = 0, to;

	do {
		while (__builtin_expect(!ends, 0)) {
			struct qos_csv_bits bits;

			if (stops)
				return SCAN_ODD; /* a quote, or the newline of a row with too few cells */
			base += QOS_CSV_BLOCK_BYTES;
			if (base >= c->limit)
				return SCAN_MORE;
			bits = load_block(base, c->limit, separator);
			ends = bits.ends;
			stops = bits.stops;
		}
		to = (uint32_t)(base - start) + (uint32_t)__builtin_ctzll(ends);
		**target = (struct qos_cell){ from, to - from, QOS_CELL_TEXT };
		from = to + 1;
		last = ends;
		ends &= ends - 1;
	} while (++target < end);
	last ^= ends; /* the bit of the last end */
	if ((stops & (last | (last - 1))) != last)
		return SCAN_ODD;
	c->bits = (struct qos_csv_bits){ ends, stops ^ last };
	c->base = base;
	*n_bytes = to;
	return SCAN_ROW;
}

static enum qos_next give(struct qos_in *in, struct qos_record *r, uint32_t n_bytes, uint8_t eol_bytes)
{
	const char *next = in->at + n_bytes + eol_bytes;

	if (next > in->end) { /* the newline was ours */
		eol_bytes = 0;
		next = in->end;
	}
	r->bytes = in->at;
	r->n_bytes = n_bytes;
	r->eol_bytes = eol_bytes;
	in->at = next;
	return QOS_NEXT_RECORD;
}

/* Points each column at the cell of its field. */
static int resolve(struct csv *c, struct qos_reading *g)
{
	for (int i = 0; i < c->n_columns; i++) {
		int id = qos_fields_column(g->fields, c->names.name[i]);

		if (id >= g->n_cells)
			return qos_fail(&g->err, QOS_EIO, QOS_NOWHERE, "%s: no cell for field %d", g->in->name, id);
		c->target[i] = id < 0 ? &c->ignored : &g->cell[id];
	}
	c->cells = g->cell;
	return 0;
}

/* The place of byte `offset` of the row at in->at, whose first n_bytes are refused. */
static void set_bad(struct qos_reading *g, uint32_t offset, uint32_t n_bytes, uint8_t eol_bytes)
{
	const char *start = g->in->at, *place = start + offset;

	g->bad.line = g->in->line;
	for (const char *p = start; p < place; p++) {
		if (*p == '\n') {
			g->bad.line++;
			start = p + 1;
		}
	}
	g->bad.column = (int)(place - start) + 1;
	g->bad.bytes = (struct qos_str){ g->in->at, n_bytes };
	g->bad.eol_bytes = eol_bytes;
}

static enum qos_next read_error(struct qos_reading *g, const char *what)
{
	qos_fail(&g->err, QOS_EIO, (struct qos_at){ g->in->name, (int)g->in->line, 0 }, "%s", what);
	return QOS_NEXT_ERROR;
}

/* A row that libcsv has split: right after all (it had quotes), or with too few or too many cells. */
static enum qos_next odd_row(struct csv *c, struct qos_reading *g, struct qos_record *r)
{
	const struct qos_csv_row *row = &c->row;
	enum qos_next result;

	if (row->n == (size_t)c->n_columns) {
		for (int i = 0; i < c->n_columns; i++)
			*c->target[i] = row->cell[i];
		result = give(g->in, r, row->n_bytes, row->eol_bytes);
	} else {
		bool few = row->n < (size_t)c->n_columns;
		uint32_t offset = few ? row->n_bytes : row->cell[c->n_columns].off;

		set_bad(g, offset, row->n_bytes, row->eol_bytes);
		snprintf(g->bad.why, sizeof(g->bad.why), "row has %zu column%s, the header has %d", row->n,
			 row->n == 1 ? "" : "s", c->n_columns);
		give(g->in, r, row->n_bytes, row->eol_bytes);
		g->bad.eol_bytes = r->eol_bytes;
		result = QOS_NEXT_BAD;
	}
	g->in->line += row->n_lines;
	return result;
}

/* A quote opens and does not close in all that was searched: its first line goes, see above. */
static enum qos_next refuse_open(struct csv *c, struct qos_reading *g)
{
	const struct qos_csv_row *row = &c->row;
	struct qos_in *in = g->in;
	const char *next = in->at + row->line_bytes + 1;

	set_bad(g, row->open_at, row->line_bytes, next > in->end ? 0 : 1);
	if (qos_in_offset(in) >= c->stray_end) {
		c->stray_end = in->read_bytes;
		snprintf(g->bad.why, sizeof(g->bad.why),
			 "a quote opens here and does not close %s%zu bytes; close it or double it",
			 in->eof ? "before the end of the input, " : "within ", (size_t)(in->end - in->at));
	} else {
		snprintf(g->bad.why, sizeof(g->bad.why),
			 "a quote opens here and does not close in its line, behind another such one");
	}
	in->at = next > in->end ? in->end : next;
	in->line++;
	return QOS_NEXT_BAD;
}

static enum qos_next refuse_long(struct qos_reading *g)
{
	g->bad = (struct qos_bad){ .line = g->in->line };
	snprintf(g->bad.why, sizeof(g->bad.why), "record is over %zu bytes; raise --max-record", g->in->most_bytes);
	qos_in_skip_line(g->in);
	return QOS_NEXT_BAD;
}

enum odd { ODD_AGAIN, ODD_ROW, ODD_OPEN, ODD_LONG, ODD_END, ODD_ERROR };

/* Splits the row at in->at by libcsv, reading on as that needs.  Takes empty lines; ODD_AGAIN: call it once more. */
static enum odd split_odd(struct csv *c, struct qos_in *in)
{
	bool stray = qos_in_offset(in) < c->stray_end;
	struct qos_csv_row *row = &c->row;

	restart(c, in);
	c->n_fills = in->n_fills - 1; /* the scan starts anew behind this row */
	switch (qos_csv_row_split(row, in->at, c->limit, stray)) {
	case QOS_CSV_MEMORY: return ODD_ERROR;
	case QOS_CSV_ROW: return ODD_ROW;
	case QOS_CSV_BLANK:
		in->at += row->n_bytes + row->eol_bytes;
		if (in->at > in->end)
			in->at = in->end;
		in->line++;
		return ODD_AGAIN;
	case QOS_CSV_OPEN: break;
	}
	if (stray && row->n_lines)
		return ODD_OPEN;
	if (qos_in_fill(in))
		return ODD_AGAIN;
	if (in->error)
		return ODD_ERROR;
	if (in->at == in->end)
		return ODD_END;
	if (row->n_lines)
		return ODD_OPEN;
	return in->eof ? ODD_AGAIN : ODD_LONG; /* at the end a newline is made up the next time */
}

static enum qos_next csv_next_odd(struct csv *c, struct qos_reading *g, struct qos_record *r)
{
	for (;;) {
		switch (split_odd(c, g->in)) {
		case ODD_AGAIN: break;
		case ODD_ROW: return odd_row(c, g, r);
		case ODD_OPEN: return refuse_open(c, g);
		case ODD_LONG: return refuse_long(g);
		case ODD_END: return QOS_NEXT_END;
		case ODD_ERROR: return read_error(g, g->in->error ? strerror(g->in->error) : "out of memory");
		}
	}
}

/* The separator is a constant here, which the scan is as fast as that. */
static inline __attribute__((always_inline)) enum qos_next next_row(struct csv *c, struct qos_reading *g,
								    struct qos_record *r, char separator)
{
	struct qos_in *in = g->in;
	uint32_t n_bytes;

	if (__builtin_expect(g->cell != c->cells, 0) && resolve(c, g) != 0)
		return QOS_NEXT_ERROR;
	if (c->n_columns == 0)
		return QOS_NEXT_END;
	r->cell = g->cell;
	for (;;) {
		if (__builtin_expect(in->n_fills != c->n_fills, 0))
			restart(c, in);
		switch (scan_row(c, in->at, &n_bytes, separator)) {
		case SCAN_ROW: break;
		case SCAN_ODD: return csv_next_odd(c, g, r);
		case SCAN_MORE:
			if (qos_in_fill(in))
				continue;
			return csv_next_odd(c, g, r); /* the end, or a record that is too long */
		}
		if (n_bytes == 0 || in->at[n_bytes - 1] == '\r') {
			if (n_bytes <= 1) /* an empty line in a file with one column */
				return csv_next_odd(c, g, r);
			c->target[c->n_columns - 1]->len--;
			in->line++;
			return give(in, r, n_bytes - 1, 2);
		}
		in->line++;
		return give(in, r, n_bytes, 1);
	}
}

static enum qos_next csv_next(void *state, struct qos_reading *g, struct qos_record *r)
{
	return next_row(state, g, r, ',');
}

static enum qos_next tsv_next(void *state, struct qos_reading *g, struct qos_record *r)
{
	return next_row(state, g, r, '\t');
}

/* The row that was split is the header. */
static int take_header(struct csv *c, struct qos_reading *g, const char *bytes, struct qos_at at, struct qos_err *err)
{
	int rc = qos_csv_header_use(&c->names, &c->row, g, bytes, at, err);

	if (rc)
		return rc;
	c->n_columns = (int)c->names.n;
	c->target = calloc((size_t)c->n_columns, sizeof(struct qos_cell *));
	return c->target ? 0 : qos_fail_memory(err, "the csv header");
}

/* Names that the user gave, with commas in whatever format, stand for the header. */
static int open_named(struct csv *c, struct qos_reading *g, struct qos_err *err)
{
	size_t n = strlen(g->no_header);
	char *line = malloc(n + 1);
	int rc;

	if (!line)
		return qos_fail_memory(err, "the csv header");
	memcpy(line, g->no_header, n);
	line[n] = '\n';
	for (char *p = line; c->row.separator != ',' && *p != '\n'; p++)
		*p = *p == ',' ? c->row.separator : *p;
	if (qos_csv_row_split(&c->row, line, line + n + 1, true) == QOS_CSV_ROW)
		rc = take_header(c, g, line, (struct qos_at){ "--no-header", 0, 0 }, err);
	else
		rc = qos_fail(err, QOS_EUSAGE, QOS_NOWHERE,
			      "--no-header: \"%s\" is no list of column names; write a,b,c", g->no_header);
	free(line);
	return rc;
}

static void skip_byte_order_mark(struct qos_in *in)
{
	static const char mark[] = "\xef\xbb\xbf";

	while (in->end - in->at < 3 && memcmp(in->at, mark, (size_t)(in->end - in->at)) == 0)
		if (!qos_in_fill(in))
			return;
	if (memcmp(in->at, mark, 3) == 0)
		in->at += 3;
}

static int open_header(struct csv *c, struct qos_reading *g, struct qos_err *err)
{
	struct qos_in *in = g->in;
	enum odd found;
	int rc;

	while ((found = split_odd(c, in)) == ODD_AGAIN)
		continue;
	switch (found) {
	case ODD_END: return 0; /* no header, no records */
	case ODD_ERROR:
		return qos_fail(err, QOS_EIO, (struct qos_at){ in->name, 0, 0 }, "%s",
				in->error ? strerror(in->error) : "out of memory");
	case ODD_ROW: break;
	default:
		return qos_fail(err, QOS_EINPUT, (struct qos_at){ in->name, (int)in->line, 0 },
				"the csv header does not end within %zu bytes", in->most_bytes);
	}
	rc = take_header(c, g, in->at, (struct qos_at){ in->name, (int)in->line, 0 }, err);
	in->at += c->row.n_bytes + c->row.eol_bytes;
	if (in->at > in->end)
		in->at = in->end;
	in->line += c->row.n_lines;
	return rc;
}

static int open_separated(struct csv *c, struct qos_reading *g, char separator, struct qos_err *err)
{
	c->row.separator = separator;
	c->n_fills = g->in->n_fills - 1;
	skip_byte_order_mark(g->in);
	return g->no_header ? open_named(c, g, err) : open_header(c, g, err);
}

static int csv_open(void *state, struct qos_reading *g, struct qos_err *err)
{
	return open_separated(state, g, ',', err);
}

static int tsv_open(void *state, struct qos_reading *g, struct qos_err *err)
{
	return open_separated(state, g, '\t', err);
}

static void csv_close(void *state)
{
	struct csv *c = state;

	qos_csv_row_free(&c->row);
	qos_names_free(&c->names);
	free(c->target);
	c->target = NULL;
}

static int csv_detect(struct qos_str head, char *why)
{
	return qos_csv_detect(head, ',', why);
}

static int tsv_detect(struct qos_str head, char *why)
{
	return qos_csv_detect(head, '\t', why);
}

const struct qos_format qos_format_csv = {
	.name = "csv",
	.summary = "comma-separated values with a header line (RFC 4180)",
	.reader_bytes = sizeof(struct csv),
	.writer_bytes = sizeof(struct qos_csv_writer),
	.detect = csv_detect,
	.open = csv_open,
	.next = csv_next,
	.close = csv_close,
	.begin = qos_csv_begin,
	.put = qos_csv_put,
	.end = qos_csv_end,
	.carries_fields = true,
};

const struct qos_format qos_format_tsv = {
	.name = "tsv",
	.summary = "tab-separated values with a header line",
	.reader_bytes = sizeof(struct csv),
	.writer_bytes = sizeof(struct qos_csv_writer),
	.detect = tsv_detect,
	.open = tsv_open,
	.next = tsv_next,
	.close = csv_close,
	.begin = qos_tsv_begin,
	.put = qos_tsv_put,
	.end = qos_csv_end,
	.carries_fields = true,
};
