/* The limit over all queues: who makes room for whom, under every discipline. */
#include "route/overflow.h"

#include "tests/unit/route/made.h"

static uint64_t state = 88172645463325252ull;

static uint64_t xorshift(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	return state ^= state << 17;
}

static int64_t waits_below(const struct made *m, int rank)
{
	int64_t n = 0;

	for (int i = rank + 1; i < 5; i++)
		n += m->queues.queue[i].n_records;
	return n;
}

/* Random overload: the limit holds, who is refused had nothing below it, who was evicted was of the lowest class. */
static void law(void)
{
	static const char *const aqm[] = { "tail", "fq_codel" };

	for (int d = 0; qos_disciplines[d]; d++)
		for (int a = 0; a < 2; a++) {
			struct qos_queues_options o = { .seed = 1 };
			int64_t n_refused = 0, n_evicted = 0, wrong = 0, over = 0;
			struct made m;

			open_queues(&m, qos_disciplines[d]->name, aqm[a], &o);
			m.queues.room->limit_records = 60;
			for (int step = 0; step < 20000; step++) {
				int class = (int)(xorshift() % 5),
				    lowest = m.queues.waiting ? 63 - __builtin_clzll(m.queues.waiting) : 0;
				char stream[16];
				enum qos_drop why;

				snprintf(stream, sizeof(stream), "s%d", (int)(xorshift() % 20));
				why = push(&m, class, stream, 100 + (int64_t)(xorshift() % 1400), step);
				wrong += why == QOS_DROP_OVERFLOW && waits_below(&m, class) > 0;
				n_refused += why == QOS_DROP_OVERFLOW;
				for (struct qos_record *r = m.queues.dropped; r;
				     r = (struct qos_record *)r->node.sibling) {
					wrong += r->class != lowest || r->class < class;
					n_evicted++;
				}
				end_dropped(&m, QOS_DROP_NONE);
				over += m.queues.room->n_records > 60;
				if (xorshift() % 2)
					serve(&m, step, 1);
			}
			CHECK_INT(wrong, 0);
			CHECK_INT(over, 0);
			CHECK(n_evicted > 100);
			CHECK(n_refused > 0 || m.queues.queue[4].order == QOS_ORDER_ROUNDS);
			close_queues(&m);
		}
}

/* The record that is evicted would have been served last. */
static void newest(void)
{
	static const char *const names[] = { "fifo", "qos", "wfq", "drr" };

	for (int d = 0; d < 4; d++) {
		struct qos_queues_options o = { 0 };
		struct made m;

		open_queues(&m, names[d], "tail", &o);
		m.queues.room->limit_records = 3;
		for (int i = 0; i < 3; i++)
			CHECK(push(&m, 4, "a", 100, i * 1000000) == 0);
		CHECK(push(&m, 0, "b", 100, 3000000) == 0);
		CHECK(m.queues.dropped != NULL && m.queues.dropped->node.seq == 2);
		CHECK_INT(end_dropped(&m, QOS_DROP_OVERFLOW), 1);
		CHECK_INT(m.queues.room->n_records, 3);
		close_queues(&m);
	}
}

/* Bytes: as many as are needed go, and none where all of them would not do. */
static void bytes(void)
{
	struct qos_queues_options o = { 0 };
	struct made m;

	open_queues(&m, "strict", "tail", &o);
	m.queues.room->limit_bytes = 1000;
	CHECK(push(&m, 3, "a", 300, 0) == 0);
	CHECK(push(&m, 4, "b", 300, 0) == 0);
	CHECK(push(&m, 4, "c", 300, 0) == 0);
	CHECK(push(&m, 4, "d", 300, 0) == QOS_DROP_OVERFLOW); /* it is the newest of the lowest itself */
	CHECK(push(&m, 3, "a", 800, 0) == QOS_DROP_OVERFLOW); /* 600 below would not be enough */
	CHECK(push(&m, 0, "e", 1001, 0) == QOS_DROP_OVERFLOW);
	CHECK_INT(m.queues.room->n_bytes, 900);
	CHECK(push(&m, 0, "e", 700, 0) == 0);
	CHECK_INT(end_dropped(&m, QOS_DROP_OVERFLOW), 2);
	CHECK_INT(m.queues.room->n_bytes, 1000);
	CHECK(qos_queues_full(&m.queues) == false);
	CHECK(push(&m, 0, "e", 0, 0) == 0);
	close_queues(&m);
}

/* Two sets of queues share the room: the lowest class of both gives it; what goes is dropped where somebody came. */
static void shared(void)
{
	static const int gone[] = { 4, 4, 3, 2 };
	struct qos_room room = { .limit_records = 4,
				 .limit_bytes = INT64_MAX,
				 .congested_records = INT64_MAX,
				 .congested_bytes = INT64_MAX };
	struct qos_queues_options o = { .room = &room };
	struct qos_err err = { 0 };
	struct qos_queues other;
	struct qos_record *r;
	struct made m;

	open_queues(&m, "strict", "tail", &o);
	CHECK(qos_queues_init(&other, m.config, &o, m.fields, &m.slab, &err) == 0);
	CHECK(push(&m, 4, "a", 100, 0) == 0);
	CHECK(push(&m, 3, "b", 100, 0) == 0);
	CHECK(push_to(&m, &other, 2, "c", 100, 0) == 0);
	CHECK(push_to(&m, &other, 4, "d", 100, 0) == 0);
	for (int i = 0; i < 4; i++) {
		CHECK(push_to(&m, &other, 0, "e", 100, 0) == 0);
		r = qos_queues_dropped(&other);
		CHECK(r && !qos_queues_dropped(&other) && !qos_queues_dropped(&m.queues));
		CHECK_INT(r->class, gone[i]);
		qos_queues_leave(r->bytes[0] == 'a' || r->bytes[0] == 'b' ? &m.queues : &other, r);
		qos_record_drop(r, m.fields, &m.slab);
	}
	CHECK(push_to(&m, &other, 0, "e", 100, 0) == QOS_DROP_OVERFLOW);
	CHECK(push(&m, 1, "a", 100, 0) == QOS_DROP_OVERFLOW);
	CHECK_INT(m.queues.n_records, 0);
	qos_queues_free(&other);
	CHECK(room.member == &m.queues && !m.queues.next_member);
	close_queues(&m);
	CHECK(!room.member);
}

static void congestion(void)
{
	struct qos_queues_options o = { 0 };
	struct made m;

	open_queues(&m, "strict", "tail", &o);
	m.config->max_queued = 10;
	m.queues.room->limit_records = m.config->max_queued;
	m.queues.room->congested_records = qos_room_of(m.config).congested_records;
	for (int i = 0; i < 7; i++)
		push(&m, i % 5, "a", 100, i);
	CHECK(!m.queues.room->congestion.on);
	push(&m, 0, "a", 100, 7);
	CHECK(m.queues.room->congestion.on);
	serve(&m, 8, 1);
	serve(&m, 9, 1);
	CHECK(m.queues.room->congestion.on);
	serve(&m, 10, 1);
	CHECK(!m.queues.room->congestion.on);
	CHECK_INT(m.queues.room->congestion.ns, 3);
	close_queues(&m);
}

int main(void)
{
	RUN("only the lowest class gives room, and nobody is refused while somebody lower waits", law);
	RUN("what would be served last goes first", newest);
	RUN("bytes are a limit too", bytes);
	RUN("queues that share the room give it by class, wherever they are", shared);
	RUN("all queues together are congested from the threshold of their limit", congestion);
	return DONE();
}
