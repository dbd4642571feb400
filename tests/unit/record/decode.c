#include "record/decode.h"

#include "record/color.h"
#include "tests/unit/test.h"

static struct qos_names classes;

struct cell {
	int field;
	const char *text; /* NULL: no more */
	enum qos_cell_kind kind;
};

/* A borrowed record with these cells. */
static struct qos_record *make(const struct cell *c)
{
	static struct qos_cell cells[QOS_N_KNOWN];
	static char bytes[400];
	static struct qos_record r;
	size_t n = 0;

	memset(cells, 0, sizeof(cells));
	r = (struct qos_record){ .bytes = bytes, .cell = cells, .class = -1 };
	for (; c->text; c++) {
		size_t len = strlen(c->text);

		memcpy(bytes + n, c->text, len + 1);
		cells[c->field] = (struct qos_cell){ (uint32_t)n, (uint32_t)len, c->kind };
		n += len + 1;
	}
	r.n_bytes = (uint32_t)n;
	return &r;
}

#define RECORD(...) make((const struct cell[]){ __VA_ARGS__, { 0, NULL, 0 } })
#define TEXT        QOS_CELL_TEXT

static const struct qos_decode all = { .ts = true,
				       .depart = true,
				       .size = true,
				       .service_time = true,
				       .max_latency = true,
				       .class = true,
				       .drop = true,
				       .color = true,
				       .classes = &classes };

static void test_members(void)
{
	struct qos_decode d = all;
	struct qos_record *r = RECORD({ QOS_F_TS, "1.5", TEXT }, { QOS_F_DEPART, "1.75", QOS_CELL_NUMBER },
				      { QOS_F_SIZE, "1500", QOS_CELL_QUOTED }, { QOS_F_SERVICE_TIME, "0.002", TEXT },
				      { QOS_F_MAX_LATENCY, "0.01", TEXT }, { QOS_F_CLASS, "gold", TEXT });
	char why[200];
	int field;

	CHECK_INT(qos_decode_record(&d, r, &field, why), 0);
	CHECK_INT(r->ts_ns, 1500000000);
	CHECK_INT(r->arrival_ns, 1750000000);
	CHECK_INT(r->size_bytes, 1500);
	CHECK_INT(r->service_ns, 2000000);
	CHECK_INT(r->deadline_ns, 10000000);
	CHECK_INT(r->class, 0);
	CHECK_INT(r->drop, QOS_DROP_NONE);
}

static void test_absent(void)
{
	struct qos_decode d = all;
	struct qos_record *r =
		RECORD({ QOS_F_ID, "xyz", TEXT }, { QOS_F_TS, "", TEXT }, { QOS_F_SIZE, "null", QOS_CELL_NULL });
	char why[200];
	int field;

	CHECK_INT(qos_decode_record(&d, r, &field, why), 0);
	CHECK(r->ts_ns == QOS_UNSET && r->arrival_ns == QOS_UNSET);
	CHECK_INT(r->size_bytes, r->n_bytes);
	CHECK(r->service_ns == QOS_UNSET && r->deadline_ns == QOS_UNSET);
	CHECK_INT(r->class, -1);
	d.need_ts = true;
	CHECK_INT(qos_decode_record(&d, r, &field, why), -1);
	CHECK_INT(field, QOS_F_TS);
	CHECK_TEXT(why, "record has no ts; map the column that has the time with -f ts=COLUMN");
	r = RECORD({ QOS_F_DEPART, "2", TEXT });
	CHECK_INT(qos_decode_record(&d, r, &field, why), 0);
	CHECK_INT(r->arrival_ns, 2000000000);
}

/* The refusal of one bad cell. */
static const char *refusal(int id, const char *text)
{
	static char why[200];
	struct qos_decode d = all;
	int field = -1;

	why[0] = '\0';
	CHECK_INT(qos_decode_record(&d, RECORD({ id, text, TEXT }), &field, why), -1);
	CHECK_INT(field, id);
	return why;
}

static void test_bad(void)
{
	CHECK(strncmp(refusal(QOS_F_SIZE, "12q"), "size \"12q\": ", 12) == 0);
	CHECK(strncmp(refusal(QOS_F_TS, "noon"), "ts \"noon\": ", 11) == 0);
	CHECK(strncmp(refusal(QOS_F_DEPART, "late"), "depart \"late\": ", 15) == 0);
	CHECK(strncmp(refusal(QOS_F_SERVICE_TIME, "x"), "service_time \"x\": ", 18) == 0);
	CHECK(strncmp(refusal(QOS_F_MAX_LATENCY, "x"), "max_latency \"x\": ", 17) == 0);
	CHECK_TEXT(refusal(QOS_F_CLASS, "bronze"), "class \"bronze\": no such class; there are gold, silver, x");
	CHECK(strstr(refusal(QOS_F_SIZE, "1234567890123456789012345678901234567890123456789012345678901234567890"),
		     "567890...\""));
}

static void test_classes(void)
{
	static const char *const names[] = { "gold", "silver", "x", "silver", "gold", "gold", "x" };
	static const int want[] = { 0, 1, 2, 1, 0, 0, 2 };
	struct qos_decode d = all;
	char why[200];
	int field;

	for (int i = 0; i < 7; i++) {
		struct qos_record *r = RECORD({ QOS_F_CLASS, names[i], TEXT });

		CHECK_INT(qos_decode_record(&d, r, &field, why), 0);
		CHECK_INT(r->class, want[i]);
	}
	/* the same first and last bytes: the cache must compare */
	CHECK(strstr(refusal(QOS_F_CLASS, "silvver"), "silvver"));
	CHECK_INT(qos_decode_record(&d, RECORD({ QOS_F_CLASS, "silsilver", TEXT }), &field, why), -1);
}

static void test_drop(void)
{
	struct qos_decode d = all;
	char why[200];
	int field;
	struct qos_record *r = RECORD({ QOS_F_DROP, "tail", TEXT });

	qos_decode_record(&d, r, &field, why);
	CHECK_INT(r->drop, QOS_DROP_UPSTREAM);
	r = RECORD({ QOS_F_DROP, "", TEXT });
	qos_decode_record(&d, r, &field, why);
	CHECK_INT(r->drop, QOS_DROP_NONE);
	r = RECORD({ QOS_F_DROP, "false", QOS_CELL_FALSE });
	qos_decode_record(&d, r, &field, why);
	CHECK_INT(r->drop, QOS_DROP_NONE);
}

static void test_color(void)
{
	struct qos_decode d = all;
	char why[200];
	int field;
	struct qos_record *r = RECORD({ QOS_F_COLOR, "yellow", TEXT });

	CHECK_INT(qos_decode_record(&d, r, &field, why), 0);
	CHECK_INT(r->color, QOS_YELLOW + 1);
	r = RECORD({ QOS_F_COLOR, "", TEXT });
	CHECK_INT(qos_decode_record(&d, r, &field, why), 0);
	CHECK_INT(r->color, 0);
	CHECK_TEXT(refusal(QOS_F_COLOR, "blue"), "color \"blue\": no such color; there are green, yellow, red");
}

static void test_escaped(void)
{
	struct qos_decode d = all;
	char why[200];
	int field;
	struct qos_record *r = RECORD({ QOS_F_CLASS, "\\u0067old", QOS_CELL_ESCAPED });

	CHECK_INT(qos_decode_record(&d, r, &field, why), 0);
	CHECK_INT(r->class, 0);
}

static void test_want(void)
{
	struct qos_decode d = { .size = true, .class = true };
	struct qos_fields *f;

	qos_fields_new(&f, NULL);
	qos_decode_want(&d, f);
	CHECK(f->wanted[QOS_F_SIZE] && f->wanted[QOS_F_CLASS] && !f->wanted[QOS_F_TS] && !f->wanted[QOS_F_DROP]);
	qos_fields_free(f);
}

int main(void)
{
	qos_names_add(&classes, QOS_STR("gold"));
	qos_names_add(&classes, QOS_STR("silver"));
	qos_names_add(&classes, QOS_STR("x"));
	RUN("times, sizes, spans and the class are decoded", test_members);
	RUN("what is absent or empty has its default, and ts can be needed", test_absent);
	RUN("what does not parse is named with its text", test_bad);
	RUN("class names are found whatever was seen before", test_classes);
	RUN("a drop of an earlier filter is marked", test_drop);
	RUN("a color is read, another word is bad", test_color);
	RUN("escapes are undone before decoding", test_escaped);
	RUN("the fields of wanted members are wanted", test_want);
	qos_names_free(&classes);
	return DONE();
}
