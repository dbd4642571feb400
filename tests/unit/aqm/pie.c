/* pie: the step of the controller, the derandomised gaps, ns-3's relations. */
#include "tests/unit/aqm/manage.h"

#define MS 1000000ll

/* 400 records of 1000 B, one each 10 ms, served each `serve` ms. */
static int drops(const char *text, int64_t serve_ms)
{
	struct manage m;
	int64_t next_ms = 0;

	manage_open(&m, text, 100000);
	for (int64_t ms = 0; ms < 4000 || m.first < m.last; ms++) {
		if (ms < 4000 && ms % 10 == 0)
			manage_arrive(&m, ms * MS);
		if (ms >= next_ms && m.first < m.last) {
			manage_serve(&m, ms * MS);
			next_ms = ms + serve_ms;
		}
	}
	CHECK_INT(m.n_refused, 0);
	manage_close(&m);
	return m.n_dropped;
}

static void relations(void)
{
	int ref20 = drops("pie,target=20ms", 15), ref80 = drops("pie,target=80ms", 15),
	    slow = drops("pie,target=20ms", 15), quick = drops("pie,target=20ms", 12),
	    often = drops("pie,target=20ms,update=30ms", 15), seldom = drops("pie,target=20ms,update=90ms", 15);

	printf("# target 20 ms: %d, 80 ms: %d; service 15 ms: %d, 12 ms: %d; update 30 ms: %d, 90 ms: %d\n", ref20,
	       ref80, slow, quick, often, seldom);
	CHECK(ref80 < ref20);
	CHECK(slow > quick);
	CHECK(seldom < often);
	CHECK(drops("pie", 5) == 0);
}

/*
 * The step of RFC 8033: p = .05, delay 30, last 20, target 15 ms, alpha .125, beta 1.25 -> +.0071875 (scaled by 2).
 * The state begins with p, accumulated, delay, last delay; the law is met through the table of parameters alone.
 */
struct head {
	double p, accumulated;
	int64_t delay_ns, last_delay_ns;
};

static double stepped(const char *text, double p, int64_t delay_ms, int64_t last_ms)
{
	struct manage m;
	struct head *h;
	struct qos_aqm_view v;

	manage_open(&m, text, 10);
	h = (struct head *)m.state;
	v = manage_view(&m, 5, 1);
	m.use.aqm->arrive(m.state, m.use.params, &v); /* the first update is due a period from now */
	*h = (struct head){ p, 0, delay_ms * MS, last_ms * MS };
	v = manage_view(&m, 5, 1 + 15 * MS);
	m.use.aqm->arrive(m.state, m.use.params, &v);
	p = h->p;
	manage_close(&m);
	return p;
}

static void step(void)
{
	double p = stepped("pie", 0.05, 30, 20);

	/* in seconds: (.125 * .015 + 1.25 * .010) / 2 */
	printf("# p = %.7f, expected 0.0571875\n", p);
	CHECK(p > 0.0571874 && p < 0.0571876);
	p = stepped("pie", 0.2, 500, 20);
	CHECK(p > 0.2199 && p < 0.2201); /* capped at 0.02 */
	p = stepped("pie,cap=no", 0.2, 500, 20);
	CHECK(p > 0.85);
	p = stepped("pie", 0.3, 0, 0);
	CHECK(p > 0.29 && p < 0.3); /* decays when idle */
}

/* At a constant p of 1/16 the gap between drops is 14 to 136 records. */
static void gaps(void)
{
	struct manage m;
	int gap = 0, least = 1000000, most = 0, n = 0;
	struct head *h;

	manage_open(&m, "pie,burst=0s,alpha=0,beta=0", 10);
	h = (struct head *)m.state;
	for (int i = 0; i < 2000000; i++) {
		struct qos_aqm_view v = manage_view(&m, 5, 1000);

		h->p = 1.0 / 16;
		h->last_delay_ns = h->delay_ns = 15 * MS;
		gap++;
		if (m.use.aqm->arrive(m.state, m.use.params, &v) != QOS_REFUSE)
			continue;
		least = gap < least ? gap : least;
		most = gap > most ? gap : most;
		gap = 0;
		n++;
	}
	printf("# %d drops, gaps %d to %d\n", n, least, most);
	CHECK(least >= 14 && most <= 136);
	CHECK(least == 14 && n > 10000);
	manage_close(&m);
}

int main(void)
{
	RUN("a farther target, a faster server, a slower controller drop less, as ns-3 finds", relations);
	RUN("the controller's step is the RFC's, capped and decaying as it says", step);
	RUN("gaps between drops are 14 to 136 records at p = 1/16", gaps);
	return DONE();
}
