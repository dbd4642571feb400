/* edf: earliest deadline over all classes; it minimises the greatest lateness (Jackson). */
#include "tests/unit/discipline/serve.h"

static void order(void)
{
	struct qos_record r[5];
	struct serve s;

	serve_open(&s, &qos_discipline_edf, 2, (double[2]){ 0.5, 0.5 }, (int64_t[2]){ 1, 1 });
	serve_push(&s, &r[0], 1, 30, 1);
	serve_push(&s, &r[1], 0, 50, 1);
	serve_push(&s, &r[2], 1, 10, 1);
	serve_push(&s, &r[3], 1, 50, 1);
	serve_push(&s, &r[4], 0, 20, 1);
	CHECK(serve_next(&s) == &r[2]);
	CHECK(serve_next(&s) == &r[4]);
	CHECK(serve_next(&s) == &r[0]);
	CHECK(serve_next(&s) == &r[1]); /* a tie: the more urgent class */
	CHECK(serve_next(&s) == &r[3]);
	serve_close(&s);
}

static int64_t worst_lateness(const int *sequence, const int64_t *service, const int64_t *deadline, int n)
{
	int64_t now = 0, worst = INT64_MIN;

	for (int i = 0; i < n; i++) {
		now += service[sequence[i]];
		if (now - deadline[sequence[i]] > worst)
			worst = now - deadline[sequence[i]];
	}
	return worst;
}

/* The smallest over all orders of the rest. */
static int64_t best_of_all(int *sequence, int fixed, const int64_t *service, const int64_t *deadline, int n)
{
	int64_t best = INT64_MAX;

	if (fixed == n)
		return worst_lateness(sequence, service, deadline, n);
	for (int i = fixed; i < n; i++) {
		int64_t got;
		int swap = sequence[fixed];

		sequence[fixed] = sequence[i];
		sequence[i] = swap;
		got = best_of_all(sequence, fixed + 1, service, deadline, n);
		sequence[i] = sequence[fixed];
		sequence[fixed] = swap;
		if (got < best)
			best = got;
	}
	return best;
}

static void jackson(void)
{
	enum { N = 7 };
	uint64_t x = 88172645463325252ull;
	struct qos_record r[N];
	struct serve s;

	for (int trial = 0; trial < 200; trial++) {
		int64_t service[N], deadline[N];
		int sequence[N], got[N];

		serve_open(&s, &qos_discipline_edf, 3, (double[3]){ 0.3, 0.3, 0.4 }, (int64_t[3]){ 1, 1, 1 });
		for (int i = 0; i < N; i++) {
			x = x * 6364136223846793005ull + 1442695040888963407ull;
			service[i] = 1 + (int64_t)(x >> 40) % 20;
			deadline[i] = (int64_t)(x >> 20 & 0xffff) % 90;
			sequence[i] = i;
			serve_push(&s, &r[i], (int)(x >> 60) % 3, deadline[i], service[i]);
		}
		for (int i = 0; i < N; i++)
			got[i] = (int)(serve_next(&s) - r);
		CHECK_INT(worst_lateness(got, service, deadline, N), best_of_all(sequence, 0, service, deadline, N));
		serve_close(&s);
	}
}

int main(void)
{
	RUN("edf serves the earliest deadline, ties by class and then by order", order);
	RUN("edf's greatest lateness is the least of all orders", jackson);
	return DONE();
}
