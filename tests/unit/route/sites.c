/* Sites: who can start, in turn; who is idle. */
#include "route/sites.h"

#include "tests/unit/route/made.h"

static struct qos_tenant tenant = { .share = 1 };
static struct qos_tenants one = { .tenant = &tenant, .n = 1 };

static void turns(void)
{
	static struct qos_adapter_config a[130];
	struct qos_queues_options o = { 0 };
	struct qos_err err = { 0 };
	struct qos_sites s;
	struct made m;

	open_queues(&m, "fifo", "tail", &o);
	for (int i = 0; i < 130; i++)
		a[i] = (struct qos_adapter_config){ .name = QOS_STR("x"), .rate_bps = QOS_DEFAULT, .concurrency = 1 };
	m.config->adapters = a;
	m.config->n_adapters = 130;
	CHECK_INT(qos_sites_init(&s, &one, m.config, &o, m.fields, &m.slab, &err), 0);
	CHECK_INT(qos_sites_next(&s, 0), -1);
	for (int i = 1; i < 130; i += 128) { /* 1 and 129 hold a record */
		struct qos_lanes *lanes = qos_sites_queues(&s, i);
		struct qos_queues own = m.queues, *q = &lanes->lane->queues;

		CHECK(lanes && lanes == qos_sites_queues(&s, i));
		m.queues = *q;
		CHECK_INT(push(&m, 0, "s", 100, 0), QOS_DROP_NONE);
		*q = m.queues;
		q->room = &q->own_room;
		m.queues = own;
		qos_sites_queued(&s, i, 1);
	}
	CHECK_INT(qos_sites_next(&s, 0), 1);
	s.turn = 2;
	CHECK_INT(qos_sites_next(&s, 0), 129);
	s.turn = 129;
	CHECK_INT(qos_sites_next(&s, 0), 129);
	s.site[129].servers.n_idle = 0;
	qos_sites_changed(&s, 129);
	CHECK_INT(qos_sites_next(&s, 0), 1); /* round to before the turn */
	s.site[1].up = false;
	qos_sites_changed(&s, 1);
	CHECK_INT(qos_sites_next(&s, 0), -1);
	CHECK_INT(s.site[1].n_waiting_max, 1);
	qos_sites_free(&s);
	close_queues(&m);
}

static void idle(void)
{
	struct qos_adapter_config a[] = { { .name = QOS_STR("x"), .rate_bps = QOS_DEFAULT, .concurrency = 4 },
					  { .name = QOS_STR("y"), .rate_bps = QOS_DEFAULT, .concurrency = 2 } };
	struct qos_config c = { .adapters = a, .n_adapters = 2 };
	struct qos_queues_options o = { 0 };
	struct qos_err err = { 0 };
	struct qos_sites s;

	CHECK_INT(qos_sites_init(&s, &one, &c, &o, NULL, NULL, &err), 0);
	CHECK_INT(qos_sites_idle(&s), 0);
	s.site[0].servers.n_idle = 3;
	CHECK_INT(qos_sites_idle(&s), 1);
	s.site[1].servers.n_idle = 1;
	CHECK_INT(qos_sites_idle(&s), 0);
	s.site[0].open = false;
	CHECK_INT(qos_sites_idle(&s), 1);
	s.site[1].up = false;
	CHECK_INT(qos_sites_idle(&s), -1);
	qos_sites_free(&s);
}

static void laws(void)
{
	struct qos_adapter_config a = {
		.name = QOS_STR("x"), .rate_bps = QOS_DEFAULT, .concurrency = 1, .latency = QOS_STR("uniform:10ns-20ns")
	};
	struct qos_config c = { .adapters = &a, .n_adapters = 1 };
	struct qos_record r = { .service_ns = 100 };
	struct qos_queues_options o = { 0 };
	struct qos_err err = { 0 };
	struct qos_sites s;

	CHECK_INT(qos_sites_init(&s, &one, &c, &o, NULL, NULL, &err), 0);
	qos_sites_start(&s, 0, &r, 5);
	CHECK(r.depart_ns >= 115 && r.depart_ns <= 125 && !r.drop);
	CHECK_INT(s.site[0].servers.server[0].free_ns, 105);
	qos_servers_done(&s.site[0].servers, 0);
	s.site[0].factor = 3;
	qos_sites_start(&s, 0, &r, 1000);
	CHECK(r.depart_ns >= 1330 && r.depart_ns <= 1360);
	CHECK_INT(s.site[0].servers.busy_ns, 400);
	qos_sites_free(&s);
	a.latency = QOS_STR("normal:1ms");
	CHECK_INT(qos_sites_check(&c, &err), QOS_EUSAGE);
	CHECK_INT(qos_sites_init(&s, &one, &c, &o, NULL, NULL, &err), QOS_EUSAGE);
}

int main(void)
{
	RUN("sites that can start take turns, over more than one word of bits", turns);
	RUN("latency follows a law, and both it and service a factor", laws);
	RUN("the open one with the smallest busy part is idle", idle);
	return DONE();
}
