/* A tenant's cap. */
#include "classify/trust.h"

#include "tests/unit/config/with.h"

static void caps(void)
{
	struct qos_config *c;
	struct qos_trust *t;
	struct qos_err err;
	struct qos_buf b = { 0 };

	CHECK_INT(load_text(&c,
			    "tenants:\n  - {name: guest, max_class: data_transfer}\n  - {name: free}\n"
			    "  - {name: default, max_class: system}\n",
			    NULL, 0),
		  0);
	CHECK_INT(qos_trust_new(&t, c, &err), 0);
	CHECK_INT(qos_trust_cap(t, QOS_STR("guest"), 0), 3);
	CHECK_INT(qos_trust_cap(t, QOS_STR("guest"), 2), 3);
	CHECK_INT(qos_trust_cap(t, QOS_STR("guest"), 3), 3);
	CHECK_INT(qos_trust_cap(t, QOS_STR("guest"), 4), 4);
	CHECK_INT(qos_trust_cap(t, QOS_STR("free"), 0), 0);
	CHECK_INT(qos_trust_cap(t, QOS_STR("unknown"), 0), 0);
	CHECK_INT(qos_trust_cap(t, QOS_STR(""), 0), 1);
	qos_trust_report(t, &b);
	CHECK_TEXT(b.p, "{\"guest\":2,\"default\":1}");
	qos_buf_free(&b);
	qos_trust_free(t);
	qos_config_free(c);
}

static void none(void)
{
	struct qos_config *c;
	struct qos_trust *t;
	struct qos_err err;

	CHECK_INT(load_text(&c, "tenants:\n  - {name: free}\n", NULL, 0), 0);
	CHECK_INT(qos_trust_new(&t, c, &err), 0);
	CHECK(!t);
	qos_trust_free(t);
	qos_config_free(c);
	CHECK(strstr(problems_of("tenants:\n  - {name: a, max_class: urgnt}\n"), "there is no class \"urgnt\""));
	CHECK(strstr(problems_of("tenants:\n  - {name: a}\n  - {name: a}\n"),
		     "t.yaml:3:5: there are two tenants \"a\""));
	CHECK(strstr(problems_of("tenants:\n  - {max_class: system}\n"), "a tenant without a name"));
}

int main(void)
{
	RUN("a tenant's records are at most as urgent as its max_class", caps);
	RUN("without a max_class there is nothing to do, and wrong ones are told", none);
	return DONE();
}
