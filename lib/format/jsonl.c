/*
 * jsonl in: one JSON object a line.
 *
 * The tokens of all complete lines in the block are found at once; a line is then a run of them.  A block that has
 * anything wrong is gone through line by line, so that a bad line is refused alone.  Keys mostly come in the order of
 * the record before: each is compared with the one that stood there, and looked up only when it differs.
 *
 * A key that comes twice counts with its last value, which is also the one that is replaced.
 */
#include <stdio.h>
#include <stdlib.h>

#include "format/format.h"
#include "format/json_scan.h"
#include "format/json_walk.h"
#include "format/json_write.h"

#define MEMBERS_MOST 4096 /* of one object; more is bad input */
#define PATH_BYTES   512  /* longest dotted path that is looked for */

struct member { /* the k-th key told in a record, as it was in the one before */
	struct qos_str key;
	int depth;
	int id;
};

struct jsonl {
	struct qos_json_scan *scan;
	size_t scan_bytes;
	const char *block, *block_end; /* whose tokens are known */
	const char *careful_end;       /* up to here line by line */
	uint64_t n_fills;
	const uint32_t *at, *end; /* tokens not taken yet */
	struct qos_json_walk walk;
	struct qos_reading *g;
	struct member *member; /* [MEMBERS_MOST] */
	int n_members, k;
	struct qos_names keys; /* texts of member.key */
	uint16_t *given;       /* ids whose cells this record has set */
	int n_given;
	bool started;
};

static int jsonl_detect(struct qos_str head, char *why)
{
	const char *p = head.p, *end = p + head.n;

	while (p < end && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r'))
		p++;
	if (p == end || *p != '{') {
		snprintf(why, 160, "does not begin with {");
		return 0;
	}
	for (p++; p < end && (*p == ' ' || *p == '\t'); p++)
		;
	if (p == end || (*p != '"' && *p != '}')) {
		snprintf(why, 160, "{ without a key in quotes");
		return 10;
	}
	snprintf(why, 160, "the first line begins as a JSON object");
	return 90;
}

static int jsonl_open(void *state, struct qos_reading *g, struct qos_err *err)
{
	struct jsonl *j = state;

	j->member = calloc(MEMBERS_MOST, sizeof(*j->member));
	j->given = calloc(QOS_FIELDS_MOST, sizeof(*j->given));
	if (!j->member || !j->given)
		return qos_fail_memory(err, "reading JSON");
	j->g = g;
	if (g->in->end - g->in->at >= 3 && memcmp(g->in->at, "\xef\xbb\xbf", 3) == 0)
		g->in->at += 3;
	return 0;
}

static void jsonl_close(void *state)
{
	struct jsonl *j = state;

	qos_json_scan_free(j->scan);
	qos_names_free(&j->keys);
	free(j->member);
	free(j->given);
}

/* --- keys to fields --- */

/* The key's text with escapes undone, in a buffer of PATH_BYTES; n 0 when it is too long to be asked for. */
static struct qos_str plain_key(struct qos_str key, char *scratch)
{
	struct qos_record r = { .bytes = key.p };

	if (!memchr(key.p, '\\', key.n))
		return key;
	if (key.n >= PATH_BYTES)
		return QOS_STR("");
	return qos_cell_text(&r, (struct qos_cell){ 0, (uint32_t)key.n, QOS_CELL_ESCAPED }, scratch);
}

/* The id that a member's path stands for, -1 when nobody wants it. */
static int look_up(struct jsonl *j, int depth)
{
	struct qos_reading *g = j->g;
	char path[PATH_BYTES], scratch[PATH_BYTES];
	size_t n = 0;

	for (int d = 0; d < depth; d++) {
		struct qos_str key = plain_key(j->walk.path[d], scratch);

		if (n + key.n + 2 > PATH_BYTES)
			return -1;
		if (d)
			path[n++] = '.';
		memcpy(path + n, key.p, key.n);
		n += key.n;
	}
	if (g->keep_all && depth == 1) {
		int id = qos_fields_column_keep(g->fields, (struct qos_str){ path, n });

		return id >= 0 && qos_reading_grow(g) == 0 ? id : -1;
	}
	return qos_fields_column(g->fields, (struct qos_str){ path, n });
}

/* Remembers what stood at place k. */
static void learn(struct jsonl *j, struct member *m, int depth, struct qos_str key)
{
	int index = j->keys.n < MEMBERS_MOST || qos_names_find(&j->keys, key) >= 0 ? qos_names_add(&j->keys, key) : -1;

	m->id = look_up(j, depth);
	m->depth = depth;
	m->key = index < 0 ? (struct qos_str){ NULL, SIZE_MAX } : j->keys.name[index];
}

static void jsonl_member(void *self, int depth, struct qos_cell value)
{
	struct jsonl *j = self;
	struct qos_str key = j->walk.path[depth - 1];
	struct member *m = &j->member[j->k];

	if (j->k < MEMBERS_MOST - 1)
		j->k++;
	if (depth > 1)
		m->id = look_up(j, depth); /* the keys above it count too */
	else if (m->depth != 1 || !qos_str_equal(m->key, key))
		learn(j, m, depth, key);
	if (m->id < 0)
		return;
	if (j->g->cell[m->id].kind == QOS_CELL_ABSENT && j->n_given < QOS_FIELDS_MOST)
		j->given[j->n_given++] = (uint16_t)m->id;
	j->g->cell[m->id] = value;
}

/* --- lines --- */

/* Tokens of [p, p + n).   Returns  what is wrong, or NULL. */
static const char *find_tokens(struct jsonl *j, const char *p, size_t n)
{
	const char *wrong;
	size_t n_tokens;

	if (n > j->scan_bytes) {
		qos_json_scan_free(j->scan);
		j->scan_bytes = n > QOS_BLOCK_BYTES ? 2 * n : 2 * QOS_BLOCK_BYTES;
		j->scan = qos_json_scan_new(j->scan_bytes);
		if (!j->scan) {
			j->scan_bytes = 0;
			return "needs more memory than there is";
		}
	}
	wrong = qos_json_scan_block(j->scan, p, n);
	j->at = qos_json_scan_offsets(j->scan, &n_tokens);
	j->end = j->at + n_tokens;
	j->block = p;
	j->block_end = p + n;
	j->n_fills = j->g->in->n_fills;
	return wrong;
}

/*
 * Makes in->at stand in a block whose tokens are known.
 *
 * Returns  QOS_NEXT_RECORD when it does; END; BAD when the one line that it tried has *wrong.
 */
static enum qos_next next_block(struct jsonl *j, const char **wrong)
{
	struct qos_in *in = j->g->in;
	const char *last;

	while (!(last = memrchr(in->at, '\n', (size_t)(in->end - in->at))) && qos_in_fill(in))
		continue;
	if (in->at == in->end)
		return QOS_NEXT_END;
	last = last ? last + 1 : in->end;
	if (in->at < j->careful_end && j->n_fills == in->n_fills) {
		const char *newline = memchr(in->at, '\n', (size_t)(last - in->at));

		last = newline ? newline + 1 : last;
	}
	*wrong = find_tokens(j, in->at, (size_t)(last - in->at));
	if (!*wrong)
		return QOS_NEXT_RECORD;
	if (memchr(in->at, '\n', (size_t)(last - in->at - 1))) { /* more lines than one: try them one by one */
		j->careful_end = last;
		j->block_end = in->at;
		return next_block(j, wrong);
	}
	return QOS_NEXT_BAD;
}

static enum qos_next refuse(struct jsonl *j, struct qos_str line, uint8_t eol_bytes, int column, const char *why)
{
	struct qos_bad *bad = &j->g->bad;

	*bad = (struct qos_bad){ .line = j->g->in->line - 1, .column = column, .bytes = line, .eol_bytes = eol_bytes };
	snprintf(bad->why, sizeof(bad->why), "%s", why);
	return QOS_NEXT_BAD;
}

/* The line at in->at, up to `limit`; in->at and in->line move behind it. */
static struct qos_str take_line(struct qos_in *in, const char *limit, uint8_t *eol_bytes)
{
	const char *newline = memchr(in->at, '\n', (size_t)(limit - in->at));
	struct qos_str line = { in->at, (size_t)((newline ? newline : limit) - in->at) };

	*eol_bytes = newline ? 1 : 0;
	if (newline && line.n && line.p[line.n - 1] == '\r') {
		line.n--;
		*eol_bytes = 2;
	}
	in->at = newline ? newline + 1 : limit;
	in->line++;
	return line;
}

static bool is_blank(struct qos_str line)
{
	for (size_t i = 0; i < line.n; i++)
		if (line.p[i] != ' ' && line.p[i] != '\t' && line.p[i] != '\r')
			return false;
	return true;
}

static void forget_cells(struct jsonl *j)
{
	for (int i = 0; i < j->n_given; i++)
		j->g->cell[j->given[i]].kind = QOS_CELL_ABSENT;
	j->n_given = 0;
	j->k = 0;
}

/* Do names with dots count? */
static bool wants_paths(const struct qos_fields *f)
{
	for (int i = 0; i < qos_fields_count(f); i++)
		if (f->wanted[i] && memchr(f->names.name[i].p, '.', f->names.name[i].n))
			return true;
	for (uint32_t i = 0; i < f->columns.n; i++)
		if (memchr(f->columns.name[i].p, '.', f->columns.name[i].n))
			return true;
	return false;
}

static void start(struct jsonl *j)
{
	j->walk.member = jsonl_member;
	j->walk.self = j;
	j->walk.deep = wants_paths(j->g->fields);
	j->started = true;
}

/* A line that does not fit into the block is skipped as qos_in_line() does it. */
static enum qos_next skip_long(struct jsonl *j)
{
	struct qos_str line;
	uint8_t eol_bytes;
	char why[100];

	qos_in_line(j->g->in, &line, &eol_bytes);
	snprintf(why, sizeof(why), "record is over %zu bytes; raise --max-record", j->g->in->most_bytes);
	return refuse(j, QOS_STR(""), 0, 0, why);
}

static bool is_too_long(const struct qos_in *in)
{
	return !in->eof && !in->error && (size_t)(in->end - in->at) >= in->most_bytes &&
	       !memchr(in->at, '\n', (size_t)(in->end - in->at));
}

static enum qos_next jsonl_next(void *state, struct qos_reading *g, struct qos_record *r)
{
	struct jsonl *j = state;
	struct qos_in *in = g->in;
	const char *wrong = NULL;
	struct qos_str line;
	uint8_t eol_bytes;

	if (!j->started)
		start(j);
	forget_cells(j);
	do {
		if (in->at >= j->block_end || in->n_fills != j->n_fills) {
			enum qos_next what = next_block(j, &wrong);

			if (what == QOS_NEXT_END)
				return in->error ? (qos_fail(&g->err, QOS_EIO, (struct qos_at){ in->name, 0, 0 }, "%s",
							     strerror(in->error)),
						    QOS_NEXT_ERROR)
						 : QOS_NEXT_END;
			if (is_too_long(in))
				return skip_long(j);
			if (what == QOS_NEXT_BAD) {
				line = take_line(in, j->block_end, &eol_bytes);
				j->block_end = in->at;
				return refuse(j, line, eol_bytes, 0, wrong);
			}
		}
		line = take_line(in, j->block_end, &eol_bytes);
	} while (is_blank(line));
	j->walk.base = j->block;
	j->walk.line = line.p;
	j->walk.line_end = line.p + line.n;
	j->walk.at = j->at;
	while (j->at < j->end && j->block + *j->at < j->walk.line_end)
		j->at++;
	j->walk.end = j->at;
	j->walk.escapes = memchr(line.p, '\\', line.n) != NULL;
	if (!qos_json_walk(&j->walk))
		return refuse(j, line, eol_bytes, (int)(j->walk.wrong - line.p) + 1, j->walk.why);
	r->bytes = line.p;
	r->n_bytes = (uint32_t)line.n;
	r->eol_bytes = eol_bytes;
	r->cell = g->cell;
	return QOS_NEXT_RECORD;
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
