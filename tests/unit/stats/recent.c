/* The last intervals, and what falls out of them. */
#include "stats/recent.h"

#include <math.h>
#include <stdlib.h>

#include "tests/unit/test.h"

static struct qos_sketch_scale *scale;

/* An interval in which group `name` had n records, each with this latency, and nothing else happened. */
static void take(struct qos_recent *t, const char *name, int n, int64_t latency_ns)
{
	struct qos_sketch latency = { 0 };
	struct qos_report_group group = { .name = qos_str(name),
					  .n_records = (uint64_t)n,
					  .n_targets = (uint64_t)n,
					  .n_within = 1,
					  .n_dropped = 2,
					  .out_bytes = (uint64_t)n * 10,
					  .target_s = 0.5,
					  .latency = &latency };
	struct qos_report r = { .group = &group, .n_groups = n ? 1 : 0 };
	struct qos_err err;

	for (int i = 0; i < n; i++)
		qos_sketch_add(&latency, scale, latency_ns);
	if (n)
		r.all = group;
	CHECK_INT(qos_recent_take(t, &r, &err), 0);
	qos_sketch_free(&latency);
}

static struct qos_recent_sum sum_of(const struct qos_recent *t, int i)
{
	struct qos_recent_sum sum;
	struct qos_err err;

	CHECK_INT(qos_recent_sum(t, i, scale, &sum, &err), 0);
	return sum;
}

static void window(void)
{
	struct qos_recent *t;
	struct qos_recent_sum sum;
	struct qos_err err;
	double past[5];

	CHECK_INT(qos_recent_new(&t, 3, &err), 0);
	CHECK_INT(qos_recent_window(t), 0);
	CHECK(isnan(sum_of(t, -1).max_s));
	take(t, "a", 100, 9000);
	take(t, "b", 7, 50);
	take(t, "a", 5, 1000000);
	CHECK_INT(qos_recent_groups(t), 2);
	sum = sum_of(t, 0);
	CHECK(sum.n_records == 105 && sum.n_targets == 105 && sum.n_within == 2 && sum.n_dropped == 4);
	CHECK(sum.out_bytes == 1050 && sum.target_s == 0.5 && sum.name.n == 1 && sum.name.p[0] == 'a');
	CHECK(fabs(sum.quantile_s[QOS_P50] / 9e-6 - 1) < 0.011);
	CHECK(sum.quantile_s[QOS_P999] == 0.001 && sum.max_s == 0.001);
	CHECK(qos_recent_records(t, -1) == 112 && sum_of(t, -1).n_records == 112);
	take(t, "a", 0, 0); /* the first one falls out */
	CHECK_INT(qos_recent_window(t), 3);
	CHECK(sum_of(t, 0).n_records == 5 && sum_of(t, 1).n_records == 7 && qos_recent_records(t, 0) == 5);
	CHECK(sum_of(t, 0).quantile_s[QOS_P50] == 0.001);
	qos_recent_past(t, 0, past, 5);
	CHECK(past[0] == 0 && past[1] == 100 && past[2] == 0 && past[3] == 5 && past[4] == 0);
	take(t, "a", 0, 0);
	take(t, "a", 0, 0);
	CHECK(qos_recent_records(t, -1) == 0 && isnan(sum_of(t, 0).quantile_s[QOS_P99]));
	qos_recent_free(t);
}

/* The past is a ring of its own, longer than the window. */
static void past(void)
{
	struct qos_recent *t;
	struct qos_err err;
	double last[QOS_RECENT_PAST];

	CHECK_INT(qos_recent_new(&t, 1, &err), 0);
	for (int i = 0; i < QOS_RECENT_PAST + 10; i++)
		take(t, "a", i % 4, 5);
	qos_recent_past(t, -1, last, QOS_RECENT_PAST);
	for (int i = 0; i < QOS_RECENT_PAST; i++)
		CHECK(last[i] == (i + 10) % 4);
	qos_recent_free(t);
}

static void groups(void)
{
	struct qos_recent *t;
	struct qos_err err;
	char name[16];

	CHECK_INT(qos_recent_new(&t, 2, &err), 0);
	CHECK_INT(qos_recent_add(t, QOS_STR("g3"), 2, &err), 0);
	for (int i = 0; i < QOS_RECENT_GROUPS + 5; i++) {
		snprintf(name, sizeof(name), "g%d", i);
		take(t, name, 1, 5);
	}
	CHECK_INT(qos_recent_groups(t), QOS_RECENT_GROUPS);
	CHECK_INT(qos_recent_over(t), 5);
	CHECK(sum_of(t, 0).target_s == 2 && sum_of(t, 0).name.n == 2 && sum_of(t, 0).name.p[1] == '3');
	CHECK(sum_of(t, -1).n_records == 2); /* those without a group are in it */
	qos_recent_free(t);
}

int main(void)
{
	scale = qos_sketch_scale_new();
	RUN("sums are of the window, quantiles too", window);
	RUN("counts of the past outlast the window", past);
	RUN("groups keep their order; those beyond the limit are counted in all", groups);
	qos_sketch_scale_free(scale);
	return DONE();
}
