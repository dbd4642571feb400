/*
 * pcap and pcapng in: every packet is a record.  (capture_write.c writes them.)
 *
 * libpcap reads the capture, through a stream over our block reader, so that files, pipes and memory are one.  A packet
 * has no text, so its record is one that is made here: the wanted fields are written into a buffer, one after another,
 * and the cells say where.  The addresses and ports are written once, as parts of the stream's name
 *
 *     udp 10.0.0.1:53>10.0.0.2:4711        tcp [2001:db8::1]:443>[2001:db8::2]:50000        icmp 10.0.0.1>10.0.0.2
 *
 * which keeps the direction, since a link is shaped in one.  Later fragments have no ports in it.  What the headers do
 * not tell is absent.  libpcap wants all interfaces of a pcapng capture alike; interfaces.h gets around that.  Where a
 * capture is damaged, all packets before that place have been given out.
 *
 * Cost   about 150 ns a packet with all fields, 20 ns with the time and size alone; libpcap's own come on top.
 * After  pcap(3PCAP); draft-ietf-opsawg-pcap and -pcapng for the magic numbers.
 */
#include <errno.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format/capture_write.h"
#include "format/interfaces.h"
#include "format/packet.h"
#include "unit/digits.h"

/* What a packet tells, in the order in which another format writes it. */
enum part {
	PART_TS,
	PART_TYPE,
	PART_SIZE,
	PART_STREAM,
	PART_PROTO,
	PART_SRC,
	PART_SPORT,
	PART_DST_IP,
	PART_DPORT,
	PART_DSCP,
	PART_ECN,
	PART_VLAN,
	PART_FLAGS,
	N_PARTS
};

static const char *const part_name[N_PARTS] = {
	"ts", "type", "size", "stream", "proto", "src", "sport", "dst_ip", "dport", "dscp", "ecn", "vlan", "flags",
};

#define TEXT_BYTES   512 /* twice the longest record */
/* the most that libpcap gives, and what is told about it */
#define PACKET_BYTES (262144 + sizeof(struct qos_capture_packet))
#define LATEST_S     9223360000 /* seconds whose nanoseconds fit into 64 bits, an hour left for odd fractions */
#define NS_PER_S     1000000000
#define STREAM_BYTES (64 * 1024) /* of the buffer between us and libpcap */

struct capture {
	pcap_t *pcap;
	struct qos_in *in;
	int link;
	bool many;                        /* pcapng: every packet has the link type of its interface */
	struct qos_cell *target[N_PARTS]; /* where the cell of each part goes */
	const struct qos_cell *cells;     /* g->cell that they point into; another one: they are stale */
	struct qos_cell ignored;          /* of the parts that nobody wants */
	bool wants_headers;               /* somebody wants a part that is in them */
	struct qos_cell part[N_PARTS];    /* of the record at hand */
	bool carries;                     /* the packet goes along, behind the text */
	char *end;                        /* of its text */
	char *text;                       /* owned, [TEXT_BYTES, and where it carries, room for any packet] */
	struct qos_interfaces interfaces;
};

/* What libpcap reads from: the rest of what is held, else what a read gives.  It never waits for more than one byte. */
static ssize_t read_input(void *cookie, char *to, size_t n)
{
	struct capture *c = cookie;
	struct qos_in *in = c->in;
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
	if (c->many)
		qos_interfaces_pass(&c->interfaces, (uint8_t *)to, n);
	return (ssize_t)n;
}

/* Is it pcapng?  Reads on for the four bytes that tell. */
static bool is_pcapng(struct qos_in *in)
{
	while (in->end - in->at < 4 && qos_in_fill(in))
		continue;
	return in->end - in->at >= 4 && memcmp(in->at, "\n\r\r\n", 4) == 0;
}

static int open_capture(struct capture *c, struct qos_in *in, struct qos_err *err)
{
	const cookie_io_functions_t functions = { .read = read_input };
	char why[PCAP_ERRBUF_SIZE] = "";
	FILE *stream;

	c->in = in;
	c->many = is_pcapng(in);
	stream = fopencookie(c, "r", functions);
	if (!stream)
		return qos_fail_memory(err, "reading a capture");
	setvbuf(stream, NULL, _IOFBF, STREAM_BYTES);
	c->pcap = pcap_fopen_offline_with_tstamp_precision(stream, PCAP_TSTAMP_PRECISION_NANO, why);
	if (c->pcap) { /* the stream is its own now */
		c->link = pcap_datalink(c->pcap);
		return 0;
	}
	fclose(stream);
	if (in->error)
		return qos_fail(err, QOS_EIO, (struct qos_at){ in->name, 0, 0 }, "%s", strerror(in->error));
	return qos_fail(err, QOS_EINPUT, (struct qos_at){ in->name, 0, 0 }, "is no capture: %s", why);
}

static int pcap_format_open(void *state, struct qos_reading *g, struct qos_err *err)
{
	struct capture *c = state;

	c->carries = qos_capture_is_written(g->output);
	c->text = malloc(TEXT_BYTES + (c->carries ? PACKET_BYTES : 0));
	if (!c->text)
		return qos_fail_memory(err, "reading a capture");
	for (int i = 0; i < N_PARTS && g->keep_all && !c->carries; i++)
		if (qos_fields_column_keep(g->fields, qos_str(part_name[i])) < 0)
			return qos_fail(err, QOS_EINPUT, (struct qos_at){ g->in->name, 0, 0 },
					"there are more than %d fields in all inputs", QOS_FIELDS_MOST);
	return open_capture(c, g->in, err);
}

static void pcap_format_close(void *state)
{
	struct capture *c = state;

	if (c->pcap)
		pcap_close(c->pcap);
	free(c->text);
}

/* The text that was written from c->end to `to` is a part. */
static void set(struct capture *c, enum part part, const char *from, char *to)
{
	c->part[part] = (struct qos_cell){ (uint32_t)(from - c->text), (uint32_t)(to - from), QOS_CELL_TEXT };
	c->end = to;
}

static void add_number(struct capture *c, enum part part, int64_t x)
{
	if (x >= 0)
		set(c, part, c->end, qos_digits_write(c->end, (uint64_t)x));
}

static void add_byte(struct capture *c, char byte)
{
	*c->end++ = byte;
}

/* Seconds with nine decimals; a moment that 64 bits of nanoseconds cannot hold is no time. */
static void add_time(struct capture *c, int64_t s, int64_t ns)
{
	char *p = c->end;
	int64_t total_ns;

	if (s > LATEST_S || s < -LATEST_S)
		return;
	total_ns = s * NS_PER_S + ns;
	if (total_ns < 0)
		*p++ = '-';
	total_ns = total_ns < 0 ? -total_ns : total_ns;
	p = qos_digits_write(p, (uint64_t)(total_ns / NS_PER_S));
	*p++ = '.';
	qos_digits_write9(p, (uint32_t)(total_ns % NS_PER_S));
	set(c, PART_TS, c->end, p + 9);
}

static void add_address(struct capture *c, enum part part, const uint8_t *address, int ip_version, bool brackets)
{
	if (brackets)
		add_byte(c, '[');
	set(c, part, c->end, c->end + qos_packet_address(c->end, address, ip_version));
	if (brackets)
		add_byte(c, ']');
}

static void add_port(struct capture *c, enum part part, int port)
{
	if (port < 0)
		return;
	add_byte(c, ':');
	add_number(c, part, port);
}

/* The stream's name, and in it the protocol, addresses and ports. */
static void add_stream(struct capture *c, const struct qos_packet *p)
{
	char *start = c->end;
	bool brackets = p->ip_version == 6 && p->sport >= 0;
	size_t n = qos_packet_name(start, p);

	if (n == 0)
		return;
	set(c, PART_PROTO, start, start + n);
	if (p->has_source) {
		add_byte(c, ' ');
		add_address(c, PART_SRC, p->source, p->ip_version, brackets);
		add_port(c, PART_SPORT, p->sport);
		add_byte(c, '>');
	}
	if (p->has_destination) {
		add_address(c, PART_DST_IP, p->destination, p->ip_version, brackets);
		add_port(c, PART_DPORT, p->dport);
	}
	set(c, PART_STREAM, start, c->end);
}

static void add_headers(struct capture *c, const struct pcap_pkthdr *h, const uint8_t *bytes)
{
	struct qos_packet p;

	qos_packet_read(&p, c->link, bytes, h->caplen);
	add_stream(c, &p);
	add_number(c, PART_DSCP, p.dscp);
	add_number(c, PART_ECN, p.ecn);
	add_number(c, PART_VLAN, p.vlan);
	if (p.tcp_flags >= 0)
		set(c, PART_FLAGS, c->end, c->end + qos_packet_flags(c->end, p.tcp_flags));
}

static void make_text(struct capture *c, const struct pcap_pkthdr *h, const uint8_t *bytes)
{
	memset(c->part, 0, sizeof(c->part));
	c->end = c->text;
	add_time(c, h->ts.tv_sec, h->ts.tv_usec); /* nanoseconds, as asked for */
	add_number(c, PART_SIZE, h->len);
	memcpy(c->end, "packet", 6);
	set(c, PART_TYPE, c->end, c->end + 6);
	if (c->wants_headers)
		add_headers(c, h, bytes);
}

/* The number of a link type in files; libpcap has others of its own for these two. */
static int32_t link_in_files(const struct capture *c)
{
	return c->many ? c->link : c->link == DLT_RAW ? 101 : c->link == DLT_ATM_RFC1483 ? 100 : c->link;
}

/* What a writer of captures needs, behind the text. */
static void add_packet(struct capture *c, const struct pcap_pkthdr *h, const uint8_t *bytes)
{
	struct qos_capture_packet p = { h->ts.tv_sec, (uint32_t)h->ts.tv_usec, h->caplen, h->len, link_in_files(c) };

	if (p.held_bytes > PACKET_BYTES - sizeof(p))
		p.held_bytes = PACKET_BYTES - sizeof(p);
	memcpy(c->end, bytes, p.held_bytes);
	memcpy(c->end + p.held_bytes, &p, sizeof(p));
	c->end += p.held_bytes + sizeof(p);
}

static void resolve(struct capture *c, struct qos_reading *g)
{
	c->wants_headers = false;
	for (int i = 0; i < N_PARTS; i++) {
		int id = qos_fields_column(g->fields, qos_str(part_name[i]));
		bool wanted = id >= 0 && id < g->n_cells;

		c->target[i] = wanted ? &g->cell[id] : &c->ignored;
		c->wants_headers |= wanted && i >= PART_STREAM;
	}
	c->cells = g->cell;
}

static enum qos_next damaged(const struct capture *c, struct qos_reading *g)
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
	struct capture *c = state;
	struct pcap_pkthdr *h;
	const uint8_t *bytes;

	if (__builtin_expect(g->cell != c->cells, 0))
		resolve(c, g);
	switch (pcap_next_ex(c->pcap, &h, &bytes)) {
	case 1: break;
	case PCAP_ERROR_BREAK: return QOS_NEXT_END;
	default: return damaged(c, g);
	}
	if (c->many)
		c->link = qos_interfaces_next(&c->interfaces);
	make_text(c, h, bytes);
	if (c->carries)
		add_packet(c, h, bytes);
	for (int i = 0; i < N_PARTS; i++)
		*c->target[i] = c->part[i];
	g->in->line++;
	r->bytes = c->text;
	r->n_bytes = (uint32_t)(c->end - c->text);
	r->eol_bytes = 0;
	r->cell = g->cell;
	return QOS_NEXT_RECORD;
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

static int pcapng_detect(struct qos_str head, char *why)
{
	uint32_t order;

	if (head.n < 4 || big_endian(head.p) != 0x0a0d0d0a) {
		snprintf(why, 160, "no section header of pcapng");
		return 0;
	}
	if (head.n < 12) {
		snprintf(why, 160, "the first bytes of a section header of pcapng");
		return 60;
	}
	order = big_endian(head.p + 8);
	if (order != 0x1a2b3c4d && order != 0x4d3c2b1a) {
		snprintf(why, 160, "a section header of pcapng without its byte order");
		return 0;
	}
	snprintf(why, 160, "section header of pcapng, %s endian", order == 0x1a2b3c4d ? "big" : "little");
	return 100;
}

const struct qos_format qos_format_pcap = {
	.name = "pcap",
	.summary = "packet capture (libpcap): Ethernet, VLAN, Linux cooked, PPP, raw IP",
	.reader_bytes = sizeof(struct capture),
	.detect = pcap_detect,
	.open = pcap_format_open,
	.next = pcap_format_next,
	.close = pcap_format_close,
	.writer_bytes = sizeof(struct qos_capture_writer),
	.begin = qos_capture_begin,
	.put = qos_pcap_put,
	.pass = qos_pcap_pass,
};

const struct qos_format qos_format_pcapng = {
	.name = "pcapng",
	.summary = "packet capture, next generation (libpcap)",
	.reader_bytes = sizeof(struct capture),
	.detect = pcapng_detect,
	.open = pcap_format_open,
	.next = pcap_format_next,
	.close = pcap_format_close,
	.writer_bytes = sizeof(struct qos_capture_writer),
	.begin = qos_capture_begin,
	.put = qos_pcapng_put,
	.pass = qos_pcapng_pass,
};
