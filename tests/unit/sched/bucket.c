/* Token buckets against exact rational arithmetic, and the vectors of ns-3's TBF. */
#include "sched/bucket.h"

#include "tests/unit/test.h"

#define MS 1000000LL

/* 6 KB/s, burst 6000: four records of 1500 B at once leave 4500, 3000, 1500, 0 tokens; the next needs 250 ms. */
static void tbf_a(void)
{
	struct qos_bucket b;

	qos_bucket_init(&b, 48000, 6000);
	for (int i = 0; i < 4; i++) {
		CHECK(qos_bucket_when(&b, 1500) <= 0);
		qos_bucket_take(&b, 1500, 0);
		CHECK_INT(b.empty_ns, (i + 1) * 250 * MS - 1000 * MS);
	}
	CHECK_INT(qos_bucket_when(&b, 1500), 250 * MS);
}

/* 5 KB/s, burst 5000, 1000 B every 100 ms from 0.2 s: the 10th, at 1.1 s, finds 500 tokens and leaves at 1.2 s. */
static void tbf_c(void)
{
	struct qos_bucket b;

	qos_bucket_init(&b, 40000, 5000);
	for (int i = 1; i <= 9; i++) {
		int64_t now = (100 + 100 * i) * MS;

		CHECK(qos_bucket_when(&b, 1000) <= now);
		qos_bucket_take(&b, 1000, now);
	}
	CHECK_INT(1100 * MS - b.empty_ns, 100 * MS); /* 500 tokens at 5 KB/s */
	CHECK_INT(qos_bucket_when(&b, 1000), 1200 * MS);
}

/* Peak 20 KB/s with a bucket of one 1000 B record: 40 ms after the last it holds 800 and waits 10 ms more. */
static void tbf_d(void)
{
	struct qos_bucket b;

	qos_bucket_init(&b, 160000, 1000);
	qos_bucket_take(&b, 1000, 0);
	CHECK_INT(qos_bucket_when(&b, 1000), 50 * MS);
	CHECK_INT(qos_bucket_when(&b, 800), 40 * MS);
}

/* Three records a nanosecond-unfriendly rate: 7 bit/s times a million records has no drift. */
static void no_drift(void)
{
	struct qos_bucket b;
	int64_t now = 0;

	qos_bucket_init(&b, 7, 1);
	qos_bucket_take(&b, 1, 0);
	for (int i = 1; i <= 1000000; i++) {
		now = qos_bucket_when(&b, 1);
		/* 8e9 i / 7, rounded up */
		CHECK_INT(now, (8000000000LL / 7) * i + (8000000000LL % 7 * i + 6) / 7);
		qos_bucket_take(&b, 1, now);
		if (test_failures)
			return;
	}
}

/* Greedy shaper: sigma 3000 B, rho 1 MB/s, five 1500 B at 0 leave at 0, 0, 1.5, 3, 4.5 ms. */
static void greedy(void)
{
	static const int64_t want[] = { 0, 0, 1500000, 3000000, 4500000 };
	struct qos_bucket b;
	int64_t now = 0;

	qos_bucket_init(&b, 8000000, 3000);
	for (int i = 0; i < 5; i++) {
		int64_t when = qos_bucket_when(&b, 1500);

		now = when > now ? when : now;
		CHECK_INT(now, want[i]);
		qos_bucket_take(&b, 1500, now);
	}
}

static void ready(void)
{
	struct qos_bucket b;

	qos_bucket_init(&b, 8000, 1000); /* a byte a ms */
	CHECK(qos_bucket_ready(&b, 0));
	qos_bucket_take(&b, 1500, 0); /* 500 into debt */
	CHECK(!qos_bucket_ready(&b, 499 * MS));
	CHECK(qos_bucket_ready(&b, 500 * MS));
}

static void far(void)
{
	struct qos_bucket b;

	qos_bucket_init(&b, 1, 0);
	qos_bucket_take(&b, INT64_MAX / 2, 0);
	CHECK_INT(qos_bucket_when(&b, INT64_MAX / 2), INT64_MAX);
}

/* 1000 B at 8 Mbit take 1 ms; with the rate cut to a tenth halfway the other half takes 5 ms. */
static void rate_changes(void)
{
	struct qos_bucket b;

	qos_bucket_init(&b, 8000000, 1000);
	qos_bucket_take(&b, 1000, 0);
	qos_bucket_rate(&b, 800000, MS / 2);
	CHECK_INT(qos_bucket_when(&b, 1000), MS / 2 + 5 * MS);
	qos_bucket_take(&b, 3000, MS / 2); /* 2500 B are owed at 800 kbit */
	CHECK_INT(qos_bucket_when(&b, 0), MS / 2 + 25 * MS);
	qos_bucket_rate(&b, 8000000, MS / 2);
	CHECK_INT(qos_bucket_when(&b, 0), MS / 2 + 25 * MS / 10);
	qos_bucket_init(&b, 8000000, 1000);
	qos_bucket_rate(&b, 800000, 5 * MS); /* full, and no more than that */
	CHECK(qos_bucket_when(&b, 1000) <= 5 * MS);
	CHECK_INT(qos_bucket_when(&b, 2000), 15 * MS);
}

/* There and back a million times: what it holds is a whole number, whatever the rate is. */
static void rate_there_and_back(void)
{
	struct qos_bucket b, same;

	qos_bucket_init(&b, 1000000, 5000);
	qos_bucket_take(&b, 5000, 0);
	qos_bucket_take(&b, 4321, 12345);
	same = b;
	for (int i = 0; i < 1000000; i++) {
		qos_bucket_rate(&b, 1000000 >> i % 7, 12345);
		qos_bucket_rate(&b, 1000000, 12345);
	}
	CHECK_INT(b.empty_ns, same.empty_ns);
	CHECK_INT(b.rest, same.rest);
}

/* An hour in which nothing ran in. */
static void stood(void)
{
	struct qos_bucket b;

	qos_bucket_init(&b, 8000000, 1000);
	qos_bucket_take(&b, 1000, 0);
	qos_bucket_stood(&b, 3600000 * MS);
	CHECK_INT(qos_bucket_when(&b, 1000), 3600001 * MS);
}

int main(void)
{
	RUN("ns-3 TBF a: tokens after each send are 4500, 3000, 1500, 0", tbf_a);
	RUN("ns-3 TBF c: the tenth record is blocked until 1.2 s", tbf_c);
	RUN("ns-3 TBF d: 800 peak tokens wait 10 ms more", tbf_d);
	RUN("a rate that no nanosecond fits does not drift over a million records", no_drift);
	RUN("the greedy shaper's departures are exact", greedy);
	RUN("a bucket is out of debt at the exact moment", ready);
	RUN("what takes longer than time lasts is never", far);
	RUN("a change of rate keeps what the bucket holds or owes", rate_changes);
	RUN("a million changes there and back do not drift", rate_there_and_back);
	RUN("time may stand for it", stood);
	return DONE();
}
