/*
 * One fuzzer for all formats: bytes through a reader to a writer, once to the same format and once to jsonl or csv.
 *
 * The last byte of the input is taken off: its bits choose the output and whether records are kept.
 */
#ifndef TESTS_FUZZ_FORMAT_H
#define TESTS_FUZZ_FORMAT_H

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "format/reader.h"
#include "format/writer.h"

static inline struct qos_str fuzz_text(const void *self, const struct qos_record *r, char *scratch)
{
	return QOS_STR("a \"b\"");
}

static inline void fuzz_pipe(struct qos_reader *reader, struct qos_fields *fields, bool keep, int null)
{
	struct qos_column columns[] = { { QOS_F_CLASS, false, fuzz_text }, { QOS_F_SIZE, true, fuzz_text } };
	struct qos_source source = qos_reader_source(reader);
	struct qos_slab slab = { 0 };
	struct qos_writer *writer = NULL;
	struct qos_sink sink;
	struct qos_record *r, *kept;
	struct qos_out out;

	if (qos_out_open(&out, null, NULL) != 0)
		abort();
	if (qos_writer_new(&writer, qos_reader_output(reader), qos_reader_format(reader), qos_reader_reading(reader),
			   &out, fields, columns, 2, NULL, NULL) != 0)
		abort();
	sink = qos_writer_sink(writer);
	while ((r = source.take(source.self))) {
		kept = keep ? qos_record_keep(r, fields, &slab) : NULL;
		sink.put(sink.self, kept ? kept : r);
		if (kept)
			qos_record_drop(kept, fields, &slab);
	}
	qos_writer_finish(writer, NULL);
	qos_writer_free(writer);
	qos_out_free(&out);
	qos_slab_free(&slab);
}

static inline int fuzz_format(const struct qos_format *format, const uint8_t *bytes, size_t n)
{
	static int null = -1, file = -1;
	static char name[32];
	const char *const files[] = { name };
	struct qos_decode decode = { .ts = true, .depart = true, .size = true, .max_latency = true };
	struct qos_reader_options o = { .files = files, .n_files = 1, .format = format, .most_bytes = 4096 };
	struct qos_reader *reader = NULL;
	struct qos_fields *fields = NULL;
	uint8_t how;

	if (n == 0)
		return 0;
	how = bytes[--n];
	if (null < 0) {
		null = open("/dev/null", O_WRONLY);
		file = memfd_create("fuzz", 0);
		snprintf(name, sizeof(name), "/proc/self/fd/%d", file);
	}
	o.output = how & 1 ? &qos_format_jsonl : how & 2 ? &qos_format_csv : NULL;
	if (how & 16 && (format == &qos_format_pcap || format == &qos_format_pcapng))
		o.output = how & 32 ? &qos_format_pcap : &qos_format_pcapng;
	o.on_error = how & 4 ? QOS_ON_ERROR_PASS : QOS_ON_ERROR_SKIP;
	if (ftruncate(file, 0) != 0 || pwrite(file, bytes, n, 0) != (ssize_t)n)
		abort();
	if (qos_fields_new(&fields, NULL) == 0 && qos_reader_new(&reader, &o, fields, &decode, NULL) == 0)
		fuzz_pipe(reader, fields, how & 8, null);
	qos_reader_free(reader);
	qos_fields_free(fields);
	return 0;
}

#define FUZZ_FORMAT(format)                                        \
	int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n) \
	{                                                          \
		return fuzz_format(format, bytes, n);              \
	}

#endif
