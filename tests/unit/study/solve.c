/* The smallest rate and share: against the closed form of a burst, and what cannot be met. */
#include "study/solve.h"

#include "tests/unit/study/study.h"

static struct qos_shaper_options so = { .stream_field = QOS_F_STREAM };

/* 20 records at once, then one a ms: the last of the burst waits (20 - 1) 1000 B over the rate. */
static void burst(struct qos_trace *t)
{
	*t = (struct qos_trace){ .stream_field = QOS_F_STREAM };
	for (int i = 0; i < 20; i++)
		collect(t, 0, 0, 1000, "a", NULL);
	for (int i = 1; i < 500; i++)
		collect(t, i, 0, 1000, "a", NULL);
}

static void rate(void)
{
	struct qos_solution s;
	struct qos_trace t;
	struct qos_err err;
	struct qos_solve_options o = { &t, &study_config, &so, "all.max <= 15ms", QOS_VARY_RATE };
	double want = 19000 * 8 / 0.015;

	study_begin(1);
	burst(&t);
	CHECK_INT(qos_solve(&s, &o, &err), 0);
	CHECK(s.found && s.x >= want && s.x <= want * 1.00002);
	CHECK_INT(s.n_points, QOS_SOLVE_POINTS);
	for (int i = 0; i < s.n_points; i++)
		CHECK_INT(s.point[i].holds, s.point[i].x >= want);
	CHECK(s.n_runs < 45);
	qos_buf_free(&s.why);
	o.condition = "all.count < 519"; /* no rate changes that */
	CHECK_INT(qos_solve(&s, &o, &err), 0);
	CHECK(!s.found && s.why.n > 0);
	qos_buf_free(&s.why);
	qos_trace_free(&t);
}

/* Two classes that want the whole link each: 40 records at 1 ms; the first is done in time with this share. */
static void shares(void)
{
	struct qos_solution s;
	struct qos_trace t = { .stream_field = QOS_F_STREAM };
	struct qos_err err;
	struct qos_solve_options o = { &t, &study_config, &so, "critical.max <= 5s", QOS_VARY_SHARES };

	study_begin(8000000);
	study_classes[0].burst_bytes = study_classes[1].burst_bytes = 1000;
	for (int i = 0; i < 8000; i++)
		collect(&t, 0, i % 2, 1000, "a", NULL);
	CHECK_INT(qos_solve(&s, &o, &err), 0);
	CHECK(s.found && s.x > 0.79 && s.x < 0.81); /* 4000 records in 5000 ms */
	qos_buf_free(&s.why);
	o.condition = "critical.max <= 3s"; /* 4000 ms of work */
	CHECK_INT(qos_solve(&s, &o, &err), 0);
	CHECK(!s.found);
	qos_buf_free(&s.why);
	o.condition = "all.max <= 3s";
	CHECK_INT(qos_solve(&s, &o, &err), QOS_EUSAGE);
	CHECK(strstr(err.text, "names none"));
	study_classes[1].rate_bps = 1000;
	o.condition = "critical.max <= 3s";
	CHECK_INT(qos_solve(&s, &o, &err), QOS_EUSAGE);
	CHECK(strstr(err.text, "class system has a rate of its own"));
	qos_trace_free(&t);
}

/* Guarantees of 6 Mbit are not possible below that, whatever the condition says. */
static void possible(void)
{
	struct qos_solution s;
	struct qos_trace t;
	struct qos_err err;
	struct qos_solve_options o = { &t, &study_config, &so, "drops == 0", QOS_VARY_RATE };

	study_begin(1);
	study_classes[0].rate_bps = 6000000;
	study_classes[1].rate_bps = 0;
	burst(&t);
	CHECK_INT(qos_solve(&s, &o, &err), 0);
	CHECK(s.found && s.x > 5999990 && s.x < 6000070);
	CHECK(!s.point[0].possible);
	qos_buf_free(&s.why);
	o.condition = "critical.p98 < 1";
	CHECK_INT(qos_solve(&s, &o, &err), QOS_EUSAGE);
	qos_trace_free(&t);
}

int main(void)
{
	RUN("the smallest rate for a burst's delay is its closed form", rate);
	RUN("the smallest share that finishes a class in time", shares);
	RUN("a rate below the guarantees is not possible; a wrong condition is refused", possible);
	return DONE();
}
