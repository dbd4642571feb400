/*
 * The writing engine: what does this filter say about a record?
 *
 * Asks each column for its text and hands record and texts to the format.  The header goes out with the first record,
 * since only then is it known what an input of another format has.
 *
 * Cost   one indirect call a record and one a column.
 */
#include "format/writer.h"

#include <errno.h>
#include <stdlib.h>

#define COLUMNS_MOST 16
#define TEXT_BYTES   64 /* of a column's text in scratch */

struct qos_writer {
	struct qos_writing w;
	const struct qos_format *format;
	void *state;
	const struct qos_column *columns;
	const void *self; /* for the columns */
	bool begun, failed;
	int ids[COLUMNS_MOST];
	struct qos_value value[COLUMNS_MOST];
	char text[COLUMNS_MOST][TEXT_BYTES];
};

static bool begin(struct qos_writer *w, const struct qos_record *first)
{
	w->begun = true;
	if (w->format->begin(w->state, &w->w, first) != 0)
		w->failed = true;
	return !w->failed;
}

/* The scratch of the format grows with the largest record. */
static bool has_scratch(struct qos_writing *w, size_t n)
{
	char *scratch;

	if (n <= w->scratch_bytes)
		return true;
	scratch = realloc(w->scratch, 2 * n);
	if (!scratch) {
		w->out->error = ENOMEM;
		return false;
	}
	w->scratch = scratch;
	w->scratch_bytes = 2 * n;
	return true;
}

/* A refused record, as it came. */
static void pass(struct qos_writer *w, const struct qos_record *r)
{
	bool header_known = w->w.input == w->format || w->format->pass;

	if (!w->begun && header_known && !begin(w, NULL))
		return;
	if (w->format->pass) {
		w->format->pass(w->state, &w->w, r);
		return;
	}
	qos_out_add(w->w.out, r->bytes, r->n_bytes);
	qos_out_add(w->w.out, "\r\n" + (r->eol_bytes != 2), 2 - (r->eol_bytes != 2));
}

static void put(void *self, struct qos_record *r)
{
	struct qos_writer *w = self;

	if (__builtin_expect(w->failed || !has_scratch(&w->w, r->n_bytes), 0))
		return;
	if (__builtin_expect(r->bad, 0)) {
		pass(w, r);
		return;
	}
	if (__builtin_expect(!w->begun, 0) && !begin(w, r))
		return;
	for (int i = 0; i < w->w.n_columns; i++)
		w->value[i].text = w->columns[i].text(w->self, r, w->text[i]);
	w->format->put(w->state, &w->w, r, w->value);
}

/* Memory of a writer over a format that can be written. */
static int make(struct qos_writer **w, const struct qos_format *output, int n, struct qos_err *err)
{
	*w = NULL;
	if (!output->begin || !output->put)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE,
				"%s cannot be written; choose another format with --output", output->name);
	if (n > COLUMNS_MOST)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE,
				"%d fields are too many to be added to a record, the most is %d", n, COLUMNS_MOST);
	*w = calloc(1, sizeof(**w));
	if (*w && !((*w)->state = calloc(1, output->writer_bytes ? output->writer_bytes : 1))) {
		free(*w);
		*w = NULL;
	}
	return *w ? 0 : qos_fail_memory(err, "writing the output");
}

int qos_writer_new(struct qos_writer **writer, const struct qos_format *output, const struct qos_format *input,
		   struct qos_reading *reading, struct qos_out *out, struct qos_fields *fields,
		   const struct qos_column *columns, int n, const void *self, struct qos_err *err)
{
	int rc = make(writer, output, n, err);
	struct qos_writer *w = *writer;

	if (rc)
		return rc;
	w->format = output;
	w->columns = columns;
	w->self = self;
	for (int i = 0; i < n; i++) {
		w->ids[i] = columns[i].field;
		w->value[i].field = columns[i].field;
		w->value[i].number = columns[i].number;
		qos_fields_keep(fields, columns[i].field);
	}
	w->w = (struct qos_writing){
		.out = out, .fields = fields, .input = input, .reading = reading, .columns = w->ids, .n_columns = n
	};
	return 0;
}

void qos_writer_free(struct qos_writer *w)
{
	if (!w)
		return;
	if (w->format->end)
		w->format->end(w->state, &w->w);
	free(w->state);
	free(w->w.scratch);
	free(w);
}

struct qos_sink qos_writer_sink(struct qos_writer *w)
{
	return (struct qos_sink){ put, w };
}

uint64_t qos_writer_unsafe(const struct qos_writer *w)
{
	return w->w.n_unsafe;
}

int qos_writer_finish(struct qos_writer *w, struct qos_err *err)
{
	if (!w->begun)
		begin(w, NULL);
	if (!w->failed && !w->w.err.code && w->format->finish)
		w->format->finish(w->state, &w->w);
	if (w->failed || w->w.err.code) {
		if (err)
			*err = w->w.err;
		return w->w.err.code ? (int)w->w.err.code : QOS_EIO;
	}
	if (qos_out_flush(w->w.out) != 0) {
		errno = w->w.out->error;
		return qos_fail_errno(err, "cannot write the output");
	}
	if (w->w.n_lost)
		return qos_fail(err, QOS_EINPUT, QOS_NOWHERE,
				"%llu records have fields that came too late for the header, the first one is \"%s\"; "
				"write them with --output jsonl",
				(unsigned long long)w->w.n_lost, w->w.lost);
	return 0;
}
