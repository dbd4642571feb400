/*
 * One csv row as libcsv reads it: where its cells stand in the bytes.
 */
#ifndef QOS_FORMAT_CSV_ROW_H
#define QOS_FORMAT_CSV_ROW_H

#include <csv.h>

#include "record/record.h"

struct qos_csv_row {
	char separator; /* set before the first split; 0: a comma */
	/* the result of a split */
	struct qos_cell *cell; /* [n], offsets from the first byte of the row */
	size_t n;
	uint32_t n_bytes; /* of the row without its line end */
	uint8_t eol_bytes;
	long n_lines;        /* newlines seen, that of the end included */
	uint32_t line_bytes; /* of its first line without \n, when n_lines > 0 */
	uint32_t open_at;    /* where the cell begins that had not ended when the bytes ran out */
	/* state */
	size_t room;
	struct csv_parser parser;
	bool parser_made, cell_ended, row_ended;
};

enum qos_csv_split {
	QOS_CSV_ROW,
	QOS_CSV_BLANK, /* an empty line */
	QOS_CSV_OPEN,  /* no end of the row in these bytes */
	QOS_CSV_MEMORY,
};

/*
 * Splits the row that begins at p.  libcsv decides which separators and newlines end a cell; quotes inside a bare
 * cell are text, and so is a lone carriage return.
 *
 * row		all zero but the separator before the first call, then used again and again
 * one_line	a row that goes on behind its first newline counts as open there
 */
enum qos_csv_split qos_csv_row_split(struct qos_csv_row *row, const char *p, const char *end, bool one_line);
/* Gives back what it owns; the struct itself is the caller's. */
void qos_csv_row_free(struct qos_csv_row *row);

#endif
