/*
 * pcap and pcapng in, through libpcap.
 *
 * libpcap reads a stdio stream; fopencookie makes one of our block reader, so that files, pipes and memory work alike.
 * A packet becomes a record whose bytes are a text made here, with only the fields that somebody wants in it.
 *
 * Cost   libpcap's copy of the packet, some 10 ns for each wanted field.
 */
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format/format.h"
#include "format/packet.h"
#include "unit/timestamp.h"

enum column {
	PCAP_TS,
	PCAP_SIZE,
	PCAP_TYPE,
	PCAP_STREAM,
	PCAP_PROTO,
	PCAP_SRC,
	PCAP_DST,
	PCAP_SPORT,
	PCAP_DPORT,
	PCAP_DSCP,
	PCAP_VLAN,
	PCAP_FLAGS,
	PCAP_N
};

static const char *const names[PCAP_N] = { "ts",     "size",  "type",  "stream", "proto", "src",
					   "dst_ip", "sport", "dport", "dscp",   "vlan",  "flags" };

#define TEXT_BYTES 512 /* of all fields together: 128 for the stream, 48 an address, less for the rest */

struct pcap_state {
	pcap_t *pcap;
	struct qos_in *in;
	int link_type;
	int id[PCAP_N];
	bool started;
	char text[TEXT_BYTES];
	uint64_t n_packets;
};

/* libpcap reads: from the block, which is refilled when it is empty. */
static ssize_t cookie_read(void *cookie, char *to, size_t n)
{
	struct qos_in *in = ((struct pcap_state *)cookie)->in;
	size_t have = (size_t)(in->end - in->at);

	if (have == 0 && qos_in_fill(in) == 0)
		return in->error ? -1 : 0;
	have = (size_t)(in->end - in->at);
	if (n > have)
		n = have;
	memcpy(to, in->at, n);
	in->at += n;
	return (ssize_t)n;
}

static int pcap_open_state(void *state, struct qos_reading *g, struct qos_err *err)
{
	struct pcap_state *s = state;
	char said[PCAP_ERRBUF_SIZE] = "";
	FILE *f;

	s->in = g->in;
	f = fopencookie(s, "r", (cookie_io_functions_t){ .read = cookie_read });
	if (!f)
		return qos_fail_memory(err, "reading a capture");
	s->pcap = pcap_fopen_offline_with_tstamp_precision(f, PCAP_TSTAMP_PRECISION_NANO, said);
	if (!s->pcap) {
		fclose(f);
		return qos_fail(err, QOS_EINPUT, (struct qos_at){ g->in->name, 0, 0 }, "is no capture: %s", said);
	}
	s->link_type = pcap_datalink(s->pcap);
	return 0;
}

static void pcap_close_state(void *state)
{
	struct pcap_state *s = state;

	if (s->pcap)
		pcap_close(s->pcap);
}

static void start(struct pcap_state *s, struct qos_reading *g)
{
	for (int i = 0; i < PCAP_N; i++)
		s->id[i] = g->keep_all ? qos_fields_column_keep(g->fields, qos_str(names[i]))
				       : qos_fields_column(g->fields, qos_str(names[i]));
	qos_reading_grow(g);
	s->started = true;
}

static size_t flags_text(unsigned flags, char *text)
{
	static const char *const flag[] = { "FIN", "SYN", "RST", "PSH", "ACK", "URG" };
	char *at = text;

	for (int i = 0; i < 6; i++)
		if (flags >> i & 1) {
			if (at > text)
				*at++ = '|';
			at = stpcpy(at, flag[i]);
		}
	return (size_t)(at - text);
}

static size_t number_text(int64_t n, char *text)
{
	return qos_timestamp_write(text, n, QOS_TIME_NS);
}

/* The text of one field; 0 when the packet does not have it. */
static size_t field_text(enum column column, const struct pcap_pkthdr *h, const struct qos_packet *p, char *to)
{
	switch (column) {
	case PCAP_TS: return qos_timestamp_write(to, (int64_t)h->ts.tv_sec * 1000000000 + h->ts.tv_usec, QOS_TIME_S);
	case PCAP_SIZE: return number_text(h->len, to);
	case PCAP_TYPE: return (size_t)(stpcpy(to, "packet") - to);
	case PCAP_STREAM: return qos_packet_stream(p, to);
	case PCAP_PROTO: return qos_packet_proto(p, to);
	case PCAP_SRC: return p->ip_version ? qos_packet_address(p, p->src, to) : 0;
	case PCAP_DST: return p->ip_version ? qos_packet_address(p, p->dst, to) : 0;
	case PCAP_SPORT: return p->has_ports ? number_text(p->sport, to) : 0;
	case PCAP_DPORT: return p->has_ports ? number_text(p->dport, to) : 0;
	case PCAP_DSCP: return p->dscp >= 0 ? number_text(p->dscp, to) : 0;
	case PCAP_VLAN: return p->has_vlan ? number_text(p->vlan, to) : 0;
	default: return p->has_flags ? flags_text(p->flags, to) : 0;
	}
}

static void write_text(struct pcap_state *s, struct qos_reading *g, const struct pcap_pkthdr *h,
		       const struct qos_packet *p, struct qos_record *r)
{
	char *at = s->text;

	for (int i = 0; i < PCAP_N; i++) {
		size_t n;

		if (s->id[i] < 0)
			continue;
		n = field_text((enum column)i, h, p, at);
		g->cell[s->id[i]] =
			(struct qos_cell){ (uint32_t)(at - s->text), (uint32_t)n, n ? QOS_CELL_TEXT : QOS_CELL_ABSENT };
		at += n;
	}
	r->bytes = s->text;
	r->n_bytes = (uint32_t)(at - s->text);
	r->eol_bytes = 0;
	r->cell = g->cell;
}

static enum qos_next pcap_next_record(void *state, struct qos_reading *g, struct qos_record *r)
{
	struct pcap_state *s = state;
	struct pcap_pkthdr *h;
	const unsigned char *bytes;
	struct qos_packet p;

	if (!s->started)
		start(s, g);
	switch (pcap_next_ex(s->pcap, &h, &bytes)) {
	case 1: break;
	case PCAP_ERROR_BREAK: return QOS_NEXT_END;
	default:
		qos_fail(&g->err, g->in->error ? QOS_EIO : QOS_EINPUT, (struct qos_at){ g->in->name, 0, 0 },
			 "packet %llu: %s; the packets before it were read", (unsigned long long)s->n_packets + 1,
			 pcap_geterr(s->pcap));
		return QOS_NEXT_ERROR;
	}
	s->n_packets++;
	g->in->line++;
	qos_packet_parse(&p, s->link_type, bytes, h->caplen);
	write_text(s, g, h, &p, r);
	return QOS_NEXT_RECORD;
}

/* The first four bytes, in either byte order. */
static bool begins_with(struct qos_str head, uint32_t magic)
{
	uint32_t x;

	if (head.n < 4)
		return false;
	memcpy(&x, head.p, 4);
	return x == magic || __builtin_bswap32(x) == magic;
}

static int pcap_detect(struct qos_str head, char *why)
{
	bool yes = begins_with(head, 0xa1b2c3d4) || begins_with(head, 0xa1b23c4d) || begins_with(head, 0xa1b2cd34);

	snprintf(why, 160, yes ? "the magic bytes of a capture" : "no magic bytes of a capture");
	return yes ? 100 : 0;
}

static int pcapng_detect(struct qos_str head, char *why)
{
	bool yes = begins_with(head, 0x0a0d0d0a);

	snprintf(why, 160, yes ? "the magic bytes of a pcapng capture" : "no magic bytes of a pcapng capture");
	return yes ? 100 : 0;
}

const struct qos_format qos_format_pcap = {
	.name = "pcap",
	.summary = "packet captures, micro- and nanoseconds",
	.reader_bytes = sizeof(struct pcap_state),
	.detect = pcap_detect,
	.open = pcap_open_state,
	.next = pcap_next_record,
	.close = pcap_close_state,
};

const struct qos_format qos_format_pcapng = {
	.name = "pcapng",
	.summary = "packet captures of the next generation",
	.reader_bytes = sizeof(struct pcap_state),
	.detect = pcapng_detect,
	.open = pcap_open_state,
	.next = pcap_next_record,
	.close = pcap_close_state,
};
