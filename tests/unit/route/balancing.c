/* Which adapter gets a record: strategies of classes, dst, another one when the first fails. */
#include "route/balancing.h"

#include "tests/unit/drive.h"

static const double shares[] = { 0.3, 0.25, 0.25, 0.15, 0.05 };
static struct qos_adapter_config adapters[] = {
	{ .name = QOS_STR("a"), .services = QOS_STR("auth+mail"), .concurrency = 1 },
	{ .name = QOS_STR("b"), .region = QOS_STR("eu"), .weight = 2, .concurrency = 1 },
	{ .name = QOS_STR("c"), .services = QOS_STR("mail"), .concurrency = 1 },
};
static struct qos_class_config classes[5];
static struct qos_config config;
static struct qos_fields *fields;
static struct qos_balancing b;
static struct qos_err err;
static uint8_t bound;

static int open_balancing(const char *strategy)
{
	config_of(&config, classes, 5, shares);
	config.adapters = adapters;
	config.n_adapters = 3;
	config.strategy = qos_str(strategy);
	classes[4].strategy = QOS_STR("round_robin");
	CHECK(qos_fields_new(&fields, &err) == 0);
	return qos_balancing_init(&b, &config, 1, fields, &err);
}

static void close_balancing(void)
{
	qos_balancing_free(&b);
	qos_fields_free(fields);
}

/* Where a record of that class, dst and service goes. */
static int where(int class, const char *dst, const char *service)
{
	char text[100];
	struct qos_cell cell[QOS_N_KNOWN] = { 0 };
	struct qos_record r = { .bytes = text, .cell = cell, .class = (int16_t) class };
	uint32_t n = (uint32_t)strlen(dst);

	snprintf(text, sizeof(text), "%s%s", dst, service);
	if (n)
		cell[QOS_F_DST] = (struct qos_cell){ 0, n, QOS_CELL_TEXT };
	if (*service)
		cell[QOS_F_SERVICE] = (struct qos_cell){ n, (uint32_t)strlen(service), QOS_CELL_TEXT };
	return qos_balancing_choose(&b, &r, 0, &bound);
}

static void by_class(void)
{
	CHECK_INT(open_balancing(""), 0);
	CHECK(b.binds && fields->wanted[QOS_F_DST] && !fields->wanted[QOS_F_REGION]);
	CHECK_INT(where(0, "", ""), QOS_TO_FREE);
	CHECK_INT(bound, QOS_BOUND_LATE);
	CHECK_INT(where(4, "", ""), 0);
	CHECK_INT(bound, QOS_BOUND_STRATEGY);
	CHECK_INT(where(4, "lb", ""), 1);
	close_balancing();
}

static void by_dst(void)
{
	CHECK_INT(open_balancing("late"), 0);
	CHECK_INT(where(0, "direct:c", ""), 2);
	CHECK_INT(bound, QOS_BOUND_DIRECT);
	CHECK_INT(where(0, "service:auth", ""), 0);
	CHECK_INT(bound, QOS_BOUND_SERVICE + 0);
	CHECK_INT(where(0, "direct:d", ""), QOS_TO_NONE);
	CHECK_INT(where(0, "broadcast", ""), QOS_TO_EACH);
	CHECK_INT(qos_balancing_each(&b, -1), 0);
	CHECK_INT(qos_balancing_each(&b, 2), -1);
	qos_pool_set_open(&b.pool, 2, false, &err);
	CHECK_INT(where(0, "direct:c", ""), 2); /* it waits for it */
	CHECK_INT(qos_balancing_each(&b, 1), -1);
	close_balancing();

	CHECK_INT(open_balancing("service"), 0);
	CHECK_INT(where(0, "", "auth"), 0);
	CHECK_INT(where(0, "", "none"), QOS_TO_NONE);
	CHECK_INT(where(0, "", ""), QOS_TO_NONE);
	close_balancing();
}

static void again(void)
{
	struct qos_record r = { .class = 0, .adapter = 0, .bound = QOS_BOUND_SERVICE + 1 };

	CHECK_INT(open_balancing("least_loaded"), 0);
	qos_pool_set_open(&b.pool, 0, false, &err);
	CHECK_INT(qos_balancing_again(&b, &r, 7, 0), 2); /* mail */
	r.bound = QOS_BOUND_SERVICE;
	CHECK_INT(qos_balancing_again(&b, &r, 7, 0), 0); /* auth: nobody else */
	r.bound = QOS_BOUND_STRATEGY;
	CHECK_INT(qos_balancing_again(&b, &r, 7, 0), 1);
	qos_pool_set_open(&b.pool, 1, false, &err);
	qos_pool_set_open(&b.pool, 2, false, &err);
	CHECK_INT(qos_balancing_again(&b, &r, 7, 0), QOS_TO_FREE);
	r.bound = QOS_BOUND_DIRECT;
	CHECK_INT(qos_balancing_again(&b, &r, 7, 0), 0);
	close_balancing();
}

static void refused(void)
{
	CHECK_INT(open_balancing("p2d"), QOS_EUSAGE);
	CHECK_TEXT(err.text, "there is no strategy \"p2d\"; did you mean \"p2c\"?");
	CHECK_INT(qos_balancing_check(&config, &err), QOS_EUSAGE);
	close_balancing();
	CHECK_INT(open_balancing("geo"), 0);
	CHECK(fields->wanted[QOS_F_REGION]);
	qos_balancing_free(&b);
	config.load_balancing = false;
	CHECK_INT(qos_balancing_init(&b, &config, 1, fields, &err), 0);
	CHECK_INT(where(4, "", ""), 0);
	CHECK_INT(where(4, "", ""), 0);
	close_balancing();
}

int main(void)
{
	RUN("a class has its strategy, or takes whoever is free", by_class);
	RUN("dst names an adapter, a service, all of them, or nobody", by_dst);
	RUN("a record whose adapter failed goes where its wish allows", again);
	RUN("a strategy that is not there is refused; without load balancing the first adapter gets all", refused);
	return DONE();
}
