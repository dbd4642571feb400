/* Bins that widen and move. */
#include "stats/series.h"

#include "tests/unit/test.h"

static uint64_t total(const struct qos_series *s, const struct qos_timeline *t)
{
	uint64_t n = 0;

	for (int i = 0; i < t->n_bins; i++)
		n += s->bin[i].n_in;
	for (int i = t->n_bins; i < QOS_SERIES_BINS; i++)
		CHECK(s->bin[i].n_in == 0);
	return n;
}

/* Moments in any order: none is lost, and each is in a bin that covers it. */
static void any_order(void)
{
	static int64_t at[2000];
	uint64_t x = 88172645463325252;

	for (int span = 10; span <= 60; span += 10) {
		struct qos_timeline t = { 0 };
		struct qos_series *s = qos_timeline_add(&t);

		for (int i = 0; i < 2000; i++) {
			x ^= x << 13, x ^= x >> 7, x ^= x << 17;
			at[i] = (int64_t)(x >> (64 - span)) - ((int64_t)1 << (span - 1));
			s->bin[qos_timeline_at(&t, at[i])].n_in++;
		}
		CHECK_INT(total(s, &t), 2000);
		for (int i = 0; i < 2000; i++) {
			int bin = qos_timeline_at(&t, at[i]);

			CHECK(bin >= 0 && bin < t.n_bins && s->bin[bin].n_in > 0);
			s->bin[bin].n_in--;
		}
		CHECK_INT(total(s, &t), 0);
		CHECK(span < 30 || t.n_bins > QOS_SERIES_BINS / 4);
		qos_timeline_free(&t);
	}
}

static void extremes(void)
{
	struct qos_timeline t = { 0 };
	struct qos_series *s = qos_timeline_add(&t);

	s->bin[qos_timeline_at(&t, 0)].n_in++;
	s->bin[qos_timeline_at(&t, INT64_MAX)].n_in++;
	s->bin[qos_timeline_at(&t, INT64_MIN)].n_in++;
	s->bin[qos_timeline_at(&t, INT64_MIN + 1)].n_in++;
	s->bin[qos_timeline_at(&t, INT64_MAX)].n_in++;
	CHECK_INT(total(s, &t), 5);
	qos_timeline_free(&t);
}

static void merged(void)
{
	struct qos_timeline t = { 0 };
	struct qos_series *a = qos_timeline_add(&t), *b = qos_timeline_add(&t);
	int i = qos_timeline_at(&t, 5);

	a->bin[i] = (struct qos_series_bin){ 1, 2, 3, 4, 5, 6, 7 };
	b->bin[i] = (struct qos_series_bin){ 10, 20, 30, 40, 50, 60, 70 };
	qos_series_merge(a, b, t.n_bins);
	CHECK(a->bin[i].n_in == 11 && a->bin[i].n_out == 22 && a->bin[i].n_dropped == 33 && a->bin[i].n_missed == 44);
	CHECK(a->bin[i].out_bytes == 55 && a->bin[i].latency_sum_ns == 66 && a->bin[i].latency_max_ns == 70);
	qos_timeline_free(&t);
}

static void backlog(void)
{
	struct qos_series s = { .bin = { { 5, 2, 0 }, { 4, 1, 1 }, { 0, 5, 0 }, { 1, 1, 0 } } };

	CHECK_INT(qos_series_backlog_max(&s, 4), 5);
	CHECK_INT(qos_series_backlog_max(&s, 1), 3);
	CHECK_INT(qos_series_backlog_max(&s, 0), 0);
}

static void many(void)
{
	struct qos_timeline t = { 0 };

	for (int i = 0; i < QOS_SERIES_MOST; i++)
		CHECK(qos_timeline_add(&t) != NULL);
	CHECK(qos_timeline_add(&t) == NULL);
	qos_timeline_free(&t);
}

/* Two timelines of one trace, and the one of the whole. */
static void covers(void)
{
	for (int k = 0; k < 40; k++) {
		struct qos_timeline t[3] = { { 0 } };
		struct qos_series *s[3], sum = { 0 };

		for (int i = 0; i < 3; i++)
			s[i] = qos_timeline_add(&t[i]);
		for (int64_t i = 0; i < 200; i++) {
			int64_t ns = (i - 50) * (1000 + k * k * k * k * 1000LL) + (i % 3 ? 0 : 7777777LL * k);
			int part = 1 + (i % 5 == 0 || i > 150);

			s[0]->bin[qos_timeline_at(&t[0], ns)].n_in++;
			s[part]->bin[qos_timeline_at(&t[part], ns)].n_in++;
		}
		qos_timeline_cover(&t[1], &t[2]);
		CHECK(t[1].shift == t[0].shift && t[1].base == t[0].base && t[1].n_bins == t[0].n_bins);
		qos_series_merge_at(&t[1], s[1], &t[2], s[2]);
		CHECK(memcmp(s[1], s[0], sizeof(sum)) == 0);
		for (int i = 0; i < 3; i++)
			qos_timeline_free(&t[i]);
	}
}

int main(void)
{
	RUN("moments in any order are counted where they belong", any_order);
	RUN("the first and the last moment that 64 bits tell are counted", extremes);
	RUN("series are added up", merged);
	RUN("the backlog is what arrived and did not leave", backlog);
	RUN("there is an end to series", many);
	RUN("two timelines that are put together are that of the whole", covers);
	return DONE();
}
