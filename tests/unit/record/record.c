#include "record/record.h"

#include "tests/unit/test.h"

/* Text of a cell over all of `bytes`, which stands between quotes for the quoted kinds. */
static const char *text_of(const char *bytes, enum qos_cell_kind kind)
{
	static char text[200];
	char scratch[200];
	struct qos_record r = { .bytes = bytes, .n_bytes = (uint32_t)strlen(bytes) };
	struct qos_str s = qos_cell_text(&r, (struct qos_cell){ 0, r.n_bytes, kind }, scratch);

	snprintf(text, sizeof(text), "%.*s", QOS_STR_ARG(s));
	return text;
}

static void test_text(void)
{
	CHECK_TEXT(text_of("plain", QOS_CELL_TEXT), "plain");
	CHECK_TEXT(text_of("gone", QOS_CELL_ABSENT), "");
	CHECK_TEXT(text_of("null", QOS_CELL_NULL), "");
	CHECK_TEXT(text_of("true", QOS_CELL_TRUE), "true");
	CHECK_TEXT(text_of("say \"\"hi\"\"", QOS_CELL_CSV), "say \"hi\"");
	CHECK_TEXT(text_of("a\"b\"\"\"", QOS_CELL_CSV), "a\"b\"\"");
}

static void test_json(void)
{
	CHECK_TEXT(text_of("\\\"\\\\\\/\\b\\f\\n\\r\\t", QOS_CELL_ESCAPED), "\"\\/\b\f\n\r\t");
	CHECK_TEXT(text_of("\\u0041\\u00e9\\u20ac", QOS_CELL_ESCAPED), "A\xc3\xa9\xe2\x82\xac");
	CHECK_TEXT(text_of("\\ud83d\\ude00!", QOS_CELL_ESCAPED), "\xf0\x9f\x98\x80!");
	CHECK_TEXT(text_of("\\ud83d", QOS_CELL_ESCAPED), "\xef\xbf\xbd");
	CHECK_TEXT(text_of("\\ude00x", QOS_CELL_ESCAPED), "\xef\xbf\xbdx");
	CHECK_TEXT(text_of("\\ud83d\\u0041", QOS_CELL_ESCAPED), "\xef\xbf\xbd"
								"A");
	CHECK_TEXT(text_of("\\u00", QOS_CELL_ESCAPED), "u00");
	CHECK_TEXT(text_of("end\\", QOS_CELL_ESCAPED), "end\\");
}

static void test_raw(void)
{
	struct qos_record r = { .bytes = "x,\"a\"\"b\",y", .n_bytes = 10 };

	CHECK(qos_str_is(qos_cell_raw(&r, (struct qos_cell){ 3, 4, QOS_CELL_CSV }), "\"a\"\"b\""));
	CHECK(qos_str_is(qos_cell_raw(&r, (struct qos_cell){ 0, 1, QOS_CELL_TEXT }), "x"));
	CHECK(qos_str_is(qos_cell_raw(&r, (struct qos_cell){ 0 }), ""));
}

static void test_scratch(void)
{
	const char *bytes = "a\"\"b plain \\u0041 nothing";
	struct qos_record r = { .bytes = bytes, .n_bytes = (uint32_t)strlen(bytes) };
	struct qos_scratch s = { 0 };
	char *first;

	CHECK(qos_str_is(qos_scratch_text(&s, &r, (struct qos_cell){ 5, 5, QOS_CELL_TEXT }), "plain"));
	CHECK(s.p == NULL); /* nothing to undo */
	CHECK(qos_str_is(qos_scratch_text(&s, &r, (struct qos_cell){ 0, 4, QOS_CELL_CSV }), "a\"b"));
	first = s.p;
	CHECK(qos_str_is(qos_scratch_text(&s, &r, (struct qos_cell){ 11, 6, QOS_CELL_ESCAPED }), "A"));
	CHECK(s.p == first && s.room == 8); /* it had room */
	CHECK(qos_str_is(qos_scratch_text(&s, &r, (struct qos_cell){ 0, 0, QOS_CELL_ABSENT }), ""));
	qos_scratch_free(&s);
	CHECK(s.p == NULL && s.room == 0);
}

static void test_keep(void)
{
	struct qos_cell cells[QOS_N_KNOWN] = {
		[QOS_F_SIZE] = { 2, 4, QOS_CELL_TEXT }, [QOS_F_TS] = { 0, 1, QOS_CELL_TEXT }
	};
	char bytes[] = "7,1500";
	struct qos_record r = { .bytes = bytes, .n_bytes = 6, .cell = cells, .eol_bytes = 2, .class = 3, .ts_ns = 7 };
	struct qos_slab slab = { 0 };
	struct qos_record *k, *again;
	struct qos_fields *f;

	qos_fields_new(&f, NULL);
	qos_fields_keep(f, QOS_F_SIZE);
	k = qos_record_keep(&r, f, &slab);
	memset(bytes, '?', sizeof(bytes));
	memset(cells, 0, sizeof(cells));
	CHECK(k->kept && k->n_cells == 1 && k->eol_bytes == 2 && k->class == 3 && k->ts_ns == 7);
	CHECK(qos_str_is((struct qos_str){ k->bytes, k->n_bytes }, "7,1500"));
	CHECK(qos_str_is(qos_cell_raw(k, qos_record_kept_cell(k, f, 0)), "1500"));
	qos_fields_keep(f, QOS_F_CLASS); /* kept later: the record has no such cell */
	CHECK_INT(qos_record_kept_cell(k, f, 1).kind, QOS_CELL_ABSENT);
	again = qos_record_keep(k, f, &slab);
	CHECK(qos_str_is(qos_cell_raw(again, qos_record_kept_cell(again, f, 0)), "1500"));
	qos_record_drop(again, f, &slab);
	qos_record_drop(k, f, &slab);
	qos_record_drop(&r, f, &slab);
	CHECK_INT(slab.used_bytes, 0);
	qos_slab_free(&slab);
	qos_fields_free(f);
}

static void test_drop_names(void)
{
	CHECK_TEXT(qos_drop_name[QOS_DROP_NONE], "");
	CHECK_TEXT(qos_drop_name[QOS_DROP_TAIL], "tail");
	for (int i = 0; i < QOS_N_DROP; i++)
		CHECK(qos_drop_name[i]);
}

int main(void)
{
	RUN("the text of a cell has its csv quoting undone", test_text);
	RUN("the text of a cell has its JSON escapes undone, half pairs replaced", test_json);
	RUN("the raw bytes of a cell include its quotes", test_raw);
	RUN("scratch for texts grows, and only where something is undone", test_scratch);
	RUN("a kept record lives on without its block and gives its memory back", test_keep);
	RUN("every reason to drop has a name", test_drop_names);
	return DONE();
}
