/* Texts of timed stages. */
#include "sched/text.h"

#include "record/color.h"
#include "tests/unit/test.h"
#include "unit/timestamp.h"

static void served(void)
{
	struct qos_record r = { .wait_ns = 1500000, .depart_ns = 2000000001, .time_form = QOS_TIME_S };
	char scratch[64];

	CHECK(qos_str_is(qos_text_wait(NULL, &r, scratch), "0.0015"));
	CHECK(qos_str_is(qos_text_depart(NULL, &r, scratch), "2.000000001"));
	r.time_form = QOS_TIME_RFC3339;
	CHECK(qos_str_is(qos_text_depart(NULL, &r, scratch), "1970-01-01T00:00:02.000000001Z"));
	CHECK(qos_str_is(qos_text_drop(NULL, &r, scratch), ""));
}

static void dropped(void)
{
	struct qos_record r = { .depart_ns = QOS_UNSET, .drop = QOS_DROP_TAIL };
	char scratch[64];

	CHECK_INT(qos_text_wait(NULL, &r, scratch).n, 0);
	CHECK_INT(qos_text_depart(NULL, &r, scratch).n, 0);
	CHECK(qos_str_is(qos_text_drop(NULL, &r, scratch), "tail"));
	r.drop = QOS_DROP_UPSTREAM;
	CHECK_INT(qos_text_drop(NULL, &r, scratch).n, 0);
}

static void colored(void)
{
	struct qos_record r = { .color = QOS_RED + 1 };
	char scratch[64];

	CHECK(qos_str_is(qos_text_color(NULL, &r, scratch), "red"));
	r.color = 0;
	CHECK_INT(qos_text_color(NULL, &r, scratch).n, 0);
}

int main(void)
{
	RUN("a served record has its wait and its departure in the form of its time", served);
	RUN("a dropped one has its reason, unless an earlier filter gave it", dropped);
	RUN("a color has its name, none is empty", colored);
	return DONE();
}
