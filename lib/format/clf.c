/*
 * clf in: the access logs of Apache and nginx (common, combined, and combined behind a virtual host).
 *
 *     vhost:port host ident user [time] "method path protocol" status size "referer" "user agent"
 *
 * A line is cut from left to right.  The user may hold blanks, so the time is looked for first; a quote ends at a '"'
 * that no backslash escapes and that a blank or the end of the line follows, so that a raw quote inside costs nothing.
 * What stands behind the size or the user agent (nginx adds more there) is left alone.  Escapes stay as the server
 * wrote them.
 *
 * The client is also the stream, unless another column was mapped to it; the whole line is the payload where a stage
 * asks for it.  A request that does not split into its three parts stays whole, as `request`.
 *
 * Cost   a few memchr() over the line: about 100 ns for one of 200 bytes.
 * After  the log formats of httpd's mod_log_config ("common", "combined", "vhost_combined").
 */
#include <string.h>

#include "format/line.h"

/* What a line has, in the order in which another format writes it. */
enum part {
	PART_TS,
	PART_VHOST,
	PART_REMOTE_HOST,
	PART_IDENT,
	PART_USER,
	PART_REQUEST,
	PART_METHOD,
	PART_PATH,
	PART_PROTOCOL,
	PART_STATUS,
	PART_SIZE,
	PART_REFERER,
	PART_USER_AGENT,
	PART_STREAM,
	PART_PAYLOAD,
	N_PARTS
};

static const char *const part_name[N_PARTS] = {
	"ts",       "vhost",  "remote_host", "ident",   "user",       "request", "method",  "path",
	"protocol", "status", "size",        "referer", "user_agent", "stream",  "payload",
};

struct clf {
	struct qos_cell *target[N_PARTS]; /* where the cell of each part goes */
	const struct qos_cell *cells;     /* g->cell that they point into; another one: they are stale */
	struct qos_cell ignored;          /* of the parts that nobody wants */
	bool whole_request;               /* give `request` also when it was split */
};

/* A line that is being cut. */
struct cut {
	const char *start, *at, *end;
	struct qos_cell part[N_PARTS];
	const char *why; /* it failed at `at` */
};

static bool fail(struct cut *c, const char *at, const char *why)
{
	c->at = at;
	c->why = why;
	return false;
}

static void set(struct cut *c, enum part part, const char *from, const char *to, enum qos_cell_kind kind)
{
	c->part[part] = (struct qos_cell){ (uint32_t)(from - c->start), (uint32_t)(to - from), kind };
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_number(const char *p, const char *end)
{
	if (p == end)
		return false;
	for (; p < end; p++)
		if (!is_digit(*p))
			return false;
	return true;
}

/* "name:port", with at most the colons of an IPv6 address in brackets before it: an address alone is none. */
static bool is_vhost(const char *p, const char *end)
{
	const char *colon = memrchr(p, ':', (size_t)(end - p));

	if (!colon || colon == p || !is_number(colon + 1, end))
		return false;
	return *p == '[' ? colon[-1] == ']' : !memchr(p, ':', (size_t)(colon - p));
}

static const char client_missing[] = "host, identity and user must stand before the [time]";

/* The word at c->at, which ends before `limit`; c->at moves behind the blank after it. */
static bool take_word(struct cut *c, enum part part, const char *limit)
{
	const char *space = memchr(c->at, ' ', (size_t)(limit - c->at));

	if (!space || space == c->at)
		return fail(c, c->at, client_missing);
	set(c, part, c->at, space, QOS_CELL_TEXT);
	c->at = space + 1;
	return true;
}

/* Everything before the time. */
static bool take_client(struct cut *c, const char *limit)
{
	const char *rest;

	if (!take_word(c, PART_REMOTE_HOST, limit))
		return false;
	rest = c->at;
	if (!take_word(c, PART_IDENT, limit))
		return false;
	/* a fourth word before the time: the first one is a virtual host, or the user has a blank in it */
	if (memchr(c->at, ' ', (size_t)(limit - c->at)) && is_vhost(c->start, rest - 1)) {
		c->part[PART_VHOST] = c->part[PART_REMOTE_HOST];
		c->part[PART_REMOTE_HOST] = c->part[PART_IDENT];
		if (!take_word(c, PART_IDENT, limit))
			return false;
	}
	if (c->at >= limit)
		return fail(c, c->at, client_missing);
	set(c, PART_USER, c->at, limit, QOS_CELL_TEXT);
	c->part[PART_STREAM] = c->part[PART_REMOTE_HOST];
	return true;
}

/* The blank before the bracket of the time: the first one that three words can stand before. */
static const char *find_time(const struct cut *c)
{
	const char *p = c->at;

	while ((p = memchr(p, '[', (size_t)(c->end - p)))) {
		if (p > c->at && p[-1] == ' ')
			return p - 1;
		p++;
	}
	return NULL;
}

static bool take_time(struct cut *c, const char *bracket)
{
	const char *close = memchr(bracket, ']', (size_t)(c->end - bracket));

	if (!close)
		return fail(c, bracket, "the bracket of the time does not close");
	set(c, PART_TS, bracket + 1, close, QOS_CELL_TEXT);
	if (close + 1 == c->end)
		return fail(c, c->end, "the line ends behind the time");
	if (close[1] != ' ')
		return fail(c, close + 1, "a blank is missing behind the time");
	c->at = close + 2;
	return true;
}

/* Is the quote at p escaped?  It is behind an odd number of backslashes. */
static bool is_escaped(const char *p, const char *start)
{
	const char *q = p;

	while (q > start && q[-1] == '\\')
		q--;
	return (p - q) & 1;
}

/* A part in quotes at c->at; c->at moves behind its blank, or to the end of the line. */
static bool take_quoted(struct cut *c, enum part part, const char *missing)
{
	const char *open = c->at + 1, *p = open;

	if (c->at >= c->end)
		return fail(c, c->end, missing);
	if (*c->at != '"')
		return fail(c, c->at, missing);
	for (; (p = memchr(p, '"', (size_t)(c->end - p))); p++)
		if ((p + 1 == c->end || p[1] == ' ') && !is_escaped(p, open))
			break;
	if (!p)
		return fail(c, c->at, "a quote opens here and does not close");
	set(c, part, open, p, QOS_CELL_QUOTED);
	c->at = p + 1 == c->end ? c->end : p + 2;
	return true;
}

/* "HTTP/1.1", "RTSP/1.0" */
static bool is_protocol(const char *p, const char *end)
{
	const char *slash = memchr(p, '/', (size_t)(end - p));

	if (!slash || slash == p || slash + 1 == end || !is_digit(slash[1]))
		return false;
	for (; p < slash; p++)
		if (*p < 'A' || *p > 'Z')
			return false;
	return true;
}

/* Method, path and protocol, if the request has them. */
static bool split_request(struct cut *c)
{
	const char *p = c->start + c->part[PART_REQUEST].off, *end = p + c->part[PART_REQUEST].len;
	const char *first = memchr(p, ' ', (size_t)(end - p)), *last = memrchr(p, ' ', (size_t)(end - p));

	if (!first || first == p || last <= first + 1 || !is_protocol(last + 1, end))
		return false;
	set(c, PART_METHOD, p, first, QOS_CELL_TEXT);
	set(c, PART_PATH, first + 1, last, QOS_CELL_TEXT);
	set(c, PART_PROTOCOL, last + 1, end, QOS_CELL_TEXT);
	return true;
}

/* A number or "-", which a blank or the end of the line follows. */
static bool take_count(struct cut *c, enum part part, const char *missing, const char *wrong)
{
	const char *space, *end;

	if (c->at >= c->end)
		return fail(c, c->end, missing);
	space = memchr(c->at, ' ', (size_t)(c->end - c->at));
	end = space ? space : c->end;
	if (!is_number(c->at, end) && !(end - c->at == 1 && *c->at == '-'))
		return fail(c, c->at, wrong);
	set(c, part, c->at, end, QOS_CELL_TEXT);
	c->at = space ? space + 1 : end;
	return true;
}

static bool take_status(struct cut *c)
{
	const char *at = c->at, *wrong = "the status is no number of three digits";

	if (!take_count(c, PART_STATUS, "the line ends where the status is missing", wrong))
		return false;
	return c->part[PART_STATUS].len == 3 || *at == '-' || fail(c, at, wrong);
}

/*
 * "-" stands for no bytes, but no size at all would count as the length of the line.  So the cell is put on a '0' of
 * the line; the time has one, unless somebody makes up a log of 1999.  Such a line has its "-" overwritten.
 */
static void set_no_bytes(struct cut *c)
{
	const char *zero = memchr(c->start, '0', (size_t)(c->end - c->start));

	if (!zero) {
		zero = c->start + c->part[PART_SIZE].off;
		*(char *)zero = '0'; /* the block belongs to the reader and may be written to */
	}
	set(c, PART_SIZE, zero, zero + 1, QOS_CELL_TEXT);
}

/*
 * Referer and user agent: a log that cut the line inside them has told what counts, so what is there is taken.
 *
 * Returns  true when the quotes closed and there may be more.
 */
static bool take_rest(struct cut *c, enum part part)
{
	const char *open = c->at;

	if (open >= c->end || *open != '"' || take_quoted(c, part, ""))
		return open < c->end && *open == '"';
	set(c, part, open + 1, c->end, QOS_CELL_TEXT);
	c->at = c->end;
	return false;
}

/* Cuts a line.   Returns  false with c->why and c->at. */
static bool cut_line(struct cut *c, struct qos_str line)
{
	const char *limit;

	*c = (struct cut){ .start = line.p, .at = line.p, .end = line.p + line.n };
	limit = find_time(c);
	if (!limit)
		return fail(c, c->end, "there is no [time] behind host, identity and user");
	if (!take_client(c, limit) || !take_time(c, limit + 1) ||
	    !take_quoted(c, PART_REQUEST, "the request in quotes is missing") || !take_status(c) ||
	    !take_count(c, PART_SIZE, "the line ends where the size is missing", "the size is neither a number nor -"))
		return false;
	if (c->at < c->end && *c->at == '"' && take_rest(c, PART_REFERER))
		take_rest(c, PART_USER_AGENT);
	return true;
}

/* Is it such a line, with a time in the brackets? */
static bool is_good(struct qos_str line)
{
	int64_t ns, cache[2] = { 0, 0 };
	enum qos_time_form form;
	struct cut c;

	return cut_line(&c, line) &&
	       qos_timestamp_parse((struct qos_str){ line.p + c.part[PART_TS].off, c.part[PART_TS].len }, &ns, &form,
				   cache, NULL) == 0;
}

static int clf_detect(struct qos_str head, char *why)
{
	return qos_line_score(head, is_good, "of an access log", 94, why);
}

/* Is `stream` the client?  Not when another column was mapped to it. */
static bool has_stream(const struct qos_fields *f)
{
	return qos_str_is(qos_fields_column_name(f, QOS_F_STREAM), part_name[PART_STREAM]);
}

static int clf_open(void *state, struct qos_reading *g, struct qos_err *err)
{
	struct clf *c = state;

	/* a stage that reads `request` must see all of them; the writer wants those that were not split */
	c->whole_request = !g->keep_all || qos_fields_column(g->fields, QOS_STR("request")) >= 0;
	for (int i = 0; i < PART_PAYLOAD && g->keep_all; i++) {
		if (i == PART_STREAM && !has_stream(g->fields))
			continue;
		if (qos_fields_column_keep(g->fields, qos_str(part_name[i])) < 0)
			return qos_fail(err, QOS_EINPUT, (struct qos_at){ g->in->name, 0, 0 },
					"there are more than %d fields in all inputs", QOS_FIELDS_MOST);
	}
	return 0;
}

/* Points each part at the cell of its field. */
static void resolve(struct clf *c, struct qos_reading *g)
{
	for (int i = 0; i < N_PARTS; i++) {
		int id = i == PART_STREAM && !has_stream(g->fields)
				 ? -1
				 : qos_fields_column(g->fields, qos_str(part_name[i]));

		c->target[i] = id < 0 || id >= g->n_cells ? &c->ignored : &g->cell[id];
	}
	c->cells = g->cell;
}

static enum qos_next clf_next(void *state, struct qos_reading *g, struct qos_record *r)
{
	struct clf *c = state;
	struct qos_str line;
	uint8_t eol_bytes;
	struct cut cut;
	enum qos_next what = qos_line_take(g, &line, &eol_bytes);

	if (what != QOS_NEXT_RECORD)
		return what;
	if (__builtin_expect(g->cell != c->cells, 0))
		resolve(c, g);
	if (!cut_line(&cut, line))
		return qos_line_refuse(g, line, eol_bytes, cut.at, cut.why);
	if (split_request(&cut) && !c->whole_request)
		cut.part[PART_REQUEST].kind = QOS_CELL_ABSENT;
	if (cut.part[PART_SIZE].len == 1 && line.p[cut.part[PART_SIZE].off] == '-')
		set_no_bytes(&cut);
	set(&cut, PART_PAYLOAD, line.p, line.p + line.n, QOS_CELL_TEXT);
	for (int i = 0; i < N_PARTS; i++)
		*c->target[i] = cut.part[i];
	return qos_line_give(g, r, line, eol_bytes);
}

const struct qos_format qos_format_clf = {
	.name = "clf",
	.summary = "access logs of Apache and nginx: common, combined, vhost_combined",
	.reader_bytes = sizeof(struct clf),
	.detect = clf_detect,
	.open = clf_open,
	.next = clf_next,
};
