/* Packet captures in. */
#include "tests/unit/format/captures.h"

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
	RUN("a capture without packets has no records and is no error", empty_has_no_records);
	RUN("a capture that is cut gives all packets before the cut, then an error with its place",
	    gives_all_before_damage);
	RUN("what is no capture is refused", refuses_what_is_none);
	RUN("odd times lose no packet", survives_odd_times);
	RUN("captures are told by their magic numbers", detects);
	free(run.text);
	pipe_leave(folder, NULL, 0);
	return DONE();
}
