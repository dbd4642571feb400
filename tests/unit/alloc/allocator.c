/* Admission: in full, in part, refused; who lends to whom; expiry; invariants under random requests. */
#include "alloc/allocator.h"

#include "base/rng.h"
#include "tests/unit/drive.h"

#define S       1000000000LL
#define CLASSES 5
static const double shares[] = { 0.3, 0.25, 0.25, 0.15, 0.05 };
static struct qos_class_config classes[CLASSES];
static struct qos_config config;
static struct qos_allocator *a;
static struct qos_err err;

/* 1 Mbit: guarantees of 300, 250, 250, 150, 50 kbit. */
static void open_with(double lendable, int64_t idle_ns, uint32_t most)
{
	struct qos_allocator_options o = { .lendable = lendable, .idle_ns = idle_ns, .most = most, .extra_bytes = 8 };

	qos_allocator_free(a);
	CHECK_INT(qos_allocator_new(&a, &config, &o, &err), 0);
}

static void reset(void)
{
	config_of(&config, classes, CLASSES, shares);
	config.total_bandwidth_bps = 1000000;
}

static struct qos_grant ask(int class, const char *stream, int64_t rate_bps)
{
	return qos_allocator_allocate(a, class, qos_str(stream), QOS_ALLOCATOR_NO_TENANT, rate_bps, 0);
}

#define CHECK_GRANT(g_, bps, why)                             \
	do {                                                  \
		struct qos_grant got_grant = (g_);            \
		CHECK_INT(got_grant.granted_bps, bps);        \
		CHECK_INT(got_grant.reason, QOS_GRANT_##why); \
	} while (0)

static void in_full_in_part_refused(void)
{
	reset();
	open_with(0, 0, 0);
	CHECK_GRANT(ask(0, "a", 200000), 200000, FULL);
	CHECK_GRANT(ask(0, "b", 200000), 100000, LINK);
	CHECK_GRANT(ask(0, "c", 1), 0, LINK);
	CHECK_GRANT(ask(1, "a", 250000), 250000, FULL); /* another class: another allocation of the same name */
	CHECK_GRANT(ask(1, "z", 0), 0, RATE);
	CHECK_INT(qos_allocator_promised(a, 0), 300000);
	CHECK_INT(qos_allocator_promised(a, -1), 550000);
	CHECK_INT(qos_allocator_count(a), 3);
	CHECK_GRANT(qos_allocator_release(a, 0, qos_str("a"), 0), 200000, RELEASED);
	CHECK_GRANT(qos_allocator_release(a, 0, qos_str("a"), 0), 0, UNKNOWN);
	CHECK_GRANT(qos_allocator_update(a, 0, qos_str("b"), 0, 0), 200000, FULL); /* asks for the rest again */
	CHECK_GRANT(qos_allocator_update(a, 0, qos_str("b"), 50000, 0), 50000, FULL);
	CHECK_GRANT(ask(0, "b", 400000), 300000, LINK); /* it has one: asked anew */
	CHECK_INT(qos_allocator_counts(a)->n_refused, 3);
	CHECK_INT(qos_allocator_counts(a)->n_max, 3);
}

/* The urgent may be promised half of what the others are guaranteed, but not what those promised. */
static void less_urgent_classes_lend(void)
{
	int64_t rate[CLASSES];

	reset();
	open_with(0.5, 0, 0);
	CHECK_GRANT(ask(3, "d", 100000), 100000, FULL); /* of 150, 75 are kept */
	CHECK_GRANT(ask(0, "a", 1000000), 300000 + 125000 + 125000 + 50000 + 25000, LINK);
	qos_allocator_rates(a, rate);
	CHECK_INT(rate[0], 625000);
	CHECK_INT(rate[1], 125000);
	CHECK_INT(rate[3], 100000);
	CHECK_INT(rate[4], 25000);
	CHECK_GRANT(ask(1, "b", 200000), 125000, LINK); /* the part that is kept is still its own */
	CHECK_GRANT(ask(4, "e", 100000), 25000, LINK);
	CHECK_GRANT(qos_allocator_release(a, 0, qos_str("a"), 0), 625000, RELEASED);
	qos_allocator_rates(a, rate);
	for (int i = 0; i < CLASSES; i++)
		CHECK_INT(rate[i], (int64_t)(shares[i] * 1e6 + 0.5));
	CHECK_GRANT(ask(4, "f", 100000), 25000, LINK); /* nobody is less urgent: its guarantee is all */
}

static void last_lends_first(void)
{
	int64_t rate[CLASSES];

	reset();
	open_with(0.5, 0, 0);
	ask(0, "a", 350000);
	qos_allocator_rates(a, rate);
	CHECK_INT(rate[0], 350000);
	CHECK_INT(rate[1], 250000);
	CHECK_INT(rate[3], 150000 - 25000);
	CHECK_INT(rate[4], 25000);
}

static void ceilings_and_tenants(void)
{
	struct qos_tenant_config tenants[2] = { { .name = QOS_STR("half"), .share = 0.5 },
						{ .name = QOS_STR("slow"), .ceil = { .bps = 40000 } } };

	reset();
	classes[0].ceil_bps = 310000;
	config.tenants = tenants;
	config.n_tenants = 2;
	open_with(1, 0, 0);
	CHECK_GRANT(ask(0, "a", 500000), 310000, CEIL);
	CHECK_GRANT(qos_allocator_allocate(a, 1, qos_str("t"), 0, 600000, 0), 500000, TENANT);
	CHECK_GRANT(qos_allocator_allocate(a, 2, qos_str("t"), 0, 1, 0), 0, TENANT);
	CHECK_GRANT(qos_allocator_allocate(a, 2, qos_str("u"), 1, 50000, 0), 40000, TENANT);
	CHECK_GRANT(qos_allocator_release(a, 2, qos_str("u"), 0), 40000, RELEASED);
	CHECK_GRANT(qos_allocator_allocate(a, 2, qos_str("u"), 1, 40000, 0), 40000, FULL);
}

static void one_too_many(void)
{
	reset();
	open_with(0, 0, 2);
	ask(0, "a", 1000);
	ask(0, "b", 1000);
	CHECK_GRANT(ask(0, "c", 1000), 0, MOST);
	CHECK_GRANT(ask(0, "b", 2000), 2000, FULL);
}

static void usage(void)
{
	struct qos_allocation *x;
	struct qos_grant g;

	reset();
	open_with(0, 0, 0);
	x = ask(0, "a", 80000).allocation;
	CHECK(x == qos_allocator_find(a, 0, qos_str("a")));
	*(int64_t *)qos_allocation_extra(x) = 7;
	qos_allocator_use(a, x, 2500, S / 4);
	qos_allocator_use(a, x, 2500, S / 2);
	g = qos_allocator_update(a, 0, qos_str("a"), 0, S); /* 40 of 80 kbit/s */
	CHECK(g.utilisation == 0.5);
	CHECK_GRANT(g, 80000, FULL);
	qos_allocator_use(a, x, 20000, 2 * S);
	g = qos_allocator_release(a, 0, qos_str("a"), 2 * S);
	CHECK(g.utilisation == 2);
}

static void expiry(void)
{
	reset();
	open_with(0, S, 0);
	ask(0, "a", 1000);
	ask(0, "b", 1000);
	ask(0, "c", 1000);
	qos_allocator_use(a, qos_allocator_find(a, 0, qos_str("a")), 1, S / 2);
	CHECK(qos_allocator_idle(a, S - 1) == NULL);
	CHECK(qos_allocator_idle(a, S) == qos_allocator_find(a, 0, qos_str("b")));
	CHECK_INT(qos_allocator_expire(a, S), 2);
	CHECK_INT(qos_allocator_promised(a, 0), 1000);
	CHECK_INT(qos_allocator_expire(a, S + S / 2), 1);
	CHECK_INT(qos_allocator_promised(a, -1), 0);
	CHECK_INT(qos_allocator_counts(a)->n_expired, 3);
}

/* The link becomes slower: what is promised stays, nothing is added, and rates never go below promises. */
static void slower_link(void)
{
	int64_t rate[CLASSES];

	reset();
	open_with(0.5, 0, 0);
	ask(0, "a", 300000);
	config.total_bandwidth_bps = 200000;
	qos_allocator_change(a, &config);
	CHECK_GRANT(qos_allocator_update(a, 0, qos_str("a"), 350000, 0), 300000, LINK);
	CHECK_GRANT(ask(1, "b", 1), 0, LINK);
	qos_allocator_rates(a, rate);
	CHECK_INT(rate[0], 300000);
	CHECK_INT(rate[1], 25000); /* what it keeps */
	CHECK_GRANT(qos_allocator_update(a, 0, qos_str("a"), 60000, 0), 60000, FULL);
	CHECK_GRANT(ask(1, "b", 50000), 50000, FULL);
}

static void refused_configurations(void)
{
	struct qos_allocator_options o = { .lendable = 1.5 };
	struct qos_allocator *none;

	reset();
	CHECK_INT(qos_allocator_new(&none, &config, &o, &err), QOS_EUSAGE);
	CHECK_TEXT(err.text, "1.5 of a guarantee cannot be lent; write 0 to 1");
	o.lendable = 0;
	classes[0].rate_bps = 900000;
	CHECK_INT(qos_allocator_new(&none, &config, &o, &err), QOS_EUSAGE);
	CHECK(!none && strstr(err.text, "add up to 1.6Mbit/s"));
	for (int i = 0; i < QOS_N_GRANT; i++)
		CHECK(qos_grant_reason_name[i] && *qos_grant_reason_name[i]);
}

/* 200,000 random requests: sums are right, rates add up to the link at most and cover every promise and kept part. */
static void random_requests(void)
{
	struct qos_rng rng;
	int64_t rate[CLASSES], sum, granted;
	char name[8];

	reset();
	open_with(0.5, S, 20);
	qos_rng_seed(&rng, 3);
	for (int64_t i = 0; i < 200000 && !test_failures; i++) {
		int class = (int)qos_rng_below(&rng, CLASSES);
		int64_t now_ns = i * S / 100, bps = (int64_t)qos_rng_below(&rng, 200000);
		struct qos_allocation *x;

		snprintf(name, sizeof(name), "%d", (int)qos_rng_below(&rng, 20));
		x = qos_allocator_find(a, class, qos_str(name));
		switch (qos_rng_below(&rng, 4)) {
		case 0: qos_allocator_allocate(a, class, qos_str(name), QOS_ALLOCATOR_NO_TENANT, bps, now_ns); break;
		case 1: qos_allocator_update(a, class, qos_str(name), bps, now_ns); break;
		case 2: qos_allocator_release(a, class, qos_str(name), now_ns); break;
		default:
			if (x)
				qos_allocator_use(a, x, bps, now_ns);
		}
		qos_allocator_expire(a, now_ns);
		qos_allocator_rates(a, rate);
		sum = granted = 0;
		for (int k = 0; k < CLASSES; k++) {
			sum += rate[k];
			granted += qos_allocator_promised(a, k);
			CHECK(rate[k] >= qos_allocator_promised(a, k));
			CHECK(rate[k] >= (int64_t)(shares[k] * 500000));
		}
		CHECK(sum <= 1000000);
		CHECK_INT(granted, qos_allocator_promised(a, -1));
		CHECK(qos_allocator_count(a) <= 20);
	}
	CHECK(qos_allocator_counts(a)->n_expired > 100 && qos_allocator_counts(a)->n_part > 100);
	CHECK_INT(qos_allocator_counts(a)->n_max, 20);
}

int main(void)
{
	RUN("a rate is granted in full, in part, or refused, and why", in_full_in_part_refused);
	RUN("less urgent classes lend what they do not keep and did not promise", less_urgent_classes_lend);
	RUN("the least urgent lends first", last_lends_first);
	RUN("a class's ceil and a tenant's share hold", ceilings_and_tenants);
	RUN("there are no more allocations than were agreed", one_too_many);
	RUN("utilisation is what was used of what was granted", usage);
	RUN("an allocation that is not used ends", expiry);
	RUN("promises outlast a slower link, and it makes no new ones", slower_link);
	RUN("what cannot be is refused", refused_configurations);
	RUN("200,000 random requests keep every sum", random_requests);
	qos_allocator_free(a);
	return DONE();
}
