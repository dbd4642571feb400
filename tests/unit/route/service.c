/* Service: bound and free records side by side, turns at the router's capacity. */
#include "route/inside.h"

#include "tests/unit/drive.h"

static const double shares[] = { 0.3, 0.25, 0.25, 0.15, 0.05 };
static struct departures d;

/* A message a 10 ns in all; three adapters hold two records each: they take turns. */
static void turns(void)
{
	struct qos_adapter_config a[3];
	struct arrival in[6];
	struct qos_class_config classes[5];
	struct qos_router_options o = { .capacity = { .num = 1, .den = 10 } };
	struct qos_err err = { 0 };
	struct qos_config c;
	struct qos_fields *f;
	struct qos_router *r;
	struct qos_stage stage;

	config_of(&c, classes, 5, shares);
	for (int i = 0; i < 3; i++)
		a[i] = (struct qos_adapter_config){ .name = (struct qos_str){ "abc" + i, 1 },
						    .rate_bps = QOS_DEFAULT,
						    .concurrency = 9 };
	for (int i = 0; i < 6; i++)
		in[i] = (struct arrival){ 0, 1, 100, 1, "x" };
	c.adapters = a;
	c.n_adapters = 3;
	c.strategy = QOS_STR("round_robin");
	CHECK(qos_fields_new(&f, &err) == 0);
	CHECK_INT(qos_router_new(&r, &c, &o, f, &err), 0);
	stage = qos_router_stage(r);
	drive(&stage, in, 6, &d);
	for (int i = 0; i < 6; i++) {
		CHECK_INT(d.at[i].adapter, i % 3);
		CHECK_INT(d.at[i].depart_ns, 10 * i + 1);
	}
	CHECK_INT(qos_router_serve_due(r), QOS_NEVER);
	CHECK(!qos_router_can_serve(r));
	qos_router_free(r);
	qos_fields_free(f);
}

int main(void)
{
	RUN("adapters with bound records take turns at the capacity", turns);
	return DONE();
}
