/* pcapng in. */
#include "tests/unit/format/captures.h"

static void reads_pcapng(void)
{
	begin_pcapng();
	add_enhanced(1431857103000000001);
	CHECK_TEXT(convert(n_capture), "{\"ts\":1431857103.000000001,\"type\":\"packet\",\"size\":60," UDP_TEXT);
	CHECK_INT(run.counts.n_records, 1);
}

/* Of several link types, resolutions and offsets. */
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

/* Times in halves of a second from 100 s on, and in units that nobody can count. */
static void reads_any_resolution(void)
{
	const uint32_t halves[] = { DLT_RAW, 0, 9 | 1 << 16, 0x81, 14 | 8 << 16, 100, 0, 0 };
	const uint32_t tiny[] = { DLT_RAW, 0, 9 | 1 << 16, 20, 0 };
	uint32_t body[5 + 8] = { 1, 0, 5, 32, 60 };

	begin_pcapng();
	add_block(1, halves, sizeof(halves));
	add_block(1, tiny, sizeof(tiny));
	memcpy(body + 5, udp, 32);
	add_block(6, body, sizeof(body));
	body[0] = 2;
	add_block(6, body, sizeof(body));
	CHECK_TEXT(convert(n_capture), "{\"ts\":102.500000000,\"type\":\"packet\",\"size\":60," UDP_TEXT);
	CHECK_INT(run.counts.n_rejected, 1);
	CHECK_TEXT(run.counts.message[0], "in:2: the times of this interface are finer than can be read");
}

/* Inside of a sound block a packet may lie: it is refused alone. */
static void refuses_packets_that_lie(void)
{
	uint32_t body[5 + 8] = { 7, 0, 0, 32, 32 };

	begin_pcapng();
	add_block(6, body, sizeof(body)); /* of no interface */
	body[0] = 0;
	body[3] = 33;
	add_block(6, body, sizeof(body)); /* longer than its block */
	body[3] = UINT32_MAX;
	add_block(6, body, sizeof(body));
	add_block(6, body, 16); /* cut in its head */
	add_enhanced(1);
	convert(n_capture);
	CHECK_INT(run.counts.n_rejected, 4);
	CHECK_INT(run.counts.n_records, 1);
	CHECK_INT(run.counts.err.code, 0);
}

static void passes_over_what_is_too_large(void)
{
	static const char *const files[] = { "in" };
	static const uint32_t large[450] = { 0, 0, 0, 1700, 1700 };

	begin_pcapng();
	add_block(6, large, sizeof(large));
	add_block(4, large, sizeof(large));
	add_enhanced(1000000001);
	free(run.text);
	run = (struct pipe_run){ .decode = { .ts = true },
				 .options = { .output = &qos_format_jsonl, .most_bytes = 1000 } };
	pipe_file("in", (struct qos_str){ capture, n_capture });
	pipe_run_files(&run, files, 1);
	CHECK_INT(run.counts.n_rejected, 1);
	CHECK_TEXT(run.counts.message[0], "in:1: the packet is over the largest record; raise --max-record");
	CHECK_TEXT(run.text, "{\"ts\":1.000000001,\"type\":\"packet\",\"size\":60," UDP_TEXT);
}

/* A simple packet has the time of the one before it. */
static void reads_simple_packets(void)
{
	uint32_t body[1 + 8] = { 60 };

	begin_pcapng();
	add_enhanced(7000000000);
	memcpy(body + 1, udp, 32);
	add_block(3, body, sizeof(body));
	CHECK_TEXT(convert(n_capture), "{\"ts\":7.000000000,\"type\":\"packet\",\"size\":60," UDP_TEXT
				       "{\"ts\":7.000000000,\"type\":\"packet\",\"size\":60," UDP_TEXT);
}

/* What a filter has said stands in the comment, and is known to the next one. */
static void reads_comments(void)
{
	static const char comment[] = "qos: class=c1 class_by=\"rule:a \\\"b\\\"\" ts=5.25";
	uint32_t body[5 + 8 + 1 + 12 + 1] = { 0, 2, 0, 32, 60 };
	uint16_t option[2] = { 1, sizeof(comment) - 1 };

	begin_pcapng();
	memcpy(body + 5, udp, 32);
	memcpy(body + 13, option, 4);
	memcpy(body + 14, comment, sizeof(comment) - 1);
	add_block(6, body, sizeof(body));
	add_enhanced(9000000000);
	convert(n_capture);
	CHECK(strncmp(run.text, "{\"ts\":5.25,\"type\":\"packet\"", 26) == 0);
	CHECK(strstr(run.text, "\"class\":\"c1\",\"class_by\":\"rule:a \\\"b\\\"\"}\n{\"ts\":9.000000000,"));
	CHECK(!strstr(strchr(run.text, '\n'), "class"));
}

static void refuses_other_lengths(void)
{
	begin_pcapng();
	add_enhanced(1);
	capture[n_capture - 2] = 1; /* the length behind the packet */
	convert(n_capture);
	CHECK_INT(run.counts.err.code, QOS_EINPUT);
	CHECK_TEXT(run.counts.err.text,
		   "in:1: the capture is damaged at this packet, those before it were read: a block has two lengths");
}

int main(void)
{
	char folder[32];

	pipe_enter(folder);
	RUN("pcapng is read to the nanosecond", reads_pcapng);
	RUN("interfaces of other link types and lengths are read in one capture", reads_many_interfaces);
	RUN("pcapng that is cut gives its whole packets, then an error", gives_all_packets_of_cut_pcapng);
	RUN("pcapng of the other byte order is read", reads_pcapng_of_others);
	RUN("times of any resolution and offset are read, and those that cannot be are told", reads_any_resolution);
	RUN("a packet that lies is refused alone", refuses_packets_that_lie);
	RUN("a block that is too large is passed over", passes_over_what_is_too_large);
	RUN("a packet without a time has that of the one before", reads_simple_packets);
	RUN("a comment of ours is fields of the record", reads_comments);
	RUN("a block with two lengths is damage", refuses_other_lengths);
	free(run.text);
	pipe_leave(folder, NULL, 0);
	return DONE();
}
