/*
 * clf in: the access logs of Apache and nginx, common and combined, with or without a virtual host in front.
 *
 *   [vhost] host ident user [dd/Mon/yyyy:hh:mm:ss zone] "METHOD PATH PROTOCOL" status bytes ["referer" "user agent"]
 * ...
 *
 * A request that is not three words stands in `request` as it is.  Bytes of `-` are 0.  `stream` is the client unless
 * another column was mapped to it, `payload` the whole line.  What follows the known fields is passed over.
 *
 * Cost   one pass over the line.
 */
#include <stdio.h>
#include <string.h>

#include "format/format.h"

enum column {
	CLF_VHOST,
	CLF_HOST,
	CLF_IDENT,
	CLF_USER,
	CLF_TS,
	CLF_METHOD,
	CLF_PATH,
	CLF_PROTOCOL,
	CLF_REQUEST,
	CLF_STATUS,
	CLF_SIZE,
	CLF_REFERER,
	CLF_USER_AGENT,
	CLF_STREAM,
	CLF_PAYLOAD,
	CLF_N
};

static const char *const names[CLF_N] = { "vhost",  "remote_host", "ident",      "user",    "ts",
					  "method", "path",        "protocol",   "request", "status",
					  "size",   "referer",     "user_agent", "stream",  "payload" };

struct clf {
	int id[CLF_N]; /* of the field, -1: nobody wants it */
	bool started;
	struct qos_cell cell[CLF_N]; /* of the line at hand */
	const char *line;
	const char *wrong, *why;
};

/* Who wants what is settled with the first record. */
static void start(struct clf *c, struct qos_reading *g)
{
	for (int i = 0; i < CLF_N; i++)
		c->id[i] = g->keep_all && i != CLF_PAYLOAD ? qos_fields_column_keep(g->fields, qos_str(names[i]))
							   : qos_fields_column(g->fields, qos_str(names[i]));
	qos_reading_grow(g);
	c->started = true;
}

static bool fail(struct clf *c, const char *p, const char *why)
{
	c->wrong = p;
	c->why = why;
	return false;
}

static struct qos_cell cell_of(const struct clf *c, const char *from, const char *to)
{
	return (struct qos_cell){ (uint32_t)(from - c->line), (uint32_t)(to - from), QOS_CELL_TEXT };
}

/* One word, up to a space; *p moves behind the space. */
static bool word(struct clf *c, const char **p, const char *end, enum column column)
{
	const char *space = memchr(*p, ' ', (size_t)(end - *p));

	if (!space || space == *p)
		return fail(c, *p, "the line ends before its request; this is no access log line");
	c->cell[column] = cell_of(c, *p, space);
	*p = space + 1;
	return true;
}

/* Text in quotes at *p, where \" does not end it; *p moves behind the quote. */
static bool quoted(struct clf *c, const char **p, const char *end, enum column column)
{
	const char *q = *p + 1;

	if (*p == end || **p != '"')
		return fail(c, *p, "a quote is missing here");
	while ((q = memchr(q, '"', (size_t)(end - q)))) {
		const char *back = q;

		while (back > *p + 1 && back[-1] == '\\')
			back--;
		if ((q - back) % 2 == 0)
			break;
		q++;
	}
	if (!q)
		return fail(c, *p, "a quote without its end");
	c->cell[column] = cell_of(c, *p + 1, q);
	*p = q + 1;
	return true;
}

/* Three words make method, path and protocol; two a method and a path (HTTP/0.9). */
static void split_request(struct clf *c)
{
	struct qos_cell all = c->cell[CLF_REQUEST];
	const char *from = c->line + all.off, *end = from + all.len;
	const char *first = memchr(from, ' ', all.len), *last = first ? memrchr(from, ' ', all.len) : NULL;

	if (!first || first == from || !(*from >= 'A' && *from <= 'Z') || last + 1 == end)
		return;
	c->cell[CLF_METHOD] = cell_of(c, from, first);
	if (last == first) {
		c->cell[CLF_PATH] = cell_of(c, first + 1, end);
	} else {
		c->cell[CLF_PATH] = cell_of(c, first + 1, last);
		c->cell[CLF_PROTOCOL] = cell_of(c, last + 1, end);
	}
	c->cell[CLF_REQUEST].kind = QOS_CELL_ABSENT;
}

/* Digits, or '-'. */
static bool count(struct clf *c, const char **p, const char *end, enum column column)
{
	const char *q = *p;

	while (q < end && *q >= '0' && *q <= '9')
		q++;
	if (q == *p && q < end && *q == '-')
		q++;
	if (q == *p || (q < end && *q != ' '))
		return fail(c, *p,
			    column == CLF_STATUS ? "a status code is missing here"
						 : "a number of bytes is missing here");
	c->cell[column] = cell_of(c, *p, q);
	*p = q + (q < end);
	return true;
}

/* host ident user [time]; with a virtual host in front there is a word more. */
static bool front(struct clf *c, const char **p, const char *end)
{
	const char *bracket = memchr(*p, '[', (size_t)(end - *p)), *close;
	int n_words = 0;

	for (const char *q = *p; bracket && q < bracket; q++)
		n_words += *q == ' ';
	if (!bracket || n_words < 3)
		return fail(c, bracket ? bracket : *p,
			    bracket ? "words are missing before the time: host, ident and user"
				    : "there is no time in brackets; this is no access log line");
	if (n_words == 4 && !word(c, p, bracket, CLF_VHOST))
		return false;
	if (!word(c, p, bracket, CLF_HOST) || !word(c, p, bracket, CLF_IDENT))
		return false;
	/* a user may have spaces in it */
	c->cell[CLF_USER] = cell_of(c, *p, bracket[-1] == ' ' ? bracket - 1 : bracket);
	close = memchr(bracket, ']', (size_t)(end - bracket));
	if (!close)
		return fail(c, bracket, "a [ without its ]");
	c->cell[CLF_TS] = cell_of(c, bracket + 1, close);
	*p = close + 1;
	*p += *p < end && **p == ' ';
	return true;
}

/* Referer and user agent.  A log that cut the line inside them has told what counts: what is there is taken. */
static void rest(struct clf *c, const char *p, const char *end)
{
	for (int column = CLF_REFERER; column <= CLF_USER_AGENT && p < end && *p == '"'; column++) {
		const char *open = p;

		if (!quoted(c, &p, end, (enum column)column)) {
			c->cell[column] = cell_of(c, open + 1, end);
			return;
		}
		p += p < end && *p == ' ';
	}
}

static bool parse(struct clf *c, const char *p, const char *end)
{
	c->line = p;
	memset(c->cell, 0, sizeof(c->cell));
	c->cell[CLF_PAYLOAD] = cell_of(c, p, end);
	if (!front(c, &p, end) || !quoted(c, &p, end, CLF_REQUEST))
		return false;
	split_request(c);
	p += p < end && *p == ' ';
	if (!count(c, &p, end, CLF_STATUS) || !count(c, &p, end, CLF_SIZE))
		return false;
	c->cell[CLF_STREAM] = c->cell[CLF_HOST];
	if (p < end && *p == '"')
		rest(c, p, end);
	return true;
}

static int clf_detect(struct qos_str head, char *why)
{
	const char *p = head.p, *end = p + head.n;
	struct clf c;
	int n = 0, good = 0;

	while (p < end && n < 20) {
		const char *newline = memchr(p, '\n', (size_t)(end - p)), *stop = newline ? newline : end;

		if (!newline && n)
			break;
		if (stop > p) {
			n++;
			good += parse(&c, p, stop > p && stop[-1] == '\r' ? stop - 1 : stop);
		}
		p = newline ? newline + 1 : end;
	}
	snprintf(why, 160, "%d of the first %d lines are access log lines", good, n);
	return n ? 92 * good / n : 0;
}

static int clf_open(void *state, struct qos_reading *g, struct qos_err *err)
{
	return 0;
}

static enum qos_next refuse(struct qos_reading *g, struct qos_str line, uint8_t eol_bytes, int column, const char *why)
{
	g->bad = (struct qos_bad){ .line = g->in->line - 1, .column = column, .bytes = line, .eol_bytes = eol_bytes };
	snprintf(g->bad.why, sizeof(g->bad.why), "%s", why);
	return QOS_NEXT_BAD;
}

static enum qos_next clf_next(void *state, struct qos_reading *g, struct qos_record *r)
{
	struct clf *c = state;
	struct qos_str line;
	uint8_t eol_bytes;
	char why[100];

	if (!c->started)
		start(c, g);
	do {
		switch (qos_in_line(g->in, &line, &eol_bytes)) {
		case QOS_LINE_END:
			if (!g->in->error)
				return QOS_NEXT_END;
			qos_fail(&g->err, QOS_EIO, (struct qos_at){ g->in->name, 0, 0 }, "%s", strerror(g->in->error));
			return QOS_NEXT_ERROR;
		case QOS_LINE_LONG:
			snprintf(why, sizeof(why), "record is over %zu bytes; raise --max-record", g->in->most_bytes);
			return refuse(g, QOS_STR(""), 0, 0, why);
		default: break;
		}
	} while (line.n == 0);
	if (!parse(c, line.p, line.p + line.n))
		return refuse(g, line, eol_bytes, (int)(c->wrong - line.p) + 1, c->why);
	for (int i = 0; i < CLF_N; i++)
		if (c->id[i] >= 0)
			g->cell[c->id[i]] = c->cell[i];
	if (c->id[CLF_SIZE] >= 0 && line.p[c->cell[CLF_SIZE].off] == '-')
		g->cell[c->id[CLF_SIZE]].kind = QOS_CELL_ZERO;
	r->bytes = line.p;
	r->n_bytes = (uint32_t)line.n;
	r->eol_bytes = eol_bytes;
	r->cell = g->cell;
	return QOS_NEXT_RECORD;
}

const struct qos_format qos_format_clf = {
	.name = "clf",
	.summary = "access logs of Apache and nginx: common and combined log format",
	.reader_bytes = sizeof(struct clf),
	.detect = clf_detect,
	.open = clf_open,
	.next = clf_next,
};
