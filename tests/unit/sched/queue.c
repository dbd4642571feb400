/* Queues by arrival and by deadline. */
#include "sched/queue.h"

#include "tests/unit/test.h"

static void order(enum qos_order how, const uint64_t *want)
{
	static const int64_t deadline[] = { 50, 10, 50, 30 };
	struct qos_record r[4] = { 0 };
	struct qos_flow flow[2] = { 0 }, *from;
	struct qos_queue q = { 0 };

	CHECK(qos_queue_init(&q, how, NULL) == 0);
	CHECK(qos_queue_first(&q) == NULL);
	for (int i = 0; i < 4; i++) {
		r[i].node.seq = (uint64_t)i;
		r[i].deadline_ns = deadline[i];
		r[i].size_bytes = 100;
		CHECK(qos_queue_push(&q, &r[i], &flow[i == 3]));
	}
	CHECK_INT(q.n_bytes, 400);
	for (int i = 0; i < 4; i++) {
		CHECK_INT(qos_queue_first(&q)->node.seq, want[i]);
		CHECK_INT(qos_queue_pop(&q, &from)->node.seq, want[i]);
	}
	CHECK(qos_queue_pop(&q, &from) == NULL);
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

/* Three records of one stream, then one of another: it does not wait for all three. */
static void fair(void)
{
	order(QOS_ORDER_FAIR, (const uint64_t[]){ 0, 3, 1, 2 });
}

static void rounds(void)
{
	order(QOS_ORDER_ROUNDS, (const uint64_t[]){ 0, 3, 1, 2 });
}

/* From the back, in each order; what is left comes out as before. */
static void from_the_back(void)
{
	static const struct {
		enum qos_order how;
		uint64_t last[2], rest[2];
	} want[] = { { QOS_ORDER_ARRIVAL, { 3, 2 }, { 0, 1 } },
		     { QOS_ORDER_DEADLINE, { 3, 2 }, { 0, 1 } },
		     { QOS_ORDER_FAIR, { 2, 1 }, { 0, 3 } },
		     { QOS_ORDER_ROUNDS, { 2, 1 }, { 0, 3 } } };

	for (size_t k = 0; k < sizeof(want) / sizeof(*want); k++) {
		struct qos_record r[4] = { 0 };
		struct qos_flow flow[2] = { 0 }, *from;
		struct qos_queue q = { 0 };

		CHECK(qos_queue_init(&q, want[k].how, NULL) == 0);
		CHECK(qos_queue_evict_last(&q) == NULL);
		for (int i = 0; i < 4; i++) {
			r[i].node.seq = (uint64_t)i;
			r[i].deadline_ns = 1000000 * i;
			r[i].size_bytes = 1000;
			CHECK(qos_queue_push(&q, &r[i], &flow[i == 3]));
		}
		for (int i = 0; i < 2; i++)
			CHECK_INT(qos_queue_evict_last(&q)->node.seq, want[k].last[i]);
		CHECK_INT(q.n_records, 2);
		CHECK_INT(q.n_bytes, 2000);
		for (int i = 0; i < 2; i++)
			CHECK_INT(qos_queue_pop(&q, &from)->node.seq, want[k].rest[i]);
		CHECK(qos_queue_evict_last(&q) == NULL);
		qos_queue_free(&q);
	}
}

/* A stream that comes back before virtual time has passed its end starts there, not now. */
static void remembered(void)
{
	struct qos_record r[4] = { 0 };
	struct qos_flow a = { 0 }, b = { 0 }, *from;
	struct qos_queue q = { 0 };

	CHECK(qos_queue_init(&q, QOS_ORDER_FAIR, NULL) == 0);
	for (int i = 0; i < 4; i++) {
		r[i].node.seq = (uint64_t)i;
		r[i].size_bytes = 100;
	}
	qos_queue_push(&q, &r[0], &a);
	qos_queue_push(&q, &r[1], &b);
	qos_queue_push(&q, &r[2], &b);
	CHECK(qos_queue_pop(&q, &from) == &r[0]);
	CHECK(qos_queue_remembers(&q, &a));
	qos_queue_push(&q, &r[3], &a);
	CHECK_INT(r[3].node.key, 100);
	CHECK(qos_queue_pop(&q, &from) == &r[1]);
	CHECK(q.gone == NULL);
	CHECK(qos_queue_pop(&q, &from) == &r[2]);
	CHECK(q.gone == NULL);
	CHECK(qos_queue_pop(&q, &from) == &r[3]);
	CHECK(q.gone == &a); /* looked at: whether it is still needed is the engine's to know */
	qos_queue_free(&q);
}

int main(void)
{
	RUN("a queue by arrival is first in, first out, and knows its fill", arrival);
	RUN("a queue by deadline gives the earliest, ties in the order of the input", deadline);
	RUN("in fair order a stream with one record does not wait for the others' bulk", fair);
	RUN("in rounds neither", rounds);
	RUN("a stream that leaves and comes back gains nothing", remembered);
	RUN("what would be served last goes first from the back", from_the_back);
	return DONE();
}
