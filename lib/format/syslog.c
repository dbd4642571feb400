/*
 * syslog in: RFC 5424, the BSD form of RFC 3164 with and without its <PRI>, and octet counts (RFC 6587) before either.
 *
 *     <34>1 2015-08-05T21:58:59.693Z host app pid msgid [id name="value"] message
 *     <34>Feb  4 11:14:27 host app[pid]: message
 *
 * Parameters of structured data are fields, `id.name`; "-" is an absent field.  The stream is `host app`.  The BSD time
 * has neither year nor zone: it is taken as UTC, of the year --ts-year (2000, which has every date), the year after
 * that once the months begin again, and becomes epoch seconds.  What RFC 3164 leaves open stays open: without a tag
 * that a colon ends, all behind the host is the message.
 *
 * Facility, severity, the BSD time and values without their escapes do not stand in the line; they are written over it
 * when nothing can be wrong with it any more.  They are never longer than what they come from.
 *
 * Cost   about 150 ns a line.
 * After  RFC 5424, RFC 3164, RFC 6587.  Names of facilities and severities stay numbers.
 */
#include <stdio.h>
#include <string.h>

#include "format/line.h"
#include "unit/timestamp.h"

enum part {
	PART_TS,
	PART_FACILITY,
	PART_SEVERITY,
	PART_HOST,
	PART_APP,
	PART_PID,
	PART_MSGID,
	PART_STREAM,
	PART_PAYLOAD,
	N_PARTS
};

static const char *const part_name[N_PARTS] = {
	"ts", "facility", "severity", "host", "app", "pid", "msgid", "stream", "payload",
};

#define PARAMS_MOST 256 /* of one message */
#define NAME_BYTES  160 /* of an element and a parameter: twice 32 by the RFC, with room for those who write more */
#define YEAR        2000
#define BSD_BYTES   15

/* A parameter of structured data. */
struct param {
	struct qos_str id, name;
	const char *value, *end;
	bool escaped;
};

struct cut {
	const char *start, *at, *end;
	struct qos_cell part[N_PARTS];
	int pri; /* -1: none */
	bool bsd;
	int64_t ts_ns;
	int n_params;
	struct param param[PARAMS_MOST];
	const char *why; /* it failed at `at` */
};

struct syslog {
	struct qos_cell *target[N_PARTS];
	const struct qos_cell *cells; /* g->cell that they point into; another one: they are stale */
	struct qos_cell ignored;
	int64_t stamp_cache[2];
	int year, month; /* of the last BSD time; month 0: none yet */
	int n_given;
	int given[PARAMS_MOST]; /* ids whose cells the last message has set */
	struct cut cut;
};

static bool fail(struct cut *c, const char *at, const char *why)
{
	c->at = at;
	c->why = why;
	return false;
}

static void set(struct cut *c, enum part part, const char *from, const char *to, enum qos_cell_kind kind)
{
	if (to > from)
		c->part[part] = (struct qos_cell){ (uint32_t)(from - c->start), (uint32_t)(to - from), kind };
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* <0> to <191> */
static bool take_pri(struct cut *c)
{
	const char *p = c->at + 1;
	int pri = 0;

	c->pri = -1;
	if (c->at >= c->end || *c->at != '<')
		return true;
	while (p < c->end && p - c->at < 4 && is_digit(*p))
		pri = pri * 10 + (*p++ - '0');
	if (p == c->end || *p != '>' || p == c->at + 1 || pri > 191)
		return fail(c, c->at, "the priority is no number from <0> to <191>");
	c->pri = pri;
	c->at = p + 1;
	return true;
}

/* A word that a blank ends, or the end of the line; "-" is nobody. */
static bool take_word(struct cut *c, enum part part, const char *missing)
{
	const char *blank;

	if (c->at >= c->end)
		return fail(c, c->end, missing);
	blank = memchr(c->at, ' ', (size_t)(c->end - c->at));
	blank = blank ? blank : c->end;
	if (blank == c->at)
		return fail(c, c->at, "a blank too many");
	if (blank - c->at > 1 || *c->at != '-')
		set(c, part, c->at, blank, part == PART_PID ? QOS_CELL_TEXT : QOS_CELL_QUOTED);
	c->at = blank < c->end ? blank + 1 : blank;
	return true;
}

/* name="value" */
static bool take_param(struct cut *c, struct qos_str id)
{
	struct param *p = &c->param[c->n_params];
	const char *name = c->at;

	while (c->at < c->end && *c->at != '=' && *c->at != ' ' && *c->at != ']' && *c->at != '"')
		c->at++;
	if (c->at == name || c->end - c->at < 2 || c->at[0] != '=' || c->at[1] != '"')
		return fail(c, name, "structured data wants name=\"value\" here");
	if (c->n_params == PARAMS_MOST)
		return fail(c, name, "there are more than 256 parameters of structured data");
	*p = (struct param){ id, { name, (size_t)(c->at - name) }, c->at + 2, NULL, false };
	for (c->at += 2; c->at < c->end && *c->at != '"'; c->at++)
		if (*c->at == '\\' && c->at + 1 < c->end) {
			c->at++;
			p->escaped = true;
		}
	if (c->at >= c->end)
		return fail(c, p->value - 1, "a quote opens here and does not close");
	p->end = c->at++;
	c->n_params++;
	return true;
}

/* [id name="value" ...] */
static bool take_element(struct cut *c)
{
	const char *id = ++c->at;
	size_t n;

	while (c->at < c->end && *c->at != ' ' && *c->at != ']' && *c->at != '=' && *c->at != '"')
		c->at++;
	n = (size_t)(c->at - id);
	if (n == 0)
		return fail(c, id, "structured data wants the name of its element here");
	while (c->at < c->end && *c->at == ' ') {
		c->at++;
		if (!take_param(c, (struct qos_str){ id, n }))
			return false;
	}
	if (c->at >= c->end || *c->at != ']')
		return fail(c, id - 1, "a bracket opens here and does not close");
	c->at++;
	return true;
}

static bool take_data(struct cut *c)
{
	if (c->at >= c->end)
		return fail(c, c->end, "the line ends where structured data or - is missing");
	if (*c->at != '[' && (*c->at != '-' || (c->end - c->at > 1 && c->at[1] != ' ')))
		return fail(c, c->at, "neither structured data nor -");
	if (*c->at == '-')
		c->at++;
	while (c->at < c->end && *c->at == '[')
		if (!take_element(c))
			return false;
	if (c->at < c->end && *c->at++ != ' ')
		return fail(c, c->at - 1, "a blank is missing behind structured data");
	return true;
}

static void set_stream(struct cut *c)
{
	struct qos_cell host = c->part[PART_HOST], app = c->part[PART_APP];

	if (host.kind && app.kind)
		set(c, PART_STREAM, c->start + host.off, c->start + app.off + app.len, QOS_CELL_QUOTED);
	else if (host.kind || app.kind)
		c->part[PART_STREAM] = host.kind ? host : app;
}

/* Behind "1 ": what RFC 5424 has. */
static bool cut_5424(struct cut *c, int64_t cache[2])
{
	struct qos_str ts;
	enum qos_time_form form;

	if (!take_word(c, PART_TS, "the time is missing"))
		return false;
	ts = (struct qos_str){ c->start + c->part[PART_TS].off, c->part[PART_TS].len };
	if (c->part[PART_TS].kind && qos_timestamp_parse(ts, &c->ts_ns, &form, cache, NULL) != 0)
		return fail(c, ts.p, "is no time of RFC 3339 (2015-08-05T21:58:59.693Z)");
	if (!take_word(c, PART_HOST, "the line ends where the host is missing") ||
	    !take_word(c, PART_APP, "the line ends where the application is missing") ||
	    !take_word(c, PART_PID, "the line ends where the process id is missing") ||
	    !take_word(c, PART_MSGID, "the line ends where the message id is missing") || !take_data(c))
		return false;
	if (c->end - c->at >= 3 && memcmp(c->at, "\xef\xbb\xbf", 3) == 0)
		c->at += 3;
	set(c, PART_PAYLOAD, c->at, c->end, QOS_CELL_QUOTED);
	set_stream(c);
	return true;
}

static int month_of(const char *p)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (int i = 0; i < 12; i++)
		if (memcmp(p, names + 3 * i, 3) == 0)
			return i + 1;
	return 0;
}

/* `Feb  4 11:14:27`, perhaps with a fraction.  *year and *month are those of the time before. */
static bool take_bsd_time(struct cut *c, int64_t cache[2], int *year, int *month)
{
	const char *p = c->at, *blank;
	char iso[64];
	enum qos_time_form form;
	int m, y = *year;

	if (c->end - p < BSD_BYTES + 1 || !(m = month_of(p)) || p[3] != ' ' || p[6] != ' ' || p[9] != ':')
		return fail(c, p, "neither a time of syslog (Feb  4 11:14:27) nor one of RFC 3339");
	blank = memchr(p + BSD_BYTES, ' ', (size_t)(c->end - p) - BSD_BYTES);
	if (!blank || blank - p > BSD_BYTES + 10)
		return fail(c, p, "behind the time, the line ends where the host is missing");
	if (*month - m > 6)
		y++; /* from December to January */
	else if (m - *month > 6 && *month)
		y--; /* a late line of the year before */
	snprintf(iso, sizeof(iso), "%04d-%02d-%c%cT%.*s", y, m, p[4] == ' ' ? '0' : p[4], p[5], (int)(blank - p - 7),
		 p + 7);
	if (qos_timestamp_parse(qos_str(iso), &c->ts_ns, &form, cache, NULL) != 0)
		return fail(c, p, "there is no such day or time");
	*year = y;
	*month = m;
	c->bsd = true;
	set(c, PART_TS, p, blank, QOS_CELL_TEXT);
	c->at = blank + 1;
	return true;
}

/* `app[pid]: `; nothing of that: all of it is the message. */
static void take_tag(struct cut *c)
{
	const char *p = c->at, *open = NULL, *close, *tag = p;

	while (p < c->end && *p != ':' && *p != '[' && *p != ' ')
		p++;
	if (p < c->end && *p == '[' && p > tag) {
		open = p;
		close = memchr(p, ']', (size_t)(c->end - p));
		p = close && close + 1 < c->end && close[1] == ':' ? close + 1 : c->end;
	}
	if (p >= c->end || *p != ':' || p == tag)
		return;
	set(c, PART_APP, tag, open ? open : p, QOS_CELL_QUOTED);
	if (open)
		set(c, PART_PID, open + 1, p - 1, QOS_CELL_TEXT);
	c->at = p + 1;
	if (c->at < c->end && *c->at == ' ')
		c->at++;
}

static bool cut_3164(struct cut *c, struct syslog *s)
{
	struct qos_str ts;
	enum qos_time_form form;

	if (c->at < c->end && is_digit(*c->at)) {
		if (!take_word(c, PART_TS, ""))
			return false;
		ts = (struct qos_str){ c->start + c->part[PART_TS].off, c->part[PART_TS].len };
		if (ts.n < 19 || qos_timestamp_parse(ts, &c->ts_ns, &form, s->stamp_cache, NULL) != 0)
			return fail(c, ts.p, "neither a time of syslog (Feb  4 11:14:27) nor one of RFC 3339");
	} else if (!take_bsd_time(c, s->stamp_cache, &s->year, &s->month)) {
		return false;
	}
	if (!take_word(c, PART_HOST, "behind the time, the line ends where the host is missing"))
		return false;
	take_tag(c);
	set(c, PART_PAYLOAD, c->at, c->end, QOS_CELL_QUOTED);
	set_stream(c);
	return true;
}

static bool cut_line(struct syslog *s, struct qos_str line)
{
	struct cut *c = &s->cut;

	c->start = c->at = line.p;
	c->end = line.p + line.n;
	memset(c->part, 0, sizeof(c->part));
	c->n_params = 0;
	c->bsd = false;
	if (!take_pri(c))
		return false;
	if (c->pri < 0 || c->end - c->at < 2 || c->at[0] != '1' || c->at[1] != ' ')
		return cut_3164(c, s);
	c->at += 2;
	return cut_5424(c, s->stamp_cache);
}

/* The length before an octet-counted message, if there is one.   Returns  its bytes with the blank; 0: none. */
static size_t octet_count(const char *p, const char *end, size_t *count)
{
	const char *start = p;

	*count = 0;
	while (p < end && p - start < 9 && is_digit(*p))
		*count = *count * 10 + (size_t)(*p++ - '0');
	if (p == start || *start == '0' || end - p < 2 || p[0] != ' ' || p[1] != '<')
		return 0;
	return (size_t)(p + 1 - start);
}

static void set_year(struct syslog *s, int year)
{
	s->year = year ? year : YEAR;
}

static bool is_good(struct qos_str line)
{
	struct syslog s = { .month = 0 };
	size_t count, n = octet_count(line.p, line.p + line.n, &count);

	set_year(&s, 0);
	return cut_line(&s, (struct qos_str){ line.p + n, line.n - n });
}

static int syslog_detect(struct qos_str head, char *why)
{
	return qos_line_score(head, is_good, "of syslog", 93, why);
}

static int syslog_open(void *state, struct qos_reading *g, struct qos_err *err)
{
	set_year(state, g->year);
	for (int i = 0; i < N_PARTS && g->keep_all; i++)
		if (qos_fields_column_keep(g->fields, qos_str(part_name[i])) < 0)
			return qos_fail(err, QOS_EINPUT, (struct qos_at){ g->in->name, 0, 0 },
					"there are more than %d fields in all inputs", QOS_FIELDS_MOST);
	return 0;
}

static void resolve(struct syslog *s, struct qos_reading *g)
{
	for (int i = 0; i < N_PARTS; i++) {
		int id = qos_fields_column(g->fields, qos_str(part_name[i]));

		s->target[i] = id < 0 || id >= g->n_cells ? &s->ignored : &g->cell[id];
	}
	s->cells = g->cell;
}

/*
 * Takes an octet-counted message, in which newlines are bytes like others, or a line.
 *
 * Returns  as qos_line_take().
 */
static enum qos_next take_message(struct qos_reading *g, struct qos_str *line, uint8_t *eol_bytes)
{
	struct qos_in *in = g->in;
	size_t count, n;

	while (in->end - in->at < 12 && qos_in_fill(in))
		continue;
	n = octet_count(in->at, in->end, &count);
	if (!n || count > in->most_bytes)
		return qos_line_take(g, line, eol_bytes);
	while ((size_t)(in->end - in->at) < n + count && qos_in_fill(in))
		continue;
	if ((size_t)(in->end - in->at) < n + count) /* cut short, or longer than may be held */
		return qos_line_take(g, line, eol_bytes);
	*line = (struct qos_str){ in->at + n, count };
	*eol_bytes = 0;
	in->at += n + count;
	for (const char *p = line->p; (p = memchr(p, '\n', (size_t)(line->p + count - p))); p++)
		in->line++;
	in->line++;
	while (line->n && (line->p[line->n - 1] == '\n' || line->p[line->n - 1] == '\r')) {
		in->line -= line->p[line->n - 1] == '\n'; /* those that senders count in are no part of it */
		line->n--;
	}
	if (in->at < in->end && *in->at == '\n')
		in->at++;
	return QOS_NEXT_RECORD;
}

/* \" \\ \] become what they mean, in place.   Returns  the new end. */
static const char *undo_escapes(const char *from, const char *end)
{
	char *to = (char *)from; /* the block belongs to the reader and may be written to */

	for (const char *p = from; p < end; p++) {
		if (*p == '\\' && p + 1 < end && (p[1] == '"' || p[1] == '\\' || p[1] == ']'))
			p++;
		*to++ = *p;
	}
	return to;
}

/* Parameters to the cells of their fields.   Returns  false when there is no room for one more field. */
static bool give_params(struct syslog *s, struct qos_reading *g)
{
	char text[NAME_BYTES];

	for (int i = 0; i < s->n_given; i++)
		g->cell[s->given[i]] = (struct qos_cell){ 0 };
	s->n_given = 0;
	for (int i = 0; i < s->cut.n_params; i++) {
		struct param *p = &s->cut.param[i];
		int n = snprintf(text, sizeof(text), "%.*s.%.*s", QOS_STR_ARG(p->id), QOS_STR_ARG(p->name)), id;
		struct qos_str name = { text, (size_t)n };

		if (n >= NAME_BYTES)
			return fail(&s->cut, p->name.p, "the names of element and parameter are longer than 158 bytes");
		id = g->keep_all ? qos_fields_column_keep(g->fields, name) : qos_fields_column(g->fields, name);
		if (g->keep_all && (id < 0 || qos_reading_grow(g) != 0))
			return fail(&s->cut, p->name.p, "there are too many fields in all inputs");
		if (id < 0 || id >= g->n_cells)
			continue;
		s->given[s->n_given++] = id;
		if (p->escaped)
			p->end = undo_escapes(p->value, p->end);
		g->cell[id] = (struct qos_cell){ (uint32_t)(p->value - s->cut.start), (uint32_t)(p->end - p->value),
						 QOS_CELL_QUOTED };
	}
	return true;
}

/* What does not stand in the line: written over what it was made of. */
static void write_over(struct cut *c)
{
	char *p = (char *)c->start, *from = p, text[64];
	int facility = c->pri / 8;
	size_t n;

	if (c->pri >= 0) {
		if (facility > 9)
			*p++ = (char)('0' + facility / 10);
		*p++ = (char)('0' + facility % 10);
		*p = (char)('0' + c->pri % 8);
		set(c, PART_FACILITY, from, p, QOS_CELL_TEXT);
		set(c, PART_SEVERITY, p, p + 1, QOS_CELL_TEXT);
	}
	if (c->bsd) {
		n = qos_timestamp_write(text, c->ts_ns, QOS_TIME_S);
		p = (char *)c->start + c->part[PART_TS].off;
		memcpy(p, text, n);
		set(c, PART_TS, p, p + n, QOS_CELL_TEXT);
	}
}

static enum qos_next syslog_next(void *state, struct qos_reading *g, struct qos_record *r)
{
	struct syslog *s = state;
	struct qos_str line;
	uint8_t eol_bytes;
	enum qos_next what = take_message(g, &line, &eol_bytes);

	if (what != QOS_NEXT_RECORD)
		return what;
	if (!cut_line(s, line) || !give_params(s, g))
		return qos_line_refuse(g, line, eol_bytes, s->cut.at, s->cut.why);
	write_over(&s->cut);
	if (__builtin_expect(g->cell != s->cells, 0))
		resolve(s, g);
	for (int i = 0; i < N_PARTS; i++)
		*s->target[i] = s->cut.part[i];
	return qos_line_give(g, r, line, eol_bytes);
}

const struct qos_format qos_format_syslog = {
	.name = "syslog",
	.summary = "syslog: RFC 5424, RFC 3164, octet-counted or a line each",
	.reader_bytes = sizeof(struct syslog),
	.detect = syslog_detect,
	.open = syslog_open,
	.next = syslog_next,
};
