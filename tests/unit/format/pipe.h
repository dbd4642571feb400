/*
 * Bytes in, bytes out: a reader and a writer around nothing, for tests of formats and engines.
 */
#ifndef TESTS_UNIT_FORMAT_PIPE_H
#define TESTS_UNIT_FORMAT_PIPE_H

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "format/reader.h"
#include "format/writer.h"

struct pipe_run {
	/* set by the test */
	struct qos_reader_options options; /* files are set by pipe_run() */
	struct qos_decode decode;
	const char *fields[4]; /* our columns; NULL: no more */
	const char *values[4]; /* their texts */
	bool keep;             /* every record is kept, and written after the input has ended */
	const char *map[2];    /* -f map[0]=map[1] */
	int class_and_one;     /* of every record; 0: they keep theirs */
	/* results */
	char *text;
	size_t n;
	struct qos_reader_counts counts;
	struct qos_err err;
	int rc;
};

static inline struct qos_str pipe_value(const void *self, const struct qos_record *r, char *scratch, int i)
{
	const struct pipe_run *p = self;
	size_t n = strlen(p->values[i]);

	if (n > 60)
		return qos_str(p->values[i]);
	memcpy(scratch, p->values[i], n);
	return (struct qos_str){ scratch, n };
}

static inline struct qos_str pipe_value0(const void *self, const struct qos_record *r, char *scratch)
{
	return pipe_value(self, r, scratch, 0);
}

static inline struct qos_str pipe_value1(const void *self, const struct qos_record *r, char *scratch)
{
	return pipe_value(self, r, scratch, 1);
}

static inline struct qos_str pipe_value2(const void *self, const struct qos_record *r, char *scratch)
{
	return pipe_value(self, r, scratch, 2);
}

static inline struct qos_str pipe_value3(const void *self, const struct qos_record *r, char *scratch)
{
	return pipe_value(self, r, scratch, 3);
}

/* Writes a file. */
static inline void pipe_file(const char *name, struct qos_str text)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || write(fd, text.p, text.n) != (ssize_t)text.n)
		abort();
	close(fd);
}

/* Moves every record; kept ones are written when the input has ended. */
static inline void pipe_move(struct pipe_run *p, struct qos_source *source, struct qos_sink *sink,
			     struct qos_fields *fields)
{
	struct qos_slab slab = { 0 };
	struct qos_record *r, **kept = malloc(sizeof(*kept));
	size_t n = 0;

	while ((r = source->peek(source->self))) {
		r = source->take(source->self);
		if (p->class_and_one)
			r->class = (int16_t)(p->class_and_one - 1);
		if (!p->keep) {
			sink->put(sink->self, r);
			continue;
		}
		kept = realloc(kept, (n + 1) * sizeof(*kept));
		kept[n++] = qos_record_keep(r, fields, &slab);
	}
	for (size_t i = 0; i < n; i++) {
		sink->put(sink->self, kept[i]);
		qos_record_drop(kept[i], fields, &slab);
	}
	if (slab.used_bytes)
		abort();
	qos_slab_free(&slab);
	free(kept);
}

/* Reads all of fd. */
static inline void pipe_result(struct pipe_run *p, int fd)
{
	off_t n = lseek(fd, 0, SEEK_END);

	p->text = malloc((size_t)n + 1);
	if (pread(fd, p->text, (size_t)n, 0) != n)
		abort();
	p->text[n] = '\0';
	p->n = (size_t)n;
}

/* Runs files (in the current folder) through reader and writer. */
static inline void pipe_run_files(struct pipe_run *p, const char *const *files, int n_files)
{
	struct qos_str (*const texts[])(const void *, const struct qos_record *, char *) = { pipe_value0, pipe_value1,
											     pipe_value2, pipe_value3 };
	struct qos_column columns[4];
	struct qos_fields *fields;
	struct qos_reader *reader = NULL;
	struct qos_writer *writer = NULL;
	struct qos_source source;
	struct qos_sink sink;
	struct qos_out out;
	char name[] = "/tmp/qos-pipe-XXXXXX";
	int fd = mkstemp(name), n = 0;

	unlink(name);
	free(p->text);
	p->options.files = files;
	p->options.n_files = n_files;
	if (!p->options.most_bytes)
		p->options.most_bytes = 1 << 20;
	qos_fields_new(&fields, NULL);
	qos_out_open(&out, fd, NULL);
	p->err = (struct qos_err){ 0 };
	p->counts = (struct qos_reader_counts){ 0 };
	if (p->map[0])
		qos_fields_map(fields, qos_str(p->map[0]), qos_str(p->map[1]), NULL);
	p->rc = qos_reader_new(&reader, &p->options, fields, &p->decode, &p->err);
	for (; n < 4 && p->fields[n]; n++)
		columns[n] = (struct qos_column){ qos_fields_id(fields, qos_str(p->fields[n])), false, texts[n] };
	if (!p->rc)
		p->rc = qos_writer_new(&writer, qos_reader_output(reader), qos_reader_format(reader),
				       qos_reader_reading(reader), &out, fields, columns, n, p, &p->err);
	if (!p->rc) {
		source = qos_reader_source(reader);
		sink = qos_writer_sink(writer);
		pipe_move(p, &source, &sink, fields);
		p->rc = qos_writer_finish(writer, &p->err);
		p->counts = *qos_reader_counts(reader);
	}
	pipe_result(p, fd);
	qos_writer_free(writer);
	qos_reader_free(reader);
	qos_out_free(&out);
	qos_fields_free(fields);
	close(fd);
}

/* Runs one text, as file "in". */
static inline const char *pipe_run_text(struct pipe_run *p, const char *text)
{
	static const char *const files[] = { "in" };

	pipe_file("in", qos_str(text));
	pipe_run_files(p, files, 1);
	return p->text;
}

/* A folder of its own to work in, and out of it again. */
static inline void pipe_enter(char folder[32])
{
	strcpy(folder, "/tmp/qos-format-XXXXXX");
	if (!mkdtemp(folder) || chdir(folder) != 0)
		abort();
}

static inline void pipe_leave(const char *folder, const char *const *files, int n_files)
{
	unlink("in");
	for (int i = 0; i < n_files; i++)
		unlink(files[i]);
	if (chdir("/") != 0 || rmdir(folder) != 0)
		abort();
}

#endif
