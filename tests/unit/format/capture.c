/* Packets as records: what all captures share.  (pcap.c and pcapng.c have the rest.) */
#include "format/capture.h"

#include "tests/unit/format/captures.h"

static void finds_its_comment(void)
{
	static const char text[] = "\1\0\5\0hello\0\0\0\1\0\x9\0qos: a=1 \0\0\0\1\0\x8\0qos: b=2\0\0\0";
	struct qos_str options = { text, sizeof(text) - 1 };

	CHECK(qos_str_is(qos_capture_comment(options, false), "a=1 "));
	CHECK_INT(qos_capture_comment(options, true).n, 0);
	CHECK_INT(qos_capture_comment((struct qos_str){ text, 12 }, false).n, 0);
	CHECK_INT(qos_capture_comment(QOS_STR(""), false).n, 0);
}

static void knows_captures(void)
{
	CHECK(qos_capture_is_written(&qos_format_pcap));
	CHECK(qos_capture_is_written(&qos_format_pcapng));
	CHECK(!qos_capture_is_written(&qos_format_csv));
	CHECK(!qos_capture_is_written(NULL));
}

/* The wanted parts alone are looked for; a later record does not keep what an earlier one had. */
static void forgets(void)
{
	begin_pcap(0xa1b2c3d4, DLT_RAW, false);
	add_packet(1, 0, 32, false);
	add32(2, false);
	add32(0, false);
	add32(1, false);
	add32(1, false);
	add("\0", 1);
	CHECK_TEXT(convert(n_capture), "{\"ts\":1.000000000,\"type\":\"packet\",\"size\":32," UDP_TEXT
				       "{\"ts\":2.000000000,\"type\":\"packet\",\"size\":1}\n");
	(void)begin_pcapng;
	(void)add_enhanced;
}

int main(void)
{
	char folder[32];

	pipe_enter(folder);
	RUN("our comment is found among options", finds_its_comment);
	RUN("captures can be written as captures", knows_captures);
	RUN("a packet without headers has no parts of the one before", forgets);
	free(run.text);
	pipe_leave(folder, NULL, 0);
	return DONE();
}
