/*
 * jsonl in: one JSON object a line.
 *
 * The tokens of many complete lines are found at once (json_scan.h) and walked over line by line (json_walk.h).  A
 * block that has anything wrong is done again line by line, so that a bad line is refused alone.  The last line need
 * not have a newline: one is put behind it.
 *
 * A key that comes twice counts with its last value, which is also the one that is replaced.  Empty lines are skipped,
 * a byte order mark is dropped.
 *
 * Cost   about 120 ns for a line of 160 bytes with 8 members.
 * After  jsonlines.org; RFC 8259.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "format/format.h"
#include "format/json_scan.h"
#include "format/json_walk.h"
#include "format/json_write.h"

#define CHUNK_BYTES (32 * 1024) /* scanned at once: with its tokens it stays in the caches next to the processor */

struct jsonl {
	struct qos_json_walk walk;
	struct qos_json_keys keys;
	struct qos_json_scan *scan;
	size_t scan_bytes;       /* that it has room for */
	const char *block_end;   /* of the lines whose tokens are known */
	const char *careful_end; /* up to here every line is scanned alone */
	uint64_t n_fills;        /* of the input when they were set */
	bool started;
};

static int jsonl_open(void *state, struct qos_reading *g, struct qos_err *err)
{
	static const char mark[] = "\xef\xbb\xbf";
	struct qos_in *in = g->in;

	while (in->end - in->at < 3 && memcmp(in->at, mark, (size_t)(in->end - in->at)) == 0)
		if (!qos_in_fill(in))
			return 0;
	if (memcmp(in->at, mark, 3) == 0)
		in->at += 3;
	return 0;
}

static void jsonl_close(void *state)
{
	struct jsonl *j = state;

	qos_json_scan_free(j->scan);
	qos_json_keys_free(&j->keys);
}

/* The line at in->at, up to its newline at `end`, is refused because of what stands at `wrong`. */
static enum qos_next refuse(struct qos_reading *g, const char *end, const char *wrong, const char *why)
{
	struct qos_in *in = g->in;
	struct qos_bad *bad = &g->bad;
	const char *line = in->at;

	bad->line = in->line++;
	bad->column = (int)(wrong - line) + 1;
	bad->eol_bytes = end < in->end;
	in->at = end < in->end ? end + 1 : in->end;
	if (bad->eol_bytes && end > line && end[-1] == '\r') {
		bad->eol_bytes = 2;
		end--;
	}
	bad->bytes = (struct qos_str){ line, (size_t)(end - line) };
	snprintf(bad->why, sizeof(bad->why), "%s", why);
	return QOS_NEXT_BAD;
}

static enum qos_next refuse_long(struct qos_reading *g)
{
	g->bad = (struct qos_bad){ .line = g->in->line };
	snprintf(g->bad.why, sizeof(g->bad.why), "record is over %zu bytes; raise --max-record", g->in->most_bytes);
	qos_in_skip_line(g->in);
	return QOS_NEXT_BAD;
}

static const char *first_not_utf8(const char *p, const char *end)
{
	size_t n;

	while (p < end && (n = qos_utf8_length(p, end)))
		p += n;
	return p;
}

/* The first raw control character in a string, or the quote of the string that does not end. */
static const char *first_open(const char *p, const char *end)
{
	const char *quote = NULL;

	for (; p < end; p++) {
		if (quote && (unsigned char)*p < ' ')
			return p;
		if (quote && *p == '\\')
			p++;
		else if (*p == '"')
			quote = quote ? NULL : p;
	}
	return quote ? quote : end;
}

/* A line that has no tokens. */
static enum qos_next refuse_unclean(struct qos_reading *g, const char *end, enum qos_json_fault fault)
{
	const char *line = g->in->at;

	switch (fault) {
	case QOS_JSON_NOT_UTF8: return refuse(g, end, first_not_utf8(line, end), "is not UTF-8");
	case QOS_JSON_CONTROL:
		if (*first_open(line, end) != '"') /* the newline itself, if the string did not end before it */
			return refuse(g, end, first_open(line, end),
				      "a raw control character in a string; write \\n, \\t or \\u00XX");
		/* fall through */
	default: return refuse(g, end, first_open(line, end), "a string begins here and does not end");
	}
}

static enum qos_next read_error(struct qos_reading *g, const char *what)
{
	qos_fail(&g->err, QOS_EIO, (struct qos_at){ g->in->name, (int)g->in->line, 0 }, "%s", what);
	return QOS_NEXT_ERROR;
}

/* Behind the newline of the last line that is complete; NULL when there is none.  Reads on for one. */
static const char *find_complete(struct qos_in *in)
{
	const char *last;
	size_t seen = 0; /* bytes known to have no newline */

	while (!(last = memrchr(in->at + seen, '\n', (size_t)(in->end - in->at) - seen))) {
		seen = (size_t)(in->end - in->at);
		if (!qos_in_fill(in))
			break;
	}
	if (!last && in->eof && in->at < in->end) {
		last = in->end;
		in->block[last - in->block] = '\n'; /* into the padding */
	}
	return last ? last + 1 : NULL;
}

/* As much of [at, end) as is scanned at once; it has whole lines. */
static const char *cut_chunk(const char *at, const char *end, bool careful)
{
	const char *newline;

	if (careful)
		return (const char *)memchr(at, '\n', (size_t)(end - at)) + 1;
	if (end - at <= CHUNK_BYTES)
		return end;
	newline = memrchr(at, '\n', CHUNK_BYTES);
	if (!newline)
		newline = memchr(at + CHUNK_BYTES, '\n', (size_t)(end - at) - CHUNK_BYTES);
	return newline + 1;
}

static bool has_room(struct jsonl *j, size_t n)
{
	if (n <= j->scan_bytes)
		return true;
	qos_json_scan_free(j->scan);
	j->scan_bytes = n > CHUNK_BYTES ? 2 * n : CHUNK_BYTES;
	j->scan = qos_json_scan_new(j->scan_bytes);
	if (!j->scan)
		j->scan_bytes = 0;
	return j->scan != NULL;
}

/* Makes in->at stand in lines whose tokens are known.   Returns  QOS_NEXT_RECORD when it does. */
static enum qos_next next_block(struct jsonl *j, struct qos_reading *g)
{
	struct qos_in *in = g->in;
	const char *complete = find_complete(in), *limit;
	enum qos_json_fault fault;
	size_t n_tokens;

	if (in->error)
		return read_error(g, strerror(in->error));
	if (!complete)
		return in->at == in->end ? QOS_NEXT_END : refuse_long(g);
	if (j->n_fills != in->n_fills)
		j->careful_end = NULL;
	j->n_fills = in->n_fills;
	for (;;) {
		limit = cut_chunk(in->at, complete, in->at < j->careful_end);
		if (!has_room(j, (size_t)(limit - in->at)))
			return read_error(g, "out of memory");
		fault = qos_json_scan_block(j->scan, in->at, (size_t)(limit - in->at));
		if (fault == QOS_JSON_CLEAN)
			break;
		j->block_end = in->at;
		if (!memchr(in->at, '\n', (size_t)(limit - 1 - in->at)))
			return refuse_unclean(g, limit - 1, fault);
		j->careful_end = limit;
	}
	qos_json_walk_block(&j->walk, in->at, limit, qos_json_scan_tokens(j->scan, &n_tokens));
	j->block_end = limit < in->end ? limit : in->end;
	return QOS_NEXT_RECORD;
}

static inline const char *skip_blanks(const char *p)
{
	while (*p == ' ' || *p == '\t' || *p == '\r')
		p++;
	return p;
}

static int start(struct jsonl *j, struct qos_reading *g)
{
	j->started = true;
	j->walk.keys = &j->keys;
	j->n_fills = g->in->n_fills - 1;
	return qos_json_keys_init(&j->keys, g, &g->err);
}

/* The walk did not get through the line at in->at. */
static enum qos_next refuse_walked(struct jsonl *j, struct qos_reading *g)
{
	const char *newline = memchr(g->in->at, '\n', (size_t)(j->walk.limit - g->in->at));

	qos_json_walk_skip(&j->walk, newline);
	return refuse(g, newline, j->walk.wrong, j->walk.why);
}

/* The record from in->at to its newline. */
static enum qos_next give(struct qos_reading *g, struct qos_record *r, const char *newline)
{
	struct qos_in *in = g->in;
	const char *line = in->at;
	bool own = newline < in->end;
	bool carriage = own && newline[-1] == '\r';

	r->bytes = line;
	r->n_bytes = (uint32_t)(newline - line) - carriage;
	r->eol_bytes = (uint8_t)(own + carriage);
	r->cell = g->cell;
	in->at = own ? newline + 1 : in->end;
	in->line++;
	return QOS_NEXT_RECORD;
}

static enum qos_next jsonl_next(void *state, struct qos_reading *g, struct qos_record *r)
{
	struct jsonl *j = state;
	struct qos_in *in = g->in;
	const char *p;

	if (__builtin_expect(!j->started, 0) && start(j, g) != 0)
		return QOS_NEXT_ERROR;
	for (;;) {
		if (__builtin_expect(in->at >= j->block_end || in->n_fills != j->n_fills, 0)) {
			enum qos_next what = next_block(j, g);

			if (what != QOS_NEXT_RECORD)
				return what;
		}
		p = skip_blanks(in->at);
		if (__builtin_expect(*p != '\n', 1))
			break;
		in->at = p < in->end ? p + 1 : in->end; /* an empty line */
		in->line++;
	}
	p = qos_json_walk(&j->walk, in->at);
	if (!p)
		return refuse_walked(j, g);
	if (__builtin_expect(*p != '\n', 0) && *(p = skip_blanks(p)) != '\n') {
		j->walk.wrong = p;
		j->walk.why = "text after the end of the object";
		return refuse_walked(j, g);
	}
	return give(g, r, p);
}

/* Reads lines as if they were an input.   Returns  how many are objects, of *n. */
static int count_objects(struct qos_str lines, int *n)
{
	struct jsonl *j = calloc(1, sizeof(*j));
	struct qos_in in = { 0 };
	struct qos_reading g = { .in = &in };
	struct qos_record r;
	enum qos_next what;
	int n_good = 0;

	*n = 0;
	if (j && qos_fields_new(&g.fields, NULL) == 0 && qos_reading_grow(&g) == 0 &&
	    qos_in_memory(&in, "", lines, lines.n + 1, NULL) == 0) {
		jsonl_open(j, &g, NULL);
		while ((what = jsonl_next(j, &g, &r)) == QOS_NEXT_RECORD || what == QOS_NEXT_BAD) {
			++*n;
			n_good += what == QOS_NEXT_RECORD;
		}
		jsonl_close(j);
		qos_in_close(&in);
	}
	qos_fields_free(g.fields);
	free(g.cell);
	free(j);
	return n_good;
}

static int jsonl_detect(struct qos_str head, char *why)
{
	const char *p = head.p, *end = head.p + head.n, *last = memrchr(head.p, '\n', head.n);
	int n_lines, n_good;

	while (p < end && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r' || !memcmp(p, "\xef\xbb\xbf", 1)))
		p += *p == '\xef' && end - p >= 3 ? 3 : 1;
	if (p == end || *p != '{') {
		snprintf(why, 160, "does not begin with {");
		return 0;
	}
	if (!last) {
		snprintf(why, 160, "the first line begins with {");
		return 60;
	}
	n_good = count_objects((struct qos_str){ head.p, (size_t)(last + 1 - head.p) }, &n_lines);
	snprintf(why, 160, "%d of the first %d lines are JSON objects", n_good, n_lines);
	return n_lines ? 92 * n_good / n_lines : 0;
}

const struct qos_format qos_format_jsonl = {
	.name = "jsonl",
	.summary = "JSON Lines: one JSON object a line",
	.reader_bytes = sizeof(struct jsonl),
	.writer_bytes = sizeof(struct qos_json_writer),
	.detect = jsonl_detect,
	.open = jsonl_open,
	.next = jsonl_next,
	.close = jsonl_close,
	.begin = qos_json_begin,
	.put = qos_json_put,
	.end = qos_json_end,
	.carries_fields = true,
};

/* --- journald --- */

static const struct {
	const char *field, *column;
} journald_names[] = {
	{ "ts", "__REALTIME_TIMESTAMP" }, { "id", "__CURSOR" },     { "stream", "SYSLOG_IDENTIFIER" },
	{ "service", "_SYSTEMD_UNIT" },   { "payload", "MESSAGE" },
};

/* Maps the names, unless the user has mapped a field or a column elsewhere. */
static int journald_open(void *state, struct qos_reading *g, struct qos_err *err)
{
	for (size_t i = 0; i < sizeof(journald_names) / sizeof(*journald_names); i++) {
		struct qos_str field = qos_str(journald_names[i].field), column = qos_str(journald_names[i].column);

		if (qos_str_equal(qos_fields_column_name(g->fields, qos_fields_id(g->fields, field)), field))
			qos_fields_map(g->fields, field, column, NULL);
	}
	return jsonl_open(state, g, err);
}

static int journald_detect(struct qos_str head, char *why)
{
	const char *newline = memchr(head.p, '\n', head.n);
	size_t n = newline ? (size_t)(newline - head.p) : head.n;
	int score = jsonl_detect(head, why);

	if (!score || !memmem(head.p, n, "\"__REALTIME_TIMESTAMP\"", 22))
		return 0;
	snprintf(why, 160, "JSON objects with __REALTIME_TIMESTAMP");
	return score + 1;
}

const struct qos_format qos_format_journald = {
	.name = "journald",
	.summary = "the systemd journal: journalctl -o json",
	.reader_bytes = sizeof(struct jsonl),
	.writer_bytes = sizeof(struct qos_json_writer),
	.detect = journald_detect,
	.open = journald_open,
	.next = jsonl_next,
	.close = jsonl_close,
	.begin = qos_json_begin,
	.put = qos_json_put,
	.end = qos_json_end,
	.carries_fields = true,
};
