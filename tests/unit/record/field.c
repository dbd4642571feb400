#include "record/field.h"

#include "tests/unit/test.h"

static void test_known(void)
{
	struct qos_fields *f;

	CHECK_INT(qos_fields_new(&f, NULL), 0);
	CHECK_INT(qos_fields_count(f), QOS_N_KNOWN);
	CHECK_INT(qos_fields_id(f, QOS_STR("ts")), QOS_F_TS);
	CHECK_INT(qos_fields_id(f, QOS_STR("drop")), QOS_F_DROP);
	CHECK_INT(qos_fields_id(f, QOS_STR("class_by")), QOS_F_CLASS_BY);
	CHECK_INT(qos_fields_id(f, QOS_STR("meta.env")), QOS_N_KNOWN);
	CHECK_INT(qos_fields_id(f, QOS_STR("meta.env")), QOS_N_KNOWN);
	qos_fields_free(f);
}

static void test_ts(void)
{
	struct qos_fields *f;
	int64_t ns = 0, cache[2] = { 0, 0 };

	qos_fields_new(&f, NULL);
	CHECK_INT(qos_fields_ts(f, QOS_STR("2015-05-17T10:05:03Z"), &ns, cache), 0);
	CHECK_INT(ns, 1431857103000000000);
	f->ts_format = "%b %e %T";
	f->ts_year = 2016;
	CHECK_INT(qos_fields_ts(f, QOS_STR("May 17 10:05:04"), &ns, cache), 0);
	CHECK_INT(ns, 1463479504000000000);
	CHECK_INT(qos_fields_ts(f, QOS_STR("2015-05-17T10:05:03Z"), &ns, cache), -1);
	qos_fields_free(f);
}

static void test_wanted(void)
{
	struct qos_fields *f;

	qos_fields_new(&f, NULL);
	CHECK_INT(qos_fields_column(f, QOS_STR("size")), -1);
	qos_fields_want(f, QOS_F_SIZE);
	CHECK_INT(qos_fields_column(f, QOS_STR("size")), QOS_F_SIZE);
	CHECK_INT(qos_fields_column(f, QOS_STR("never heard of")), -1);
	qos_fields_keep(f, QOS_F_CLASS);
	qos_fields_keep(f, QOS_F_CLASS);
	CHECK_INT(f->n_keep, 1);
	CHECK_INT(qos_fields_column(f, QOS_STR("class")), QOS_F_CLASS);
	CHECK(!f->carried[QOS_F_CLASS]);
	qos_fields_free(f);
}

static void test_map(void)
{
	struct qos_fields *f;
	struct qos_err err;
	int own;

	qos_fields_new(&f, NULL);
	CHECK_INT(qos_fields_map(f, QOS_STR("ts"), QOS_STR("timestamp"), &err), 0);
	qos_fields_want(f, QOS_F_TS);
	CHECK_INT(qos_fields_column(f, QOS_STR("timestamp")), QOS_F_TS);
	CHECK_INT(qos_fields_column(f, QOS_STR("ts")), -1);
	CHECK(qos_str_is(qos_fields_column_name(f, QOS_F_TS), "timestamp"));
	own = qos_fields_column_keep(f, QOS_STR("ts"));
	CHECK(own >= QOS_N_KNOWN);
	CHECK(qos_str_is(qos_fields_column_name(f, own), "ts"));
	CHECK_INT(qos_fields_column(f, QOS_STR("ts")), own);
	CHECK_INT(qos_fields_column_keep(f, QOS_STR("timestamp")), QOS_F_TS);
	qos_fields_free(f);
}

static void test_map_again(void)
{
	struct qos_fields *f;
	struct qos_err err;

	qos_fields_new(&f, NULL);
	qos_fields_want(f, QOS_F_SIZE);
	CHECK_INT(qos_fields_map(f, QOS_STR("size"), QOS_STR("bytes"), &err), 0);
	CHECK_INT(qos_fields_map(f, QOS_STR("size"), QOS_STR("length"), &err), 0);
	CHECK_INT(qos_fields_column(f, QOS_STR("bytes")), -1);
	CHECK_INT(qos_fields_column(f, QOS_STR("length")), QOS_F_SIZE);
	CHECK_INT(qos_fields_map(f, QOS_STR("ts"), QOS_STR("length"), &err), QOS_EUSAGE);
	CHECK(strstr(err.text, "stands for field \"size\" already"));
	CHECK_INT(qos_fields_map(f, QOS_STR("ts"), QOS_STR("bytes"), &err), 0);
	qos_fields_free(f);
}

static void test_limits(void)
{
	struct qos_fields *f;
	struct qos_err err;
	char name[16];

	qos_fields_new(&f, NULL);
	for (int i = 0; i < 64; i++) {
		snprintf(name, sizeof(name), "f%d", i);
		CHECK_INT(qos_fields_map(f, qos_str(name), qos_str(name + 1), &err), 0);
	}
	CHECK_INT(qos_fields_map(f, QOS_STR("one"), QOS_STR("more"), &err), QOS_EUSAGE);
	for (int i = qos_fields_count(f); i < QOS_FIELDS_MOST; i++) {
		snprintf(name, sizeof(name), "g%d", i);
		CHECK_INT(qos_fields_id(f, qos_str(name)), i);
	}
	CHECK_INT(qos_fields_id(f, QOS_STR("one too many")), -1);
	CHECK_INT(qos_fields_id(f, QOS_STR("ts")), QOS_F_TS);
	CHECK_INT(qos_fields_column_keep(f, QOS_STR("one too many")), -1);
	qos_fields_free(f);
}

int main(void)
{
	RUN("known fields have their ids, others get the next", test_known);
	RUN("a moment is read in the form that the input has", test_ts);
	RUN("a column stands for a field only when somebody wants it", test_wanted);
	RUN("a mapped column is the field, and one with the field's name is its own", test_map);
	RUN("the last map of a field holds, and a column stands for one field only", test_map_again);
	RUN("too many maps and too many fields are refused", test_limits);
	return DONE();
}
