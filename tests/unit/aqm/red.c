/* red: the spread of drops, and ns-3's relations. */
#include "tests/unit/aqm/manage.h"

/* 300 arrivals into a queue that is not served. */
static int drops(const char *text, bool mark, int *marks)
{
	struct manage m;

	manage_open(&m, text, 300);
	m.mark = mark;
	for (int i = 0; i < 300; i++)
		manage_arrive(&m, 1);
	manage_serve(&m, 2); /* red does not touch what leaves */
	CHECK(m.n_served == 1);
	if (marks)
		*marks = m.n_marked;
	manage_close(&m);
	return m.n_dropped;
}

static void relations(void)
{
	int marks, base = drops("red,min=70,max=150,weight=0.02,maxp=2%", false, NULL);

	CHECK_INT(drops("red,min=70,max=150,weight=0.002,maxp=2%", false, NULL), 0);
	CHECK(base > 0);
	CHECK(drops("red,min=70,max=100,weight=0.02,maxp=2%", false, NULL) > base);
	CHECK(drops("red,min=70,max=150,weight=0.02,maxp=20%", false, NULL) > base);
	CHECK(drops("red,min=70,max=150,weight=0.02,maxp=2%,gentle=no", false, NULL) >= base);
	CHECK_INT(drops("red,min=70,max=150,weight=0.02,maxp=2%", true, &marks), 0);
	CHECK(marks > 0);
}

/* The average is held at the middle, so that the early probability is 0.1: gaps are 1 to 10, equally often. */
static void spread(void)
{
	struct manage m;
	int n[12] = { 0 }, gap = 0, total = 0;
	double mean = 0;

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
	mean /= total;
	printf("# mean gap %.3f, expected 5.5; gaps of 1: %d, of 10: %d, longer: %d of %d\n", mean, n[1], n[10], n[11],
	       total);
	CHECK_INT(n[0], 0);
	CHECK(n[11] <= total / 1000); /* the last step's probability is 1 but for rounding */
	for (int k = 1; k <= 10; k++)
		CHECK(n[k] > total / 10 * 95 / 100 && n[k] < total / 10 * 105 / 100);
	CHECK(mean > 5.45 && mean < 5.55);
	manage_close(&m);
}

/* Twice the thresholds' middle: the adaptive form raises maxp, the plain one does not. */
static void adaptive(void)
{
	int n[2];

	for (int k = 0; k < 2; k++) {
		struct manage m;

		manage_open(&m, k ? "red,min=5,max=15,maxp=2%,weight=1,adaptive" : "red,min=5,max=15,maxp=2%,weight=1",
			    100);
		n[k] = 0;
		for (int i = 0; i < 100000; i++) {
			struct qos_aqm_view v = manage_view(&m, 14, i * 1000000ll);

			n[k] += m.use.aqm->arrive(m.state, m.use.params, &v) == QOS_REFUSE;
		}
		manage_close(&m);
	}
	printf("# drops %d, adaptive %d\n", n[0], n[1]);
	CHECK(n[1] > 3 * n[0]);
}

int main(void)
{
	RUN("min, max, maxp, weight and gentle work as ns-3's test finds; marks replace drops", relations);
	RUN("gaps between drops are spread evenly over 1 to 1/p", spread);
	RUN("adaptive: maxp follows a high average", adaptive);
	return DONE();
}
