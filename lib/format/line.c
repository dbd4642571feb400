/*
 * One record a line: taking it, refusing it, and how much of a text looks like it.
 */
#include "format/line.h"

#include <stdio.h>
#include <string.h>

static enum qos_next refuse_long(struct qos_reading *g)
{
	g->bad = (struct qos_bad){ .line = g->in->line - 1 };
	snprintf(g->bad.why, sizeof(g->bad.why), "record is over %zu bytes; raise --max-record", g->in->most_bytes);
	return QOS_NEXT_BAD;
}

static enum qos_next end_of_input(struct qos_reading *g)
{
	if (!g->in->error)
		return QOS_NEXT_END;
	qos_fail(&g->err, QOS_EIO, (struct qos_at){ g->in->name, (int)g->in->line, 0 }, "%s", strerror(g->in->error));
	return QOS_NEXT_ERROR;
}

enum qos_next qos_line_take(struct qos_reading *g, struct qos_str *line, uint8_t *eol_bytes)
{
	do {
		switch (qos_in_line(g->in, line, eol_bytes)) {
		case QOS_LINE: break;
		case QOS_LINE_LONG: return refuse_long(g);
		case QOS_LINE_END: return end_of_input(g);
		}
	} while (line->n == 0);
	return QOS_NEXT_RECORD;
}

enum qos_next qos_line_give(struct qos_reading *g, struct qos_record *r, struct qos_str line, uint8_t eol_bytes)
{
	r->bytes = line.p;
	r->n_bytes = (uint32_t)line.n;
	r->eol_bytes = eol_bytes;
	r->cell = g->cell;
	return QOS_NEXT_RECORD;
}

enum qos_next qos_line_refuse(struct qos_reading *g, struct qos_str line, uint8_t eol_bytes, const char *at,
			      const char *why)
{
	g->bad = (struct qos_bad){
		.line = g->in->line - 1, .column = (int)(at - line.p) + 1, .bytes = line, .eol_bytes = eol_bytes
	};
	snprintf(g->bad.why, sizeof(g->bad.why), "%s", why);
	return QOS_NEXT_BAD;
}

int qos_line_score(struct qos_str head, bool (*good)(struct qos_str line), const char *what, int most, char *why)
{
	const char *p = head.p, *end = head.p + head.n, *newline;
	int n_lines = 0, n_good = 0;

	for (; p < end; p = newline + 1) {
		newline = memchr(p, '\n', (size_t)(end - p));
		if (!newline && n_lines)
			break; /* it may go on in bytes that have not arrived */
		newline = newline ? newline : end;
		if (newline == p || (newline == p + 1 && *p == '\r'))
			continue;
		n_lines++;
		n_good += good((struct qos_str){ p, (size_t)(newline - (newline[-1] == '\r') - p) });
	}
	snprintf(why, 160, "%d of the first %d lines are %s", n_good, n_lines, what);
	return n_lines ? most * n_good / n_lines : 0;
}
