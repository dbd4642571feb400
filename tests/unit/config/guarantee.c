/* Guarantees by rate and by share, and the sum that a link has no room for. */
#include "tests/unit/config/with.h"

static struct qos_config *c;
static struct qos_err err;

static void by_rate_or_share(void)
{
	CHECK_INT(qos_config_guarantee(c, &c->classes[0]), 300000);
	c->classes[0].rate_bps = 123456;
	CHECK_INT(qos_config_guarantee(c, &c->classes[0]), 123456);
	c->classes[0].rate_bps = 0;
	CHECK_INT(qos_config_guarantee(c, &c->classes[0]), 0);
}

static void sums(void)
{
	c->classes[0].rate_bps = 300005; /* 5 classes: half a bit/s of rounding each is forgiven, and up to one */
	CHECK_INT(qos_config_check_guarantees(c, &err), 0);
	c->classes[0].rate_bps = 300006;
	CHECK_INT(qos_config_check_guarantees(c, &err), QOS_EUSAGE);
	c->classes[0].rate_bps = 600000;
	c->classes[4].rate_bps = 0;
	CHECK_INT(qos_config_check_guarantees(c, &err), QOS_EUSAGE);
	CHECK(strstr(err.text, "add up to 1.25Mbit/s, the link has 1Mbit/s (critical 600kbit/s + system 250kbit/s + "
			       "job_execution 250kbit/s + data_transfer 150kbit/s); lower "));
}

/* 64 classes with long names: the message says that there are more terms. */
static void many_terms(void)
{
	struct qos_class_config all[64];
	struct qos_config many = *c;

	for (int i = 0; i < 64; i++) {
		all[i] = c->classes[0];
		all[i].name = QOS_STR("a_class_with_a_name_of_forty_characters_");
		all[i].rate_bps = 1000000;
	}
	many.classes = all;
	many.n_classes = 64;
	CHECK_INT(qos_config_check_guarantees(&many, &err), QOS_EUSAGE);
	CHECK(strstr(err.text, "64Mbit/s, the link has 1Mbit/s (a_class") && strstr(err.text, " + ...); lower "));
}

int main(void)
{
	static const char *const set[] = { "bandwidth.total_bandwidth=1mbit" };

	CHECK_INT(qos_config_load(&c, NULL, set, 1, &err), 0);
	RUN("a guarantee is a rate, or a share of the link", by_rate_or_share);
	RUN("guarantees beyond the link are refused with the sum and its terms", sums);
	RUN("a sum of many terms is cut short", many_terms);
	qos_config_free(c);
	return DONE();
}
