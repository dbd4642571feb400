/*
 * Packets: from the link's header to the ports.
 *
 * A cursor walks from header to header; each one says what comes next, as an ethertype or as an IP protocol.  Every
 * step asks first whether its bytes are there, so that a packet which is cut or was made up ends the walk and nothing
 * more.  Fields are taken one by one: a header that is cut still tells what stands before the cut.
 *
 * Ports are those of a first fragment; later ones have none.  Bytes behind the length that IP tells are padding of the
 * link and are not looked at.
 *
 * Cost   about 20 ns a packet, no allocation.
 * After  RFC 791, RFC 8200, RFC 2474 (DSCP), IEEE 802.1Q and 802.1ad, RFC 3032 (MPLS), RFC 2516 (PPPoE), RFC 1661.
 */
#include "format/packet.h"

#include <pcap/dlt.h>
#include <stdio.h>
#include <string.h>

#include "unit/digits.h"

#define LINKTYPE_RAW 101 /* what files call DLT_RAW; the other types that we know have one number */

#define TYPE_IPV4     0x0800
#define TYPE_ARP      0x0806
#define TYPE_VLAN     0x8100
#define TYPE_QINQ     0x88a8
#define TYPE_QINQ_OLD 0x9100
#define TYPE_IPV6     0x86dd
#define TYPE_MPLS     0x8847
#define TYPE_MPLS_MC  0x8848
#define TYPE_PPPOE    0x8864

#define PROTOCOL_TCP      6
#define PROTOCOL_UDP      17
#define PROTOCOL_DCCP     33
#define PROTOCOL_ICMP6    58
#define PROTOCOL_SCTP     132
#define PROTOCOL_UDPLITE  136
#define PROTOCOL_FRAGMENT 44
#define PROTOCOL_AH       51

#define TAGS_MOST 32 /* VLAN tags, MPLS labels or extension headers in a row; more is made up */

struct cursor {
	const uint8_t *at;
	size_t n; /* bytes left */
};

static bool skip(struct cursor *c, size_t n)
{
	if (c->n < n)
		return false;
	c->at += n;
	c->n -= n;
	return true;
}

/* The 16-bit number at `offset`, or -1. */
static int read16(const struct cursor *c, size_t offset)
{
	return offset + 2 <= c->n ? c->at[offset] << 8 | c->at[offset + 1] : QOS_PACKET_UNKNOWN;
}

static int read8(const struct cursor *c, size_t offset)
{
	return offset < c->n ? c->at[offset] : QOS_PACKET_UNKNOWN;
}

static void read_transport(struct qos_packet *p, struct cursor c)
{
	switch (p->protocol) {
	case PROTOCOL_TCP: p->tcp_flags = read8(&c, 13); /* fall through */
	case PROTOCOL_UDP:
	case PROTOCOL_DCCP:
	case PROTOCOL_SCTP:
	case PROTOCOL_UDPLITE: p->sport = read16(&c, 0); p->dport = read16(&c, 2);
	}
}

static void take_address(uint8_t *to, bool *has, const struct cursor *c, size_t offset, size_t n)
{
	if (offset + n > c->n)
		return;
	memcpy(to, c->at + offset, n);
	*has = true;
}

static void limit(struct cursor *c, size_t n)
{
	if (c->n > n)
		c->n = n;
}

static void read_ipv4(struct qos_packet *p, struct cursor c)
{
	int first = read8(&c, 0), total = read16(&c, 2), fragment = read16(&c, 6);
	size_t header_bytes = (size_t)(first & 15) * 4;

	if (first >> 4 != 4)
		return;
	p->ip_version = 4;
	if (c.n > 1) {
		p->dscp = c.at[1] >> 2;
		p->ecn = c.at[1] & 3;
	}
	p->protocol = read8(&c, 9);
	take_address(p->source, &p->has_source, &c, 12, 4);
	take_address(p->destination, &p->has_destination, &c, 16, 4);
	if (header_bytes < 20 || fragment < 0 || fragment & 0x1fff)
		return;
	if (total >= (int)header_bytes) /* 0 when the network card was to cut a larger packet */
		limit(&c, (size_t)total);
	if (skip(&c, header_bytes))
		read_transport(p, c);
}

/* Bytes of the extension header at the cursor; 0: it is none. */
static size_t extension_bytes(int protocol, const struct cursor *c)
{
	size_t units = (size_t)(c->n > 1 ? c->at[1] : 0);

	switch (protocol) {
	case 0:   /* hop by hop */
	case 43:  /* routing */
	case 60:  /* destination options */
	case 135: /* mobility */
	case 139: /* host identity */
	case 140: /* shim6 */ return 8 * units + 8;
	case PROTOCOL_FRAGMENT: return 8;
	case PROTOCOL_AH: return 4 * units + 8;
	default: return 0;
	}
}

static void read_ipv6(struct qos_packet *p, struct cursor c)
{
	int word = read16(&c, 0), payload = read16(&c, 4);
	size_t n;

	if (read8(&c, 0) >> 4 != 6)
		return;
	p->ip_version = 6;
	if (word >= 0) {
		p->dscp = word >> 6 & 63;
		p->ecn = word >> 4 & 3;
	}
	p->protocol = read8(&c, 6);
	take_address(p->source, &p->has_source, &c, 8, 16);
	take_address(p->destination, &p->has_destination, &c, 24, 16);
	if (!skip(&c, 40))
		return;
	if (payload > 0) /* 0 in a jumbogram */
		limit(&c, (size_t)payload);
	for (int i = 0; i < TAGS_MOST && (n = extension_bytes(p->protocol, &c)); i++) {
		bool later = p->protocol == PROTOCOL_FRAGMENT && read16(&c, 2) >> 3 != 0;
		int next = read8(&c, 0);

		if (next < 0)
			return;
		p->protocol = next;
		if (later || !skip(&c, n))
			return;
	}
	read_transport(p, c);
}

/* IP of the version that its first byte tells. */
static void read_ip(struct qos_packet *p, struct cursor c)
{
	int version = read8(&c, 0) >> 4;

	if (version == 4)
		read_ipv4(p, c);
	else if (version == 6)
		read_ipv6(p, c);
}

static void read_arp(struct qos_packet *p, struct cursor c)
{
	int hardware = read8(&c, 4);

	if (read16(&c, 2) != TYPE_IPV4 || hardware < 0 || read8(&c, 5) != 4)
		return;
	p->ip_version = 4;
	take_address(p->source, &p->has_source, &c, 8 + (size_t)hardware, 4);
	take_address(p->destination, &p->has_destination, &c, 12 + 2 * (size_t)hardware, 4);
}

/* IP under labels; the last label has its lowest bit of the third byte set. */
static void read_mpls(struct qos_packet *p, struct cursor c)
{
	for (int i = 0; i < TAGS_MOST && c.n >= 4; i++) {
		bool last = c.at[2] & 1;

		skip(&c, 4);
		if (last) {
			read_ip(p, c);
			return;
		}
	}
}

/* The protocol number of PPP may be one byte, and its address and control bytes may be left out. */
static void read_ppp(struct qos_packet *p, struct cursor c)
{
	int protocol;

	if (read16(&c, 0) == 0xff03)
		skip(&c, 2);
	protocol = read8(&c, 0);
	if (protocol >= 0 && !(protocol & 1)) {
		protocol = read16(&c, 0);
		skip(&c, 1);
	}
	if (!skip(&c, 1) || (protocol != 0x21 && protocol != 0x57))
		return;
	p->ethertype = protocol == 0x21 ? TYPE_IPV4 : TYPE_IPV6;
	read_ip(p, c);
}

/* Passes over tags and knows what comes behind them.   Returns  false when that is no type that a walk goes on with. */
static bool read_tags(struct qos_packet *p, struct cursor *c)
{
	for (int i = 0; i < TAGS_MOST; i++) {
		int tag;

		if (p->ethertype != TYPE_VLAN && p->ethertype != TYPE_QINQ && p->ethertype != TYPE_QINQ_OLD)
			return true;
		tag = read16(c, 0);
		if (tag >= 0 && p->vlan < 0)
			p->vlan = tag & 0xfff;
		p->ethertype = read16(c, 2);
		if (!skip(c, 4))
			return false;
	}
	return false;
}

/* An 802.3 frame has its length where others have the type; SNAP puts the type behind it. */
static void read_length(struct qos_packet *p, struct cursor *c)
{
	static const uint8_t snap[] = { 0xaa, 0xaa, 0x03, 0, 0, 0 };
	bool has_type = c->n >= 8 && memcmp(c->at, snap, sizeof(snap)) == 0;

	p->ethertype = has_type ? read16(c, 6) : QOS_PACKET_LLC;
	if (has_type)
		skip(c, 8);
}

/* What an ethertype announces. */
static void read_type(struct qos_packet *p, int type, struct cursor c)
{
	p->ethertype = type;
	if (!read_tags(p, &c))
		return;
	if (p->ethertype >= 0 && p->ethertype < 0x600)
		read_length(p, &c);
	switch (p->ethertype) {
	case TYPE_IPV4: read_ipv4(p, c); break;
	case TYPE_IPV6: read_ipv6(p, c); break;
	case TYPE_ARP: read_arp(p, c); break;
	case TYPE_MPLS:
	case TYPE_MPLS_MC: read_mpls(p, c); break;
	case TYPE_PPPOE:
		if (skip(&c, 6))
			read_ppp(p, c);
	}
}

/* IP with no header before it. */
static void read_raw(struct qos_packet *p, struct cursor c)
{
	int version = read8(&c, 0) >> 4;

	if (version == 4 || version == 6)
		p->ethertype = version == 4 ? TYPE_IPV4 : TYPE_IPV6;
	read_ip(p, c);
}

/* The four bytes before are an address family, in the byte order of whoever wrote it, and IPv6 has many numbers. */
static void read_family(struct qos_packet *p, struct cursor c)
{
	uint32_t family;

	if (c.n < 4)
		return;
	memcpy(&family, c.at, 4);
	family = family & 0xffff0000 ? __builtin_bswap32(family) : family;
	skip(&c, 4);
	switch (family) {
	case 2:
	case 10: /* Linux */
	case 24: /* NetBSD, OpenBSD */
	case 28: /* FreeBSD */
	case 30: /* macOS */ read_raw(p, c);
	}
}

bool qos_packet_knows(int link)
{
	switch (link) {
	case DLT_EN10MB:
	case DLT_LINUX_SLL:
	case DLT_LINUX_SLL2:
	case DLT_RAW:
	case LINKTYPE_RAW:
	case DLT_IPV4:
	case DLT_IPV6:
	case DLT_NULL:
	case DLT_LOOP:
	case DLT_PPP:
	case DLT_PPP_SERIAL:
	case DLT_PPP_ETHER: return true;
	default: return false;
	}
}

void qos_packet_read(struct qos_packet *p, int link, const uint8_t *bytes, size_t n)
{
	struct cursor c = { bytes, n };

	*p = (struct qos_packet){ .ethertype = QOS_PACKET_UNKNOWN,
				  .protocol = QOS_PACKET_UNKNOWN,
				  .dscp = QOS_PACKET_UNKNOWN,
				  .ecn = QOS_PACKET_UNKNOWN,
				  .vlan = QOS_PACKET_UNKNOWN,
				  .sport = QOS_PACKET_UNKNOWN,
				  .dport = QOS_PACKET_UNKNOWN,
				  .tcp_flags = QOS_PACKET_UNKNOWN };
	switch (link) {
	case DLT_EN10MB:
		if (skip(&c, 14))
			read_type(p, c.at[-2] << 8 | c.at[-1], c);
		break;
	case DLT_LINUX_SLL:
		if (skip(&c, 16))
			read_type(p, c.at[-2] << 8 | c.at[-1], c);
		break;
	case DLT_LINUX_SLL2:
		if (skip(&c, 20))
			read_type(p, c.at[-20] << 8 | c.at[-19], c);
		break;
	case DLT_RAW:
	case LINKTYPE_RAW:
	case DLT_IPV4:
	case DLT_IPV6: read_raw(p, c); break;
	case DLT_NULL:
	case DLT_LOOP: read_family(p, c); break;
	case DLT_PPP_ETHER:
		if (!skip(&c, 6))
			break; /* fall through */
	case DLT_PPP:
	case DLT_PPP_SERIAL: read_ppp(p, c);
	}
}

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
