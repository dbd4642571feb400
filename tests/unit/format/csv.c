#include "format/csv_row.h"
#include "format/csv_scan.h"

#include "base/rng.h"
#include "tests/unit/format/pipe.h"
#include "tests/unit/test.h"

static void test_same_bits(void)
{
	static const char letters[] = ",\t\n\"ab\r\x2d\x2b\xac\x8a\xa2\x22\x0a\x2c";
	struct qos_rng rng;
	char block[QOS_CSV_BLOCK_BYTES];

	qos_rng_seed(&rng, 1);
	for (int round = 0; round < 20000; round++) {
		struct qos_csv_bits a, b;
		uint64_t ends = 0, stops = 0;
		char sep = round & 2 ? ',' : '\t';

		for (int i = 0; i < QOS_CSV_BLOCK_BYTES; i++) {
			block[i] = round & 1 ? letters[qos_rng_below(&rng, sizeof(letters))] : (char)qos_rng_next(&rng);
			ends |= (uint64_t)(block[i] == sep || block[i] == '\n') << i;
			stops |= (uint64_t)(block[i] == '"' || block[i] == '\n') << i;
		}
		a = qos_csv_block(block, sep);
		b = qos_csv_block_portable(block, sep);
		CHECK(a.ends == ends && a.stops == stops && b.ends == ends && b.stops == stops);
	}
}

/* What a reader of three wanted columns sees in a text: texts of the cells, or '!' for a refused row. */
struct seen {
	char text[1 << 16];
	size_t n;
};

static void see(struct seen *s, const char *format, int n, const char *p)
{
	if (s->n + 5000 < sizeof(s->text)) /* what does not fit is not compared */
		s->n += (size_t)snprintf(s->text + s->n, sizeof(s->text) - s->n, format, n, p);
}

/* Returns  the number of lines that the reader counted. */
static long see_by_format(struct seen *s, struct qos_str text, size_t most_bytes)
{
	struct qos_in in = { 0 };
	struct qos_reading g = { .in = &in };
	struct qos_record r = { 0 };
	struct qos_err err;
	void *state = calloc(1, qos_format_csv.reader_bytes);
	char scratch[4096];
	enum qos_next next;
	int ids[3];

	s->n = 0;
	qos_fields_new(&g.fields, NULL);
	for (int i = 0; i < 3; i++)
		qos_fields_want(g.fields, ids[i] = qos_fields_id(g.fields, (struct qos_str){ &"abc"[i], 1 }));
	qos_in_memory(&in, "m", text, most_bytes, NULL);
	qos_reading_grow(&g);
	CHECK_INT(qos_format_csv.open(state, &g, &err), 0);
	while ((next = qos_format_csv.next(state, &g, &r)) != QOS_NEXT_END) {
		for (int i = 0; next == QOS_NEXT_RECORD && i < 3; i++) {
			struct qos_str cell = qos_cell_text(&r, g.cell[ids[i]], scratch);

			see(s, "<%.*s>", (int)cell.n, cell.p);
		}
		see(s, next == QOS_NEXT_RECORD ? "%.*s\n" : "!%.*s\n", next == QOS_NEXT_RECORD ? r.eol_bytes : 0, "..");
	}
	qos_format_csv.close(state);
	free(state);
	free(g.cell);
	qos_names_free(&g.columns);
	qos_arena_free(&g.lasting);
	qos_fields_free(g.fields);
	qos_in_close(&in);
	CHECK(in.at == in.end);
	return in.line - 1;
}

/* The same by libcsv alone, over a text that ends with a newline. */
static void see_by_libcsv(struct seen *s, struct qos_str text)
{
	const char *p = text.p, *end = text.p + text.n;
	struct qos_csv_row row = { 0 };
	struct qos_record r = { 0 };
	char scratch[4096];
	bool header = true;

	s->n = 0;
	while (p < end) {
		enum qos_csv_split got = qos_csv_row_split(&row, p, end, false);

		if (got != QOS_CSV_ROW && got != QOS_CSV_BLANK)
			break;
		r.bytes = p;
		for (size_t i = 0; got == QOS_CSV_ROW && !header && row.n == 3 && i < 3; i++) {
			struct qos_str cell = qos_cell_text(&r, row.cell[i], scratch);

			see(s, "<%.*s>", (int)cell.n, cell.p);
		}
		if (got == QOS_CSV_ROW && !header)
			see(s, row.n == 3 ? "%.*s\n" : "!%.*s\n", row.n == 3 ? row.eol_bytes : 0, "..");
		header = header && got == QOS_CSV_BLANK;
		p += row.n_bytes + row.eol_bytes;
	}
	qos_csv_row_free(&row);
}

/* Random rows of three cells, sometimes two or four; `letters` are what the cells are made of. */
static size_t random_text(struct qos_rng *rng, char *p, const char *letters, size_t n_letters)
{
	size_t n = (size_t)snprintf(p, 8, "a,b,c\n"), n_rows = qos_rng_below(rng, 12);

	for (size_t i = 0; i < n_rows; i++) {
		int n_cells = qos_rng_below(rng, 8) ? 3 : (int)qos_rng_below(rng, 5);

		for (int k = 0; k < n_cells; k++) {
			for (size_t j = qos_rng_below(rng, qos_rng_below(rng, 4) ? 6 : 90); j > 0; j--)
				p[n++] = letters[qos_rng_below(rng, n_letters)];
			if (k < n_cells - 1)
				p[n++] = ',';
		}
		if (qos_rng_below(rng, 3) == 0)
			p[n++] = '\r';
		p[n++] = '\n';
	}
	return n;
}

static void compare(const char *letters)
{
	static struct seen fast, slow;
	struct qos_rng rng;
	char text[8192];

	qos_rng_seed(&rng, 7);
	for (int i = 0; i < 3000; i++) {
		size_t n = random_text(&rng, text, letters, strlen(letters));

		see_by_format(&fast, (struct qos_str){ text, n }, sizeof(text));
		see_by_libcsv(&slow, (struct qos_str){ text, n });
		CHECK(fast.n == slow.n && memcmp(fast.text, slow.text, fast.n) == 0);
	}
}

static void test_fast_is_libcsv(void)
{
	compare("abcdefgh \r\xff");
}

static void test_lines_counted(void)
{
	static struct seen any;
	struct qos_rng rng;
	char text[8192];

	qos_rng_seed(&rng, 3);
	for (int i = 0; i < 5000; i++) {
		size_t n = random_text(&rng, text, "ab\"\",\n\r", 8), n_lines = 0;

		for (size_t k = 0; k < n; k++)
			n_lines += text[k] == '\n';
		if (n > 6 && i & 1 && text[n - 2] != '\n')
			n--; /* the last line without its newline is a line all the same */
		CHECK_INT(see_by_format(&any, (struct qos_str){ text, n }, i & 2 ? 40 : sizeof(text)), n_lines);
	}
}

static const char *seen(const char *text, size_t most_bytes)
{
	static struct seen s;

	see_by_format(&s, qos_str(text), most_bytes);
	s.text[s.n] = '\0';
	return s.text;
}

static void test_quoted(void)
{
	CHECK_TEXT(seen("a,b,c\n1,\"x,\"\"y\"\"\",3\n4,\"two\nlines\",6\r\n7,8,9\n", 100),
		   "<1><x,\"y\"><3>.\n<4><two\nlines><6>..\n<7><8><9>.\n");
	CHECK_TEXT(seen("x,c,b,a\n0,1,\"2\",3\n", 100), "<3><2><1>.\n");
}

static void test_ends(void)
{
	CHECK_TEXT(seen("", 100), "");
	CHECK_TEXT(seen("a,b,c", 100), "");
	CHECK_TEXT(seen("a,b,c\n", 100), "");
	CHECK_TEXT(seen("\n\r\na,b,c\n\n1,2,3\r\n\r\n4,5,6", 100), "<1><2><3>..\n<4><5><6>\n");
	CHECK_TEXT(seen("a,b,c\n1,2,\"3\"", 100), "<1><2><3>\n");
	CHECK_TEXT(seen("a,b,c\n1,2", 100), "!\n");
	CHECK_TEXT(seen("\xef\xbb\xbf"
			"a,b,c\n1,2,3\n",
			100),
		   "<1><2><3>.\n");
	CHECK_TEXT(seen("a\n1\n\n\r\n2", 100), "<1><><>.\n<2><><>\n");
}

static void test_stray_quote(void)
{
	/* it costs its line, whatever stands behind it */
	CHECK_TEXT(seen("a,b,c\n1,\"2,3\n4,5,6\n7,8,9\n", 100), "!\n<4><5><6>.\n<7><8><9>.\n");
	CHECK_TEXT(seen("a,b,c\n1,\"2,3\n4,5,6\n7,8,9", 100), "!\n<4><5><6>.\n<7><8><9>\n");
	CHECK_TEXT(seen("a,b,c\n1,2,\"3", 100), "!\n");
	/* inside of what was searched, a row has to end on its line */
	CHECK_TEXT(seen("a,b,c\n1,\"2,3\n\"\"x,5,6\n7,8,9\n", 100), "!\n!\n<7><8><9>.\n");
}

static void test_many_stray_quotes(void)
{
	enum { N = 100000 };
	char *text = malloc(4 * N + 16);
	struct qos_str s = { text, 0 };
	static struct seen result;

	/* every line opens a quote, and none closes it: linear or this test takes hours */
	s.n = (size_t)sprintf(text, "a,b,c\n\"\n");
	for (int i = 0; i < N; i++) {
		memcpy(text + s.n, "\"\"x\n", 4);
		s.n += 4;
	}
	see_by_format(&result, s, 1 << 20);
	CHECK(result.n > 0 && result.text[0] == '!');
	free(text);
}

int main(void)
{
	RUN("vector and portable scan see the same ends and stops", test_same_bits);
	RUN("the fast path gives the cells that libcsv gives", test_fast_is_libcsv);
	RUN("whatever the quotes do, every line is read and counted once", test_lines_counted);
	RUN("quoted cells are whole, whatever order the columns have", test_quoted);
	RUN("empty lines, a missing last newline and a byte order mark are no rows", test_ends);
	RUN("a quote that never closes costs its line", test_stray_quote);
	RUN("many quotes that never close cost linear time", test_many_stray_quotes);
	return DONE();
}
