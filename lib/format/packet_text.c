/* Packets in words: names of protocols, addresses, flags; see packet.h. */
#include <stdio.h>
#include <string.h>

#include "format/packet.h"
#include "format/packet_types.h"
#include "unit/digits.h"

static const char *protocol_name(int protocol)
{
	switch (protocol) {
	case 0: return "hopopt";
	case 1: return "icmp";
	case 2: return "igmp";
	case 4: return "ipip";
	case PROTOCOL_TCP: return "tcp";
	case PROTOCOL_UDP: return "udp";
	case PROTOCOL_DCCP: return "dccp";
	case 41: return "ipv6";
	case 47: return "gre";
	case 50: return "esp";
	case PROTOCOL_AH: return "ah";
	case PROTOCOL_ICMP6: return "icmp6";
	case 88: return "eigrp";
	case 89: return "ospf";
	case 103: return "pim";
	case 112: return "vrrp";
	case PROTOCOL_SCTP: return "sctp";
	case PROTOCOL_UDPLITE: return "udplite";
	default: return NULL;
	}
}

static const char *type_name(int ethertype)
{
	switch (ethertype) {
	case TYPE_IPV4: return "ipv4"; /* whose header was cut before its protocol */
	case TYPE_IPV6: return "ipv6";
	case TYPE_ARP: return "arp";
	case TYPE_MPLS:
	case TYPE_MPLS_MC: return "mpls";
	case TYPE_PPPOE:
	case 0x8863: return "pppoe";
	case 0x8035: return "rarp";
	case 0x888e: return "eapol";
	case 0x88cc: return "lldp";
	case 0x88f7: return "ptp";
	case QOS_PACKET_LLC: return "llc";
	default: return NULL;
	}
}

size_t qos_packet_name(char *to, const struct qos_packet *p)
{
	const char *name = p->protocol >= 0 ? protocol_name(p->protocol) : type_name(p->ethertype);
	size_t n;

	if (name) {
		n = strlen(name);
		memcpy(to, name, n);
		return n;
	}
	if (p->protocol >= 0)
		return (size_t)snprintf(to, QOS_PACKET_NAME_BYTES, "%d", p->protocol);
	if (p->ethertype >= 0)
		return (size_t)snprintf(to, QOS_PACKET_NAME_BYTES, "0x%04x", (unsigned)p->ethertype);
	return 0;
}

static char *write_ipv4(char *to, const uint8_t *address)
{
	for (int i = 0; i < 4; i++) {
		if (i)
			*to++ = '.';
		to = qos_digits_write_short(to, address[i]);
	}
	return to;
}

static char *write_hex(char *to, unsigned x)
{
	static const char digits[] = "0123456789abcdef";
	int shift = x > 0xfff ? 12 : x > 0xff ? 8 : x > 0xf ? 4 : 0;

	for (; shift >= 0; shift -= 4)
		*to++ = digits[x >> shift & 15];
	return to;
}

/* The longest run of at least two zero groups, the first of equals: its place, and its length. */
static int longest_zeros(const unsigned group[8], int *n)
{
	int best = -1;

	*n = 1;
	for (int i = 0; i < 8; i++) {
		int k = i;

		while (k < 8 && group[k] == 0)
			k++;
		if (k - i > *n) {
			best = i;
			*n = k - i;
		}
		if (k > i)
			i = k - 1;
	}
	return best;
}

static char *write_ipv6(char *to, const uint8_t *address)
{
	unsigned group[8];
	int n_zeros, zeros;

	for (int i = 0; i < 8; i++)
		group[i] = (unsigned)(address[2 * i] << 8 | address[2 * i + 1]);
	zeros = longest_zeros(group, &n_zeros);
	for (int i = 0; i < 8; i++) {
		if (i == zeros) {
			*to++ = ':';
			i += n_zeros - 1;
			if (i == 7)
				*to++ = ':';
			continue;
		}
		if (i)
			*to++ = ':';
		/* an IPv4 address behind ::ffff: or :: */
		if (i == 6 && zeros == 0 && (n_zeros == 6 || (n_zeros == 5 && group[5] == 0xffff)))
			return write_ipv4(to, address + 12);
		to = write_hex(to, group[i]);
	}
	return to;
}

size_t qos_packet_address(char *to, const uint8_t *address, int ip_version)
{
	return (size_t)((ip_version == 4 ? write_ipv4(to, address) : write_ipv6(to, address)) - to);
}

size_t qos_packet_flags(char *to, int tcp_flags)
{
	static const struct {
		int bit;
		const char name[4];
	} flags[] = { { 0x02, "SYN" }, { 0x01, "FIN" }, { 0x04, "RST" }, { 0x08, "PSH" },
		      { 0x10, "ACK" }, { 0x20, "URG" }, { 0x40, "ECE" }, { 0x80, "CWR" } };
	char *p = to;

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		if (!(tcp_flags & flags[i].bit))
			continue;
		if (p > to)
			*p++ = ',';
		memcpy(p, flags[i].name, 3);
		p += 3;
	}
	return (size_t)(p - to);
}
