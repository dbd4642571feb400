/* Tenants: who they are, what each of them may, what is counted. */
#include "route/tenants.h"

#include "tests/unit/test.h"

#define MS 1000000LL

static struct qos_cell cell[QOS_N_KNOWN];

static void open_tenants(struct qos_tenants *t, struct qos_tenant_config *config, int n)
{
	struct qos_config c = { .tenants = config, .n_tenants = n };
	struct qos_fields *fields;
	struct qos_room room = { 0 };
	struct qos_err err = { 0 };

	CHECK(qos_fields_new(&fields, &err) == 0);
	CHECK(qos_tenants_init(t, &c, &room, fields, &err) == 0);
	CHECK(fields->wanted[QOS_F_TENANT] == qos_tenants_are_shared(t));
	CHECK((room.claim != NULL) == qos_tenants_are_shared(t));
	qos_fields_free(fields);
}

static int came(struct qos_tenants *t, const char *name, int64_t bytes, bool *admitted, int64_t now_ns)
{
	struct qos_record r = { .bytes = name, .cell = cell, .size_bytes = bytes };

	cell[QOS_F_TENANT] = (struct qos_cell){ .len = (uint32_t)strlen(name) & 0xfffffff,
						.kind = *name ? QOS_CELL_TEXT : QOS_CELL_ABSENT };
	qos_tenants_came(t, &r);
	*admitted = qos_tenants_admit(t, &r, now_ns);
	return r.tenant;
}

static void names(void)
{
	struct qos_tenant_config c[] = { { .name = QOS_STR("a"), .share = 0.5 }, { .name = QOS_STR("default") } };
	struct qos_tenants t;
	bool yes;

	open_tenants(&t, c, 2);
	CHECK_INT(t.n, 3);
	CHECK_INT(came(&t, "a", 1, &yes, 0), 0);
	CHECK_INT(came(&t, "", 1, &yes, 0), 1);
	CHECK_INT(came(&t, "default", 1, &yes, 0), 1);
	CHECK_INT(came(&t, "b", 1, &yes, 0), 2);
	CHECK(yes);
	CHECK(t.tenant[0].share == 0.5 && t.tenant[1].share == 0.25 && t.tenant[2].share == 0.25);
	CHECK_INT(t.tenant[1].counts.n_in, 2);
	qos_tenants_free(&t);
}

/* The shares leave nothing: the others get a little all the same. */
static void full(void)
{
	struct qos_tenant_config c[] = { { .name = QOS_STR("a"), .share = 0.6 },
					 { .name = QOS_STR("b"), .share = 0.4 } };
	struct qos_tenants t;

	open_tenants(&t, c, 2);
	CHECK(t.tenant[2].share > 0.0098 && t.tenant[2].share < 0.01);
	CHECK(t.tenant[0].share > 0.593 && t.tenant[0].share < 0.595);
	qos_tenants_free(&t);
}

static void none(void)
{
	struct qos_tenant_config c[] = { { .name = QOS_STR("a"), .max_class = 2 } };
	struct qos_tenants t;

	open_tenants(&t, c, 1);
	CHECK(!qos_tenants_are_shared(&t));
	qos_tenants_free(&t);
}

/* 10 records a second: one in 100 ms.  8 kbit/s: 100 bytes in 100 ms, whatever the first ones were. */
static void rate(void)
{
	struct qos_tenant_config c[] = { { .name = QOS_STR("a"), .rate = { .bps = 80, .by_record = true } },
					 { .name = QOS_STR("b"), .rate = { .bps = 8000 } } };
	struct qos_tenants t;
	int n_records = 0, n_bytes = 0;

	open_tenants(&t, c, 2);
	for (int64_t now = 0; now < 10000 * MS; now += 10 * MS) {
		bool yes;

		came(&t, "a", 1000, &yes, now);
		n_records += yes;
		came(&t, "b", 50, &yes, now);
		n_bytes += 50 * yes;
		came(&t, "c", 50, &yes, now);
		CHECK(yes);
	}
	CHECK_INT(n_records, 101);
	CHECK(n_bytes >= 10050 && n_bytes <= 10150);
	CHECK(qos_tenants_rest_ns(&t, 0, 9990 * MS) > 0 && qos_tenants_rest_ns(&t, 0, 9990 * MS) <= 100 * MS);
	CHECK_INT(qos_tenants_rest_ns(&t, 0, 20000 * MS), 0);
	qos_tenants_free(&t);
}

static void ceil_and_counts(void)
{
	struct qos_tenant_config c[] = { { .name = QOS_STR("a"), .ceil = { .bps = 80, .by_record = true } } };
	struct qos_record r = { .wait_ns = 5 * MS, .size_bytes = 100 };
	struct qos_tenants t;

	open_tenants(&t, c, 1);
	CHECK(t.has_ceil);
	for (int i = 0; i < 2; i++) { /* what it gives in 100 ms, and one more into debt */
		CHECK(qos_tenant_is_free(&t.tenant[0], 0));
		qos_tenants_served(&t, &r, 0);
	}
	CHECK(!qos_tenant_is_free(&t.tenant[0], 100 * MS - 1));
	CHECK(qos_tenant_is_free(&t.tenant[0], 100 * MS));
	CHECK(qos_tenant_is_free(&t.tenant[1], 0));
	qos_tenants_ended(&t, &r);
	r.drop = QOS_DROP_TAIL;
	qos_tenants_ended(&t, &r);
	CHECK_INT(t.tenant[0].counts.n_out, 1);
	CHECK_INT(t.tenant[0].counts.out_bytes, 100);
	CHECK_INT(t.tenant[0].counts.dropped[QOS_DROP_TAIL], 1);
	CHECK_INT(t.tenant[0].wait.n, 1);
	qos_tenants_free(&t);
}

int main(void)
{
	RUN("tenants are known by name; who has none is default, who is not configured is one of the others", names);
	RUN("where shares leave nothing the others get a little", full);
	RUN("without shares and limits there is one tenant", none);
	RUN("records above a rate are refused, by number or by bytes", rate);
	RUN("a ceil is for what is served, and what ended is counted", ceil_and_counts);
	return DONE();
}
