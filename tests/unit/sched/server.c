/* Servers: exact ends of service, the carried remainder, the stack of idle ones. */
#include "sched/server.h"

#include "tests/unit/test.h"

static void remainder_is_carried(void)
{
	struct qos_servers p;
	struct qos_record r = { .size_bytes = 1, .service_ns = QOS_UNSET };
	int64_t now = 0;

	CHECK(qos_servers_init(&p, (struct qos_rate){ .bps = 7 }, 1, NULL) == 0);
	for (int i = 1; i <= 100000; i++) {
		int s = qos_servers_start(&p, &r, true, now);

		now = p.server[s].free_ns;
		CHECK_INT(now, (int64_t)((__int128)8000000000 * i / 7));
		qos_servers_done(&p, s);
		if (test_failures)
			break;
	}
	qos_servers_free(&p);
}

static void message_rate(void)
{
	struct qos_servers p;
	struct qos_record r = { .size_bytes = 1000, .service_ns = QOS_UNSET };

	CHECK(qos_servers_init(&p, (struct qos_rate){ .num = 3, .den = 1000000000 }, 2, NULL) == 0);
	CHECK_INT(p.server[qos_servers_start(&p, &r, true, 5)].free_ns, 333333338);
	r.service_ns = 42;
	CHECK_INT(p.server[qos_servers_start(&p, &r, true, 5)].free_ns, 47);
	CHECK_INT(p.n_idle, 0);
	qos_servers_done(&p, 1);
	CHECK_INT(qos_servers_start(&p, &r, true, 50), 1);
	CHECK_INT(p.n_served, 3);
	qos_servers_free(&p);
}

static void never(void)
{
	struct qos_servers p;
	struct qos_record r = { .size_bytes = INT64_MAX, .service_ns = QOS_UNSET };

	CHECK(qos_servers_init(&p, (struct qos_rate){ .bps = 1 }, 1, NULL) == 0);
	CHECK_INT(p.server[qos_servers_start(&p, &r, true, 1)].free_ns, INT64_MAX);
	qos_servers_free(&p);
}

int main(void)
{
	RUN("a busy period ends where exact arithmetic says", remainder_is_carried);
	RUN("service_time counts before the rate, and idle servers are reused", message_rate);
	RUN("a service that outlasts time ends never, without overflow", never);
	return DONE();
}
