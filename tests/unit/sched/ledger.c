/* The ledger's sums. */
#include "sched/ledger.h"

#include "tests/unit/test.h"

static void adds_up(void)
{
	static struct qos_ledger l;
	struct qos_record r = { .class = 2, .size_bytes = 10, .wait_ns = 7 };

	for (int i = 0; i < 5; i++)
		qos_ledger_in(&l, &r);
	qos_ledger_out(&l, &r);
	r.wait_ns = 3;
	qos_ledger_out(&l, &r);
	r.drop = QOS_DROP_TAIL;
	qos_ledger_drop(&l, &r);
	qos_ledger_drop(&l, &r);
	r.drop = QOS_DROP_UPSTREAM;
	qos_ledger_drop(&l, &r);
	CHECK_INT(qos_ledger_dropped(&l), 2);
	CHECK_INT(l.class[2].n_in, 5);
	CHECK_INT(l.class[2].n_out + qos_ledger_dropped(&l) + l.class[2].dropped[QOS_DROP_UPSTREAM], 5);
	CHECK_INT(l.class[2].in_bytes, 50);
	CHECK_INT(l.class[2].wait_max_ns, 7);
	CHECK_INT((int64_t)l.class[2].wait_sum_ns, 10);
}

int main(void)
{
	RUN("in is out and dropped, and upstream's drops are not ours", adds_up);
	return DONE();
}
