/* Queues by arrival and by deadline. */
#include "sched/queue.h"

#include "tests/unit/test.h"

static void order(enum qos_order how, const uint64_t *want)
{
	static const int64_t deadline[] = { 50, 10, 50, 30 };
	struct qos_record r[4] = { 0 };
	struct qos_queue q = { .limit_records = 4 };

	CHECK(qos_queue_init(&q, how, NULL) == 0);
	CHECK(qos_queue_first(&q) == NULL);
	for (int i = 0; i < 4; i++) {
		CHECK(!qos_queue_full(&q));
		r[i].node.seq = (uint64_t)i;
		r[i].deadline_ns = deadline[i];
		r[i].size_bytes = 100;
		qos_queue_push(&q, &r[i]);
	}
	CHECK(qos_queue_full(&q));
	CHECK_INT(q.n_bytes, 400);
	for (int i = 0; i < 4; i++) {
		CHECK_INT(qos_queue_first(&q)->node.seq, want[i]);
		CHECK_INT(qos_queue_pop(&q)->node.seq, want[i]);
	}
	CHECK(qos_queue_pop(&q) == NULL);
	CHECK_INT(q.n_bytes, 0);
	CHECK_INT(q.n_records_max, 4);
	qos_queue_free(&q);
}

static void arrival(void)
{
	order(QOS_ORDER_ARRIVAL, (const uint64_t[]){ 0, 1, 2, 3 });
}

static void deadline(void)
{
	order(QOS_ORDER_DEADLINE, (const uint64_t[]){ 1, 3, 0, 2 });
}

int main(void)
{
	RUN("a queue by arrival is first in, first out, and knows its fill", arrival);
	RUN("a queue by deadline gives the earliest, ties in the order of the input", deadline);
	return DONE();
}
