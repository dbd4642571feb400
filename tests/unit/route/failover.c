/* Adapters that go down and come back: what is there moves, fails, or waits. */
#include "route/router.h"

#include "tests/unit/drive.h"

static const double shares[] = { 0.3, 0.25, 0.25, 0.15, 0.05 };
static struct departures d;
static struct qos_class_config classes[5];
static struct qos_config c;
static struct qos_fields *f;
static struct qos_router *r;
static struct qos_stage stage;

/* Two adapters, the first with a fault. */
static void open_two(const char *fault, const char *strategy)
{
	static struct qos_adapter_config a[2];
	struct qos_router_options o = { .keep_drops = true };
	struct qos_err err = { 0 };

	config_of(&c, classes, 5, shares);
	for (int i = 0; i < 2; i++)
		a[i] = (struct qos_adapter_config){ .name = qos_str(i ? "b" : "a"),
						    .uri = QOS_STR("sim:"),
						    .rate_bps = QOS_DEFAULT,
						    .concurrency = 1 };
	a[0].fault[a[0].n_faults++] = qos_str(fault);
	c.adapters = a;
	c.n_adapters = 2;
	c.strategy = qos_str(strategy);
	CHECK(qos_fields_new(&f, &err) == 0);
	CHECK_INT(qos_router_new(&r, &c, &o, f, &err), 0);
	stage = qos_router_stage(r);
}

static void close_two(void)
{
	qos_router_free(r);
	qos_fields_free(f);
}

/* Services of 10 ns, bound in turn; a is down in [15, 100) since the first record, which comes at 1000. */
static void moves(void)
{
	struct arrival in[6];

	for (int i = 0; i < 6; i++)
		in[i] = (struct arrival){ 1000 + i, 1, 100, 10, "x" };
	open_two("fail=15ns-100ns", "round_robin");
	drive(&stage, in, 6, &d);
	CHECK_INT(d.n, 6);
	/* a: 0 until 1010, 2 in service and 4 waiting when it fails; b: 1, 3, 5, then 4 */
	CHECK(d.at[0].seq == 0 && d.at[0].adapter == 0);
	CHECK(d.at[2].seq == 2 && d.at[2].drop == QOS_DROP_ERROR && d.at[2].depart_ns == QOS_UNSET);
	CHECK(d.at[5].seq == 4 && d.at[5].adapter == 1);
	CHECK_INT(d.at[5].depart_ns, 1041);
	CHECK_INT(qos_router_site(r, 0)->n_errors, 1);
	CHECK_INT(qos_router_site(r, 0)->n_failed_over, 1);
	CHECK_INT(qos_router_pool(r)->member[0].n_load, 0);
	CHECK_INT(qos_router_pool(r)->n_load, 0);
	CHECK_INT(qos_router_site(r, 0)->n_waiting, 0);
	close_two();
}

/* It is back for what comes later, and that it was away is counted also while nothing happened. */
static void back(void)
{
	struct arrival in[] = { { 0, 1, 100, 10, "x" }, { 2000, 1, 100, 10, "x" }, { 2001, 1, 100, 10, "x" } };

	open_two("fail=15ns-100ns", "late");
	drive(&stage, in, 3, &d);
	CHECK(d.at[1].adapter == 0 && d.at[2].adapter == 1);
	CHECK_INT(qos_router_down_ns(r, 0), 85);
	CHECK_INT(qos_router_site(r, 0)->n_downs, 1);
	close_two();
}

/* With nobody up records wait for the first who is. */
static void nobody(void)
{
	struct arrival in[] = { { 0, 1, 100, 10, "x" }, { 20, 1, 100, 10, "x" } };

	struct qos_router_options o = { 0 };
	struct qos_err err = { 0 };

	open_two("fail=15ns-100ns", "p2c");
	c.adapters[1].fault[0] = QOS_STR("fail=15ns-50ns");
	c.adapters[1].n_faults = 1;
	qos_router_free(r);
	CHECK_INT(qos_router_new(&r, &c, &o, f, &err), 0);
	stage = qos_router_stage(r);
	drive(&stage, in, 2, &d);
	CHECK(d.n == 2 && d.at[1].adapter == 1);
	CHECK_INT(d.at[1].depart_ns, 60);
	close_two();
}

/* Twice as slow from 5 to 50. */
static void slow(void)
{
	struct arrival in[] = { { 0, 1, 100, 10, "x" }, { 20, 1, 100, 10, "x" }, { 60, 1, 100, 10, "x" } };

	open_two("slow=5ns-50ns:2x", "direct");
	drive(&stage, in, 3, &d);
	CHECK_INT(d.at[0].depart_ns, 10);
	CHECK_INT(d.at[1].depart_ns, 40);
	CHECK_INT(d.at[2].depart_ns, 70);
	CHECK_INT(qos_router_site(r, 0)->servers.busy_ns, 40);
	close_two();
}

int main(void)
{
	RUN("what waits at an adapter that fails moves, what is in service there fails", moves);
	RUN("an adapter that is back is given records again", back);
	RUN("records wait while nobody is up", nobody);
	RUN("a slow adapter takes its factor of the time", slow);
	return DONE();
}
