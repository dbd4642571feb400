/*
 * One csv row as libcsv reads it.
 *
 * libcsv gives texts, we want places: it is fed up to each separator and newline, and what it says there (cell ended,
 * row ended, nothing) tells which of them stand inside quotes.  The texts that it gathers are not used.
 *
 * Cost   libcsv's, some ns a byte; rows without a quote and with the right number of cells never come here.
 * After  RFC 4180, but lenient: libcsv without CSV_STRICT, and no space is ever trimmed.
 */
#include "format/csv_row.h"

#include <stdlib.h>

#define ENTRY_STEP_BYTES 65536 /* libcsv's buffer grows by this, not by its 128 bytes, to keep long cells linear */

static int is_no_space(unsigned char c)
{
	return 0;
}

/* not \r: one before a newline is left out of what libcsv is fed, any other is text */
static int is_newline(unsigned char c)
{
	return c == '\n';
}

static void cell_ended(void *text, size_t n, void *row)
{
	((struct qos_csv_row *)row)->cell_ended = true;
}

static void row_ended(int c, void *row)
{
	((struct qos_csv_row *)row)->row_ended = true;
}

static int make_parser(struct qos_csv_row *row)
{
	if (row->parser_made)
		return 0;
	if (csv_init(&row->parser, 0) != 0)
		return -1;
	if (!row->separator)
		row->separator = ',';
	csv_set_delim(&row->parser, (unsigned char)row->separator);
	csv_set_space_func(&row->parser, is_no_space);
	csv_set_term_func(&row->parser, is_newline);
	csv_set_blk_size(&row->parser, ENTRY_STEP_BYTES);
	row->parser_made = true;
	return 0;
}

static bool feed(struct qos_csv_row *row, const char *p, size_t n)
{
	return csv_parse(&row->parser, p, n, cell_ended, row_ended, row) == n;
}

static const char *next_end(const char *p, const char *end, char separator)
{
	while (p < end && *p != separator && *p != '\n')
		p++;
	return p < end ? p : NULL;
}

static int add_cell(struct qos_csv_row *row, const char *p, uint32_t from, uint32_t to)
{
	struct qos_cell *c;

	if (row->n == row->room) {
		size_t room = row->room ? 2 * row->room : 32;

		c = realloc(row->cell, room * sizeof(*c));
		if (!c)
			return -1;
		row->cell = c;
		row->room = room;
	}
	c = &row->cell[row->n++];
	if (to > from && p[from] == '"') {
		*c = (struct qos_cell){ from + 1, to - from - 2, QOS_CELL_QUOTED };
		if (memchr(p + c->off, '"', c->len))
			c->kind = QOS_CELL_CSV;
	} else {
		*c = (struct qos_cell){ from, to - from, QOS_CELL_TEXT };
	}
	return 0;
}

/* The bytes ran out inside a row: libcsv forgets it. */
static enum qos_csv_split give_up(struct qos_csv_row *row, uint32_t open_at)
{
	csv_fini(&row->parser, NULL, NULL, NULL);
	row->open_at = open_at;
	return QOS_CSV_OPEN;
}

enum qos_csv_split qos_csv_row_split(struct qos_csv_row *row, const char *p, const char *end, bool one_line)
{
	const char *at = p, *d;
	uint32_t from = 0;

	if (make_parser(row) != 0)
		return QOS_CSV_MEMORY;
	row->n = 0;
	row->n_lines = 0;
	for (; (d = next_end(at, end, row->separator)); at = d + 1) {
		bool newline = *d == '\n', cr = newline && d > at && d[-1] == '\r';
		uint32_t to = (uint32_t)(d - p) - cr;

		row->cell_ended = row->row_ended = false;
		if (!feed(row, at, (size_t)(d - at) - cr) || !feed(row, d, 1))
			return QOS_CSV_MEMORY;
		if (row->cell_ended && add_cell(row, p, from, to) != 0)
			return QOS_CSV_MEMORY;
		if (newline && row->n_lines++ == 0)
			row->line_bytes = (uint32_t)(d - p);
		if (row->row_ended || (newline && to == 0)) {
			row->n_bytes = to;
			row->eol_bytes = 1 + cr;
			return row->row_ended ? QOS_CSV_ROW : QOS_CSV_BLANK;
		}
		if (row->cell_ended)
			from = (uint32_t)(d - p) + 1;
		if (newline && one_line)
			break;
	}
	return give_up(row, from);
}

void qos_csv_row_free(struct qos_csv_row *row)
{
	if (row->parser_made)
		csv_free(&row->parser);
	free(row->cell);
	*row = (struct qos_csv_row){ 0 };
}
