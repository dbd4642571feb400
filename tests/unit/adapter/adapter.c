/* The table: kinds by scheme, and what every member owes. */
#include "adapter/adapter.h"

#include "config/config.h"
#include "config/values.h"
#include "tests/unit/test.h"

static void found(void)
{
	struct qos_str target;

	CHECK_TEXT(qos_adapter_find(QOS_STR("tcp:host:1"), &target)->name, "tcp");
	CHECK(qos_str_is(target, "host:1"));
	CHECK_TEXT(qos_adapter_find(QOS_STR("null:"), &target)->name, "null");
	CHECK_INT(target.n, 0);
	CHECK(!qos_adapter_find(QOS_STR("tcpx:host:1"), &target));
	CHECK(!qos_adapter_find(QOS_STR("tcp"), &target));
}

/* The configuration knows the names, too. */
static void configured(void)
{
	for (int i = 0; qos_adapters[i]; i++) {
		struct qos_adapter_config c = { 0 };
		char uri[40], why[200];

		snprintf(uri, sizeof(uri), "%s:place", qos_adapters[i]->name);
		CHECK_INT(qos_config_adapter(&c, qos_str(uri), why), 0);
	}
}

static void owed(void)
{
	for (int i = 0; qos_adapters[i]; i++) {
		const struct qos_adapter *a = qos_adapters[i];

		CHECK(a->name && a->summary && a->init && a->open && a->write && a->finish && a->close);
		CHECK(strncmp(a->summary, a->name, strlen(a->name)) == 0);
		CHECK(!a->unread || a->fd);
		CHECK(!a->opened || a->fd);
	}
}

int main(void)
{
	RUN("a kind is found by what stands before the first colon", found);
	RUN("the configuration takes every kind", configured);
	RUN("every kind has its verbs, and its summary begins with its name", owed);
	return DONE();
}
