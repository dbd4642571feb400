/* qos: urgent first within its share; shares hold under overload; nobody starves. */
#include "tests/unit/discipline/serve.h"

static const double shares[] = { 0.3, 0.25, 0.25, 0.15, 0.05 };
static const int64_t targets[] = { 10000000, 50000000, 100000000, 1000000000, 5000000000 };

static void urgent_first(void)
{
	struct qos_record r[3];
	struct serve s;

	serve_open(&s, &qos_discipline_qos, 5, shares, targets);
	serve_push(&s, &r[0], 4, 1, 1000);
	serve_push(&s, &r[1], 1, 9, 1000);
	serve_push(&s, &r[2], 0, 99, 1000);
	CHECK(serve_next(&s) == &r[2]);
	CHECK(serve_next(&s) == &r[1]);
	CHECK(serve_next(&s) == &r[0]);
	serve_close(&s);
}

/* Every class always waits: each gets its share of the time, to within a round and a record. */
static void shares_hold(void)
{
	enum { N = 5 * 40 };
	static struct qos_record r[N];
	struct serve s;
	int64_t used[5] = { 0 }, total = 0;

	serve_open(&s, &qos_discipline_qos, 5, shares, targets);
	for (int i = 0; i < N; i++)
		serve_push(&s, &r[i], i % 5, i, 20000 + 3000 * (i % 7));
	for (int i = 0; i < 100000; i++) {
		struct qos_record *out = serve_next(&s);
		int rank = out->class;

		used[rank] += out->service_ns;
		total += out->service_ns;
		serve_push(&s, out, rank, i, 20000 + 3000 * (i % 7));
		for (int k = 0; k < 5; k++) /* on every prefix: a round is 5 ms, a record at most 38 us */
			CHECK(used[k] > (int64_t)(shares[k] * (double)total) - 5000000 - 38000);
		if (test_failures)
			break;
	}
	serve_close(&s);
}

/* Records far longer than a round: debts are paid over many rounds, and the least class still moves. */
static void long_records(void)
{
	struct qos_record r[3];
	struct serve s;
	int64_t used[3] = { 0 }, total = 0;

	serve_open(&s, &qos_discipline_qos, 3, (double[3]){ 0.6, 0.3, 0.1 }, targets);
	for (int i = 0; i < 3; i++)
		serve_push(&s, &r[i], i, i, 2000000000);
	for (int i = 0; i < 1000; i++) {
		struct qos_record *out = serve_next(&s);
		int rank = out->class;

		used[rank] += out->service_ns;
		total += out->service_ns;
		serve_push(&s, out, rank, i, 2000000000);
	}
	CHECK(used[0] > total * 58 / 100 && used[0] < total * 62 / 100);
	CHECK(used[2] > total * 8 / 100 && used[2] < total * 12 / 100);
	serve_close(&s);
}

static void no_savings(void)
{
	static struct qos_record r[2000];
	struct serve s;
	int64_t late = 0;

	serve_open(&s, &qos_discipline_qos, 2, (double[2]){ 0.5, 0.5 }, targets);
	for (int i = 0; i < 1000; i++) { /* only the lower class works for long */
		serve_push(&s, &r[i], 1, i, 1000000);
		serve_next(&s);
	}
	for (int i = 0; i < 1000; i++) /* then both wait: the upper one must not take a second of saved-up credit */
		serve_push(&s, &r[i], i % 2, i, 1000000);
	for (int i = 0; i < 200; i++)
		late += serve_next(&s)->class;
	CHECK(late >= 95 && late <= 105);
	serve_close(&s);
}

int main(void)
{
	RUN("inside the shares the more urgent class goes first", urgent_first);
	RUN("under overload every class has its share of every stretch of time", shares_hold);
	RUN("records longer than a round do not break the shares", long_records);
	RUN("an idle class saves nothing up", no_savings);
	return DONE();
}
