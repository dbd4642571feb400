/* Headers of packets. */
#include "format/packet.h"

#include <pcap/dlt.h>
#include <stdlib.h>

#include "base/rng.h"
#include "tests/unit/test.h"

struct bytes {
	uint8_t p[512];
	size_t n;
};

static void add(struct bytes *b, const char *hex)
{
	for (; *hex; hex++) {
		char digits[3] = { hex[0], hex[1], 0 };

		if (*hex == ' ')
			continue;
		b->p[b->n++] = (uint8_t)strtoul(digits, NULL, 16);
		hex++;
	}
}

#define ETHERNET "ffffffffffff 020000000001 "
#define IPV4_UDP "45b8 0020 0001 0000 40 11 0000 0a000001 0a000002 " /* DSCP 46, 12 bytes of payload */
#define IPV4_TCP "4500 0028 0001 0000 40 06 0000 0a000001 0a000002 "
#define UDP      "0035 1267 000c 0000 "
#define TCP      "01bb c350 00000001 00000000 5012 ffff 0000 0000 "
#define IPV6(next, length) \
	"6b80 0000 " length next "40 20010db8000000000000000000000001 20010db8000000000000000000000002 "

static bool decap;

/* Name, addresses and ports in one text. */
static const char *told(int link, const char *hex)
{
	static char text[200];
	struct bytes b = { .n = 0 };
	struct qos_packet p;
	char *to = text;

	add(&b, hex);
	qos_packet_read(&p, link, b.p, b.n, decap);
	to += qos_packet_name(to, &p);
	*to++ = ' ';
	if (p.has_source)
		to += qos_packet_address(to, p.source, p.ip_version);
	*to++ = '>';
	if (p.has_destination)
		to += qos_packet_address(to, p.destination, p.ip_version);
	sprintf(to, " %d %d dscp %d ecn %d vlan %d flags %d", p.sport, p.dport, p.dscp, p.ecn, p.vlan, p.tcp_flags);
	return text;
}

#define TOLD_UDP "udp 10.0.0.1>10.0.0.2 53 4711 dscp 46 ecn 0 vlan -1 flags -1"

static void reads_every_link(void)
{
	CHECK_TEXT(told(DLT_EN10MB, ETHERNET "0800 " IPV4_UDP UDP), TOLD_UDP);
	CHECK_TEXT(told(DLT_LINUX_SLL, "0000 0001 0006 0200000000010000 0800 " IPV4_UDP UDP), TOLD_UDP);
	CHECK_TEXT(told(DLT_LINUX_SLL2, "0800 0000 00000001 0001 00 06 0200000000010000 " IPV4_UDP UDP), TOLD_UDP);
	CHECK_TEXT(told(DLT_RAW, IPV4_UDP UDP), TOLD_UDP);
	CHECK_TEXT(told(DLT_IPV4, IPV4_UDP UDP), TOLD_UDP);
	CHECK_TEXT(told(DLT_NULL, "02000000 " IPV4_UDP UDP), TOLD_UDP);
	CHECK_TEXT(told(DLT_LOOP, "00000002 " IPV4_UDP UDP), TOLD_UDP);
	CHECK_TEXT(told(DLT_NULL, "1e000000 " IPV6("11", "000c") UDP),
		   "udp 2001:db8::1>2001:db8::2 53 4711 dscp 46 ecn 0 vlan -1 flags -1");
	CHECK_TEXT(told(DLT_NULL, "07000000 " IPV4_UDP UDP), " > -1 -1 dscp -1 ecn -1 vlan -1 flags -1");
	CHECK_TEXT(told(101, IPV4_UDP UDP), TOLD_UDP);
	CHECK_TEXT(told(DLT_PPP, "ff03 0021 " IPV4_UDP UDP), TOLD_UDP);
	CHECK_TEXT(told(DLT_PPP_SERIAL, "21 " IPV4_UDP UDP), TOLD_UDP);
	CHECK_TEXT(told(DLT_EN10MB, ETHERNET "8864 1100 0001 0022 0021 " IPV4_UDP UDP), TOLD_UDP);
	CHECK_TEXT(told(DLT_PPP_ETHER, "1100 0001 0022 0021 " IPV4_UDP UDP), TOLD_UDP);
	CHECK_TEXT(told(DLT_EN10MB, ETHERNET "8847 00010040 00011140 " IPV4_UDP UDP), TOLD_UDP);
	CHECK_TEXT(told(DLT_EN10MB, ETHERNET "0032 aaaa03 000000 0800 " IPV4_UDP UDP), TOLD_UDP);
	CHECK_TEXT(told(DLT_IEEE802_11, IPV4_UDP UDP), " > -1 -1 dscp -1 ecn -1 vlan -1 flags -1");
	CHECK(qos_packet_knows(DLT_EN10MB) && !qos_packet_knows(DLT_IEEE802_11));
}

static void reads_tags(void)
{
	CHECK_TEXT(told(DLT_EN10MB, ETHERNET "8100 6064 0800 " IPV4_UDP UDP),
		   "udp 10.0.0.1>10.0.0.2 53 4711 dscp 46 ecn 0 vlan 100 flags -1");
	CHECK_TEXT(told(DLT_EN10MB, ETHERNET "88a8 0007 8100 0064 86dd " IPV6("11", "000c") UDP),
		   "udp 2001:db8::1>2001:db8::2 53 4711 dscp 46 ecn 0 vlan 7 flags -1");
}

static void reads_transport(void)
{
	CHECK_TEXT(told(DLT_RAW, IPV4_TCP TCP), "tcp 10.0.0.1>10.0.0.2 443 50000 dscp 0 ecn 0 vlan -1 flags 18");
	CHECK_TEXT(told(DLT_RAW, "4600 0024 0001 0000 40 84 0000 0a000001 0a000002 01010101 " UDP),
		   "sctp 10.0.0.1>10.0.0.2 53 4711 dscp 0 ecn 0 vlan -1 flags -1");
	CHECK_TEXT(told(DLT_RAW, "4500 001c 0001 0000 40 01 0000 0a000001 0a000002 0800 0000 0001 0001"),
		   "icmp 10.0.0.1>10.0.0.2 -1 -1 dscp 0 ecn 0 vlan -1 flags -1");
	CHECK_TEXT(told(DLT_RAW, "4500 001c 0001 0000 40 fd 0000 0a000001 0a000002 0800 0000 0001 0001"),
		   "253 10.0.0.1>10.0.0.2 -1 -1 dscp 0 ecn 0 vlan -1 flags -1");
	CHECK_TEXT(told(DLT_RAW, IPV6("3a", "0008") "8000 0000 0001 0001"),
		   "icmp6 2001:db8::1>2001:db8::2 -1 -1 dscp 46 ecn 0 vlan -1 flags -1");
}

static void passes_extension_headers(void)
{
	CHECK_TEXT(told(DLT_RAW, IPV6("00", "0024") "3c00 000000000000 2c00 010200000000 1100 0001 00000001 " UDP),
		   "udp 2001:db8::1>2001:db8::2 53 4711 dscp 46 ecn 0 vlan -1 flags -1");
	CHECK_TEXT(told(DLT_RAW, IPV6("33", "0018") "1102 0000 00000001 00000001 00000000 " UDP),
		   "udp 2001:db8::1>2001:db8::2 53 4711 dscp 46 ecn 0 vlan -1 flags -1");
}

static void later_fragments_have_no_ports(void)
{
	CHECK_TEXT(told(DLT_RAW, "4500 0020 0001 2000 40 11 0000 0a000001 0a000002 " UDP),
		   "udp 10.0.0.1>10.0.0.2 53 4711 dscp 0 ecn 0 vlan -1 flags -1");
	CHECK_TEXT(told(DLT_RAW, "4500 0020 0001 2001 40 11 0000 0a000001 0a000002 " UDP),
		   "udp 10.0.0.1>10.0.0.2 -1 -1 dscp 0 ecn 0 vlan -1 flags -1");
	CHECK_TEXT(told(DLT_RAW, IPV6("2c", "0010") "1100 0009 00000001 " UDP),
		   "udp 2001:db8::1>2001:db8::2 -1 -1 dscp 46 ecn 0 vlan -1 flags -1");
}

static void reads_what_is_no_ip(void)
{
	CHECK_TEXT(told(DLT_EN10MB, ETHERNET "0806 0001 0800 06 04 0001 020000000001 0a000001 000000000000 0a000002"),
		   "arp 10.0.0.1>10.0.0.2 -1 -1 dscp -1 ecn -1 vlan -1 flags -1");
	CHECK_TEXT(told(DLT_EN10MB, ETHERNET "88cc 0207"), "lldp > -1 -1 dscp -1 ecn -1 vlan -1 flags -1");
	CHECK_TEXT(told(DLT_EN10MB, ETHERNET "1234 0207"), "0x1234 > -1 -1 dscp -1 ecn -1 vlan -1 flags -1");
	CHECK_TEXT(told(DLT_EN10MB, ETHERNET "0026 424203"), "llc > -1 -1 dscp -1 ecn -1 vlan -1 flags -1");
}

static void does_not_read_padding(void)
{
	/* IP says 20 bytes; what follows is the link's */
	CHECK_TEXT(told(DLT_EN10MB, ETHERNET "0800 4500 0014 0001 0000 40 11 0000 0a000001 0a000002 " UDP),
		   "udp 10.0.0.1>10.0.0.2 -1 -1 dscp 0 ecn 0 vlan -1 flags -1");
	CHECK_TEXT(told(DLT_RAW, "4300 0020 0001 0000 40 11 0000 0a000001 0a000002 " UDP),
		   "udp 10.0.0.1>10.0.0.2 -1 -1 dscp 0 ecn 0 vlan -1 flags -1");
}

/* A packet that is cut tells less and less. */
static void tells_what_is_there(void)
{
	CHECK_TEXT(told(DLT_EN10MB, ETHERNET "0800 45b8 0020 0001 0000 40 11 0000 0a000001 0a0000"),
		   "udp 10.0.0.1> -1 -1 dscp 46 ecn 0 vlan -1 flags -1");
	CHECK_TEXT(told(DLT_EN10MB, ETHERNET "0800 45b8 0020"), "ipv4 > -1 -1 dscp 46 ecn 0 vlan -1 flags -1");
	CHECK_TEXT(told(DLT_EN10MB, ETHERNET "08"), " > -1 -1 dscp -1 ecn -1 vlan -1 flags -1");
	CHECK_TEXT(told(DLT_RAW, IPV4_UDP "0035 12"), "udp 10.0.0.1>10.0.0.2 53 -1 dscp 46 ecn 0 vlan -1 flags -1");
	CHECK_TEXT(told(DLT_EN10MB, ""), " > -1 -1 dscp -1 ecn -1 vlan -1 flags -1");
}

static void check_member(int cut, int whole)
{
	CHECK(cut == whole || cut == QOS_PACKET_UNKNOWN);
}

static void check_address_told(bool told_it, const uint8_t *cut, const uint8_t *whole, int ip_version)
{
	CHECK(!told_it || memcmp(cut, whole, ip_version == 6 ? 16 : 4) == 0);
}

/* A packet cut at every byte, in memory of just that size: what is told is told of the whole one as well. */
static void tells_nothing_else_when_cut(void)
{
	static const char *const packets[] = {
		ETHERNET "88a8 0007 8100 0064 0800 " IPV4_TCP TCP,
		ETHERNET "8864 1100 0001 0022 0021 " IPV4_UDP UDP,
		ETHERNET "8847 00010040 00011140 " IPV4_UDP UDP,
		ETHERNET "86dd " IPV6("00", "0024") "3c00 000000000000 2c00 010200000000 1100 0001 00000001 " UDP,
		ETHERNET "86dd " IPV6("33", "0018") "1102 0000 00000001 00000001 00000000 " UDP,
		ETHERNET "0806 0001 0800 06 04 0001 020000000001 0a000001 000000000000 0a000002",
	};

	for (size_t i = 0; i < sizeof(packets) / sizeof(packets[0]); i++) {
		struct qos_packet whole, cut;
		struct bytes b = { .n = 0 };

		add(&b, packets[i]);
		qos_packet_read(&whole, DLT_EN10MB, b.p, b.n, false);
		CHECK(whole.has_destination);
		for (size_t n = 0; n <= b.n; n++) {
			uint8_t *bytes = malloc(n + !n);

			memcpy(bytes, b.p, n);
			qos_packet_read(&cut, DLT_EN10MB, bytes, n, false);
			check_member(cut.vlan, whole.vlan);
			check_member(cut.dscp, whole.dscp);
			check_member(cut.sport, whole.sport);
			check_member(cut.dport, whole.dport);
			check_member(cut.tcp_flags, whole.tcp_flags);
			check_address_told(cut.has_source, cut.source, whole.source, whole.ip_version);
			check_address_told(cut.has_destination, cut.destination, whole.destination, whole.ip_version);
			free(bytes);
		}
	}
}

/* Random bytes of every length on every link, in memory of just that size, so that a sanitizer sees a step too far. */
static void survives_anything(void)
{
	static const int links[] = { DLT_EN10MB, DLT_LINUX_SLL, DLT_LINUX_SLL2, DLT_RAW,       DLT_NULL,
				     DLT_LOOP,   DLT_PPP,       DLT_PPP_SERIAL, DLT_PPP_ETHER, DLT_IPV6 };
	static const uint8_t likely[] = { 0x08, 0x00, 0x81, 0x88, 0x47, 0x64, 0x45,
					  0x60, 0x2c, 0x06, 0x11, 0xff, 0x21, 0x33 };
	struct qos_packet p;
	struct qos_rng rng;
	char text[64];

	qos_rng_seed(&rng, 7);
	for (int round = 0; round < 100000; round++) {
		size_t n = qos_rng_below(&rng, 100);
		uint8_t *bytes = malloc(n + !n);

		for (size_t i = 0; i < n; i++)
			bytes[i] =
				round & 1 ? likely[qos_rng_below(&rng, sizeof(likely))] : (uint8_t)qos_rng_next(&rng);
		qos_packet_read(&p, links[round % 10], bytes, n, true);
		CHECK(qos_packet_name(text, &p) < QOS_PACKET_NAME_BYTES);
		CHECK(p.dscp <= 63 && p.vlan <= 4095 && p.sport <= 65535 && p.dport <= 65535 && p.tcp_flags <= 255);
		free(bytes);
	}
}

/* Whole tunnels: the inner packet with decap, the outer one without. */
static void enters_tunnels(void)
{
	static const struct {
		const char *hex, *outer;
	} tunnels[] = {
		{ "4500 0000 0001 0000 40 04 0000 01010101 02020202 " IPV4_UDP UDP, "ipip 1.1.1.1>2.2.2.2" },
		{ "4500 0000 0001 0000 40 29 0000 01010101 02020202 " IPV6("11", "0014") UDP, "ipv6 1.1.1.1>2.2.2.2" },
		{ "4500 0000 0001 0000 40 2f 0000 01010101 02020202 0000 0800 " IPV4_UDP UDP, "gre 1.1.1.1>2.2.2.2" },
		{ "4500 0000 0001 0000 40 2f 0000 01010101 02020202 b000 6558 00000000 00000001 00000002 " ETHERNET
		  "0800 " IPV4_UDP UDP,
		  "gre 1.1.1.1>2.2.2.2" },
		{ "4500 0000 0001 0000 40 2f 0000 01010101 02020202 3081 880b 00000001 00000002 00000003 ff03 0021 " IPV4_UDP
			  UDP,
		  "gre 1.1.1.1>2.2.2.2" },
		{ "4500 0000 0001 0000 40 2f 0000 01010101 02020202 1000 88be 00000001 1001000000000000 " ETHERNET
		  "0800 " IPV4_UDP UDP,
		  "gre 1.1.1.1>2.2.2.2" },
		{ "4500 0000 0001 0000 40 11 0000 01010101 02020202 1000 12b5 0000 0000 08000000 00000100 " ETHERNET
		  "0800 " IPV4_UDP UDP,
		  "udp 1.1.1.1>2.2.2.2" },
		{ "4500 0000 0001 0000 40 11 0000 01010101 02020202 1000 17c1 0000 0000 0100 6558 00000100 00000000 " ETHERNET
		  "0800 " IPV4_UDP UDP,
		  "udp 1.1.1.1>2.2.2.2" },
	};

	for (size_t i = 0; i < sizeof(tunnels) / sizeof(*tunnels); i++) {
		decap = true;
		CHECK(strstr(told(DLT_RAW, tunnels[i].hex), " 53 4711 dscp 46 "));
		decap = false;
		CHECK(strncmp(told(DLT_RAW, tunnels[i].hex), tunnels[i].outer, strlen(tunnels[i].outer)) == 0);
	}
	decap = true; /* one in another; and what tells nothing leaves the outer one */
	CHECK_TEXT(told(DLT_RAW, "4500 0000 0001 0000 40 04 0000 01010101 02020202 "
				 "4500 0000 0001 0000 40 04 0000 01010101 02020202 " IPV4_UDP UDP),
		   TOLD_UDP);
	CHECK_TEXT(told(DLT_RAW, "4500 0000 0001 0000 40 04 0000 01010101 02020202 "),
		   "ipip 1.1.1.1>2.2.2.2 -1 -1 dscp 0 ecn 0 vlan -1 flags -1");
	CHECK_TEXT(told(DLT_RAW, IPV4_UDP UDP), TOLD_UDP);
	decap = false;
}

int main(void)
{
	RUN("every link type that is known leads to the ports", reads_every_link);
	RUN("the outer VLAN tag is told", reads_tags);
	RUN("ports and flags come from the transport header, others have none", reads_transport);
	RUN("extension headers of IPv6 are passed over", passes_extension_headers);
	RUN("only a first fragment has ports", later_fragments_have_no_ports);
	RUN("what is no IP has its name, ARP its addresses", reads_what_is_no_ip);
	RUN("padding behind the packet is not read", does_not_read_padding);
	RUN("a packet that is cut tells what is there", tells_what_is_there);
	RUN("a packet that is cut tells nothing that the whole one does not", tells_nothing_else_when_cut);
	RUN("no bytes break it", survives_anything);
	RUN("tunnels are entered where that is asked for", enters_tunnels);
	return DONE();
}
