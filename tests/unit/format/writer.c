#include "tests/unit/format/pipe.h"

#include "tests/unit/test.h"

static const struct qos_format nameless = { .name = "readonly" };

static int cannot_begin(void *state, struct qos_writing *w, const struct qos_record *first)
{
	return qos_fail(&w->err, QOS_EUSAGE, QOS_NOWHERE, "not this");
}

static void no_put(void *state, struct qos_writing *w, const struct qos_record *r, const struct qos_value *v)
{
	CHECK(!"put without begin");
}

static const struct qos_format refusing = { .name = "refusing", .begin = cannot_begin, .put = no_put };

static struct qos_str some_text(const void *self, const struct qos_record *r, char *scratch)
{
	return QOS_STR("text");
}

static void test_refusals(void)
{
	struct qos_column columns[17];
	struct qos_fields *fields;
	struct qos_writer *w;
	struct qos_out out;
	struct qos_err err;

	for (int i = 0; i < 17; i++)
		columns[i] = (struct qos_column){ i, false, some_text };
	qos_fields_new(&fields, NULL);
	qos_out_open(&out, 1, NULL);
	CHECK_INT(qos_writer_new(&w, &nameless, NULL, NULL, &out, fields, columns, 1, NULL, &err), QOS_EUSAGE);
	CHECK_TEXT(err.text, "readonly cannot be written; choose another format with --output");
	CHECK(!w);
	CHECK_INT(qos_writer_new(&w, &qos_format_csv, NULL, NULL, &out, fields, columns, 17, NULL, &err), QOS_EUSAGE);
	CHECK_INT(qos_writer_new(&w, &qos_format_csv, NULL, NULL, &out, fields, columns, 16, NULL, &err), 0);
	qos_writer_free(w);
	qos_writer_free(NULL);
	qos_out_free(&out);
	qos_fields_free(fields);
}

static void test_begin_fails(void)
{
	struct qos_record r = { .bytes = "x", .n_bytes = 1 };
	struct qos_fields *fields;
	struct qos_writer *w;
	struct qos_sink sink;
	struct qos_out out;
	struct qos_err err;

	qos_fields_new(&fields, NULL);
	qos_out_open(&out, 1, NULL);
	CHECK_INT(qos_writer_new(&w, &refusing, NULL, NULL, &out, fields, NULL, 0, NULL, &err), 0);
	sink = qos_writer_sink(w);
	sink.put(sink.self, &r);
	sink.put(sink.self, &r);
	CHECK_INT(qos_writer_finish(w, &err), QOS_EUSAGE);
	CHECK_TEXT(err.text, "not this");
	qos_writer_free(w);
	qos_out_free(&out);
	qos_fields_free(fields);
}

static void test_full_device(void)
{
	struct qos_column column = { QOS_F_CLASS, false, some_text };
	struct qos_cell cells[QOS_N_KNOWN] = { 0 };
	struct qos_record r = { .bytes = "x", .n_bytes = 1, .cell = cells };
	struct qos_fields *fields;
	struct qos_writer *w;
	struct qos_sink sink;
	struct qos_out out;
	struct qos_err err;
	int fd = open("/dev/full", O_WRONLY);

	qos_fields_new(&fields, NULL);
	qos_out_open(&out, fd, NULL);
	qos_writer_new(&w, &qos_format_csv, NULL, NULL, &out, fields, &column, 1, NULL, &err);
	sink = qos_writer_sink(w);
	sink.put(sink.self, &r);
	CHECK_INT(qos_writer_finish(w, &err), QOS_EIO);
	CHECK_TEXT(err.text, "cannot write the output: No space left on device");
	qos_writer_free(w);
	qos_out_free(&out);
	qos_fields_free(fields);
	close(fd);
}

static void test_no_records(void)
{
	struct pipe_run p = { .fields = { "class" }, .values = { "gold" } };

	CHECK_TEXT(pipe_run_text(&p, "ts,size\n"), "ts,size,class\n");
	free(p.text);
}

static void test_long_texts(void)
{
	char value[3000];
	struct pipe_run p = { .fields = { "class" }, .values = { value } };

	memset(value, '"', sizeof(value));
	value[sizeof(value) - 1] = '\0';
	pipe_run_text(&p, "ts\n1\n");
	CHECK_INT(p.n, strlen("ts,class\n1,\n") + 2 * 2999 + 2);
	free(p.text);
}

static void test_first_record_bad(void)
{
	struct pipe_run p = { .options.on_error = QOS_ON_ERROR_PASS, .fields = { "class" }, .values = { "gold" } };

	CHECK_TEXT(pipe_run_text(&p, "ts,size\nbad\n1,2\n"), "ts,size,class\nbad\n1,2,gold\n");
	free(p.text);
}

int main(void)
{
	char folder[32];

	pipe_enter(folder);
	RUN("a format that cannot be written and too many columns are refused", test_refusals);
	RUN("a format that fails to begin is told at the end, and gets no record", test_begin_fails);
	RUN("an output that is full is told at the end", test_full_device);
	RUN("without records the header is written", test_no_records);
	RUN("a text may be longer than scratch when it lasts", test_long_texts);
	RUN("a bad record comes after the header, though it is the first", test_first_record_bad);
	pipe_leave(folder, NULL, 0);
	return DONE();
}
