/*
 * What a packet is, as far as a scheduler wants to know: addresses, ports, marks.
 *
 * Ethernet with VLAN tags and PPPoE, Linux cooked v1 and v2, raw IP, loopback, PPP; IPv4, IPv6 with extension headers;
 * TCP, UDP, SCTP.  Headers that are cut or wrong give what is known up to there, never an error.
 */
#ifndef QOS_FORMAT_PACKET_H
#define QOS_FORMAT_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { QOS_TCP_FIN = 1, QOS_TCP_SYN = 2, QOS_TCP_RST = 4, QOS_TCP_PSH = 8, QOS_TCP_ACK = 16, QOS_TCP_URG = 32 };

struct qos_packet {
	int ip_version;                 /* 4, 6; 0: not IP */
	const unsigned char *src, *dst; /* 4 or 16 bytes in the packet */
	int proto;                      /* IP protocol number; -1 none */
	int ethertype;                  /* of what is not IP; -1 unknown, below 1536 an 802.3 length */
	int llc;                        /* destination service access point behind a length; -1 none */
	bool has_ports, has_flags, has_vlan;
	int sport, dport, dscp, ecn; /* dscp -1: not IP */
	int vlan;                    /* outermost tag */
	unsigned flags;              /* QOS_TCP_... */
};

/* Takes a packet apart.  link_type: a DLT_ number of libpcap. */
void qos_packet_parse(struct qos_packet *p, int link_type, const unsigned char *bytes, size_t n);
/* "tcp", "udp", "arp", ... or a number; room 16.   Returns  its length. */
size_t qos_packet_proto(const struct qos_packet *p, char *text);
/* An address as text; room 48. */
size_t qos_packet_address(const struct qos_packet *p, const unsigned char *address, char *text);
/* The flow, in its direction: "tcp 10.0.0.1:4711>10.0.0.2:80", "icmp a>b"; room 128. */
size_t qos_packet_stream(const struct qos_packet *p, char *text);

#endif
