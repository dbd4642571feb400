/* Messages made by a program. */
#include "record/message.h"

#include "tests/unit/test.h"

static struct qos_fields *fields;
static struct qos_names classes;
static struct qos_message *m;
static struct qos_err err;

static void typed(void)
{
	struct qos_record *r;
	char scratch[8];

	qos_message_begin(m, 42);
	qos_message_set(m, "stream", qos_str("a"));
	qos_message_set(m, "class", qos_str("urgent"));
	qos_message_set(m, "size", qos_str("64KiB"));
	qos_message_set(m, "max_latency", qos_str("10ms"));
	qos_message_set(m, "stream", qos_str("bc"));
	qos_message_set(m, "nobody_reads_this", qos_str("x"));
	r = qos_message_record(m, &err);
	CHECK(r != NULL);
	CHECK_INT(r->class, 1);
	CHECK_INT(r->size_bytes, 65536);
	CHECK_INT(r->deadline_ns, 10000000);
	CHECK_INT(r->service_ns, QOS_UNSET);
	CHECK_INT(r->arrival_ns, 42);
	CHECK_INT(r->ts_ns, 42);
	CHECK_INT(r->depart_ns, QOS_UNSET);
	CHECK(qos_str_is(qos_cell_text(r, r->cell[QOS_F_STREAM], scratch), "bc"));
}

static void used_again(void)
{
	struct qos_record *r;

	qos_message_begin(m, 43);
	qos_message_set(m, "payload", qos_str("12345"));
	r = qos_message_record(m, &err);
	CHECK_INT(r->cell[QOS_F_STREAM].kind, QOS_CELL_ABSENT);
	CHECK_INT(r->class, -1);
	CHECK_INT(r->size_bytes, 5);
	CHECK_INT(r->arrival_ns, 43);
	qos_message_begin(m, 44);
	r = qos_message_record(m, &err);
	CHECK_INT(r->size_bytes, 0);
	CHECK_INT(r->n_bytes, 0);
}

static void refused(void)
{
	static const struct qos_str huge = { "", (size_t)1 << 28 };

	qos_message_begin(m, 0);
	qos_message_set(m, "class", qos_str("common"));
	CHECK(qos_message_record(m, &err) == NULL);
	CHECK_INT(err.code, QOS_EINPUT);
	CHECK(strstr(err.text, "no such class; there are calm, urgent"));
	qos_message_begin(m, 0);
	qos_message_set(m, "size", qos_str("large"));
	CHECK(qos_message_record(m, &err) == NULL);
	qos_message_begin(m, 0);
	qos_message_set(m, "payload", huge);
	CHECK(qos_message_record(m, &err) == NULL);
	CHECK(strstr(err.text, "more than 134217728 bytes"));
	qos_message_begin(m, 0);
	CHECK(qos_message_record(m, &err) != NULL);
}

int main(void)
{
	CHECK_INT(qos_fields_new(&fields, &err), 0);
	qos_names_add(&classes, qos_str("calm"));
	qos_names_add(&classes, qos_str("urgent"));
	CHECK_INT(qos_message_new(&m, fields, &classes, &err), 0);
	CHECK(fields->wanted[QOS_F_SIZE] && fields->wanted[QOS_F_CLASS]);
	RUN("numbers and classes are read, the last value of a field holds", typed);
	RUN("a message is used over and over", used_again);
	RUN("a value that is none is refused with its reason", refused);
	qos_message_free(m);
	qos_names_free(&classes);
	qos_fields_free(fields);
	return DONE();
}
