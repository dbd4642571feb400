/* The cut: where it must be, when it moves, and who is never shed. */
#include "overload/shed.h"

#include "tests/unit/test.h"

#define MS 1000000LL

/* One server in a window of a second: offered[i] records of class i, services of 10 ms, always somebody waiting. */
static void window(struct qos_shed *s, int64_t start_ns, const int *offered, int *admitted, int n_served)
{
	for (int i = 0; i < n_served; i++)
		qos_shed_served(s, i % 5, 10 * MS, true, start_ns + i * 10 * MS);
	for (int rank = 0; rank < 5; rank++)
		for (int i = admitted[rank] = 0; i < offered[rank]; i++)
			admitted[rank] += qos_shed_admits(s, rank, i % 128, start_ns);
}

static void open_shed(struct qos_shed *s, uint64_t may)
{
	CHECK(qos_shed_init(s, 5, may, 1000 * MS, 1, NULL) == 0);
}

/* Law 29: 10, 20, 30, 40, 50 on 100. */
static void strict_cut(void)
{
	static const int offered[5] = { 10, 20, 30, 40, 50 }, want[5] = { 10, 20, 30, 40, 0 };
	struct qos_shed s;
	int admitted[5];

	open_shed(&s, 0x1e);
	window(&s, 0, offered, admitted, 100);
	CHECK_INT(admitted[4], 50); /* nothing is known yet */
	for (int k = 1; k < 5; k++) {
		window(&s, k * 1000 * MS, offered, admitted, 100);
		for (int i = 0; i < 5; i++)
			CHECK_INT(admitted[i], want[i]);
	}
	CHECK(s.capacity == 1.0);
	CHECK(s.load == 1.5);
	CHECK_INT(s.n_moves, 1);
	CHECK_INT(s.cut, 4 * 128);
	qos_shed_free(&s);
}

/* The cut falls into a class: cohorts are cut, to the cell, and the same ones each time. */
static void inside(void)
{
	static const int offered[5] = { 10, 20, 30, 64, 50 };
	struct qos_shed s;
	int admitted[5];

	open_shed(&s, 0x1e);
	window(&s, 0, offered, admitted, 100);
	window(&s, 1000 * MS, offered, admitted, 100);
	CHECK_INT(admitted[2], 30);
	CHECK_INT(admitted[3], 40); /* of the first 64 cohorts one each */
	CHECK_INT(admitted[4], 0);
	CHECK(qos_shed_admits(&s, 3, 39, 1500 * MS));
	CHECK(!qos_shed_admits(&s, 3, 40, 1500 * MS));
	CHECK(qos_shed_cuts(&s, 3) && qos_shed_cuts(&s, 4) && !qos_shed_cuts(&s, 2));
	CHECK_INT(qos_shed_rest_ns(&s), 500 * MS);
	qos_shed_free(&s);
}

/* 1 % above what fits moves the cut down, 5 % free move it up; what is between leaves it. */
static void hysteresis(void)
{
	static const int full[5] = { 10, 20, 30, 40, 50 }, near[5] = { 10, 20, 30, 41, 50 },
			 more[5] = { 10, 20, 30, 42, 50 }, less[5] = { 10, 20, 30, 36, 50 },
			 little[5] = { 10, 20, 30, 34, 50 };
	struct qos_shed s;
	int admitted[5];

	open_shed(&s, 0x1e);
	window(&s, 0, full, admitted, 100);
	window(&s, 1000 * MS, near, admitted, 100); /* 101 of 100 */
	window(&s, 2000 * MS, less, admitted, 100); /* 96 */
	CHECK_INT(s.cut, 4 * 128);
	window(&s, 3000 * MS, more, admitted, 100); /* 102 */
	CHECK_INT(s.cut, 4 * 128);
	window(&s, 4000 * MS, full, admitted, 100);
	CHECK_INT(s.cut, 3 * 128 + 40);
	window(&s, 5000 * MS, little, admitted, 100);
	window(&s, 6000 * MS, little, admitted, 100); /* 94 of 100 */
	CHECK_INT(s.cut, 4 * 128 + 6);
	qos_shed_free(&s);
}

/* A class that may not be shed is admitted and counts: the others have what is left. */
static void never(void)
{
	static const int offered[5] = { 10, 20, 30, 10, 90 };
	struct qos_shed s;
	int admitted[5];

	open_shed(&s, 0x0e);
	window(&s, 0, offered, admitted, 100);
	window(&s, 1000 * MS, offered, admitted, 100);
	CHECK_INT(admitted[0], 10); /* nor is the most urgent */
	CHECK_INT(admitted[1], 0);
	CHECK_INT(admitted[3], 0);
	CHECK_INT(admitted[4], 90);
	qos_shed_free(&s);
}

/* Two servers do twice as much; a pause means that all fits again. */
static void capacity(void)
{
	static const int offered[5] = { 50, 50, 50, 50, 100 };
	struct qos_shed s;
	int admitted[5];

	open_shed(&s, 0x1e);
	for (int i = 0; i < 200; i++)
		qos_shed_served(&s, i % 5, 10 * MS, true, i / 2 * 10 * MS);
	window(&s, 0, offered, admitted, 0);
	window(&s, 1000 * MS, offered, admitted, 0);
	CHECK(s.capacity > 1.95 && s.capacity <= 2.05);
	CHECK_INT(admitted[3], 50);
	CHECK(admitted[4] <= 1); /* the pair at the edge of the window counts for one more */
	window(&s, 60000 * MS, offered, admitted, 0);
	CHECK_INT(admitted[4], 100);
	qos_shed_free(&s);
}

/* Cohorts are spread evenly, and change with the hour. */
static void cohorts(void)
{
	int n[128] = { 0 }, moved = 0;
	char name[16];

	for (int i = 0; i < 128000; i++) {
		struct qos_str s;

		snprintf(name, sizeof(name), "stream%d", i);
		s = qos_str(name);
		n[qos_shed_cohort(s, 0)]++;
		CHECK(qos_shed_cohort(s, 0) == qos_shed_cohort(s, 3599999 * MS));
		moved += qos_shed_cohort(s, 0) != qos_shed_cohort(s, 3600000 * MS);
	}
	for (int i = 0; i < 128; i++)
		CHECK(n[i] > 800 && n[i] < 1200);
	CHECK(moved > 126000);
}

int main(void)
{
	RUN("the lowest class is shed, and no more than must be (law 29)", strict_cut);
	RUN("inside a class whole cohorts are cut, always the same", inside);
	RUN("the cut moves down at 1 % too much and up at 5 % free", hysteresis);
	RUN("a class that may not be shed is admitted and counted first", never);
	RUN("the capacity is that of the servers while records wait", capacity);
	RUN("cohorts are even, and drawn anew each hour", cohorts);
	return DONE();
}
