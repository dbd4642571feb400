/* codel: ns-3's vectors, and the control law. */
#include <math.h>

#include "tests/unit/aqm/manage.h"

#define MS 1000000ll

/* 20 records at 0, served at 10, 210, 210, 420 ms: 0, 1, 1, 3 drops in all. */
static void as_ns3(void)
{
	struct manage m;

	manage_open(&m, "codel", 500);
	for (int i = 0; i < 20; i++)
		manage_arrive(&m, 0);
	manage_serve(&m, 10 * MS);
	CHECK_INT(m.n_dropped, 0);
	manage_serve(&m, 210 * MS);
	CHECK_INT(m.n_dropped, 1);
	CHECK_INT(m.last - m.first, 17); /* one served before, one dropped, one served */
	manage_serve(&m, 210 * MS);
	CHECK_INT(m.n_dropped, 1);
	manage_serve(&m, 420 * MS);
	CHECK_INT(m.n_dropped, 3);
	manage_close(&m);
}

/* The same with marks: one a service. */
static void marks(void)
{
	struct manage m;

	manage_open(&m, "codel", 500);
	m.mark = true;
	for (int i = 0; i < 20; i++)
		manage_arrive(&m, 0);
	manage_serve(&m, 10 * MS);
	CHECK_INT(m.n_marked, 0);
	manage_serve(&m, 210 * MS);
	CHECK_INT(m.n_marked, 1);
	manage_serve(&m, 210 * MS);
	CHECK_INT(m.n_marked, 1); /* the next is due an interval later */
	manage_serve(&m, 310 * MS);
	CHECK_INT(m.n_marked, 2);
	CHECK_INT(m.n_dropped, 0);
	CHECK_INT(m.n_served, 4);
	manage_close(&m);
}

static void overlimit(void)
{
	struct manage m;

	manage_open(&m, "codel", 500);
	for (int i = 0; i < 503; i++)
		manage_arrive(&m, 0);
	CHECK_INT(m.n_refused, 3);
	manage_close(&m);
}

/*
 * A queue that never shrinks: the k-th drop after the first comes sum of interval / sqrt(i) later; 33 drops in 1 s, 662
 * in 5 s, 2574 in 10 s, the first included.
 */
static void control_law(void)
{
	static const struct {
		int64_t until_ns;
		int drops;
	} want[] = { { 1000 * MS, 33 }, { 5000 * MS, 662 }, { 10000 * MS, 2574 } };
	struct manage m;
	struct qos_aqm_view v;
	int64_t first_ns = -1, worst_ns = 0;
	double due_ms = 0;
	int n = 0, k = 0;

	manage_open(&m, "codel", 500);
	for (int64_t now = 0; k < 3; now += MS / 100) {
		for (enum qos_aqm_verdict verdict = QOS_REFUSE; verdict == QOS_REFUSE;) {
			v = manage_view(&m, 1000, now);
			v.sojourn_ns = 50 * MS;
			verdict = m.use.aqm->leave(m.state, m.use.params, &v);
			if (verdict != QOS_REFUSE)
				continue;
			if (n == 0)
				first_ns = now;
			else
				due_ms += 100 / sqrt(n);
			if (llabs(now - first_ns - (int64_t)(due_ms * MS)) > worst_ns)
				worst_ns = llabs(now - first_ns - (int64_t)(due_ms * MS));
			n++;
		}
		if (first_ns >= 0 && now - first_ns >= want[k].until_ns) {
			printf("# %lld ms after the first: %d drops, expected %d\n", (long long)(want[k].until_ns / MS),
			       n, want[k].drops);
			CHECK_INT(n, want[k].drops);
			k++;
		}
	}
	CHECK(worst_ns <= MS / 100 + 1000); /* the step of this test, and what 2574 rounded roots add up to */
	manage_close(&m);
}

static void small_queue(void)
{
	struct manage m;
	struct qos_aqm_view v;
	int touched = 0;

	manage_open(&m, "codel", 500);
	for (int i = 0; i < 10000; i++) {
		v = manage_view(&m, 1, i * MS); /* one largest record behind the one that leaves */
		v.sojourn_ns = 1000 * MS;
		touched += m.use.aqm->leave(m.state, m.use.params, &v) != QOS_PASS;
	}
	CHECK_INT(touched, 0);
	manage_close(&m);
}

int main(void)
{
	RUN("20 records served as in ns-3's test lose 0, 1, 1, 3", as_ns3);
	RUN("with marks none is lost, and marks come when drops would", marks);
	RUN("503 into a limit of 500: 3 refused", overlimit);
	RUN("drops follow the control law: 33 in 1 s, 662 in 5 s, 2574 in 10 s", control_law);
	RUN("a queue of one largest record is never touched", small_queue);
	return DONE();
}
