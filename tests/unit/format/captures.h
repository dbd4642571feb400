/* Captures made byte by byte, and read as JSON Lines. */
#ifndef TESTS_UNIT_FORMAT_CAPTURES_H
#define TESTS_UNIT_FORMAT_CAPTURES_H

#include <pcap/dlt.h>

#include "tests/unit/format/pipe.h"
#include "tests/unit/test.h"

static struct pipe_run run;
static char capture[4096];
static size_t n_capture;

static inline void add(const void *p, size_t n)
{
	memcpy(capture + n_capture, p, n);
	n_capture += n;
}

static inline void add32(uint32_t x, bool swap)
{
	x = swap ? __builtin_bswap32(x) : x;
	add(&x, 4);
}

static inline void add16(uint16_t x, bool swap)
{
	x = swap ? __builtin_bswap16(x) : x;
	add(&x, 2);
}

static inline void begin_pcap(uint32_t magic, uint32_t link, bool swap)
{
	n_capture = 0;
	add32(magic, swap);
	add16(2, swap);
	add16(4, swap);
	add32(0, swap);
	add32(0, swap);
	add32(65535, swap);
	add32(link, swap);
}

/* IPv4, UDP, DSCP 46 */
static const char udp[] = "\x45\xb8\x00\x20\x00\x01\x00\x00\x40\x11\x00\x00\x0a\x00\x00\x01\x0a\x00\x00\x02"
			  "\x00\x35\x12\x67\x00\x0c\x00\x00"
			  "data";

static inline void add_packet(uint32_t s, uint32_t fraction, uint32_t wire_bytes, bool swap)
{
	add32(s, swap);
	add32(fraction, swap);
	add32(32, swap);
	add32(wire_bytes, swap);
	add(udp, 32);
}

/* The capture as JSON Lines. */
static inline const char *convert(size_t n)
{
	static const char *const files[] = { "in" };

	free(run.text);
	run = (struct pipe_run){ .decode = { .ts = true, .size = true }, .options.output = &qos_format_jsonl };
	pipe_file("in", (struct qos_str){ capture, n });
	pipe_run_files(&run, files, 1);
	return run.text;
}

#define UDP_TEXT                                                                                            \
	"\"stream\":\"udp 10.0.0.1:53>10.0.0.2:4711\",\"proto\":\"udp\",\"src\":\"10.0.0.1\",\"sport\":53," \
	"\"dst_ip\":\"10.0.0.2\",\"dport\":4711,\"dscp\":46,\"ecn\":0}\n"

static inline void add_block(uint32_t type, const void *body, uint32_t n)
{
	add32(type, false);
	add32(n + 12, false);
	add(body, n);
	add32(n + 12, false);
}

static inline void begin_pcapng(void)
{
	const uint32_t section[] = { 0x1a2b3c4d, 1, 0xffffffff, 0xffffffff };
	const uint32_t interface[] = { DLT_RAW, 65535, 9 | 1 << 16, 9, 0 }; /* if_tsresol: nanoseconds */

	n_capture = 0;
	add_block(0x0a0d0d0a, section, sizeof(section));
	add_block(1, interface, sizeof(interface));
}

static inline void add_enhanced(uint64_t ns)
{
	uint32_t body[5 + 8] = { 0, (uint32_t)(ns >> 32), (uint32_t)ns, 32, 60 };

	memcpy(body + 5, udp, 32);
	add_block(6, body, sizeof(body));
}

#endif
