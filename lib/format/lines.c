/*
 * lines in: any text; the line is the payload, and a time stamp that it begins with is its time.
 *
 *     2015-10-18 18:01:47,978 INFO [main] ...      [2015-10-18T18:01:47.5Z] ...      1431857103.25 ...
 *
 * A text is taken for this by itself only where its lines begin so; any other text is read as lines where that is asked
 * for.  With --ts-format a line begins with as many words as the description has.
 *
 * Cost   one memchr() over the line, 10 ns for the stamp.
 */
#include "format/line.h"

#define EPOCH_LEAST 9 /* digits; fewer are more likely some other number */
#define EPOCH_MOST  19

static size_t digits(const char *p, const char *end)
{
	const char *start = p;

	while (p < end && (unsigned char)(*p - '0') < 10)
		p++;
	return (size_t)(p - start);
}

/* yyyy-mm-dd hh:mm:ss, with '-' or '/', 'T' or a blank. */
static bool is_date(const char *p, const char *end)
{
	static const char form[] = "dddd-dd-dd dd:dd:dd";

	if ((size_t)(end - p) < sizeof(form) - 1)
		return false;
	for (size_t i = 0; i < sizeof(form) - 1; i++) {
		bool is_digit = (unsigned char)(p[i] - '0') < 10;

		if (form[i] == 'd' ? !is_digit : form[i] == ' ' ? p[i] != ' ' && p[i] != 'T' : p[i] != form[i])
			return false;
	}
	return true;
}

/* Bytes of a zone at p: Z, +hh, +hhmm, +hh:mm; 0: there is none. */
static size_t zone_at(const char *p, const char *end)
{
	size_t n;

	if (p < end && (*p == 'Z' || *p == 'z'))
		return 1;
	if (p == end || (*p != '+' && *p != '-'))
		return 0;
	n = digits(p + 1, end);
	if (n == 2 && p + 3 < end && p[3] == ':' && digits(p + 4, end) == 2)
		return 6;
	return n == 2 || n == 4 ? n + 1 : 0;
}

/* A separator behind it would make it the first cell of a table. */
static bool may_end(const char *p, const char *end)
{
	return p == end || (*p != ',' && *p != ';' && *p != '\t' && *p != '.');
}

/* The time stamp that a line begins with; n == 0: it begins with none. */
static struct qos_str stamp_of(struct qos_str line)
{
	const char *end = line.p + line.n, *from = line.p + (line.n && *line.p == '['), *p = from;
	size_t n = digits(p, end);

	if (n >= EPOCH_LEAST && n <= EPOCH_MOST) {
		p += n;
		if (p < end && *p == '.')
			p += 1 + digits(p + 1, end);
		if (p < end && *p != ' ' && *p != ']' && *p != ':')
			return QOS_STR("");
	} else if (n == 4 && is_date(p, end)) {
		p += 19;
		if (p + 1 < end && (*p == '.' || *p == ',') && digits(p + 1, end))
			p += 1 + digits(p + 1, end);
		p += zone_at(p, end);
	} else {
		return QOS_STR("");
	}
	return may_end(p, end) ? (struct qos_str){ from, (size_t)(p - from) } : QOS_STR("");
}

/* The first `n` words of a line. */
static struct qos_str words_of(struct qos_str line, int n)
{
	const char *p = line.p, *end = p + line.n;

	for (; n > 0 && p < end; n--) {
		while (p < end && *p == ' ')
			p++;
		while (p < end && *p != ' ')
			p++;
	}
	return (struct qos_str){ line.p, (size_t)(p - line.p) };
}

/* Words of a description. */
static int count_words(const char *p)
{
	int n = 0;

	for (; *p; p++)
		n += *p != ' ' && (p[1] == ' ' || !p[1]);
	return n;
}

struct lines {
	int n_words; /* of --ts-format; 0: it was not given */
	int64_t stamp_cache[2];
};

/* The cell of the line's time; what only looks like one is none. */
static struct qos_cell time_cell(struct lines *l, struct qos_str line)
{
	struct qos_str stamp = l->n_words ? words_of(line, l->n_words) : stamp_of(line);
	enum qos_time_form form;
	int64_t ns;

	if (!stamp.n || (!l->n_words && qos_timestamp_parse(stamp, &ns, &form, l->stamp_cache, NULL)))
		return (struct qos_cell){ 0 };
	return (struct qos_cell){ (uint32_t)(stamp.p - line.p), (uint32_t)stamp.n, QOS_CELL_TEXT };
}

static int lines_open(void *state, struct qos_reading *g, struct qos_err *err)
{
	struct lines *l = state;

	l->n_words = g->ts_format ? count_words(g->ts_format) : 0;
	if (g->keep_all) {                            /* known fields: there is always room for them */
		qos_fields_keep(g->fields, QOS_F_TS); /* not every text has times */
		qos_fields_column_keep(g->fields, QOS_STR("payload"));
	}
	return 0;
}

static enum qos_next lines_next(void *state, struct qos_reading *g, struct qos_record *r)
{
	struct lines *l = state;
	struct qos_str line;
	uint8_t eol_bytes;
	enum qos_next what = qos_line_take(g, &line, &eol_bytes);
	int payload = qos_fields_column(g->fields, QOS_STR("payload"));
	int ts = qos_fields_column(g->fields, QOS_STR("ts"));

	if (what != QOS_NEXT_RECORD)
		return what;
	if (payload >= 0 && payload < g->n_cells)
		g->cell[payload] = (struct qos_cell){ 0, (uint32_t)line.n, QOS_CELL_QUOTED };
	if (ts >= 0 && ts < g->n_cells)
		g->cell[ts] = time_cell(l, line);
	return qos_line_give(g, r, line, eol_bytes);
}

static bool begins_with_time(struct qos_str line)
{
	return stamp_of(line).n > 0;
}

static int lines_detect(struct qos_str head, char *why)
{
	return qos_line_score(head, begins_with_time, "begun by a time", 60, why);
}

const struct qos_format qos_format_lines = {
	.name = "lines",
	.summary = "any text: the line is the payload, a time stamp that it begins with its time",
	.reader_bytes = sizeof(struct lines),
	.detect = lines_detect,
	.open = lines_open,
	.next = lines_next,
};
