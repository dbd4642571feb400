/* Captures out. */
#include "format/capture_write.h"

#include "tests/unit/format/pipe.h"
#include "tests/unit/test.h"

static struct pipe_run run;

/* pcap, microseconds, little endian, raw IP: two packets of 20 and 3 bytes */
static const char capture[] = "\xd4\xc3\xb2\xa1\2\0\4\0\0\0\0\0\0\0\0\0\0\0\4\0\x65\0\0\0"
			      "\1\0\0\0\2\0\0\0\x14\0\0\0\x1e\0\0\0"
			      "\x45\0\0\x1e\0\0\0\0\x40\x11\0\0\x0a\0\0\1\x0a\0\0\2"
			      "\5\0\0\0\xff\0\0\0\3\0\0\0\3\0\0\0"
			      "abc";

static void convert(const struct qos_format *output, bool keep)
{
	static const char *const files[] = { "in" };

	free(run.text);
	run = (struct pipe_run){
		.options = { .output = output }, .keep = keep, .fields = { "class" }, .values = { "c1" }
	};
	pipe_file("in", (struct qos_str){ capture, sizeof(capture) - 1 });
	pipe_run_files(&run, files, 1);
}

/* Numbers of the output, in the byte order of the machine. */
static uint32_t at(size_t offset)
{
	uint32_t x;

	memcpy(&x, run.text + offset, 4);
	return x;
}

static void writes_pcap(void)
{
	for (int keep = 0; keep < 2; keep++) {
		convert(&qos_format_pcap, keep);
		CHECK_INT(run.rc, 0);
		CHECK_INT(run.n, sizeof(capture) - 1);
		CHECK_INT(at(0), 0xa1b23c4d);
		CHECK_INT(at(20), 101);
		CHECK_INT(at(24), 1);
		CHECK_INT(at(28), 2000);
		CHECK_INT(at(32), 20);
		CHECK_INT(at(36), 30);
		CHECK(memcmp(run.text + 40, capture + 40, 20) == 0);
		CHECK_INT(at(64), 255000);
		CHECK(memcmp(run.text + 76, "abc", 3) == 0);
	}
}

static void writes_pcapng(void)
{
	convert(&qos_format_pcapng, true);
	CHECK_INT(run.n, 28 + 32 + (32 + 20 + 24) + (32 + 4 + 24));
	CHECK_INT(at(28), 1);
	CHECK_INT(at(36), 101);
	CHECK_INT(at(60), 6);
	CHECK_INT(at(72), 0);
	CHECK_INT(at(76), 1000002000);
	CHECK(memcmp(run.text + 88, capture + 40, 20) == 0);
	CHECK(memcmp(run.text + 108, "\1\0\xd\0qos: class=c1\0\0\0\0\0\0\0", 24) == 0);
	CHECK_INT(at(60 + 4), at(60 + at(64) - 4));
}

/* A second filter adds to what the first one has said, and replaces what it says anew. */
static void adds_to_comments(void)
{
	static const char *const files[] = { "again" };
	struct pipe_run second = { .fields = { "class", "drop" }, .values = { "c2 d", "" } };

	convert(&qos_format_pcapng, false);
	pipe_file("again", (struct qos_str){ run.text, run.n });
	pipe_run_files(&second, files, 1);
	CHECK_INT(second.rc, 0);
	CHECK(memcmp(second.text + 108, "\1\0\x11\0qos: class=\"c2 d\"", 21) == 0);
	CHECK_INT(second.counts.n_records, 2);
	free(second.text);
}

/* The sum of an IPv4 header, its checksum included. */
static uint32_t sum_of(const char *header)
{
	uint32_t sum = 0;

	for (int i = 0; i < 20; i += 2)
		sum += (uint32_t)((uint8_t)header[i] << 8 | (uint8_t)header[i + 1]);
	sum = (sum & 0xffff) + (sum >> 16);
	return (sum & 0xffff) + (sum >> 16);
}

/* All 64 values: the header's sum stays what it was, and so do its other bytes. */
static void remarks(void)
{
	static const char *const files[] = { "in" };

	for (int16_t dscp = 0; dscp < 64; dscp++) {
		free(run.text);
		run = (struct pipe_run){ .options = { .output = &qos_format_pcap, .remark = &dscp },
					 .class_and_one = 1 };
		pipe_file("in", (struct qos_str){ capture, sizeof(capture) - 1 });
		pipe_run_files(&run, files, 1);
		CHECK_INT(run.n, sizeof(capture) - 1);
		CHECK_INT((uint8_t)run.text[41], dscp << 2);
		CHECK_INT(sum_of(run.text + 40), sum_of(capture + 40));
		CHECK(memcmp(run.text + 42, capture + 42, 8) == 0 && memcmp(run.text + 52, capture + 52, 8) == 0);
		CHECK(memcmp(run.text + 76, "abc", 3) == 0);
	}
}

static void refuses_text(void)
{
	free(run.text);
	run = (struct pipe_run){ .options = { .output = &qos_format_pcapng } };
	pipe_run_text(&run, "a,b\n1,2\n");
	CHECK_INT(run.rc, QOS_EUSAGE);
	CHECK_INT(run.n, 0);
	CHECK(strstr(run.err.text, "only packets of a capture"));
}

int main(void)
{
	char folder[32];

	pipe_enter(folder);
	RUN("pcap: nanoseconds, the link type, every byte, borrowed or kept", writes_pcap);
	RUN("pcapng: an interface, packets, what is said of them as comment", writes_pcapng);
	RUN("what is no capture cannot become one", refuses_text);
	RUN("a second filter adds to the comment, and replaces what it says anew", adds_to_comments);
	RUN("remarking sets the DSCP and keeps the checksum right", remarks);
	free(run.text);
	unlink("again");
	pipe_leave(folder, NULL, 0);
	return DONE();
}
