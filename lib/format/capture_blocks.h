/*
 * What a pcapng output needs that is no packet: its section, its interfaces, names and secrets.
 *
 * Readers of captures add to it as they meet such blocks; each writer puts what is new before its next packet.  All
 * sections of all inputs become one section, in the byte order of the first, and their interfaces are counted through.
 */
#ifndef QOS_FORMAT_CAPTURE_BLOCKS_H
#define QOS_FORMAT_CAPTURE_BLOCKS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

#define QOS_PCAPNG_SECTION     0x0a0d0d0a /* types of blocks */
#define QOS_PCAPNG_INTERFACE   1
#define QOS_PCAPNG_PACKET      2 /* obsolete */
#define QOS_PCAPNG_SIMPLE      3
#define QOS_PCAPNG_STATISTICS  5
#define QOS_PCAPNG_ENHANCED    6
#define QOS_PCAPNG_CUSTOM_KEEP 0x40000bad /* a custom block that is not to be copied */

#define QOS_OPTION_COMMENT 1

struct qos_capture_blocks {
	struct qos_buf bytes;
	uint32_t n_interfaces;
	int32_t link; /* of the first interface */
	bool begun;
	bool swap; /* numbers are in the other byte order than the machine's */
};

static inline uint32_t qos_order32(uint32_t x, bool swap)
{
	return swap ? __builtin_bswap32(x) : x;
}

static inline uint16_t qos_order16(uint16_t x, bool swap)
{
	return swap ? __builtin_bswap16(x) : x;
}

/* An option of a block: a code, and its value. */
struct qos_option {
	uint16_t code;
	struct qos_str value;
	struct qos_str whole; /* as it stands, padding included */
};
/* Takes the first option off *options.   Returns  false at their end, or where they are damaged. */
bool qos_option_take(struct qos_str *options, bool swap, struct qos_option *option);

/* Begins the section, unless one was begun; its options (of byte order `swap`) go along. */
void qos_capture_blocks_begin(struct qos_capture_blocks *b, bool swap, struct qos_str options);
/*
 * Adds an interface, whose times will be in nanoseconds.
 *
 * options	of the interface, in the byte order of the section; those about its times are left out
 *
 * Returns  its number in the output.
 */
uint32_t qos_capture_blocks_interface(struct qos_capture_blocks *b, int32_t link, uint32_t most_bytes,
				      struct qos_str options);
/* Adds another block as it is; there is a limit to what they may take (16 MiB), and then it is left out. */
void qos_capture_blocks_add(struct qos_capture_blocks *b, struct qos_str block);

#endif
