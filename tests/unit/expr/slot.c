/* Fields as typed values. */
#include "expr/slot.h"

#include "tests/unit/expr/sample.h"

static struct sample s;
static struct qos_slots slots;

static int slot_of(const char *name)
{
	int id = qos_fields_id(s.fields, qos_str(name));

	return qos_slots_add(&slots, id, qos_slot_reading(id, qos_str(name)));
}

static const struct qos_expr_value *value(const char *name)
{
	return qos_slot_value(&slots, slot_of(name), &s.r);
}

static void next(void)
{
	sample_clear(&s);
	qos_slots_next(&slots);
}

static void kinds(void)
{
	next();
	sample_set(&s, "type", "alert");
	sample_set(&s, "size", "1500");
	sample_set(&s, "max_latency", "250ms");
	sample_set(&s, "ts", "1735689600.25");
	sample_set(&s, "code", "42");
	sample_set(&s, "dport", "443");
	CHECK_INT(value("type")->type, QOS_EXPR_TEXT);
	CHECK(qos_str_is(value("type")->text, "alert"));
	CHECK_INT(value("size")->type, QOS_EXPR_NUMBER);
	CHECK(value("size")->number == 1500);
	CHECK(value("max_latency")->number == 0.25);
	CHECK(value("ts")->number == 1735689600.25);
	CHECK_INT(value("code")->type, QOS_EXPR_ANY);
	CHECK(qos_str_is(value("code")->text, "42"));
	CHECK(value("dport")->number == 443);
}

static void described_times(void)
{
	s.fields->ts_format = "%d.%m.%Y %H:%M:%S.%f";
	slots.fields = s.fields;
	next();
	sample_set(&s, "ts", "17.05.2015 10:05:03.5");
	CHECK(value("ts")->number == 1431857103.5);
	CHECK(value("depart")->number == 1431857103.5);
	sample_set(&s, "depart", "1431857104"); /* ours: of a known form */
	qos_slots_next(&slots);
	CHECK(value("depart")->number == 1431857104);
	next();
	sample_set(&s, "ts", "1431857103.5");
	CHECK(value("ts")->text.p == NULL);
	slots.fields = NULL;
	s.fields->ts_format = NULL;
}

static void absent_ones(void)
{
	next();
	sample_set(&s, "ts", "5");
	s.r.n_bytes = 77;
	CHECK(value("type")->text.p == NULL);
	CHECK(value("queue_wait")->text.p == NULL);
	CHECK_INT(value("queue_wait")->type, QOS_EXPR_ANY);
	CHECK(qos_str_is(value("priority")->text, "normal"));
	CHECK(qos_str_is(value("tenant")->text, "default"));
	CHECK(value("size")->number == 77);
	CHECK(value("reliability")->number == 0);
	CHECK(value("depart")->number == 5);
	next();
	sample_set(&s, "priority", ""); /* what csv has instead of nothing */
	sample_set(&s, "size", "many");
	CHECK(qos_str_is(value("priority")->text, "normal"));
	CHECK_INT(value("size")->type, QOS_EXPR_ANY);
	CHECK(value("size")->text.p == NULL);
}

static void json(void)
{
	next();
	sample_set_bytes(&s, "a", QOS_CELL_TRUE, QOS_STR("true"));
	sample_set_bytes(&s, "b", QOS_CELL_NULL, QOS_STR("null"));
	sample_set_bytes(&s, "c", QOS_CELL_ESCAPED, QOS_STR("x\\ny\\u00e4"));
	sample_set_bytes(&s, "d", QOS_CELL_CSV, QOS_STR("say \"\"hi\"\""));
	sample_set_bytes(&s, "size", QOS_CELL_TRUE, QOS_STR("true"));
	CHECK_INT(value("a")->type, QOS_EXPR_BOOL);
	CHECK(qos_str_is(value("a")->text, "true"));
	CHECK(value("b")->text.p == NULL);
	CHECK(qos_str_is(value("c")->text, "x\ny\xc3\xa4"));
	CHECK(qos_str_is(value("d")->text, "say \"hi\""));
	CHECK(value("size")->text.p == NULL);
}

static void numbers(void)
{
	double x;

	next();
	sample_set(&s, "code", "1e3");
	sample_set(&s, "name", "x");
	CHECK(qos_slot_number(&slots, slot_of("code"), &s.r, &x) && x == 1000);
	CHECK(!qos_slot_number(&slots, slot_of("name"), &s.r, &x));
	CHECK(!qos_slot_number(&slots, slot_of("gone"), &s.r, &x));
}

static void once_per_record(void)
{
	next();
	sample_set(&s, "code", "1");
	CHECK(qos_str_is(value("code")->text, "1"));
	sample_set(&s, "code", "2");
	CHECK(qos_str_is(value("code")->text, "1"));
	qos_slots_next(&slots);
	CHECK(qos_str_is(value("code")->text, "2"));
	CHECK_INT(slot_of("code"), slot_of("code"));
}

static void presence(void)
{
	next();
	sample_set(&s, "e", "");
	sample_set(&s, "x", "1");
	sample_set_bytes(&s, "n", QOS_CELL_NULL, QOS_STR("null"));
	CHECK(qos_slot_has(&slots, slot_of("x"), &s.r));
	CHECK(!qos_slot_has(&slots, slot_of("e"), &s.r));
	CHECK(!qos_slot_has(&slots, slot_of("n"), &s.r));
	CHECK(!qos_slot_has(&slots, slot_of("priority"), &s.r)); /* its default is not there */
}

int main(void)
{
	sample_new(&s);
	RUN("known fields are read as what they are", kinds);
	RUN("ts is read as it was described, also where it stands for depart", described_times);
	RUN("absent fields have the defaults of the design", absent_ones);
	RUN("quoting is undone, true is true", json);
	RUN("an unknown field is a number if it looks like one", numbers);
	RUN("a field is read once for each record", once_per_record);
	RUN("what is empty or null is not there", presence);
	qos_slots_free(&slots);
	sample_free(&s);
	return DONE();
}
