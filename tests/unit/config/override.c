/* What the command line adds. */
#include "tests/unit/config/with.h"

static struct qos_config *c;
static struct qos_err err;

static void rules(void)
{
	CHECK_INT(qos_config_add_rule(c, "one: payload ~ /=>/ => critical", &err), 0);
	CHECK_INT(qos_config_add_rule(c, "two:size>1=>system", &err), 0);
	CHECK(qos_str_is(c->rules[0].name, "one") && qos_str_is(c->rules[0].when, "payload ~ /=>/"));
	CHECK(qos_str_is(c->rules[1].name, "two") && c->rules[1].class == 1 && c->rules[1].priority < 0);
	CHECK_INT(c->rules[0].when_at.column, 6);
	CHECK(c->n_rules == 2);
	CHECK_INT(qos_config_add_rule(c, "no arrow", &err), QOS_EUSAGE);
	CHECK_INT(qos_config_add_rule(c, "x: => system", &err), QOS_EUSAGE);
	CHECK_INT(qos_config_add_rule(c, "x: a => sistem", &err), QOS_EUSAGE);
	CHECK_TEXT(err.text, "there is no class \"sistem\"; did you mean \"system\"?");
}

static void classes(void)
{
	CHECK_INT(qos_config_set_class(c, "system:rate=5mbit,ceil=6mbit,burst=1KiB,limit=7,prio=2,quantum=9", &err), 0);
	CHECK(c->classes[1].rate_bps == 5000000 && c->classes[1].queue_limit == 7 && c->classes[1].quantum_bytes == 9);
	CHECK_INT(qos_config_set_class(c, "system:speed=1", &err), QOS_EUSAGE);
	CHECK(strstr(err.text, "a class has no \"speed\""));
	CHECK_INT(qos_config_set_class(c, "system", &err), QOS_EUSAGE);
	CHECK_INT(qos_config_set_class(c, "system:rate", &err), QOS_EUSAGE);
	CHECK_INT(qos_config_validate(c, &err), 0);
	CHECK_INT(qos_config_set_class(c, "system:share=90%", &err), 0);
	CHECK_INT(qos_config_validate(c, &err), QOS_EUSAGE);
	CHECK_TEXT(err.text, "shares add up to 165%; lower one of them to reach 100%");
	CHECK_INT(qos_config_set_class(c, "system:share=25%", &err), 0);
}

static void meters(void)
{
	CHECK_INT(qos_config_set_police(c, "gcra,rate=1mbit,burst=a:b", &err), 0);
	CHECK(qos_str_is(c->police, "gcra,rate=1mbit,burst=a:b"));
	CHECK_INT(qos_config_set_police(c, "system:gcra,rate=1mbit", &err), 0);
	CHECK(qos_str_is(c->classes[1].police, "gcra,rate=1mbit"));
	CHECK_INT(qos_config_set_police(c, "sytem:gcra", &err), QOS_EUSAGE);
	CHECK_TEXT(err.text, "there is no class \"sytem\"; did you mean \"system\"?");
}

static void adapters(void)
{
	CHECK_INT(qos_config_add_adapter(c, "one=sim:?rate=10mbit&latency=2ms", &err), 0);
	CHECK(c->adapters[0].rate_bps == 10000000 && qos_str_is(c->adapters[0].latency, "2ms"));
	CHECK_INT(qos_config_add_adapter(c, "two=sim:", &err), 0);
	CHECK_INT(qos_config_validate(c, &err), 0);
	CHECK_INT(qos_config_add_adapter(c, "one=sim:", &err), 0);
	CHECK_INT(qos_config_validate(c, &err), QOS_EUSAGE);
	CHECK_INT(qos_config_add_adapter(c, "x=http://a", &err), QOS_EUSAGE);
	CHECK_INT(qos_config_add_adapter(c, "nothing", &err), QOS_EUSAGE);
}

int main(void)
{
	CHECK_INT(load_text(&c, "rules: []\n", NULL, 0), 0);
	RUN("rules come first, in order; the last arrow divides", rules);
	RUN("numbers of a class are set, sums are checked after it", classes);
	RUN("meters of a class and of all", meters);
	RUN("adapters are added, two of one name are refused", adapters);
	qos_config_free(c);
	return DONE();
}
