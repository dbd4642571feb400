/*
 * pcap in: every packet is a record.  (capture.c makes it, capture_write.c writes it, pcapng.c reads the other format.)
 *
 * libpcap reads the capture, through a stream over our block reader, so that files, pipes and memory are one.  Where a
 * capture is damaged, all packets before that place have been given out.
 *
 * Cost   libpcap's, and that of capture.c.
 * After  pcap(3PCAP); draft-ietf-opsawg-pcap for the magic numbers.
 */
#include <errno.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <string.h>

#include "format/capture.h"
#include "format/capture_write.h"

#define PACKET_MOST  262144      /* bytes that libpcap gives */
#define STREAM_BYTES (64 * 1024) /* of the buffer between us and libpcap */

struct pcap_reader {
	struct qos_capture capture;
	pcap_t *pcap;
	struct qos_in *in;
	int32_t link;       /* as files number it */
	uint32_t interface; /* in the output */
};

/* What libpcap reads from: the rest of what is held, else what a read gives.  It never waits for more than one byte. */
static ssize_t read_input(void *cookie, char *to, size_t n)
{
	struct qos_in *in = ((struct pcap_reader *)cookie)->in;
	size_t left;

	if (in->at == in->end && !qos_in_fill(in)) {
		errno = in->error;
		return in->error ? -1 : 0;
	}
	left = (size_t)(in->end - in->at);
	if (n > left)
		n = left;
	memcpy(to, in->at, n);
	in->at += n;
	return (ssize_t)n;
}

/* libpcap has numbers of its own for two link types. */
static int32_t link_in_files(pcap_t *pcap)
{
	int link = pcap_datalink(pcap);

	return link == DLT_RAW ? 101 : link == DLT_ATM_RFC1483 ? 100 : link;
}

static int open_pcap(struct pcap_reader *c, struct qos_in *in, struct qos_err *err)
{
	const cookie_io_functions_t functions = { .read = read_input };
	char why[PCAP_ERRBUF_SIZE] = "";
	FILE *stream;

	c->in = in;
	stream = fopencookie(c, "r", functions);
	if (!stream)
		return qos_fail_memory(err, "reading a capture");
	setvbuf(stream, NULL, _IOFBF, STREAM_BYTES);
	c->pcap = pcap_fopen_offline_with_tstamp_precision(stream, PCAP_TSTAMP_PRECISION_NANO, why);
	if (c->pcap) { /* the stream is its own now */
		c->link = link_in_files(c->pcap);
		return 0;
	}
	fclose(stream);
	if (in->error)
		return qos_fail(err, QOS_EIO, (struct qos_at){ in->name, 0, 0 }, "%s", strerror(in->error));
	return qos_fail(err, QOS_EINPUT, (struct qos_at){ in->name, 0, 0 }, "is no capture: %s", why);
}

static int pcap_format_open(void *state, struct qos_reading *g, struct qos_err *err)
{
	struct pcap_reader *c = state;
	int rc = qos_capture_open(&c->capture, g, err);

	if (!rc)
		rc = open_pcap(c, g->in, err);
	if (!rc && c->capture.carries) {
		qos_capture_blocks_begin(&g->blocks, false, QOS_STR(""));
		c->interface = qos_capture_blocks_interface(&g->blocks, c->link, 0, QOS_STR(""));
	}
	return rc;
}

static void pcap_format_close(void *state)
{
	struct pcap_reader *c = state;

	if (c->pcap)
		pcap_close(c->pcap);
	qos_capture_close(&c->capture);
}

static enum qos_next damaged(const struct pcap_reader *c, struct qos_reading *g)
{
	struct qos_at at = { g->in->name, (int)g->in->line, 0 };

	if (g->in->error)
		qos_fail(&g->err, QOS_EIO, at, "%s", strerror(g->in->error));
	else
		qos_fail(&g->err, QOS_EINPUT, at,
			 "the capture is damaged at this packet, those before it were read: %s", pcap_geterr(c->pcap));
	return QOS_NEXT_ERROR;
}

static enum qos_next pcap_format_next(void *state, struct qos_reading *g, struct qos_record *r)
{
	struct pcap_reader *c = state;
	struct qos_capture_packet p;
	struct pcap_pkthdr *h;
	const uint8_t *bytes;

	switch (pcap_next_ex(c->pcap, &h, &bytes)) {
	case 1: break;
	case PCAP_ERROR_BREAK: return QOS_NEXT_END;
	default: return damaged(c, g);
	}
	g->in->line++;
	p = (struct qos_capture_packet){
		.s = h->ts.tv_sec,
		.ns = (uint32_t)h->ts.tv_usec, /* nanoseconds, as asked for */
		.held_bytes = h->caplen < PACKET_MOST ? h->caplen : PACKET_MOST,
		.wire_bytes = h->len,
		.link = c->link,
		.interface = c->interface,
	};
	return qos_capture_give(&c->capture, g, &p, bytes, QOS_STR(""), false, r);
}

static uint32_t big_endian(const char *p)
{
	const uint8_t *b = (const uint8_t *)p;

	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static int pcap_detect(struct qos_str head, char *why)
{
	static const struct {
		uint32_t magic;
		const char *name;
	} kinds[] = {
		{ 0xa1b2c3d4, "pcap with microseconds" },
		{ 0xa1b23c4d, "pcap with nanoseconds" },
		{ 0xa1b2cd34, "pcap as modified by Kuznetzov" },
		{ 0xa1b234cd, "pcap as modified by Mesquita" },
	};
	uint32_t magic = head.n >= 4 ? big_endian(head.p) : 0;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (magic != kinds[i].magic && __builtin_bswap32(magic) != kinds[i].magic)
			continue;
		snprintf(why, 160, "magic number of %s, %s endian", kinds[i].name,
			 magic == kinds[i].magic ? "big" : "little");
		return 100;
	}
	snprintf(why, 160, "no magic number of pcap");
	return 0;
}

const struct qos_format qos_format_pcap = {
	.name = "pcap",
	.summary = "packet capture (libpcap): Ethernet, VLAN, Linux cooked, PPP, raw IP",
	.reader_bytes = sizeof(struct pcap_reader),
	.detect = pcap_detect,
	.open = pcap_format_open,
	.next = pcap_format_next,
	.close = pcap_format_close,
	.writer_bytes = sizeof(struct qos_capture_writer),
	.begin = qos_capture_begin,
	.put = qos_pcap_put,
	.pass = qos_pcap_pass,
	.finish = qos_pcap_finish,
	.end = qos_capture_end,
};
