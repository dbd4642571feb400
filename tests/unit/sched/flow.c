/* Deficits of RFC 8290's scheduler, step by step as ns-3's test of FqCoDel has them. */
#include "sched/flow.h"

#include "tests/unit/test.h"

#define QUANTUM 90

static struct qos_record record[16];
static int n_records;

static void push(struct qos_rounds *d, struct qos_flow *f)
{
	struct qos_record *r = &record[n_records++];

	*r = (struct qos_record){ .size_bytes = 120 };
	qos_rounds_push(d, f, r, QUANTUM);
}

static struct qos_flow *send(struct qos_rounds *d)
{
	struct qos_flow *gone = NULL, *f = qos_rounds_first(d, QUANTUM, &gone);

	if (f)
		qos_rounds_take(d, f, true);
	return f;
}

static void deficits(void)
{
	struct qos_rounds d = { 0 };
	struct qos_flow a = { 0 }, b = { 0 };

	n_records = 0;
	push(&d, &a);
	CHECK(send(&d) == &a);
	CHECK_INT(a.credit_bytes, -30);
	push(&d, &a);
	push(&d, &a);
	push(&d, &b);
	push(&d, &b);
	CHECK(send(&d) == &b);
	CHECK_INT(a.credit_bytes, 60);
	CHECK_INT(b.credit_bytes, -30);
	CHECK(send(&d) == &a);
	CHECK_INT(a.credit_bytes, -60);
	CHECK_INT(b.credit_bytes, 60);
	CHECK(send(&d) == &b);
	CHECK_INT(a.credit_bytes, 30);
	CHECK_INT(b.credit_bytes, -60);
	CHECK(send(&d) == &a);
	CHECK_INT(a.credit_bytes, -90);
	CHECK_INT(b.credit_bytes, 30);
	CHECK(send(&d) == NULL);
	CHECK_INT(a.credit_bytes, 90);
	CHECK_INT(b.credit_bytes, 30);
	CHECK_INT(a.place, QOS_FLOW_OUT);
	CHECK_INT(b.place, QOS_FLOW_OUT);
}

static void fattest(void)
{
	struct qos_rounds d = { 0 };
	struct qos_flow f[3] = { 0 };

	n_records = 0;
	CHECK(qos_rounds_fattest(&d) == NULL);
	for (int i = 0; i < 3; i++)
		for (int k = 0; k < (i == 1 ? 5 : 2); k++)
			push(&d, &f[i]);
	CHECK(qos_rounds_fattest(&d) == &f[1]);
	while (f[1].head)
		qos_rounds_take(&d, &f[1], false);
	CHECK(qos_rounds_fattest(&d) == &f[0] || qos_rounds_fattest(&d) == &f[2]);
	CHECK_INT(f[1].n_bytes, 0);
}

int main(void)
{
	RUN("deficits are those of ns-3's FqCoDel, quantum 90, records of 120", deficits);
	RUN("the stream that holds most is known", fattest);
	return DONE();
}
