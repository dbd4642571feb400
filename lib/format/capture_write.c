/*
 * pcap and pcapng out: the packets of a capture, at the times when they leave.
 *
 * A packet keeps every byte and its length on the wire; its time becomes the departure, in nanoseconds.  Dropped ones
 * are not written.  In pcapng what a filter says of a packet is its comment, and each link type is an interface.
 *
 * Cost   one copy of the packet.
 * After  draft-ietf-opsawg-pcap and -pcapng; byte order is the machine's.
 */
#include "format/capture_write.h"

#include <string.h>

#define NS_PER_S     1000000000
#define COMMENT_MOST 1024

bool qos_capture_is_written(const struct qos_format *output)
{
	return output == &qos_format_pcap || output == &qos_format_pcapng;
}

static void add(struct qos_out *o, const void *bytes, size_t n)
{
	qos_out_add(o, bytes, n);
}

static void add32(struct qos_out *o, uint32_t x)
{
	add(o, &x, sizeof(x));
}

static void add16(struct qos_out *o, uint16_t x)
{
	add(o, &x, sizeof(x));
}

static size_t padding(size_t n)
{
	return (4 - n % 4) % 4;
}

int qos_capture_begin(void *state, struct qos_writing *w, const struct qos_record *first)
{
	if (!qos_capture_is_written(w->input))
		return qos_fail(&w->err, QOS_EUSAGE, QOS_NOWHERE,
				"only packets of a capture can be written as a capture; choose another --output");
	return 0;
}

/* Finds the packet of a record and the moment to write.   Returns  its bytes; NULL when it is not to be written. */
static const char *packet_of(const struct qos_record *r, struct qos_capture_packet *p)
{
	if (r->drop || r->n_bytes < sizeof(*p))
		return NULL;
	memcpy(p, r->bytes + r->n_bytes - sizeof(*p), sizeof(*p));
	if (!r->bad && r->depart_ns != QOS_UNSET) {
		p->s = r->depart_ns / NS_PER_S - (r->depart_ns % NS_PER_S < 0);
		p->ns = (uint32_t)(r->depart_ns - p->s * NS_PER_S);
	}
	return r->bytes + r->n_bytes - sizeof(*p) - p->held_bytes;
}

/* --- pcap --- */

static bool pcap_fits(struct qos_writing *w, const struct qos_capture_writer *c, const struct qos_capture_packet *p)
{
	if (w->err.code)
		return false;
	if (p->link != c->link[0])
		qos_fail(&w->err, QOS_EINPUT, QOS_NOWHERE, "the packets are of several link types; write pcapng");
	else if (p->s < 0 || p->s > UINT32_MAX)
		qos_fail(&w->err, QOS_EINPUT, QOS_NOWHERE, "a time is not between 1970 and 2106; write pcapng");
	return !w->err.code;
}

static void put_pcap(struct qos_capture_writer *c, struct qos_writing *w, const struct qos_record *r)
{
	struct qos_capture_packet p;
	const char *bytes = packet_of(r, &p);

	if (!bytes)
		return;
	if (!c->n_links) {
		c->link[c->n_links++] = p.link;
		add32(w->out, 0xa1b23c4d); /* nanoseconds */
		add16(w->out, 2);
		add16(w->out, 4);
		add32(w->out, 0);
		add32(w->out, 0);
		add32(w->out, 262144); /* the most that readers take */
		add32(w->out, (uint32_t)p.link);
	}
	if (!pcap_fits(w, c, &p))
		return;
	add32(w->out, (uint32_t)p.s);
	add32(w->out, p.ns);
	add32(w->out, p.held_bytes);
	add32(w->out, p.wire_bytes);
	add(w->out, bytes, p.held_bytes);
}

void qos_pcap_put(void *state, struct qos_writing *w, const struct qos_record *r, const struct qos_value *v)
{
	put_pcap(state, w, r);
}

void qos_pcap_pass(void *state, struct qos_writing *w, const struct qos_record *r)
{
	put_pcap(state, w, r);
}

/* --- pcapng --- */

static void add_section(struct qos_out *o)
{
	static const uint64_t unknown_length = UINT64_MAX;

	add32(o, 0x0a0d0d0a);
	add32(o, 28);
	add32(o, 0x1a2b3c4d);
	add16(o, 1);
	add16(o, 0);
	add(o, &unknown_length, sizeof(unknown_length));
	add32(o, 28);
}

static void add_interface(struct qos_out *o, int32_t link)
{
	add32(o, 1);
	add32(o, 32);
	add16(o, (uint16_t)link);
	add16(o, 0);
	add32(o, 0); /* no limit to a packet's length */
	add16(o, 9); /* if_tsresol */
	add16(o, 1);
	add(o, "\x09\0\0\0", 4); /* nanoseconds */
	add32(o, 0);             /* end of options */
	add32(o, 32);
}

/* The interface of a link type, written if it is new.   Returns  -1 when there are too many. */
static int find_interface(struct qos_capture_writer *c, struct qos_writing *w, int32_t link)
{
	int i = 0;

	while (i < c->n_links && c->link[i] != link)
		i++;
	if (i < c->n_links)
		return i;
	if (i == QOS_CAPTURE_LINKS) {
		qos_fail(&w->err, QOS_EINPUT, QOS_NOWHERE, "the packets are of more than %d link types", i);
		return -1;
	}
	if (i == 0)
		add_section(w->out);
	add_interface(w->out, link);
	c->link[c->n_links++] = link;
	return i;
}

/* "class=critical depart=12.5"   Returns  its length. */
static size_t make_comment(char *to, const struct qos_writing *w, const struct qos_value *v)
{
	size_t n = 0;

	for (int i = 0; v && i < w->n_columns; i++) {
		struct qos_str name = qos_fields_column_name(w->fields, v[i].field), text = v[i].text;

		if (!text.n || n + name.n + text.n + 2 > COMMENT_MOST)
			continue;
		if (n)
			to[n++] = ' ';
		memcpy(to + n, name.p, name.n);
		n += name.n;
		to[n++] = '=';
		memcpy(to + n, text.p, text.n);
		n += text.n;
	}
	return n;
}

static void put_pcapng(struct qos_capture_writer *c, struct qos_writing *w, const struct qos_record *r,
		       const struct qos_value *v)
{
	struct qos_capture_packet p;
	const char *bytes = packet_of(r, &p);
	char comment[COMMENT_MOST];
	size_t n, total;
	uint64_t ns;
	int interface;

	if (!bytes || (interface = find_interface(c, w, p.link)) < 0)
		return;
	n = make_comment(comment, w, v);
	total = 32 + p.held_bytes + padding(p.held_bytes) + (n ? 8 + n + padding(n) : 0);
	ns = (uint64_t)p.s * NS_PER_S + p.ns;
	add32(w->out, 6);
	add32(w->out, (uint32_t)total);
	add32(w->out, (uint32_t)interface);
	add32(w->out, (uint32_t)(ns >> 32));
	add32(w->out, (uint32_t)ns);
	add32(w->out, p.held_bytes);
	add32(w->out, p.wire_bytes);
	add(w->out, bytes, p.held_bytes);
	add(w->out, "\0\0\0", padding(p.held_bytes));
	if (n) {
		add16(w->out, 1); /* opt_comment */
		add16(w->out, (uint16_t)n);
		add(w->out, comment, n);
		add(w->out, "\0\0\0", padding(n));
		add32(w->out, 0);
	}
	add32(w->out, (uint32_t)total);
}

void qos_pcapng_put(void *state, struct qos_writing *w, const struct qos_record *r, const struct qos_value *v)
{
	put_pcapng(state, w, r, v);
}

void qos_pcapng_pass(void *state, struct qos_writing *w, const struct qos_record *r)
{
	put_pcapng(state, w, r, NULL);
}
