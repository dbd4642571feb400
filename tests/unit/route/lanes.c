/* Lanes: whose turn it is, and who makes room. */
#include "route/lanes.h"

#include "tests/unit/test.h"

#include "record/stage.h"

#define MS 1000000LL

struct made {
	struct qos_config *config;
	struct qos_fields *fields;
	struct qos_slab slab;
	struct qos_tenants tenants;
	struct qos_lanes lanes;
	struct qos_room room;
	struct qos_cell cell[QOS_N_KNOWN];
	uint64_t seq;
};

static void open_lanes(struct made *m, struct qos_tenant_config *tenants, int n)
{
	struct qos_queues_options o = { 0 };
	struct qos_err err = { 0 };

	memset(m, 0, sizeof(*m));
	CHECK(qos_config_load(&m->config, NULL, NULL, 0, &err) == 0);
	CHECK(qos_fields_new(&m->fields, &err) == 0);
	m->config->discipline = QOS_STR("strict");
	m->config->tenants = tenants;
	m->config->n_tenants = n;
	m->room = qos_room_of(m->config);
	o.room = &m->room;
	CHECK(qos_tenants_init(&m->tenants, m->config, &m->room, m->fields, &err) == 0);
	CHECK(qos_lanes_init(&m->lanes, &m->tenants, m->config, &o, m->fields, &m->slab, &err) == 0);
}

static void close_lanes(struct made *m)
{
	qos_lanes_free(&m->lanes);
	qos_tenants_free(&m->tenants);
	qos_fields_free(m->fields);
	qos_slab_free(&m->slab);
	qos_config_free(m->config);
}

static enum qos_drop push(struct made *m, const char *tenant, int class, const char *stream, int64_t now_ns)
{
	char text[64];
	struct qos_record r = { .bytes = text,
				.cell = m->cell,
				.class = (int16_t) class,
				.size_bytes = 100,
				.arrival_ns = now_ns,
				.deadline_ns = now_ns + 10 * MS,
				.node = { .seq = m->seq++ } };
	uint32_t n = (uint32_t)strlen(tenant);

	r.n_bytes = (uint32_t)snprintf(text, sizeof(text), "%s%s", tenant, stream);
	m->cell[QOS_F_TENANT] = (struct qos_cell){ .off = 0, .len = n, .kind = n ? QOS_CELL_TEXT : QOS_CELL_ABSENT };
	m->cell[QOS_F_STREAM] = (struct qos_cell){ .off = n, .len = r.n_bytes - n, .kind = QOS_CELL_TEXT };
	if (qos_tenants_are_shared(&m->tenants))
		qos_tenants_came(&m->tenants, &r);
	return qos_lanes_push(&m->lanes, &r, now_ns);
}

/* Serves the next record for a millisecond.   Returns  10 x tenant + class; -1: nobody may be served. */
static int serve(struct made *m, int64_t now_ns)
{
	bool ready = qos_lanes_waiting(&m->lanes, now_ns);
	struct qos_record *r = qos_lanes_pop(&m->lanes, now_ns);
	int who;

	CHECK(ready == (r != NULL));
	if (!r)
		return -1;
	who = 10 * r->tenant + r->class;
	qos_lanes_sent(&m->lanes, r, MS, now_ns);
	qos_lanes_leave(&m->lanes, r);
	qos_record_drop(r, m->fields, &m->slab);
	return who;
}

/* All wait: service by share, to within a record of each at any moment. */
static void shares(void)
{
	struct qos_tenant_config t[] = { { .name = QOS_STR("a"), .share = 0.5 },
					 { .name = QOS_STR("b"), .share = 0.2 },
					 { .name = QOS_STR("c"), .share = 0.2 } };
	static const double share[] = { 0.5, 0.2, 0.2, 0.1 };
	static const char *const name[] = { "a", "b", "c", "nobody" };
	int n[4] = { 0 }, wrong = 0;
	struct made m;

	open_lanes(&m, t, 3);
	for (int i = 0; i < 2000; i++)
		for (int k = 0; k < 4; k++)
			CHECK(push(&m, name[k], k, "s", 0) == 0);
	for (int i = 1; i <= 2000; i++) {
		n[serve(&m, i * MS) / 10]++;
		for (int k = 0; k < 4; k++)
			wrong += n[k] < share[k] * i - 2 || n[k] > share[k] * i + 2;
	}
	CHECK_INT(wrong, 0);
	close_lanes(&m);
}

/* b was away while a had all: it is not behind, and goes first until it has had what it kept. */
static void credit(void)
{
	struct qos_tenant_config t[] = { { .name = QOS_STR("a"), .share = 0.5 },
					 { .name = QOS_STR("b"), .share = 0.4 } };
	int n_first = 0, n_b = 0;
	struct made m;

	open_lanes(&m, t, 2);
	for (int i = 0; i < 3000; i++)
		push(&m, "a", 0, "s", 0);
	for (int i = 0; i < 1000; i++)
		CHECK_INT(serve(&m, i * MS), 0);
	for (int i = 0; i < 1000; i++)
		push(&m, "b", 4, "s", 1000 * MS); /* less urgent than all of a's */
	while (serve(&m, 1000 * MS) == 14)
		n_first++;
	CHECK(n_first >= 40 && n_first <= 80); /* 100 ms of its share, while a earns, too */
	for (int i = 0; i < 900; i++)
		n_b += serve(&m, 1000 * MS) == 14;
	CHECK(n_b >= 398 && n_b <= 402); /* a's 0.5 to b's 0.4 */
	close_lanes(&m);
}

/* Tenants with credit go by class; one that uses its share up does not, however urgent its records are. */
static void urgency(void)
{
	struct qos_tenant_config t[] = { { .name = QOS_STR("a"), .share = 0.3 },
					 { .name = QOS_STR("b"), .share = 0.3 },
					 { .name = QOS_STR("c"), .share = 0.3 } };
	struct made m;

	open_lanes(&m, t, 3);
	for (int i = 0; i < 1000; i++)
		push(&m, "a", 0, "s", 0);
	for (int i = 0; i < 500; i++)
		serve(&m, i * MS);
	push(&m, "b", 4, "s", 500 * MS);
	push(&m, "c", 1, "s", 500 * MS);
	push(&m, "b", 2, "s", 500 * MS);
	CHECK_INT(serve(&m, 500 * MS), 21);
	CHECK_INT(serve(&m, 501 * MS), 12);
	CHECK_INT(serve(&m, 502 * MS), 14);
	CHECK_INT(serve(&m, 503 * MS), 0);
	close_lanes(&m);
}

/* A ceil of 20 records a second: a burst of two (100 ms), then one in 50 ms; what it leaves is the others'. */
static void ceil_waits(void)
{
	struct qos_tenant_config t[] = { { .name = QOS_STR("a"), .ceil = { .bps = 160, .by_record = true } } };
	int n_a = 0, n_other = 0;
	struct made m;

	open_lanes(&m, t, 1);
	for (int i = 0; i < 100; i++)
		push(&m, "a", 0, "s", 0);
	for (int64_t now = 0; now < 1000 * MS; now += MS)
		n_a += serve(&m, now) == 0;
	CHECK(n_a == 22); /* 2 and one into debt, then each 50 ms */
	CHECK(qos_lanes_due(&m.lanes, 999 * MS) > 999 * MS && qos_lanes_due(&m.lanes, 999 * MS) <= 1050 * MS);
	CHECK(qos_lanes_waiting(&m.lanes, 1000 * MS - 1) == 0 && qos_lanes_hold(&m.lanes));
	for (int i = 0; i < 500; i++)
		push(&m, "b", 4, "s", 1000 * MS);
	for (int64_t now = 1000 * MS; now < 1400 * MS; now += MS)
		n_other += serve(&m, now) == 14;
	CHECK(n_other >= 390);
	close_lanes(&m);
}

static void streams(void)
{
	struct qos_tenant_config t[] = { { .name = QOS_STR("default"), .n_streams = 2 } };
	struct made m;

	open_lanes(&m, t, 1);
	CHECK(push(&m, "", 0, "s1", 0) == 0);
	CHECK(push(&m, "", 0, "s2", 0) == 0);
	CHECK(push(&m, "default", 0, "s3", 0) == QOS_DROP_STREAMS);
	CHECK(push(&m, "b", 0, "s3", 0) == 0);
	CHECK(push(&m, "c", 0, "s3", 0) == 0);
	CHECK_INT(m.lanes.lane[0].queues.n_records, 2);
	CHECK_INT(m.lanes.lane[1].queues.n_records, 2);
	close_lanes(&m);
}

/* Room for all: who holds most for its share gives it, also what is urgent there for what is not here. */
static void room(void)
{
	struct qos_tenant_config t[] = { { .name = QOS_STR("a"), .share = 0.4 },
					 { .name = QOS_STR("b"), .share = 0.4 } };
	struct qos_record *r;
	struct made m;

	open_lanes(&m, t, 2);
	m.room.limit_records = 10;
	for (int i = 0; i < 10; i++)
		CHECK(push(&m, "a", 0, "s", 0) == 0);
	CHECK(push(&m, "a", 1, "s", 0) == QOS_DROP_OVERFLOW);
	for (int i = 0; i < 5; i++) {
		CHECK(push(&m, "b", 4, "s", 0) == 0);
		r = qos_lanes_dropped(&m.lanes);
		CHECK(r && r->tenant == 0 && r->drop == QOS_DROP_OVERFLOW);
		qos_lanes_leave(&m.lanes, r);
		qos_record_drop(r, m.fields, &m.slab);
		CHECK(!qos_lanes_dropped(&m.lanes));
	}
	CHECK(push(&m, "b", 4, "s", 0) == QOS_DROP_OVERFLOW); /* each has its half */
	CHECK_INT(m.room.n_records, 10);
	CHECK_INT(m.lanes.lane[0].queues.n_records, 5);
	close_lanes(&m);
}

/* Without tenants, or with such as have nothing to share, there is one. */
static void alone(void)
{
	struct qos_tenant_config t[] = { { .name = QOS_STR("a"), .max_class = 2 } };
	struct made m;

	open_lanes(&m, t, 1);
	CHECK(!qos_tenants_are_shared(&m.tenants));
	CHECK(push(&m, "a", 3, "s", 0) == 0);
	CHECK(push(&m, "b", 1, "s", 0) == 0);
	CHECK_INT(serve(&m, 0), 1);
	CHECK_INT(serve(&m, 0), 3);
	CHECK_INT(serve(&m, 0), -1);
	close_lanes(&m);
}

int main(void)
{
	RUN("all wait: each is served by its share, at any moment", shares);
	RUN("who was away has kept some of its share, and no more", credit);
	RUN("a flood goes behind those who keep to their shares, and these go by class", urgency);
	RUN("a tenant at its ceil waits, and the others have what it leaves", ceil_waits);
	RUN("streams are limited by tenant; who is not configured counts with all others", streams);
	RUN("the room for all is taken from who holds most for its share", room);
	RUN("without shares there is one tenant", alone);
	return DONE();
}
