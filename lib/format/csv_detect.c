/*
 * Are these separated values?
 *
 * What speaks for it: names in the first line, one of them known, and as many separators in the lines below.
 */
#include <stdio.h>

#include "format/csv.h"

/* What a line looks like from outside: separators that are not in quotes, and whether its cells could be names. */
struct look {
	int n_separators;
	size_t n_bytes; /* in all cells */
	bool names, known;
};

static bool is_known(struct qos_str cell)
{
	for (int i = 0; i < QOS_N_KNOWN; i++)
		if (qos_str_is(cell, qos_field_name[i]))
			return true;
	return false;
}

static bool is_name(struct qos_str cell)
{
	if (cell.n && cell.p[0] >= '0' && cell.p[0] <= '9')
		return false;
	for (size_t i = 0; i < cell.n; i++)
		if ((unsigned char)cell.p[i] < ' ' || strchr("{}=\"\\", cell.p[i]))
			return false;
	return true;
}

static void look_at_cell(struct look *look, const char *from, const char *to)
{
	if (to - from >= 2 && *from == '"' && to[-1] == '"') {
		from++;
		to--;
	}
	look->n_bytes += (size_t)(to - from);
	look->names = look->names && is_name((struct qos_str){ from, (size_t)(to - from) });
	look->known = look->known || is_known((struct qos_str){ from, (size_t)(to - from) });
}

/* Looks at the row at *at and moves on behind it.   Returns  false at the end, or when a quote is still open. */
static bool look_at_row(const char **at, const char *end, char separator, struct look *look)
{
	const char *from = *at;
	bool quoted = false;

	*look = (struct look){ .names = true };
	for (const char *p = *at; p < end; p++) {
		quoted ^= *p == '"';
		if (quoted || (*p != separator && *p != '\n'))
			continue;
		look_at_cell(look, from, p - (*p == '\n' && p > from && p[-1] == '\r'));
		from = p + 1;
		if (*p == '\n') {
			*at = from;
			return true;
		}
		look->n_separators++;
	}
	if (quoted || *at == end)
		return false;
	look_at_cell(look, from, end);
	*at = end;
	return true;
}

int qos_csv_detect(struct qos_str head, char separator, char *why)
{
	const char *at = head.p, *end = head.p + head.n;
	struct look header, row;
	int n_rows = 0, n_same = 0, score;

	if (head.n >= 3 && memcmp(at, "\xef\xbb\xbf", 3) == 0)
		at += 3;
	if (!look_at_row(&at, end, separator, &header)) {
		snprintf(why, 160, "no whole row");
		return 0;
	}
	while (look_at_row(&at, end, separator, &row)) {
		n_rows++;
		n_same += row.n_separators == header.n_separators;
	}
	score = header.n_separators ? 30 : 0; /* one column alone is not much of a table */
	score += header.names && header.n_bytes ? 25 : -20;
	score += header.names && header.known ? 30 : 0;
	if (header.n_separators && n_rows)
		score += 10 * n_same / n_rows - (2 * n_same < n_rows ? 30 : 0);
	snprintf(why, 160, "%d column%s, %s, %d of %d rows have as many", header.n_separators + 1,
		 header.n_separators ? "s" : "",
		 header.known && header.names ? "a header with a known field"
		 : header.names               ? "names in the first line"
					      : "no names in the first line",
		 n_same, n_rows);
	return score < 0 ? 0 : score;
}
