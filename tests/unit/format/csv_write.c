#include "tests/unit/format/pipe.h"
#include "tests/unit/test.h"

static void test_append(void)
{
	struct pipe_run p = { .fields = { "class", "class_by" }, .values = { "gold", "rule:x" } };

	CHECK_TEXT(pipe_run_text(&p, "ts,size\n1,2\n3,\"4\"\n"),
		   "ts,size,class,class_by\n1,2,gold,rule:x\n3,\"4\",gold,rule:x\n");
	p.keep = true;
	CHECK_TEXT(pipe_run_text(&p, "ts,size\n1,2\n3,\"4\"\n"),
		   "ts,size,class,class_by\n1,2,gold,rule:x\n3,\"4\",gold,rule:x\n");
	free(p.text);
}

static void test_replace(void)
{
	static const char input[] = "class,ts,drop,depart\nold,1,\"a\"\"b\",\"9\"\n\"x\",2,,8\n";
	struct pipe_run p = { .fields = { "depart", "class", "color" }, .values = { "7.5", "gold", "red" } };
	const char *want = "class,ts,drop,depart,color\ngold,1,\"a\"\"b\",7.5,red\ngold,2,,7.5,red\n";

	CHECK_TEXT(pipe_run_text(&p, input), want);
	p.keep = true;
	CHECK_TEXT(pipe_run_text(&p, input), want);
	free(p.text);
}

static void test_nothing_to_say(void)
{
	struct pipe_run p = { .fields = { "drop", "color" }, .values = { "", "" } };

	CHECK_TEXT(pipe_run_text(&p, "ts,drop\n1,tail\n2,\n"), "ts,drop,color\n1,tail,\n2,,\n");
	free(p.text);
}

static void test_quoting(void)
{
	struct pipe_run p = { .fields = { "a", "b", "c", "d" }, .values = { "x,y", "say \"hi\"", "two\nlines", "\r" } };

	CHECK_TEXT(pipe_run_text(&p, "ts\n1\n"), "ts,a,b,c,d\n1,\"x,y\",\"say \"\"hi\"\"\",\"two\nlines\",\"\r\"\n");
	free(p.text);
}

static void test_line_ends(void)
{
	struct pipe_run p = { .fields = { "class" }, .values = { "gold" } };

	CHECK_TEXT(pipe_run_text(&p, "ts,size\r\n1,2\r\n3,4\n5,6"),
		   "ts,size,class\r\n1,2,gold\r\n3,4,gold\n5,6,gold\n");
	CHECK_TEXT(pipe_run_text(&p, "ts,size"), "ts,size,class\n");
	p.options.format = &qos_format_csv;
	CHECK_TEXT(pipe_run_text(&p, ""), "");
	free(p.text);
}

static void test_tabs(void)
{
	struct pipe_run p = { .fields = { "a", "b", "c", "d" },
			      .values = { "x,y", "say \"hi\"", "two\tcells", "\"all\"" } };

	CHECK_TEXT(pipe_run_text(&p, "ts\tsize\r\n1\t\"2\"\r\n3\t4,5\n"),
		   "ts\tsize\ta\tb\tc\td\r\n1\t\"2\"\tx,y\tsay \"hi\"\t\"two\tcells\"\t\"\"\"all\"\"\"\r\n"
		   "3\t4,5\tx,y\tsay \"hi\"\t\"two\tcells\"\t\"\"\"all\"\"\"\n");
	p.options.output = &qos_format_csv;
	CHECK_TEXT(pipe_run_text(&p, "ts\tsize\n1\t\"2\t3\"\n"),
		   "ts,size,a,b,c,d\n1,2\t3,\"x,y\",\"say \"\"hi\"\"\",two\tcells,\"\"\"all\"\"\"\n");
	p.options.format = &qos_format_tsv;
	p.options.output = NULL;
	p.options.no_header = "ts,size";
	CHECK_TEXT(pipe_run_text(&p, "1\t2\n"),
		   "ts\tsize\ta\tb\tc\td\n1\t2\tx,y\tsay \"hi\"\t\"two\tcells\"\t\"\"\"all\"\"\"\n");
	free(p.text);
}

/* What a spreadsheet would run becomes text; signed numbers stay numbers; the input is looked at, too. */
static void test_safe(void)
{
	struct pipe_run p = { .fields = { "a", "b" },
			      .values = { "=\"x\"", "+1.5e3" },
			      .options = { .csv_safe = true, .format = &qos_format_csv } };

	CHECK_TEXT(
		pipe_run_text(&p, "ts,=c,d\n1,@SUM(1),-7\n2,-,+\n3,x=1,\"=2\"\n"),
		"ts,\"'=c\",d,a,b\n1,\"'@SUM(1)\",-7,\"'=\"\"x\"\"\",+1.5e3\n2,\"'-\",\"'+\",\"'=\"\"x\"\"\",+1.5e3\n"
		"3,x=1,\"'=2\",\"'=\"\"x\"\"\",+1.5e3\n");
	free(p.text);
}

static void test_no_header(void)
{
	struct pipe_run p = { .fields = { "class" },
			      .values = { "gold" },
			      .options.no_header = "ts,size",
			      .options.format = &qos_format_csv };

	CHECK_TEXT(pipe_run_text(&p, "1,2\n"), "ts,size,class\n1,2,gold\n");
	free(p.text);
}

static void test_unchanged(void)
{
	static const char input[] = "ts,\"a \"\"b\"\"\",c\n1,\"x\ny\",  \n2,5\" disk,\xff\xfe\r\n";
	struct pipe_run p = { .options.format = &qos_format_csv };

	CHECK_TEXT(pipe_run_text(&p, input), input);
	free(p.text);
}

/* A built row: cells of every kind, over fields as a reader of another format leaves them. */
static void test_built(void)
{
	static const char bytes[] = "12 \"a\\nb\" [1,2] true null \"p,q\"";
	static const struct {
		const char *name;
		struct qos_cell cell;
	} cells[] = {
		{ "size", { 0, 2, QOS_CELL_NUMBER } }, { "text", { 4, 4, QOS_CELL_ESCAPED } },
		{ "tree", { 10, 5, QOS_CELL_TREE } },  { "flag", { 16, 4, QOS_CELL_TRUE } },
		{ "none", { 21, 4, QOS_CELL_NULL } },  { "comma", { 27, 3, QOS_CELL_QUOTED } },
	};
	enum { N = sizeof(cells) / sizeof(*cells) };
	struct qos_cell borrowed[QOS_N_KNOWN + N + 1] = { 0 };
	struct qos_csv_writer_room {
		char bytes[1024];
	} state = { 0 };
	struct qos_record r = { .bytes = bytes, .n_bytes = sizeof(bytes) - 1, .cell = borrowed };
	struct qos_writing w = { .n_columns = 1 };
	struct qos_value v = { QOS_F_CLASS, false, QOS_STR("gold") };
	char scratch[100], name[] = "/tmp/qos-built-XXXXXX", text[200] = "";
	int column = QOS_F_CLASS, fd = mkstemp(name), late;
	struct qos_out out;

	CHECK(qos_format_csv.writer_bytes <= sizeof(state));
	unlink(name);
	qos_out_open(&out, fd, NULL);
	qos_fields_new(&w.fields, NULL);
	qos_fields_keep(w.fields, QOS_F_CLASS);
	qos_fields_keep(w.fields, QOS_F_STREAM); /* kept for a stage, no column of the input */
	for (int i = 0; i < N; i++)
		borrowed[qos_fields_column_keep(w.fields, qos_str(cells[i].name))] = cells[i].cell;
	w.out = &out;
	w.columns = &column;
	w.scratch = scratch;
	CHECK_INT(qos_format_csv.begin(&state, &w, &r), 0);
	qos_format_csv.put(&state, &w, &r, &v);
	late = qos_fields_column_keep(w.fields, QOS_STR("late"));
	qos_format_csv.put(&state, &w, &r, &v);
	CHECK_INT(w.n_lost, 0);
	borrowed[late] = cells[0].cell;
	qos_format_csv.put(&state, &w, &r, &v);
	CHECK_INT(w.n_lost, 1);
	CHECK_TEXT(w.lost, "late");
	qos_format_csv.end(&state, &w);
	qos_out_flush(&out);
	CHECK(pread(fd, text, sizeof(text) - 1, 0) > 0);
#define ROW "12,\"a\nb\",\"[1,2]\",true,,\"p,q\",gold\n"
	CHECK_TEXT(text, "size,text,tree,flag,none,comma,class\n" ROW ROW ROW);
	qos_out_free(&out);
	qos_fields_free(w.fields);
	close(fd);
}

int main(void)
{
	char folder[32];

	pipe_enter(folder);
	RUN("our columns are appended to header and rows", test_append);
	RUN("a column that is there already has its value replaced in place", test_replace);
	RUN("a value that says nothing leaves what is there", test_nothing_to_say);
	RUN("values are quoted where they must be", test_quoting);
	RUN("each row keeps its line end, and the last one gets one", test_line_ends);
	RUN("tsv is the same with tabs, and quotes less", test_tabs);
	RUN("cells that a spreadsheet would run are made text where that is asked for", test_safe);
	RUN("names given for a missing header are written", test_no_header);
	RUN("with nothing to add every byte goes through", test_unchanged);
	RUN("a record of another format is built from its cells, and a late field is counted", test_built);
	pipe_leave(folder, NULL, 0);
	return DONE();
}
