/* drr: the fairness bound on every interval; the longest wait. */
#include "tests/unit/discipline/share.h"

static void bound(void)
{
	/* quantum a weight of one: the largest record, 1500; two records on top */
	int64_t apart = share_apart(&qos_discipline_drr, 300000, 40, 1500), allowed = SHARE_SCALE * (1500 + 2 * 1500);

	printf("# bytes per weight apart: Q + 2 L = %lld, seen %lld (times %d)\n", (long long)allowed, (long long)apart,
	       SHARE_SCALE);
	CHECK(apart <= allowed);
	CHECK(apart > SHARE_SCALE * 1500); /* it is a round robin, not a fair queue */
}

/* A class that begins to wait is served within its bound, whatever the others hold. */
static void gap(void)
{
	static const double shares[] = { 0.6, 0.35, 0.05 };
	static const int64_t targets[] = { 1000000000, 1000000000, 1000000000 };
	static struct qos_record r[64];
	const struct qos_extremes worst = { .service_ns = 1500, .byte_ps = 1000 };
	struct serve s;
	int64_t waited = 0, longest = 0, bound_ns;

	serve_open(&s, &qos_discipline_drr, 3, shares, targets);
	for (int i = 0; i < 64; i++)
		serve_push(&s, &r[i], i % 3, 0, 1500 - i);
	for (int step = 0; step < 100000; step++) {
		struct qos_record *out = serve_next(&s);
		int rank = out->class;

		waited = rank == 2 ? 0 : waited + out->service_ns;
		longest = waited > longest ? waited : longest;
		serve_push(&s, out, rank, 0, 1 + (step * 7919) % 1500);
	}
	bound_ns = s.d->gap_ns(s.state, s.q, 3, 2, &worst);
	printf("# longest wait %lld ns, bound %lld ns\n", (long long)longest, (long long)bound_ns);
	CHECK(longest > 0 && longest <= bound_ns);
	serve_close(&s);
}

int main(void)
{
	RUN("two classes never come apart by more than a quantum and two records, on any interval", bound);
	RUN("the least class waits no longer than its bound", gap);
	return DONE();
}
