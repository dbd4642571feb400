/*
 * The reading engine: from a list of inputs to a stream of good records.
 *
 * One loop: the format gives a record, the typed members are decoded, what does not hold is refused, counted and (the
 * first ten times) described with its place.  Inputs follow each other as if they were one.
 *
 * Cost   two indirect calls a record (the source's, the format's) and the decoding.
 */
#include "format/reader.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEAD_LINES    250 /* what detection looks at */
#define HEAD_BYTES    QOS_BLOCK_BYTES
#define CERTAIN_SCORE 95               /* magic bytes: no need to wait for a whole line */
#define MOST_BYTES    ((1u << 28) - 4) /* the length of a cell has 28 bits */

struct qos_reader {
	struct qos_record record; /* the one given out */
	bool peeked, ended, started;
	struct qos_reading g;
	const struct qos_format *format;
	void *state;
	struct qos_fields *fields;
	struct qos_decode *decode;
	struct qos_reader_counts counts;
	struct qos_in in;
	struct qos_reader_options options;
	const struct qos_format *output;
	int file;               /* index of the input at hand */
	uint64_t earlier_bytes; /* of the inputs before it */
	char why[200];          /* of the format that was found */
	char reason[200];       /* of the last record refused by decoding */
};

int qos_reading_grow(struct qos_reading *g)
{
	int n = qos_fields_count(g->fields);
	struct qos_cell *cell;

	if (n <= g->n_cells)
		return 0;
	cell = realloc(g->cell, (size_t)n * sizeof(*cell));
	if (!cell)
		return -1;
	memset(cell + g->n_cells, 0, (size_t)(n - g->n_cells) * sizeof(*cell));
	g->cell = cell;
	g->n_cells = n;
	return 0;
}

static const char *file_name(const struct qos_reader_options *o, int i)
{
	return o->n_files ? o->files[i] : "-";
}

/* The first lines of what has arrived. */
static struct qos_str head_of(const struct qos_in *in)
{
	const char *p = in->at;
	size_t n = (size_t)(in->end - in->at);

	if (n > HEAD_BYTES)
		n = HEAD_BYTES;
	for (int i = 0; i < HEAD_LINES; i++) {
		const char *newline = memchr(p, '\n', n - (size_t)(p - in->at));

		if (!newline)
			return (struct qos_str){ in->at, n };
		p = newline + 1;
	}
	return (struct qos_str){ in->at, (size_t)(p - in->at) };
}

/* Is there enough to tell the format?  A whole line, or magic bytes. */
static bool can_tell(const struct qos_in *in)
{
	struct qos_str head = { in->at, (size_t)(in->end - in->at) };
	char why[160];

	if (memchr(head.p, '\n', head.n) || head.n >= HEAD_BYTES)
		return true;
	for (int i = 0; qos_formats[i] && head.n; i++)
		if (qos_formats[i]->detect && qos_formats[i]->detect(head, why) >= CERTAIN_SCORE)
			return true;
	return false;
}

/* Compressed bytes that are damaged are bad input, whatever the format said of the end that it met.   Returns  rc. */
static int blame_damage(const struct qos_in *in, int rc, struct qos_err *err)
{
	if (!rc || in->error != EBADMSG || !in->damage[0])
		return rc;
	return qos_fail(err, QOS_EINPUT, (struct qos_at){ in->name, 0, 0 }, "%s; what stands before it was read",
			in->damage);
}

/* Sets e->format from the first bytes of the input. */
static int find_format(struct qos_reader *e, struct qos_err *err)
{
	struct qos_in *in = &e->in;

	while (!can_tell(in) && qos_in_fill(in))
		continue;
	if (in->error) {
		errno = in->error;
		return blame_damage(in, qos_fail_errno(err, "%s", in->name), err);
	}
	if (in->at == in->end) {
		e->format = e->format ? e->format : &qos_format_jsonl;
		snprintf(e->why, sizeof(e->why), "%s: the input is empty", e->format->name);
		return 0;
	}
	e->format = qos_format_detect(head_of(in), e->why);
	if (e->format)
		return 0;
	return qos_fail(err, QOS_EINPUT, (struct qos_at){ in->name, 0, 0 }, "%s; say what it is with --input", e->why);
}

/* Records that go on as they are must all be of one format. */
static int check_same_format(const struct qos_reader *e, const struct qos_format *before, struct qos_err *err)
{
	if (!before || e->format == before || !e->g.splice)
		return 0;
	return qos_fail(err, QOS_EINPUT, (struct qos_at){ e->in.name, 0, 0 },
			"this input is %s, the first one is %s; write another format with --output", e->format->name,
			before->name);
}

static void settle_output(struct qos_reader *e)
{
	const struct qos_reader_options *o = &e->options;

	e->output = o->output ? o->output : e->format->carries_fields ? e->format : &qos_format_jsonl;
	e->g.output = o->no_output ? NULL : e->output;
	e->g.splice = !o->no_output && e->output == e->format && !o->csv_safe;
	e->g.keep_all = (!o->no_output && !e->g.splice) || e->g.fields->want_all;
}

/* Control characters of the input do not reach a terminal. */
static void make_printable(char *p)
{
	for (; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 127)
			*p = '?';
}

/* What is odd about an input is told among the messages about its records, and is no reject. */
static void note(struct qos_reader *e)
{
	struct qos_reader_counts *c = &e->counts;
	struct qos_err err;

	if (c->n_messages >= QOS_REJECTS_SHOWN)
		return;
	qos_fail(&err, QOS_EINPUT, (struct qos_at){ e->in.name, 1, 0 }, "%s", e->g.note);
	make_printable(err.text);
	memcpy(c->message[c->n_messages++], err.text, sizeof(err.text));
}

/* Opens input number e->file. */
static int open_input(struct qos_reader *e, struct qos_err *err)
{
	const struct qos_format *before = e->format;
	int rc = qos_in_open(&e->in, file_name(&e->options, e->file), e->options.most_bytes, err);

	e->counts.n_inputs++;
	if (rc)
		return rc;
	if (e->options.format) {
		e->format = e->options.format;
		snprintf(e->why, sizeof(e->why), "%s: asked for", e->format->name);
	} else if ((rc = find_format(e, err))) {
		return rc;
	}
	if (!e->output)
		settle_output(e);
	if ((rc = check_same_format(e, before, err)))
		return rc;
	free(e->state);
	e->state = calloc(1, e->format->reader_bytes ? e->format->reader_bytes : 1);
	if (!e->state)
		return qos_fail_memory(err, "reading the input");
	e->started = false;
	e->g.note[0] = '\0';
	rc = e->format->open ? blame_damage(&e->in, e->format->open(e->state, &e->g, err), err) : 0;
	if (!rc && e->g.note[0])
		note(e);
	return rc;
}

static void close_input(struct qos_reader *e)
{
	if (e->state && e->format->close)
		e->format->close(e->state);
	free(e->state);
	e->state = NULL;
	e->earlier_bytes += e->in.read_bytes;
	e->in.read_bytes = 0;
	qos_in_close(&e->in);
}

/* Operands that cannot be read are found before the first record, not after hours. */
static int check_files(const struct qos_reader_options *o, struct qos_err *err)
{
	struct stat st;

	for (int i = 0; i < o->n_files; i++) {
		const char *name = o->files[i];

		if (strcmp(name, "-") == 0)
			continue;
		if (access(name, R_OK) != 0)
			return qos_fail_errno(err, "%s", name);
		if (stat(name, &st) == 0 && S_ISDIR(st.st_mode))
			return qos_fail(err, QOS_EIO, QOS_NOWHERE, "%s: is a directory; name the files in it", name);
	}
	if (o->most_bytes > MOST_BYTES || o->most_bytes == 0)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "--max-record %zu: must be 1 to %u bytes", o->most_bytes,
				MOST_BYTES);
	return 0;
}

int qos_reader_new(struct qos_reader **r, const struct qos_reader_options *o, struct qos_fields *fields,
		   struct qos_decode *decode, struct qos_err *err)
{
	struct qos_reader *e;
	int rc = check_files(o, err);

	*r = NULL;
	if (rc)
		return rc;
	e = calloc(1, sizeof(*e));
	if (!e)
		return qos_fail_memory(err, "reading the input");
	e->options = *o;
	e->fields = fields;
	e->decode = decode;
	e->in.fd = -1;
	e->in.before_wait = o->before_wait;
	e->in.wait = o->wait;
	e->in.who = o->who;
	e->g.in = &e->in;
	e->g.fields = fields;
	e->g.no_header = o->no_header;
	e->g.year = o->year;
	e->g.csv_safe = o->csv_safe;
	e->g.decap = o->decap;
	e->g.ts_format = decode ? decode->ts_format : NULL;
	e->g.remark = o->remark;
	if (decode)
		qos_decode_want(decode, fields);
	if ((rc = open_input(e, err)))
		qos_reader_free(e);
	else
		*r = e;
	return rc;
}

void qos_reader_free(struct qos_reader *r)
{
	if (!r)
		return;
	close_input(r);
	free(r->g.cell);
	qos_names_free(&r->g.columns);
	qos_arena_free(&r->g.lasting);
	qos_buf_free(&r->g.blocks.bytes);
	free(r);
}

static void refused(struct qos_reader *e, long line, int column, const char *why)
{
	struct qos_reader_counts *c = &e->counts;
	struct qos_err err;

	c->n_rejected++;
	if (c->n_messages >= QOS_REJECTS_SHOWN && e->options.on_error != QOS_ON_ERROR_FAIL)
		return;
	qos_fail(&err, QOS_EINPUT, (struct qos_at){ e->in.name, (int)line, column }, "%s", why);
	make_printable(err.text);
	if (c->n_messages < QOS_REJECTS_SHOWN)
		memcpy(c->message[c->n_messages++], err.text, sizeof(err.text));
	if (e->options.on_error == QOS_ON_ERROR_FAIL) {
		c->err = err;
		e->ended = true;
	}
}

/* Line and column, from 1, of byte `offset` of the record that was just read. */
static void find_place(const struct qos_reader *e, uint32_t offset, long *line, int *column)
{
	const struct qos_record *r = &e->record;
	const char *start = r->bytes;

	*line = e->in.line - 1;
	for (const char *p = r->bytes; p < r->bytes + r->n_bytes; p++) {
		if (*p != '\n')
			continue;
		if (p < r->bytes + offset)
			start = p + 1;
		else
			--*line;
	}
	*column = (int)(r->bytes + offset - start) + 1;
}

/* A record that does not hold.   Returns  it, to be passed on unchanged, or NULL. */
static struct qos_record *pass_on(struct qos_reader *e, struct qos_str bytes, uint8_t eol_bytes)
{
	struct qos_record *r = &e->record;

	if (e->options.on_error != QOS_ON_ERROR_PASS || !bytes.p)
		return NULL;
	memset(e->g.cell, 0, (size_t)e->g.n_cells * sizeof(struct qos_cell));
	*r = (struct qos_record){
		.node.seq = r->node.seq,
		.bytes = bytes.p,
		.n_bytes = (uint32_t)bytes.n,
		.eol_bytes = eol_bytes,
		.cell = e->g.cell,
		.class = -1,
		.adapter = -1,
		.bad = true,
		.ts_ns = QOS_UNSET,
		.arrival_ns = QOS_UNSET,
		.size_bytes = (int64_t)bytes.n,
		.service_ns = QOS_UNSET,
		.deadline_ns = QOS_UNSET,
		.depart_ns = QOS_UNSET,
	};
	return r;
}

static struct qos_record *refuse_bad(struct qos_reader *e)
{
	const struct qos_bad *bad = &e->g.bad;

	refused(e, bad->line, bad->column, bad->why);
	return pass_on(e, bad->bytes, bad->eol_bytes);
}

static struct qos_record *refuse_record(struct qos_reader *e, int field, const char *why)
{
	struct qos_record *r = &e->record;
	long line;
	int column = 0;

	find_place(e, 0, &line, &column);
	if (field >= 0 && r->cell[field].kind != QOS_CELL_ABSENT)
		find_place(e, r->cell[field].off, &line, &column);
	else
		column = 0;
	refused(e, line, column, why);
	return pass_on(e, (struct qos_str){ r->bytes, r->n_bytes }, r->eol_bytes);
}

/* A record that the format found: does it hold?   Returns  it, or NULL to go on. */
static struct qos_record *accept(struct qos_reader *e)
{
	struct qos_record *r = &e->record;
	int field;

	if (__builtin_expect(r->n_bytes > e->options.most_bytes, 0)) {
		snprintf(e->reason, sizeof(e->reason), "record is over %zu bytes; raise --max-record",
			 e->options.most_bytes);
		return refuse_record(e, -1, e->reason);
	}
	if (!e->decode) {
		r->size_bytes = r->n_bytes;
		r->ts_ns = r->arrival_ns = r->service_ns = r->deadline_ns = QOS_UNSET;
	} else if (__builtin_expect(qos_decode_record(e->decode, r, &field, e->reason) != 0, 0)) {
		return refuse_record(e, field, e->reason);
	}
	e->counts.n_records++;
	return r;
}

/* Goes on to the next input.   Returns  false when there is none, or it cannot be read. */
static bool next_input(struct qos_reader *e)
{
	int n_files = e->options.n_files ? e->options.n_files : 1;

	if (e->file + 1 >= n_files) {
		e->ended = true;
		return false;
	}
	close_input(e);
	e->file++;
	if (open_input(e, &e->counts.err) != 0)
		e->ended = true;
	return !e->ended;
}

/* Before the first record of an input: who wants what is settled now. */
static bool start_input(struct qos_reader *e)
{
	e->started = true;
	if (qos_reading_grow(&e->g) != 0) {
		qos_fail_memory(&e->counts.err, "reading the input");
		e->ended = true;
		return false;
	}
	memset(e->g.cell, 0, (size_t)e->g.n_cells * sizeof(struct qos_cell));
	return true;
}

static struct qos_record *read_record(struct qos_reader *e)
{
	struct qos_record *r = &e->record, *result;

	while (!e->ended) {
		if (__builtin_expect(!e->started, 0) && !start_input(e))
			break;
		r->node.seq++;
		r->class = r->adapter = -1;
		r->drop = QOS_DROP_NONE;
		r->bad = r->marked = false;
		r->color = 0;
		r->depart_ns = QOS_UNSET;
		r->wait_ns = 0;
		r->stream = NULL;
		switch (e->format->next(e->state, &e->g, r)) {
		case QOS_NEXT_RECORD: result = accept(e); break;
		case QOS_NEXT_BAD: result = refuse_bad(e); break;
		case QOS_NEXT_END: next_input(e); continue;
		default:
			e->counts.err = e->g.err;
			blame_damage(&e->in, e->g.err.code, &e->counts.err);
			e->ended = true;
			return NULL;
		}
		if (result)
			return result;
	}
	return NULL;
}

static struct qos_record *reader_peek(void *self)
{
	struct qos_reader *e = self;

	if (!e->peeked)
		e->peeked = read_record(e) != NULL;
	return e->peeked ? &e->record : NULL;
}

static struct qos_record *reader_take(void *self)
{
	struct qos_reader *e = self;

	if (!e->peeked)
		return read_record(e);
	e->peeked = false;
	return &e->record;
}

struct qos_source qos_reader_source(struct qos_reader *r)
{
	return (struct qos_source){ reader_peek, reader_take, r };
}

const struct qos_format *qos_reader_format(const struct qos_reader *r)
{
	return r->format;
}

const char *qos_reader_why(const struct qos_reader *r)
{
	return r->why;
}

const struct qos_format *qos_reader_output(const struct qos_reader *r)
{
	return r->output;
}

struct qos_reading *qos_reader_reading(struct qos_reader *r)
{
	return &r->g;
}

const struct qos_reader_counts *qos_reader_counts(const struct qos_reader *r)
{
	((struct qos_reader *)r)->counts.read_bytes = r->earlier_bytes + r->in.read_bytes;
	return &r->counts;
}

void qos_reader_reject(struct qos_reader *r, int column, const char *why)
{
	long line;
	int ignored;

	find_place(r, 0, &line, &ignored);
	r->counts.n_records--;
	refused(r, line, column, why);
}
