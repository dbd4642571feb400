/* wrr: turns by share, spread evenly. */
#include "tests/unit/discipline/serve.h"

static void turns(void)
{
	static const double shares[] = { 0.5, 0.3, 0.2 };
	static const int64_t targets[] = { 1000000000, 1000000000, 1000000000 };
	static struct qos_record r[60];
	struct serve s;
	int n[3] = { 0 }, in_a_row = 0, longest = 0, last = -1;

	serve_open(&s, &qos_discipline_wrr, 3, shares, targets);
	for (int i = 0; i < 60; i++)
		serve_push(&s, &r[i], i % 3, 0, 1 + i * 100);
	for (int i = 0; i < 1000; i++) {
		struct qos_record *out = serve_next(&s);
		int rank = out->class;

		n[rank]++;
		in_a_row = rank == last ? in_a_row + 1 : 1;
		longest = in_a_row > longest ? in_a_row : longest;
		last = rank;
		serve_push(&s, out, rank, 0, 1 + i);
	}
	CHECK_INT(n[0], 500);
	CHECK_INT(n[1], 300);
	CHECK_INT(n[2], 200);
	CHECK(longest <= 2); /* not five of one, then three of the next */
	serve_close(&s);
}

int main(void)
{
	RUN("500 300 200 of 1000 records by shares of 50 30 20 %, whatever their sizes, never three in a row", turns);
	return DONE();
}
