/*
 * A pcapng capture of many interfaces, for libpcap, which wants them all alike.
 *
 * libpcap gives up at an interface whose link type or snapshot length is not that of the first one.  So the blocks are
 * looked at on their way to it: every interface gets the link type of the first and the largest snapshot length, and
 * what its link type really was is remembered for its packets, which come out in the order in which they went in.
 *
 * One thing is lost: a simple packet block (the kind without a time) that was cut by its snapshot length ends the
 * capture with libpcap's error, since only that length told where it was cut.
 *
 * Cost   a few ns a block.
 * After  draft-ietf-opsawg-pcapng, sections 4.1 to 4.4 and A.2.
 */
#ifndef QOS_FORMAT_INTERFACES_H
#define QOS_FORMAT_INTERFACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QOS_INTERFACES_MOST  1024
#define QOS_INTERFACES_AHEAD 8192 /* packets between our hands and libpcap's: its buffer of 64 KiB has 5461 at most */

/* All zero at first. */
struct qos_interfaces {
	bool lost;            /* the blocks are damaged: libpcap will say so */
	bool swap;            /* the section has the other byte order */
	uint32_t at, n_bytes; /* place in the block, length of the block */
	uint8_t header[16];   /* its first bytes as they came */
	bool has_first;
	uint8_t first_link[2]; /* of the first interface, as it stood */
	int n;                 /* interfaces of this section */
	uint16_t link[QOS_INTERFACES_MOST];
	uint32_t n_in, n_out;                 /* packets */
	uint16_t ahead[QOS_INTERFACES_AHEAD]; /* their link types, a ring */
};

/* The next n bytes of the capture go to libpcap; changes some of them. */
void qos_interfaces_pass(struct qos_interfaces *s, uint8_t *p, size_t n);
/* The link type (LINKTYPE_...) of the packet that libpcap gives next; -1: not known. */
int qos_interfaces_next(struct qos_interfaces *s);

#endif
