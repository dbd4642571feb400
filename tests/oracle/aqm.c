/*
 * Laws of queue management against its members: prints law, formula, expected, measured, verdict; exit 1 if one is
 * broken.  The relations are those of ns-3's test suites (codel, pie and red).
 */
#include <math.h>

#include "tests/unit/aqm/manage.h"

#define MS 1000000ll

static int n_broken;

static void verdict(const char *law, const char *formula, double want, double got, double most)
{
	bool ok = fabs(got - want) <= most;

	printf("%s: %s; expected %g, measured %g: %s\n", law, formula, want, got, ok ? "holds" : "VIOLATED");
	n_broken += !ok;
}

static void relation(const char *law, const char *formula, double less, double more)
{
	printf("%s: %s; expected <, measured %g < %g: %s\n", law, formula, less, more,
	       less < more ? "holds" : "VIOLATED");
	n_broken += !(less < more);
}

/* A queue that never shrinks, asked every 10 us: the moments of the drops, the first at 0, in ms. */
static int codel_drops(double *at_ms, int most, int64_t until_ms)
{
	struct manage m;
	int64_t first_ns = -1;
	int n = 0;

	manage_open(&m, "codel", 500);
	for (int64_t now = 0; first_ns < 0 || now - first_ns < until_ms * MS; now += MS / 100) {
		struct qos_aqm_view v = manage_view(&m, 1000, now);

		v.sojourn_ns = 50 * MS;
		while (m.use.aqm->leave(m.state, m.use.params, &v) == QOS_REFUSE) {
			if (n == 0)
				first_ns = now;
			if (n < most)
				at_ms[n] = (double)(now - first_ns) / MS;
			n++;
		}
	}
	manage_close(&m);
	return n;
}

static void codel(void)
{
	static const double law_ms[] = { 100, 170.71, 228.45, 278.45, 323.17, 363.99, 401.79, 437.14, 470.48, 502.10 };
	static const struct {
		int64_t until_ms;
		int drops;
	} counts[] = { { 1000, 33 }, { 5000, 662 }, { 10000, 2574 } };
	static const int64_t served_ms[] = { 10, 210, 210, 420 };
	static const int dropped[] = { 0, 1, 1, 3 };
	double at_ms[11], worst = 0;
	struct manage m;

	codel_drops(at_ms, 11, 1000);
	for (int k = 0; k < 10; k++)
		worst = fmax(worst, fabs(at_ms[k + 1] - law_ms[k]));
	verdict("CoDel control law (26)", "drop k after the first at sum of interval/sqrt(i), k to 10; ms off", 0,
		worst, 0.02);
	for (int k = 0; k < 3; k++) {
		char formula[80];

		snprintf(formula, sizeof(formula), "drops in %lld ms, the first included",
			 (long long)counts[k].until_ms);
		verdict("CoDel control law (26)", formula, counts[k].drops, codel_drops(at_ms, 11, counts[k].until_ms),
			0);
	}
	manage_open(&m, "codel", 500);
	for (int i = 0; i < 20; i++)
		manage_arrive(&m, 0);
	for (int i = 0; i < 4; i++) {
		manage_serve(&m, served_ms[i] * MS);
		verdict("CoDel as ns-3", "20 records at 0, served at 10, 210, 210, 420 ms: drops so far", dropped[i],
			m.n_dropped, 0);
	}
	manage_close(&m);
	manage_open(&m, "codel", 500);
	for (int i = 0; i < 503; i++)
		manage_arrive(&m, 0);
	verdict("CoDel as ns-3", "503 records into a limit of 500: refused", 3, m.n_refused, 0);
	manage_close(&m);
}

/* 400 records of 1000 B, one each 10 ms, served one each `serve` ms: drops. */
static int pie_drops(const char *text, int64_t serve_ms)
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
	manage_close(&m);
	return m.n_dropped;
}

/* How the state of pie begins. */
struct pie_head {
	double p, accumulated;
	int64_t delay_ns, last_delay_ns;
};

static double pie_step(double p, int64_t delay_ms, int64_t last_ms)
{
	struct manage m;
	struct pie_head *h = (struct pie_head *)m.state;
	struct qos_aqm_view v;

	manage_open(&m, "pie", 10);
	v = manage_view(&m, 5, 1);
	m.use.aqm->arrive(m.state, m.use.params, &v); /* the first update is due a period from now */
	*h = (struct pie_head){ p, 0, delay_ms * MS, last_ms * MS };
	v = manage_view(&m, 5, 1 + 15 * MS);
	m.use.aqm->arrive(m.state, m.use.params, &v);
	p = h->p;
	manage_close(&m);
	return p;
}

static void pie_gaps(void)
{
	struct manage m;
	struct pie_head *h = (struct pie_head *)m.state;
	int gap = 0, least = 1000000, most = 0;

	manage_open(&m, "pie,burst=0s,alpha=0,beta=0", 10);
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
	}
	verdict("PIE derandomised (27)", "least gap between drops at p = 1/16", 14, least, 0);
	verdict("PIE derandomised (27)", "largest gap, 136, is not exceeded; by", 0, most > 136 ? most - 136 : 0, 0);
	manage_close(&m);
}

static void pie(void)
{
	verdict("PIE step (27)", "p + (alpha(d-ref) + beta(d-d_old))/2 at p .05, d 30, d_old 20, ref 15 ms", 0.0571875,
		pie_step(0.05, 30, 20), 1e-9);
	verdict("PIE step (27)", "at most 0.02 from p = 0.2 on", 0.22, pie_step(0.2, 500, 20), 1e-9);
	relation("PIE step (27)", "p decays when there is no delay", pie_step(0.3, 0, 0), 0.3);
	pie_gaps();
	relation("PIE as ns-3", "drops with target 80 ms, 20 ms", pie_drops("pie,target=80ms", 15),
		 pie_drops("pie,target=20ms", 15));
	relation("PIE as ns-3", "drops with a service of 12 ms, 15 ms", pie_drops("pie,target=20ms", 12),
		 pie_drops("pie,target=20ms", 15));
	relation("PIE as ns-3", "drops with an update each 90 ms, 30 ms", pie_drops("pie,target=20ms,update=90ms", 15),
		 pie_drops("pie,target=20ms,update=30ms", 15));
}

/* 300 arrivals into a queue that is not served. */
static int red_drops(const char *text, bool mark, int *marks)
{
	struct manage m;

	manage_open(&m, text, 300);
	m.mark = mark;
	for (int i = 0; i < 300; i++)
		manage_arrive(&m, 1);
	*marks = m.n_marked;
	manage_close(&m);
	return m.n_dropped;
}

static void red(void)
{
	int n[12] = { 0 }, gap = 0, total = 0, marks, base;
	double mean = 0, worst = 0;
	struct manage m;

	/* the average is held at the middle, so that the early probability is 0.1 */
	manage_open(&m, "red,min=10,max=30,maxp=20%,weight=1", 10);
	for (int i = 0; i < 550000; i++) {
		struct qos_aqm_view v = manage_view(&m, 20, 1);

		gap++;
		if (m.use.aqm->arrive(m.state, m.use.params, &v) != QOS_REFUSE)
			continue;
		n[gap < 11 ? gap : 11]++;
		mean += gap;
		total++;
		gap = 0;
	}
	manage_close(&m);
	for (int k = 1; k <= 10; k++)
		worst = fmax(worst, fabs(10.0 * n[k] / total - 1));
	verdict("RED spread (28)", "mean gap at p_b = .1", 5.5, mean / total, 0.05);
	verdict("RED spread (28)", "gaps of 1 to 10 equally often; largest share off by", 0, worst, 0.05);
	verdict("RED as ns-3", "drops of 300 at min 70, max 150, weight .002", 0,
		red_drops("red,min=70,max=150,weight=0.002,maxp=2%", false, &marks), 0);
	base = red_drops("red,min=70,max=150,weight=0.02,maxp=2%", false, &marks);
	relation("RED as ns-3", "drops at weight .002, .02", 0, base);
	relation("RED as ns-3", "drops with max 150, 100", base,
		 red_drops("red,min=70,max=100,weight=0.02,maxp=2%", false, &marks));
	relation("RED as ns-3", "drops with maxp 2 %, 20 %", base,
		 red_drops("red,min=70,max=150,weight=0.02,maxp=20%", false, &marks));
	verdict("RED as ns-3", "drops where marks are allowed", 0,
		red_drops("red,min=70,max=150,weight=0.02,maxp=2%", true, &marks), 0);
	relation("RED as ns-3", "marks instead", 0, marks);
}

int main(void)
{
	RUN("codel", codel);
	RUN("pie", pie);
	RUN("red", red);
	return DONE() || n_broken;
}
