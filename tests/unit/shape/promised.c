/* Streams with an allocation: who is owed, in what order, and what is charged. */
#include "shape/promised.h"

#include "tests/unit/drive.h"

#define MS 1000000LL
static const double shares[] = { 0.5, 0.5 };
static struct qos_class_config classes[2];
static struct qos_config config;
static struct qos_allocator *a;
static struct qos_streams streams;
static struct qos_promised p;
static struct qos_err err;

/* As the shaper does.   Returns  false: it has no allocation. */
static bool join(struct qos_stream *s, bool begins, int64_t largest_bytes, int64_t now_ns)
{
	struct qos_allocation *x = qos_promised_find(&p, s, 0);

	if (x)
		qos_promised_join(&p, s, 0, x, begins, largest_bytes, now_ns);
	return x != NULL;
}

/* 8 Mbit/s: a class is guaranteed 500 bytes a millisecond. */
static void begin(void)
{
	struct qos_allocator_options o = { .extra_bytes = QOS_PROMISED_ALLOCATION };

	config_of(&config, classes, 2, shares);
	CHECK_INT(qos_allocator_new(&a, &config, &o, &err), 0);
	CHECK_INT(qos_streams_init(&streams, &err), 0);
	streams.extra_bytes = 5;
	CHECK_INT(qos_promised_init(&p, 2, a, &streams.extra_bytes, &err), 0);
	CHECK_INT(streams.extra_bytes, 16 + sizeof(struct qos_promised_stream));
}

static void end(void)
{
	qos_promised_free(&p);
	qos_streams_free(&streams);
	qos_allocator_free(a);
}

static struct qos_allocation *allocate(const char *name, int64_t rate_bps)
{
	return qos_allocator_allocate(a, 0, qos_str(name), QOS_ALLOCATOR_NO_TENANT, rate_bps, 0).allocation;
}

static struct qos_stream *stream(const char *name)
{
	uint64_t hash;

	qos_streams_find(&streams, 0, qos_str(name), &hash);
	return qos_streams_add(&streams, 0, qos_str(name), hash);
}

static void only_with_an_allocation(void)
{
	struct qos_stream *s;

	begin();
	s = stream("s");
	CHECK(!join(s, true, 1000, 0));
	allocate("other", 1000);
	CHECK(!join(s, true, 1000, 0));
	CHECK(!qos_promised_waits(&p, s));
	CHECK(qos_promised_first(&p, 0, 0, true) == NULL);
	allocate("s", 1000);
	CHECK(join(s, true, 1000, 0));
	CHECK(qos_promised_waits(&p, s));
	CHECK(qos_promised_first(&p, 1, 0, true) == NULL);
	CHECK(qos_promised_first(&p, 0, 0, false) == s);
	qos_promised_leave(&p, 0);
	CHECK(!qos_promised_waits(&p, s));
	CHECK_INT(p.n, 0);
	end();
}

/* Sends 1000 bytes of the first one.   Returns  its name. */
static const char *send(bool alone, int64_t now_ns)
{
	static char name[8];
	struct qos_stream *s = qos_promised_first(&p, 0, now_ns, alone);

	if (!s)
		return "nobody";
	snprintf(name, sizeof(name), "%.*s", (int)s->name_bytes, s->name);
	qos_promised_charge(qos_allocator_find(a, 0, qos_str(name)), 1000, now_ns);
	qos_promised_leave(&p, 0);
	join(s, false, 1000, now_ns);
	return name;
}

/* 800 kbit/s: 1000 bytes every 10 ms; 400 kbit/s: every 20 ms; each begins with one in its bucket. */
static void in_the_order_of_debts(void)
{
	begin();
	allocate("fast", 800000);
	allocate("slow", 400000);
	join(stream("fast"), true, 1000, 0);
	join(stream("slow"), true, 1000, 0);
	CHECK_TEXT(send(false, 0), "slow");
	CHECK_TEXT(send(false, 0), "fast");
	CHECK_TEXT(send(false, 0), "slow"); /* the bucket is empty, not in debt */
	CHECK_TEXT(send(false, 0), "fast");
	CHECK_TEXT(send(false, 0), "nobody");
	CHECK_TEXT(send(true, 0), "fast"); /* beyond its promise, not charged: */
	CHECK_TEXT(send(false, 10 * MS - 1), "nobody");
	CHECK_TEXT(send(false, 10 * MS), "fast");
	CHECK_TEXT(send(false, 20 * MS), "slow");
	CHECK_TEXT(send(false, 20 * MS), "fast");
	CHECK_TEXT(send(false, 20 * MS), "nobody");
	end();
}

/* Its class had no turn for 100 ms: what it is owed is all there, and after a pause only one record of it. */
static void owed_while_it_waits(void)
{
	struct qos_stream *s;

	begin();
	allocate("s", 800000);
	s = stream("s");
	join(s, true, 1000, 0);
	for (int i = 0; i < 12; i++) /* one of its bucket, one into debt */
		CHECK_TEXT(send(false, 100 * MS), "s");
	CHECK_TEXT(send(false, 100 * MS), "nobody");
	qos_promised_leave(&p, 0);
	join(s, true, 1000, 1000 * MS);
	CHECK_TEXT(send(false, 1000 * MS), "s");
	CHECK_TEXT(send(false, 1000 * MS), "s");
	CHECK_TEXT(send(false, 1000 * MS), "nobody");
	end();
}

static void rates_follow(void)
{
	struct qos_stream *s;

	begin();
	allocate("s", 400000);
	s = stream("s");
	join(s, true, 1000, 0);
	send(false, 0);
	send(false, 0);
	qos_allocator_update(a, 0, qos_str("s"), 800000, 0);
	send(true, 0); /* the new rate counts from its next turn on */
	CHECK_TEXT(send(false, 10 * MS - 1), "nobody");
	CHECK_TEXT(send(false, 10 * MS), "s");
	qos_allocator_release(a, 0, qos_str("s"), 0);
	qos_promised_leave(&p, 0);
	CHECK(!join(s, true, 1000, 20 * MS));
	end();
}

static void nobody_is_promised(void)
{
	uint32_t extra_bytes = 7;
	struct qos_stream s = { 0 };

	CHECK_INT(qos_promised_init(&p, 2, NULL, &extra_bytes, &err), 0);
	CHECK_INT(extra_bytes, 7);
	CHECK(qos_promised_find(&p, &s, 0) == NULL);
	qos_promised_free(&p);
}

int main(void)
{
	RUN("only a stream with an allocation waits here", only_with_an_allocation);
	RUN("who is owed longest is first; beyond its promise nobody is charged", in_the_order_of_debts);
	RUN("what it is owed while it waits stays, what it did not ask for goes", owed_while_it_waits);
	RUN("a bucket follows the granted rate, and ends with the allocation", rates_follow);
	RUN("without an allocator nothing costs anything", nobody_is_promised);
	return DONE();
}
