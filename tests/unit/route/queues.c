/* The router's queues as a whole: conservation, streams, management by stream, expiry, overflow. */
#include "route/queues.h"

#include "tests/unit/route/made.h"

/* Random arrivals and services under every discipline and management: in = out + dropped, and nothing is left. */
static void conserves(void)
{
	static const char *const aqm[] = { "tail", "codel", "fq_codel", "pie", "fq_pie", "red" };

	for (int d = 0; qos_disciplines[d]; d++)
		for (size_t a = 0; a < sizeof(aqm) / sizeof(*aqm); a++) {
			struct qos_queues_options o = { .drop_expired = a == 1, .seed = 1 };
			struct made m;
			uint64_t x = 88172645463325252ull;
			int n_in = 0, n_out = 0, n_dropped = 0;
			int64_t now = 0;

			open_queues(&m, qos_disciplines[d]->name, aqm[a], &o);
			for (int i = 0; i < 5; i++)
				m.queues.class[i].limit_records = 40;
			m.queues.room->limit_records = 150;
			for (int step = 0; step < 30000; step++) {
				char stream[16];

				x ^= x << 13;
				x ^= x >> 7;
				x ^= x << 17;
				now += 500000;
				snprintf(stream, sizeof(stream), "s%d", (int)((x >> 40) % 50));
				if (x % 100 < 55) {
					n_in++;
					n_dropped += push(&m, (int)((x >> 20) % 5), stream,
							  100 + (int64_t)((x >> 30) % 1400), now) != 0;
				} else {
					n_out += serve(&m, now, 400000) >= 0;
				}
				n_dropped += end_dropped(&m, QOS_DROP_NONE);
			}
			while (serve(&m, now, 400000) >= 0)
				n_out++;
			n_dropped += end_dropped(&m, QOS_DROP_NONE);
			CHECK_INT(m.queues.waiting, 0);
			CHECK_INT(m.queues.room->n_records, 0);
			CHECK_INT(m.queues.room->n_bytes, 0);
			CHECK_INT(m.queues.n_streams, 0);
			CHECK_INT(m.queues.streams.n, 0);
			CHECK_INT(m.slab.used_bytes, 0);
			CHECK_INT(n_out + n_dropped, n_in);
			CHECK(n_out > 0);
			close_queues(&m);
		}
}

/* ns-3's FqCoDel: limit 4, three records of A, two of B: the overflow takes two of A. */
static void fat_stream_pays(void)
{
	struct qos_queues_options o = { 0 };
	struct made m;

	open_queues(&m, "fifo", "fq_codel", &o);
	m.queues.class[0].limit_records = 4;
	for (int i = 0; i < 3; i++)
		CHECK(push(&m, 0, "A", 120, 0) == 0);
	for (int i = 0; i < 2; i++)
		CHECK(push(&m, 0, "B", 120, 0) == 0);
	CHECK_INT(m.queues.queue[m.queues.rank[0]].n_records, 3);
	for (struct qos_record *r; (r = qos_queues_dropped(&m.queues));) {
		CHECK_INT(r->bytes[0], 'A');
		CHECK_INT(r->drop, QOS_DROP_TAIL);
		qos_queues_leave(&m.queues, r);
		qos_record_drop(r, m.fields, &m.slab);
	}
	close_queues(&m);
}

static void expired(void)
{
	struct qos_queues_options o = { .drop_expired = true };
	struct made m;

	open_queues(&m, "qos", "tail", &o);
	CHECK(push(&m, 0, "a", 100, 0) == 0);
	CHECK(push(&m, 0, "b", 100, 5000000) == 0);
	CHECK(serve(&m, 10000001, 1) == 0); /* a's deadline was 10 ms */
	CHECK_INT(end_dropped(&m, QOS_DROP_EXPIRED), 1);
	CHECK_INT(m.queues.n_streams, 0);
	close_queues(&m);
}

static void congestion(void)
{
	struct qos_queues_options o = { 0 };
	struct made m;

	open_queues(&m, "fifo", "tail", &o);
	m.queues.class[0].congested_records = 8;
	for (int i = 0; i < 10; i++)
		push(&m, 0, "a", 100, i * 1000);
	CHECK_INT(m.queues.class[0].congestion.n, 1);
	for (int i = 0; i < 4; i++)
		serve(&m, 20000, 1);
	CHECK(m.queues.class[0].congestion.on); /* 6 of 8: not below three quarters */
	serve(&m, 27000, 1);
	CHECK(!m.queues.class[0].congestion.on);
	CHECK_INT(m.queues.class[0].congestion.ns, 20000); /* from the eighth arrival at 7 us */
	close_queues(&m);
}

static void counts(void)
{
	struct qos_queues_options o = { 0 };
	struct made m;

	open_queues(&m, "fifo", "tail", &o);
	push(&m, 4, "a", 100, 0);
	push(&m, 0, "b", 100, 1000);
	CHECK_INT(serve(&m, 5000, 100), 4);
	CHECK_INT(m.queues.class[4].n_inversions, 1);
	CHECK_INT(serve(&m, 9000, 100), 0);
	CHECK_INT(m.queues.class[0].n_inversions, 0);
	CHECK_INT(m.queues.class[0].gap_max_ns, 8000);
	CHECK_INT(qos_queues_gap_ns(&m.queues, 0), QOS_NEVER);
	close_queues(&m);
}

/* Backlog ahead over the drain rate: not known before a service, without those that wait in less urgent classes. */
static void retry(void)
{
	struct qos_queues_options o = { 0 };
	struct made m;

	open_queues(&m, "strict", "tail", &o);
	for (int i = 0; i < 10; i++)
		push(&m, i % 2, "a", 100, 0);
	CHECK_INT(qos_queues_retry_ns(&m.queues, 0), 0);
	for (int i = 0; i < 3; i++)
		CHECK_INT(serve(&m, i * 700, 700), 0);
	CHECK_INT(qos_queues_retry_ns(&m.queues, 0), 3 * 700);
	CHECK_INT(qos_queues_retry_ns(&m.queues, 1), 8 * 700);
	CHECK_INT(qos_queues_retry_ns(&m.queues, 4), 8 * 700);
	while (serve(&m, 9999, 700) >= 0)
		;
	CHECK_INT(qos_queues_retry_ns(&m.queues, 4), 0);
	close_queues(&m);
}

int main(void)
{
	RUN("every discipline with every management ends what it took, and holds nothing in the end", conserves);
	RUN("an overflow takes half of what the fattest stream holds", fat_stream_pays);
	RUN("a record whose deadline has passed is dropped before service", expired);
	RUN("congestion begins at the threshold and ends below three quarters of it", congestion);
	RUN("inversions and the longest wait for service are counted", counts);
	RUN("when to come back follows from the backlog and the drain rate", retry);
	return DONE();
}
