/* Packets: a descent through the headers, each step of which may find that nothing is left. */
#include "format/packet.h"

#include <arpa/inet.h>
#include <pcap/dlt.h>
#include <stdio.h>
#include <string.h>

struct view {
	const unsigned char *p, *end;
};

static bool has(const struct view *v, size_t n)
{
	return (size_t)(v->end - v->p) >= n;
}

static int get16(const unsigned char *p)
{
	return p[0] << 8 | p[1];
}

static void transport(struct qos_packet *p, struct view v)
{
	bool ports = p->proto == 6 || p->proto == 17 || p->proto == 132 || p->proto == 136;

	if (!ports || !has(&v, 4))
		return;
	p->has_ports = true;
	p->sport = get16(v.p);
	p->dport = get16(v.p + 2);
	if (p->proto == 6 && has(&v, 14)) {
		p->has_flags = true;
		p->flags = v.p[13];
	}
}

static void ipv4(struct qos_packet *p, struct view v)
{
	size_t header;

	if (!has(&v, 20) || v.p[0] >> 4 != 4)
		return;
	p->ip_version = 4;
	header = (size_t)(v.p[0] & 15) * 4;
	p->dscp = v.p[1] >> 2;
	p->ecn = v.p[1] & 3;
	p->proto = v.p[9];
	p->src = v.p + 12;
	p->dst = v.p + 16;
	if (header < 20 || !has(&v, header) || get16(v.p + 6) & 0x1fff)
		return; /* a later fragment has no ports */
	v.p += header;
	transport(p, v);
}

/* Does an extension header of this number stand before the transport's? */
static bool is_extension(int next)
{
	return next == 0 || next == 43 || next == 44 || next == 51 || next == 60 || next == 135;
}

static void ipv6(struct qos_packet *p, struct view v)
{
	int next;

	if (!has(&v, 40) || v.p[0] >> 4 != 6)
		return;
	p->ip_version = 6;
	p->dscp = (v.p[0] << 2 & 0x3c) | v.p[1] >> 6;
	p->ecn = v.p[1] >> 4 & 3;
	p->src = v.p + 8;
	p->dst = v.p + 24;
	p->proto = next = v.p[6];
	for (v.p += 40; is_extension(next) && has(&v, 8); p->proto = next) {
		size_t n = next == 44 ? 8 : next == 51 ? ((size_t)v.p[1] + 2) * 4 : ((size_t)v.p[1] + 1) * 8;
		bool later_fragment = next == 44 && get16(v.p + 2) & 0xfff8;

		next = v.p[0];
		if (later_fragment || !has(&v, n)) {
			p->proto = next;
			return;
		}
		v.p += n;
	}
	transport(p, v);
}

static void ip(struct qos_packet *p, struct view v)
{
	if (has(&v, 1) && v.p[0] >> 4 == 6)
		ipv6(p, v);
	else
		ipv4(p, v);
}

/* PPP's protocol field, one byte or two. */
static void ppp(struct qos_packet *p, struct view v)
{
	int protocol;

	if (has(&v, 4) && v.p[0] == 0xff && v.p[1] == 3)
		v.p += 2;
	if (!has(&v, 2))
		return;
	protocol = v.p[0] & 1 ? v.p[0] : get16(v.p);
	v.p += v.p[0] & 1 ? 1 : 2;
	if (protocol == 0x21 || protocol == 0x57)
		ip(p, v);
}

/* What an Ethernet type announces. */
static void by_type(struct qos_packet *p, int type, struct view v)
{
	for (int tags = 0; tags < 4 && (type == 0x8100 || type == 0x88a8 || type == 0x9100) && has(&v, 4); tags++) {
		if (!p->has_vlan)
			p->vlan = get16(v.p) & 0xfff;
		p->has_vlan = true;
		type = get16(v.p + 2);
		v.p += 4;
	}
	p->ethertype = type;
	if (type == 0x0800) {
		ipv4(p, v);
	} else if (type == 0x86dd) {
		ipv6(p, v);
	} else if (type == 0x8864 && has(&v, 6)) {
		v.p += 6;
		ppp(p, v);
	} else if (type < 1536 && has(&v, 1)) {
		p->llc = v.p[0];
	}
}

static void loopback(struct qos_packet *p, struct view v)
{
	if (!has(&v, 4))
		return;
	v.p += 4; /* the address family, whose numbers and byte order differ: IP tells its version itself */
	ip(p, v);
}

void qos_packet_parse(struct qos_packet *p, int link_type, const unsigned char *bytes, size_t n)
{
	struct view v = { bytes, bytes + n };

	*p = (struct qos_packet){ .proto = -1, .ethertype = -1, .llc = -1, .dscp = -1 };
	switch (link_type) {
	case DLT_EN10MB:
		if (has(&v, 14))
			by_type(p, get16(bytes + 12), (struct view){ bytes + 14, v.end });
		return;
	case DLT_LINUX_SLL:
		if (has(&v, 16))
			by_type(p, get16(bytes + 14), (struct view){ bytes + 16, v.end });
		return;
	case DLT_LINUX_SLL2:
		if (has(&v, 20))
			by_type(p, get16(bytes), (struct view){ bytes + 20, v.end });
		return;
	case DLT_NULL:
	case DLT_LOOP: loopback(p, v); return;
	case DLT_PPP:
	case DLT_PPP_SERIAL: ppp(p, v); return;
	case DLT_RAW:
	case 14:  /* raw IP as OpenBSD numbers it */
	case 101: /* as it stands in files */
	case DLT_IPV4:
	case DLT_IPV6: ip(p, v); return;
	default: return;
	}
}

/* --- as text --- */

static const struct {
	int number;
	const char *name;
} ip_names[] = { { 1, "icmp" },   { 2, "igmp" },  { 6, "tcp" },   { 9, "igrp" },   { 17, "udp" },
		 { 41, "ipv6" },  { 47, "gre" },  { 50, "esp" },  { 51, "ah" },    { 58, "icmp6" },
		 { 88, "eigrp" }, { 89, "ospf" }, { 103, "pim" }, { 112, "vrrp" }, { 132, "sctp" } },
  ether_names[] = { { 0x0800, "ip" },   { 0x0806, "arp" },   { 0x86dd, "ipv6" },  { 0x8847, "mpls" },
		    { 0x8848, "mpls" }, { 0x8863, "pppoe" }, { 0x8864, "pppoe" }, { 0x888e, "eapol" },
		    { 0x88cc, "lldp" }, { 0x9000, "loop" } };

size_t qos_packet_proto(const struct qos_packet *p, char *text)
{
	if (p->proto >= 0) {
		for (size_t i = 0; i < sizeof(ip_names) / sizeof(*ip_names); i++)
			if (ip_names[i].number == p->proto)
				return (size_t)(stpcpy(text, ip_names[i].name) - text);
		return (size_t)sprintf(text, "%d", p->proto);
	}
	for (size_t i = 0; i < sizeof(ether_names) / sizeof(*ether_names); i++)
		if (ether_names[i].number == p->ethertype)
			return (size_t)(stpcpy(text, ether_names[i].name) - text);
	if (p->llc >= 0)
		return (size_t)(stpcpy(text, p->llc == 0x42 ? "stp" : "llc") - text);
	if (p->ethertype >= 0)
		return (size_t)sprintf(text, "0x%04x", (unsigned)p->ethertype & 0xffff);
	return (size_t)(stpcpy(text, "unknown") - text);
}

static char *add_number(char *p, unsigned n)
{
	char digits[10];
	int i = 10;

	do
		digits[--i] = (char)('0' + n % 10);
	while (n /= 10);
	memcpy(p, digits + i, (size_t)(10 - i));
	return p + 10 - i;
}

size_t qos_packet_address(const struct qos_packet *p, const unsigned char *address, char *text)
{
	char *at = text;

	if (p->ip_version == 6)
		return inet_ntop(AF_INET6, address, text, 48) ? strlen(text) : 0;
	for (int i = 0; i < 4; i++) {
		if (i)
			*at++ = '.';
		at = add_number(at, address[i]);
	}
	return (size_t)(at - text);
}

static char *add_end(const struct qos_packet *p, char *at, const unsigned char *address, int port)
{
	bool brackets = p->ip_version == 6 && p->has_ports;

	if (brackets)
		*at++ = '[';
	at += qos_packet_address(p, address, at);
	if (brackets)
		*at++ = ']';
	if (p->has_ports) {
		*at++ = ':';
		at = add_number(at, (unsigned)port);
	}
	return at;
}

size_t qos_packet_stream(const struct qos_packet *p, char *text)
{
	char *at = text + qos_packet_proto(p, text);

	if (!p->ip_version)
		return (size_t)(at - text);
	*at++ = ' ';
	at = add_end(p, at, p->src, p->sport);
	*at++ = '>';
	at = add_end(p, at, p->dst, p->dport);
	return (size_t)(at - text);
}
