/* Packet captures in. */
#include <pcap/dlt.h>

#include "tests/unit/format/pipe.h"
#include "tests/unit/test.h"

static struct pipe_run run;
static char capture[4096];
static size_t n_capture;

static void add(const void *p, size_t n)
{
	memcpy(capture + n_capture, p, n);
	n_capture += n;
}

static void add32(uint32_t x, bool swap)
{
	x = swap ? __builtin_bswap32(x) : x;
	add(&x, 4);
}

static void add16(uint16_t x, bool swap)
{
	x = swap ? __builtin_bswap16(x) : x;
	add(&x, 2);
}

static void begin_pcap(uint32_t magic, uint32_t link, bool swap)
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

static void add_packet(uint32_t s, uint32_t fraction, uint32_t wire_bytes, bool swap)
{
	add32(s, swap);
	add32(fraction, swap);
	add32(32, swap);
	add32(wire_bytes, swap);
	add(udp, 32);
}

/* The capture as JSON Lines. */
static const char *convert(size_t n)
{
	static const char *const files[] = { "in" };

	free(run.text);
	run = (struct pipe_run){ .decode = { .ts = true, .size = true } };
	pipe_file("in", (struct qos_str){ capture, n });
	pipe_run_files(&run, files, 1);
	return run.text;
}

#define UDP_TEXT                                                                                            \
	"\"stream\":\"udp 10.0.0.1:53>10.0.0.2:4711\",\"proto\":\"udp\",\"src\":\"10.0.0.1\",\"sport\":53," \
	"\"dst_ip\":\"10.0.0.2\",\"dport\":4711,\"dscp\":46,\"ecn\":0}\n"

static void reads_pcap(void)
{
	static const struct {
		uint32_t magic, fraction;
	} kinds[] = { { 0xa1b2c3d4, 250000 }, { 0xa1b23c4d, 250000000 } };

	for (int i = 0; i < 4; i++) {
		begin_pcap(kinds[i / 2].magic, DLT_RAW, i & 1);
		add_packet(1431857103, kinds[i / 2].fraction, 1500, i & 1);
		add_packet(1431857104, 0, 32, i & 1);
		CHECK_TEXT(convert(n_capture),
			   "{\"ts\":1431857103.250000000,\"type\":\"packet\",\"size\":1500," UDP_TEXT
			   "{\"ts\":1431857104.000000000,\"type\":\"packet\",\"size\":32," UDP_TEXT);
		CHECK_INT(run.counts.n_records, 2);
		CHECK_INT(run.counts.err.code, 0);
	}
}

static void add_block(uint32_t type, const void *body, uint32_t n)
{
	add32(type, false);
	add32(n + 12, false);
	add(body, n);
	add32(n + 12, false);
}

static void begin_pcapng(void)
{
	const uint32_t section[] = { 0x1a2b3c4d, 1, 0xffffffff, 0xffffffff };
	const uint32_t interface[] = { DLT_RAW, 65535, 9 | 1 << 16, 9, 0 }; /* if_tsresol: nanoseconds */

	n_capture = 0;
	add_block(0x0a0d0d0a, section, sizeof(section));
	add_block(1, interface, sizeof(interface));
}

static void add_enhanced(uint64_t ns)
{
	uint32_t body[5 + 8] = { 0, (uint32_t)(ns >> 32), (uint32_t)ns, 32, 60 };

	memcpy(body + 5, udp, 32);
	add_block(6, body, sizeof(body));
}

static void reads_pcapng(void)
{
	begin_pcapng();
	add_enhanced(1431857103000000001);
	CHECK_TEXT(convert(n_capture), "{\"ts\":1431857103.000000001,\"type\":\"packet\",\"size\":60," UDP_TEXT);
	CHECK_INT(run.counts.n_records, 1);
}

/* libpcap alone refuses the second interface. */
static void reads_many_interfaces(void)
{
	const uint32_t interface[] = { DLT_NULL, 96 };
	uint32_t body[5 + 9] = { 1, 0, 0, 36, 36, 2 };

	begin_pcapng();
	add_enhanced(1000000000);
	add_block(1, interface, sizeof(interface));
	memcpy(body + 6, udp, 32);
	add_block(6, body, sizeof(body));
	CHECK_TEXT(convert(n_capture), "{\"ts\":1.000000000,\"type\":\"packet\",\"size\":60," UDP_TEXT
				       "{\"ts\":0.000000000,\"type\":\"packet\",\"size\":36," UDP_TEXT);
	CHECK_INT(run.counts.err.code, 0);
}

static void empty_has_no_records(void)
{
	begin_pcap(0xa1b2c3d4, DLT_EN10MB, false);
	CHECK_TEXT(convert(n_capture), "");
	CHECK_INT(run.rc, 0);
	CHECK_INT(run.counts.err.code, 0);
}

/* Cut at every byte: all whole packets come, then the end or an error that says where. */
static void gives_all_before_damage(void)
{
	begin_pcap(0xa1b2c3d4, DLT_RAW, false);
	for (int i = 0; i < 3; i++)
		add_packet(1000, 0, 32, false);
	for (size_t n = 24; n <= n_capture; n++) {
		size_t whole = (n - 24) / 48;

		convert(n);
		CHECK_INT(run.counts.n_records, whole);
		CHECK_INT(run.counts.err.code, (n - 24) % 48 ? QOS_EINPUT : 0);
	}
	convert(n_capture - 1);
	CHECK(strncmp(run.counts.err.text, "in:3: the capture is damaged at this packet", 43) == 0);
	CHECK(strstr(run.counts.err.text, "truncated"));
}

/* Ends at every byte: whole packets come, and no more. */
static void gives_all_packets_of_cut_pcapng(void)
{
	size_t first, second;

	begin_pcapng();
	add_enhanced(1);
	first = n_capture;
	add_enhanced(2);
	second = n_capture;
	for (size_t n = first - 1; n <= second; n++) {
		convert(n);
		CHECK_INT(run.counts.n_records, n < first ? 0 : n < second ? 1 : 2);
		CHECK_INT(run.counts.err.code, n == first || n == second ? 0 : QOS_EINPUT);
	}
}

/* Turns words into those of a machine of the other byte order. */
static void swap_words(size_t from, size_t to)
{
	for (size_t i = from; i < to; i += 4) {
		uint32_t x;

		memcpy(&x, capture + i, 4);
		x = __builtin_bswap32(x);
		memcpy(capture + i, &x, 4);
	}
}

static void reads_pcapng_of_others(void)
{
	const uint32_t section[] = { 0x1a2b3c4d, 1 << 16, 0xffffffff, 0xffffffff }; /* version 1.0 */
	const uint32_t interface[] = { DLT_RAW << 16, 65535 };

	n_capture = 0;
	add_block(0x0a0d0d0a, section, sizeof(section));
	add_block(1, interface, sizeof(interface));
	add_enhanced(1500000);
	swap_words(0, n_capture - 36); /* without the packet's own bytes and the length behind them */
	swap_words(n_capture - 4, n_capture);
	CHECK_TEXT(convert(n_capture), "{\"ts\":1.500000000,\"type\":\"packet\",\"size\":60," UDP_TEXT);
	CHECK_INT(run.counts.err.code, 0);
}

static void refuses_what_is_none(void)
{
	static const char *const files[] = { "in" };

	memcpy(capture, "not a capture at all, but long enough", 38);
	free(run.text);
	run = (struct pipe_run){ .options = { .format = &qos_format_pcap } };
	pipe_file("in", (struct qos_str){ capture, 38 });
	pipe_run_files(&run, files, 1);
	CHECK_INT(run.rc, QOS_EINPUT);
	CHECK(strncmp(run.err.text, "in: is no capture: ", 19) == 0);
}

/* Times beyond what nanoseconds hold are left out; the packet stays. */
static void survives_odd_times(void)
{
	begin_pcap(0xa1b2c3d4, DLT_RAW, false);
	add_packet(0xffffffff, 4000000000u, 32, false);
	add_packet(5, 1500000, 32, false); /* more than a second of microseconds */
	convert(n_capture);
	CHECK_INT(run.counts.n_records, 2);
	CHECK(strstr(run.text, "{\"ts\":6.500000000,"));
	begin_pcapng();
	add_enhanced(UINT64_MAX);
	convert(n_capture);
	CHECK_INT(run.counts.n_records, 1);
}

static int score(const struct qos_format *f, const void *p, size_t n)
{
	char why[160];

	return f->detect((struct qos_str){ p, n }, why);
}

static void detects(void)
{
	begin_pcapng();
	CHECK_INT(score(&qos_format_pcapng, capture, n_capture), 100);
	CHECK_INT(score(&qos_format_pcap, capture, n_capture), 0);
	CHECK(score(&qos_format_pcapng, capture, 6) < 100);
	CHECK_INT(score(&qos_format_pcapng, "\n\r\r\nts,size\n1,2\n", 16), 0);
	begin_pcap(0xa1b2cd34, DLT_RAW, true);
	CHECK_INT(score(&qos_format_pcap, capture, n_capture), 100);
	CHECK_INT(score(&qos_format_pcapng, capture, n_capture), 0);
	CHECK_INT(score(&qos_format_pcap, capture, 3), 0);
	CHECK_INT(score(&qos_format_pcap, "{\"a\":1}", 7), 0);
}

int main(void)
{
	char folder[32];

	pipe_enter(folder);
	RUN("both byte orders of pcap, with microseconds and nanoseconds, are read", reads_pcap);
	RUN("pcapng is read to the nanosecond", reads_pcapng);
	RUN("interfaces of other link types and lengths are read in one capture", reads_many_interfaces);
	RUN("a capture without packets has no records and is no error", empty_has_no_records);
	RUN("a capture that is cut gives all packets before the cut, then an error with its place",
	    gives_all_before_damage);
	RUN("pcapng that is cut gives its whole packets, then an error", gives_all_packets_of_cut_pcapng);
	RUN("pcapng of the other byte order is read", reads_pcapng_of_others);
	RUN("what is no capture is refused", refuses_what_is_none);
	RUN("odd times lose no packet", survives_odd_times);
	RUN("captures are told by their magic numbers", detects);
	free(run.text);
	pipe_leave(folder, NULL, 0);
	return DONE();
}
