/* Copies of one record are one record. */
#include "route/copies.h"

#include "tests/unit/test.h"

static struct qos_copies c;

/* One copy ends. */
static bool end(struct qos_record *r, uint32_t group, enum qos_drop why, int64_t depart_ns)
{
	*r = (struct qos_record){ .copies = group, .drop = (uint8_t)why, .depart_ns = depart_ns, .adapter = 3 };
	return qos_copies_end(&c, r);
}

static void last(void)
{
	struct qos_record r;
	uint32_t a = qos_copies_begin(&c, 2), b = qos_copies_begin(&c, 1);

	CHECK(a && b && a != b);
	CHECK(!end(&r, a, QOS_DROP_NONE, 5));
	CHECK(end(&r, b, QOS_DROP_TAIL, QOS_UNSET));
	CHECK_INT(r.drop, QOS_DROP_TAIL); /* nobody served it */
	CHECK(end(&r, a, QOS_DROP_AQM, QOS_UNSET));
	CHECK(r.drop == QOS_DROP_NONE && r.depart_ns == 5 && r.adapter == -1);
	CHECK_INT(qos_copies_begin(&c, 1), a); /* the place is free again */
	CHECK(end(&r, a, QOS_DROP_NONE, 9));
	CHECK(r.depart_ns == 9 && r.adapter == 3);
}

static void many(void)
{
	struct qos_record r;

	for (int i = 0; i < 1000; i++)
		CHECK(qos_copies_begin(&c, 1) != 0);
	for (uint32_t i = 1; i <= 1000; i++)
		CHECK(end(&r, i, QOS_DROP_NONE, i));
	qos_copies_free(&c);
	CHECK(!c.group);
}

int main(void)
{
	RUN("a record has left when its last copy has ended, if one was served", last);
	RUN("the table grows", many);
	return DONE();
}
