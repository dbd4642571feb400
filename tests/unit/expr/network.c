/* Networks and addresses. */
#include "expr/network.h"

#include "tests/unit/test.h"

static bool holds(const char *network, const char *address)
{
	struct qos_network n;

	CHECK(qos_network_read(&n, qos_str(network)));
	return qos_network_holds(&n, qos_str(address));
}

static void prefixes(void)
{
	CHECK(holds("10.0.0.0/8", "10.255.1.2") && !holds("10.0.0.0/8", "11.0.0.0"));
	CHECK(holds("192.168.4.0/22", "192.168.7.255") && !holds("192.168.4.0/22", "192.168.8.0"));
	CHECK(holds("192.168.4.1", "192.168.4.1") && !holds("192.168.4.1", "192.168.4.2"));
	CHECK(holds("0.0.0.0/0", "1.2.3.4") && !holds("0.0.0.0/0", "::1"));
	CHECK(holds("2001:db8::/33", "2001:db8:7fff::1") && !holds("2001:db8::/33", "2001:db8:8000::1"));
	CHECK(holds("::1", "::1") && !holds("::/0", "1.2.3.4"));
	CHECK(holds("10.0.0.0/8", "::ffff:10.1.2.3") && holds("::ffff:10.0.0.0/104", "10.1.2.3"));
}

static void wrong_ones(void)
{
	static const char *const wrong[] = { "",
					     "10",
					     "10.0.0.0/",
					     "10.0.0.0/33",
					     "10.0.0.0/-1",
					     "10.0.0.0/8x",
					     "::/129",
					     "10.0.0/8",
					     "x",
					     "/8",
					     "10.0.0.0/ 8",
					     "::ffff:10.0.0.0/8",
					     "10.0.0.0/99999999999999999999",
					     "256.0.0.0/8" };
	struct qos_network n;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		CHECK(!qos_network_read(&n, qos_str(wrong[i])));
		CHECK(!qos_network_holds(&n, QOS_STR("10.0.0.0")));
	}
	CHECK(!holds("10.0.0.0/8", "") && !holds("10.0.0.0/8", "10.0.0.1x") && !holds("10.0.0.0/8", "10.0.0.0/8"));
	CHECK(!qos_network_valid((struct qos_str){ "10.0.0.0\0", 9 }));
}

int main(void)
{
	RUN("a network holds the addresses that share its first bits", prefixes);
	RUN("what is no network is refused", wrong_ones);
	return DONE();
}
