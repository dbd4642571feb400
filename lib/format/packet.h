/*
 * What the headers of one packet say: addresses, ports, class of service.
 */
#ifndef QOS_FORMAT_PACKET_H
#define QOS_FORMAT_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* members of qos_packet that are -1 when the packet does not tell */
#define QOS_PACKET_UNKNOWN (-1)

struct qos_packet {
	int ethertype;  /* 0x0800 ... ; QOS_PACKET_LLC; -1 */
	int ip_version; /* 4 or 6; 0: no IP addresses (for ARP: 4) */
	int protocol;   /* of IP, extension headers of IPv6 passed over */
	int dscp;       /* 0..63 */
	int ecn;        /* 0..3, RFC 3168 */
	int vlan;       /* 0..4095, the outer tag */
	int sport, dport;
	int tcp_flags;            /* the byte from CWR to FIN */
	const uint8_t *ip_header; /* among the bytes that were read; NULL: there is none */
	bool has_source, has_destination;
	uint8_t source[16], destination[16]; /* 4 bytes for version 4 */
};

#define QOS_PACKET_LLC 0x10000 /* ethertype of a frame that has a length in its place */

/*
 * Reads the headers of one packet.  It may be cut anywhere and hold anything: what its bytes do not tell stays unknown.
 * In a tunnel it is the outer packet that is told, since that is what a link carries.
 *
 * link		data link type, as libpcap numbers it (DLT_...) or as files do (LINKTYPE_...)
 * decap	the innermost packet of tunnels instead: IP in IP, 6in4, GRE, VXLAN, Geneve, ERSPAN; one that cannot be
 *		told leaves the outer one
 */
void qos_packet_read(struct qos_packet *p, int link, const uint8_t *bytes, size_t n, bool decap);

/* Can qos_packet_read() look into packets of this link type? */
bool qos_packet_knows(int link);

#define QOS_PACKET_NAME_BYTES    16
#define QOS_PACKET_ADDRESS_BYTES 48 /* of a text; some may be touched behind its end */
#define QOS_PACKET_FLAGS_BYTES   40

/* "tcp", "arp", the number of an IP protocol without a name, "0x88cc".   Returns  its length; 0: unknown. */
size_t qos_packet_name(char *to, const struct qos_packet *p);
/* An address as inet_ntop() writes it (RFC 5952).   Returns  its length. */
size_t qos_packet_address(char *to, const uint8_t *address, int ip_version);
/* "SYN,ACK", of SYN FIN RST PSH ACK URG ECE CWR in this order.   Returns  its length. */
size_t qos_packet_flags(char *to, int tcp_flags);

#endif
