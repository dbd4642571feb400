/* Packets in words. */
#include <arpa/inet.h>

#include "base/rng.h"
#include "format/packet.h"
#include "tests/unit/test.h"

static void check_address(const uint8_t *address, int version)
{
	char text[QOS_PACKET_ADDRESS_BYTES], want[64];

	text[qos_packet_address(text, address, version)] = '\0';
	inet_ntop(version == 4 ? AF_INET : AF_INET6, address, want, sizeof(want));
	CHECK_TEXT(text, want);
}

static void writes_addresses(void)
{
	static const char *const texts[] = { "::",        "::1",       "1::",          "::ffff:1.2.3.4",
					     "::1.2.3.4", "1:0:0:2::", "fe80::1:0:0:1" };
	uint8_t address[16];
	struct qos_rng rng;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		inet_pton(AF_INET6, texts[i], address);
		check_address(address, 6);
	}
	qos_rng_seed(&rng, 3);
	for (int round = 0; round < 20000; round++) {
		uint64_t zeros = qos_rng_next(&rng);

		for (int i = 0; i < 16; i++)
			address[i] = zeros >> (i / 2) & 1 ? 0 : (uint8_t)(qos_rng_next(&rng) >> (zeros >> 16 & 7));
		check_address(address, round & 1 ? 4 : 6);
	}
}

static void writes_flags(void)
{
	char text[QOS_PACKET_FLAGS_BYTES];

	text[qos_packet_flags(text, 0x12)] = '\0';
	CHECK_TEXT(text, "SYN,ACK");
	text[qos_packet_flags(text, 0xff)] = '\0';
	CHECK_TEXT(text, "SYN,FIN,RST,PSH,ACK,URG,ECE,CWR");
	CHECK_INT(qos_packet_flags(text, 0), 0);
}

int main(void)
{
	RUN("addresses are written as inet_ntop does", writes_addresses);
	RUN("flags have their names", writes_flags);
	return DONE();
}
