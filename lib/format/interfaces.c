/* The first 16 bytes of a block tell all; the rest of it is passed over. */
#include "format/interfaces.h"

#include <string.h>

#define BLOCK_SECTION   0x0a0d0d0a
#define BLOCK_INTERFACE 1
#define BLOCK_PACKET    2 /* obsolete */
#define BLOCK_SIMPLE    3
#define BLOCK_ENHANCED  6

#define LENGTH_MOST 262144 /* libpcap's MAXIMUM_SNAPLEN */
#define BLOCK_LEAST 12     /* bytes of a block without a body */

static uint32_t number(const struct qos_interfaces *s, size_t offset)
{
	uint32_t x;

	memcpy(&x, s->header + offset, 4);
	return s->swap ? __builtin_bswap32(x) : x;
}

static uint16_t short_number(const struct qos_interfaces *s, size_t offset)
{
	uint16_t x;

	memcpy(&x, s->header + offset, 2);
	return s->swap ? __builtin_bswap16(x) : x;
}

static void packet_of(struct qos_interfaces *s, uint32_t interface)
{
	s->ahead[s->n_in++ % QOS_INTERFACES_AHEAD] = interface < (uint32_t)s->n ? s->link[interface] : 0;
}

/* The byte order of a section is told by its magic number, which stands behind its length. */
static void begin_section(struct qos_interfaces *s)
{
	uint32_t magic;

	memcpy(&magic, s->header + 8, 4);
	s->swap = magic != 0x1a2b3c4d;
	s->n_bytes = number(s, 4);
	s->n = 0;
}

static void add_interface(struct qos_interfaces *s)
{
	if (!s->has_first) {
		memcpy(s->first_link, s->header + 8, 2);
		s->has_first = true;
	}
	if (s->n < QOS_INTERFACES_MOST)
		s->link[s->n++] = short_number(s, 8);
}

/* The byte that makes this interface look like all others. */
static uint8_t mended(const struct qos_interfaces *s, uint8_t byte)
{
	uint32_t length = s->swap ? __builtin_bswap32(LENGTH_MOST) : LENGTH_MOST;

	if (s->n >= QOS_INTERFACES_MOST)
		return byte;
	if (s->has_first && (s->at == 8 || s->at == 9))
		return s->first_link[s->at - 8];
	if (s->at >= 12)
		return ((const uint8_t *)&length)[s->at - 12];
	return byte;
}

/* One of the first bytes of a block.   Returns  what goes to libpcap. */
static uint8_t take_byte(struct qos_interfaces *s, uint8_t byte)
{
	uint32_t type = s->at >= 4 ? number(s, 0) : 0;

	s->header[s->at] = byte;
	if (s->at == 7)
		s->n_bytes = number(s, 4);
	if (s->at == 11 && type == BLOCK_SECTION)
		begin_section(s);
	if (s->at == 11 && type == BLOCK_ENHANCED)
		packet_of(s, number(s, 8));
	if (s->at == 11 && type == BLOCK_PACKET)
		packet_of(s, short_number(s, 8));
	if (s->at == 11 && type == BLOCK_SIMPLE)
		packet_of(s, 0);
	if (s->at >= 8 && type == BLOCK_INTERFACE) {
		uint8_t result = mended(s, byte);

		if (s->at == 15)
			add_interface(s);
		return result;
	}
	return byte;
}

void qos_interfaces_pass(struct qos_interfaces *s, uint8_t *p, size_t n)
{
	while (n && !s->lost) {
		size_t rest = 1;

		if (s->at < sizeof(s->header)) {
			*p = take_byte(s, *p);
			/* a section's length is known only with its byte order */
			s->lost = s->at >= 11 && (s->n_bytes < BLOCK_LEAST || s->n_bytes % 4);
		} else {
			rest = s->n_bytes - s->at < n ? s->n_bytes - s->at : n;
		}
		s->at += (uint32_t)rest;
		p += rest;
		n -= rest;
		if (s->at >= BLOCK_LEAST && s->at == s->n_bytes)
			s->at = 0;
	}
}

int qos_interfaces_next(struct qos_interfaces *s)
{
	if (s->n_out == s->n_in)
		return -1;
	return s->ahead[s->n_out++ % QOS_INTERFACES_AHEAD];
}
