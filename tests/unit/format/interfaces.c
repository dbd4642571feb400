/* Many interfaces made to look like one. */
#include "format/interfaces.h"

#include <stdlib.h>

#include "tests/unit/test.h"

static uint8_t capture[8192], passed[8192];
static uint32_t n_capture;
static bool swap;

static void add(uint32_t x)
{
	x = swap ? __builtin_bswap32(x) : x;
	memcpy(capture + n_capture, &x, 4);
	n_capture += 4;
}

/* A block with a body of n words. */
static void add_block(uint32_t type, const uint32_t *body, uint32_t n)
{
	add(type);
	add(12 + 4 * n);
	for (uint32_t i = 0; i < n; i++)
		add(body[i]);
	add(12 + 4 * n);
}

static void add_section(void)
{
	add_block(0x0a0d0d0a, (const uint32_t[]){ 0x1a2b3c4d, 1, 0xffffffff, 0xffffffff }, 4);
}

static void add_interface(uint16_t link, uint32_t most_bytes)
{
	const uint16_t order[2] = { swap ? 0 : link, swap ? link : 0 };
	uint32_t both;

	memcpy(&both, order, 4);
	add_block(1, (const uint32_t[]){ both, most_bytes }, 2);
}

static void add_packet(uint32_t interface)
{
	add_block(6, (const uint32_t[]){ interface, 0, 0, 0, 0 }, 5);
}

/* Passes all of it on in pieces of n bytes. */
static struct qos_interfaces *pass(size_t n)
{
	struct qos_interfaces *s = calloc(1, sizeof(*s));

	memcpy(passed, capture, n_capture);
	for (size_t i = 0; i < n_capture; i += n)
		qos_interfaces_pass(s, passed + i, n_capture - i < n ? n_capture - i : n);
	return s;
}

static void all_look_alike(void)
{
	for (int order = 0; order < 2; order++) {
		for (size_t piece = 1; piece < 100; piece++) {
			struct qos_interfaces *s;
			const char *most_bytes = order ? "\0\4\0\0" : "\0\0\4\0";
			uint32_t second;

			swap = order;
			n_capture = 0;
			add_section();
			add_interface(1, 96);
			add_packet(0);
			second = n_capture;
			add_interface(113, 65535);
			add_packet(1);
			add_packet(0);
			add_block(3, (const uint32_t[]){ 0 }, 1);
			add_packet(7);
			s = pass(piece);
			CHECK_INT(qos_interfaces_next(s), 1);
			CHECK_INT(qos_interfaces_next(s), 113);
			CHECK_INT(qos_interfaces_next(s), 1);
			CHECK_INT(qos_interfaces_next(s), 1);
			CHECK_INT(qos_interfaces_next(s), 0); /* libpcap refuses it */
			CHECK_INT(qos_interfaces_next(s), -1);
			CHECK_INT(memcmp(passed, capture, 28 + 12), 0);
			CHECK_INT(memcmp(passed + 28 + 12, most_bytes, 4), 0);
			CHECK_INT(memcmp(passed + 28 + 16, capture + 28 + 16, second - 28 - 16), 0);
			CHECK_INT(memcmp(passed + second + 8, passed + 28 + 8, 8), 0);
			CHECK_INT(memcmp(passed + second + 16, capture + second + 16, n_capture - second - 16), 0);
			free(s);
		}
	}
	swap = false;
}

static void sections_begin_anew(void)
{
	struct qos_interfaces *s;

	n_capture = 0;
	add_section();
	add_interface(1, 96);
	add_section();
	add_interface(101, 96);
	add_packet(0);
	s = pass(64);
	CHECK_INT(qos_interfaces_next(s), 101);
	free(s);
}

static void damage_is_left_alone(void)
{
	const uint32_t lengths[] = { 0, 4, 11, 13, 30 };

	for (int i = 0; i < 5; i++) {
		struct qos_interfaces *s;

		n_capture = 0;
		add_section();
		add(1);
		add(lengths[i]);
		add_interface(1, 96);
		add_packet(0);
		s = pass(16);
		CHECK(s->lost);
		CHECK_INT(memcmp(passed, capture, n_capture), 0);
		free(s);
	}
}

int main(void)
{
	RUN("all interfaces look alike, packets know their own", all_look_alike);
	RUN("interfaces are numbered anew in each section", sections_begin_anew);
	RUN("a damaged block is passed on as it is", damage_is_left_alone);
	return DONE();
}
