/*
 * What does the byte path cost?  ns a record for reading csv, and for reading it and writing it again.
 *
 * usage: io_lib FILE.csv [ROUNDS [PATH]]
 *
 * Three paths over the same file: `read` decodes ts, size and class and looks at six columns, `copy` reads with nothing
 * wanted and writes the rows unchanged, `splice` reads as the first and appends three values to every row.  Output goes
 * to /dev/null.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "format/reader.h"
#include "format/writer.h"

static const char *const wanted[] = {"id", "stream", "tenant", "type", "priority", "size"};

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static struct qos_str text_class(const void *self, const struct qos_record *r, char *scratch)
{
	return QOS_STR("job_execution");
}

static struct qos_str text_by(const void *self, const struct qos_record *r, char *scratch)
{
	return QOS_STR("rule:build");
}

static struct qos_str text_wait(const void *self, const struct qos_record *r, char *scratch)
{
	memcpy(scratch, "0.012345678", 11);
	return (struct qos_str){scratch, 11};
}

struct path {
	const char *name;
	bool decode, write;
	int n_columns;
};

static void die(const struct qos_err *err)
{
	fprintf(stderr, "io_lib: %s\n", err->text);
	exit(1);
}

/* One run over the file.   Returns  the number of records. */
static uint64_t run(const struct path *path, const char *file, struct qos_out *out)
{
	struct qos_column columns[3] = {{0, false, text_class}, {0, false, text_by}, {0, true, text_wait}};
	struct qos_reader_options options = {
		.files = &file, .n_files = 1, .most_bytes = 1 << 20, .no_output = !path->write};
	struct qos_decode decode = {
		.ts = path->decode, .depart = path->decode, .size = path->decode, .need_ts = path->decode};
	struct qos_fields *fields;
	struct qos_reader *reader;
	struct qos_writer *writer = NULL;
	struct qos_record *r;
	struct qos_err err = {0};
	struct qos_sink sink = {0};
	struct qos_source source;
	uint64_t n;

	if (qos_fields_new(&fields, &err) || qos_reader_new(&reader, &options, fields, &decode, &err))
		die(&err);
	columns[0].field = qos_fields_id(fields, QOS_STR("class_out"));
	columns[1].field = qos_fields_id(fields, QOS_STR("by_out"));
	columns[2].field = qos_fields_id(fields, QOS_STR("wait_out"));
	for (size_t i = 0; path->decode && i < sizeof(wanted) / sizeof(*wanted); i++)
		qos_fields_want(fields, qos_fields_id(fields, qos_str(wanted[i])));
	if (path->write &&
	    qos_writer_new(&writer, qos_reader_output(reader), qos_reader_format(reader), qos_reader_reading(reader),
			   out, fields, columns, path->n_columns, NULL, &err))
		die(&err);
	source = qos_reader_source(reader);
	if (writer)
		sink = qos_writer_sink(writer);
	while ((r = source.take(source.self)))
		if (writer)
			sink.put(sink.self, r);
	if (writer && qos_writer_finish(writer, &err))
		die(&err);
	if (qos_reader_counts(reader)->err.code)
		die(&qos_reader_counts(reader)->err);
	n = qos_reader_counts(reader)->n_records;
	qos_writer_free(writer);
	qos_reader_free(reader);
	qos_fields_free(fields);
	return n;
}

int main(int argc, char **argv)
{
	static const struct path paths[] = {
		{"read", true, false, 0},
		{"copy", false, true, 0},
		{"splice", true, true, 3},
	};
	int rounds = argc > 2 ? atoi(argv[2]) : 5;
	struct qos_out out;
	struct qos_err err;

	if (argc < 2)
		return fprintf(stderr, "usage: io_lib FILE.csv [ROUNDS [PATH]]\n"), 2;
	if (qos_out_open(&out, open("/dev/null", O_WRONLY), &err))
		die(&err);
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		double best = 1e9;
		uint64_t n = 0;

		if (argc > 3 && strcmp(argv[3], paths[i].name) != 0)
			continue;
		for (int k = 0; k < rounds; k++) {
			double start = now_s(), took;

			n = run(&paths[i], argv[1], &out);
			took = now_s() - start;
			best = took < best ? took : best;
		}
		printf("%-8s %6.1f ns/record  %llu records\n", paths[i].name, n ? best / (double)n * 1e9 : 0.0,
		       (unsigned long long)n);
	}
	qos_out_free(&out);
	return 0;
}
