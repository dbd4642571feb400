/*
 * pcap and pcapng out: the packets of a capture, at the times when they leave.
 *
 * A packet keeps every byte (but the DSCP, where it is to be remarked) and its length on the wire; its time becomes the
 * departure, in nanoseconds.  Dropped ones are not written.  In pcapng its options stay, and what filters say of it is
 * one comment, to which each filter of a pipe adds; what is no packet goes out before the next packet.
 *
 * Cost   one copy of the packet.
 * After  draft-ietf-opsawg-pcap and -pcapng; RFC 1624 for the checksum.
 */
#include "format/capture_write.h"

#include <string.h>

#include "format/packet.h"
#include "format/pair.h"
#include "unit/timestamp.h"

#define NS_PER_S     1000000000
#define COMMENT_MOST 4096
#define SNAP_BYTES   262144 /* the most that readers take */

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
	struct qos_capture_writer *c = state;

	if (!w->reading || !qos_capture_is_written(w->input))
		return qos_fail(&w->err, QOS_EUSAGE, QOS_NOWHERE,
				"only packets of a capture can be written as a capture; choose another --output");
	return qos_out_open(&c->line, -1, &w->err) ? QOS_EIO : 0;
}

void qos_capture_end(void *state, struct qos_writing *w)
{
	struct qos_capture_writer *c = state;

	qos_out_free(&c->line);
}

/* Finds the packet of a record and the moment to write.   Returns  its bytes; NULL when it is not to be written. */
static const char *packet_of(const struct qos_record *r, struct qos_capture_packet *p)
{
	if (r->drop || r->n_bytes < sizeof(*p))
		return NULL;
	memcpy(p, r->bytes + r->n_bytes - sizeof(*p), sizeof(*p));
	if (!r->bad && r->depart_ns != QOS_UNSET) {
		int64_t s = r->depart_ns / NS_PER_S - (r->depart_ns % NS_PER_S < 0);
		uint32_t ns = (uint32_t)(r->depart_ns - s * NS_PER_S);

		p->timeless &= s == p->s && ns == p->ns;
		p->s = s;
		p->ns = ns;
	}
	return r->bytes + r->n_bytes - sizeof(*p) - p->n_options - p->held_bytes;
}

/* --- remarking --- */

/* A 16-bit word of the IPv4 header has changed: its checksum follows (RFC 1624, equation 3). */
static void mend_checksum(uint8_t *header, uint16_t before, uint16_t after)
{
	uint32_t sum = (uint16_t) ~(header[10] << 8 | header[11]);

	sum += (uint16_t)~before + (uint32_t)after;
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	header[10] = (uint8_t)(~sum >> 8);
	header[11] = (uint8_t)~sum;
}

static void set_dscp(uint8_t *header, int ip_version, int dscp)
{
	uint16_t before = (uint16_t)(header[0] << 8 | header[1]), after;

	if (ip_version == 4) {
		header[1] = (uint8_t)(dscp << 2 | (header[1] & 3));
		after = (uint16_t)(header[0] << 8 | header[1]);
		mend_checksum(header, before, after);
	} else {
		after = (uint16_t)((before & 0xf03f) | dscp << 6);
		header[0] = (uint8_t)(after >> 8);
		header[1] = (uint8_t)after;
	}
}

/* Adds the bytes of a packet, with the DSCP of its class where that is asked for. */
static void add_packet(struct qos_writing *w, const struct qos_record *r, const struct qos_capture_packet *p,
		       const char *bytes)
{
	struct qos_packet headers;
	int dscp = w->reading->remark && !r->bad && r->class >= 0 ? w->reading->remark[r->class] : -1;
	size_t at, left;

	add(w->out, bytes, p->held_bytes);
	if (dscp < 0 || w->out->error)
		return;
	qos_packet_read(&headers, p->link, (const uint8_t *)bytes, p->held_bytes, false);
	at = headers.ip_header ? (size_t)((const char *)headers.ip_header - bytes) : p->held_bytes;
	left = p->held_bytes - at;
	if (left >= (headers.ip_version == 4 ? 20 : 40))
		set_dscp((uint8_t *)w->out->at - left, headers.ip_version, dscp);
}

/* --- pcap --- */

static void begin_pcap(struct qos_capture_writer *c, struct qos_writing *w, int32_t link)
{
	c->begun = true;
	c->link = link;
	add32(w->out, 0xa1b23c4d); /* nanoseconds */
	add16(w->out, 2);
	add16(w->out, 4);
	add32(w->out, 0);
	add32(w->out, 0);
	add32(w->out, SNAP_BYTES);
	add32(w->out, (uint32_t)link);
}

static bool pcap_fits(struct qos_writing *w, const struct qos_capture_writer *c, const struct qos_capture_packet *p)
{
	if (w->err.code)
		return false;
	if (p->link != c->link)
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
	if (!c->begun)
		begin_pcap(c, w, p.link);
	if (!pcap_fits(w, c, &p))
		return;
	add32(w->out, (uint32_t)p.s);
	add32(w->out, p.ns);
	add32(w->out, p.held_bytes);
	add32(w->out, p.wire_bytes);
	add_packet(w, r, &p, bytes);
}

void qos_pcap_put(void *state, struct qos_writing *w, const struct qos_record *r, const struct qos_value *v)
{
	put_pcap(state, w, r);
}

void qos_pcap_pass(void *state, struct qos_writing *w, const struct qos_record *r)
{
	put_pcap(state, w, r);
}

void qos_pcap_finish(void *state, struct qos_writing *w)
{
	struct qos_capture_writer *c = state;

	if (!c->begun && w->reading->blocks.n_interfaces)
		begin_pcap(c, w, w->reading->blocks.link);
}

/* --- pcapng --- */

/* What the readers have met that is no packet. */
static void put_blocks(struct qos_capture_writer *c, struct qos_writing *w)
{
	const struct qos_buf *b = &w->reading->blocks.bytes;

	if (b->failed)
		qos_fail_memory(&w->err, "writing a capture");
	if (b->n == c->blocks_done)
		return;
	add(w->out, b->p + c->blocks_done, b->n - c->blocks_done);
	c->blocks_done = b->n;
}

/* Does one of our values take the place of what an earlier filter has said? */
static bool is_replaced(const struct qos_writing *w, const struct qos_value *v, struct qos_str key)
{
	for (int i = 0; i < w->n_columns; i++)
		if (v[i].text.n && qos_str_equal(qos_fields_column_name(w->fields, v[i].field), key))
			return true;
	return false;
}

/* What earlier filters have said and we do not replace.   Returns  whether a time was among it. */
static bool add_said(struct qos_out *o, const struct qos_writing *w, const struct qos_value *v, struct qos_str comment)
{
	const char *at = comment.p, *why;
	struct qos_pair pair;
	bool has_time = false;

	while (qos_pair_take(comment, &at, &pair, &why) > 0) {
		if (is_replaced(w, v, pair.key))
			continue;
		has_time |= qos_str_is(pair.key, "ts");
		qos_out_byte(o, ' ');
		qos_out_add(o, pair.key.p, (size_t)(at - pair.key.p));
	}
	return has_time;
}

/*
 * The comment: mark, what was said before, what we say; and the packet's own time where that will be another.
 *
 * Returns  n == 0: there is nothing to say.
 */
static struct qos_str make_comment(struct qos_capture_writer *c, struct qos_writing *w, const struct qos_record *r,
				   const struct qos_value *v, struct qos_str options)
{
	struct qos_out *o = &c->line;
	char ts[QOS_TIMESTAMP_BYTES];
	bool has_time;
	size_t n;

	o->at = o->block;
	qos_out_add(o, QOS_COMMENT_MARK, sizeof(QOS_COMMENT_MARK) - 2); /* its blank comes with the first pair */
	has_time = add_said(o, w, v, qos_capture_comment(options, w->reading->blocks.swap));
	if (!has_time && r->ts_ns != QOS_UNSET && r->depart_ns != QOS_UNSET && r->depart_ns != r->ts_ns) {
		qos_pair_add_key(o, QOS_STR("ts"), false);
		qos_out_add(o, ts, qos_timestamp_write(ts, r->ts_ns, QOS_TIME_S));
	}
	for (int i = 0; i < w->n_columns; i++) {
		if (!v[i].text.n)
			continue;
		qos_pair_add_key(o, qos_fields_column_name(w->fields, v[i].field), false);
		qos_pair_add_text(o, v[i].text);
	}
	n = (size_t)(o->at - o->block);
	return (struct qos_str){ o->block, n >= sizeof(QOS_COMMENT_MARK) - 1 && n <= COMMENT_MOST ? n : 0 };
}

/* Adds the options of a packet but our own comment, and then the new one.   Returns  their bytes. */
static size_t put_options(struct qos_out *o, bool swap, struct qos_str options, struct qos_str comment, bool count)
{
	struct qos_str old = qos_capture_comment(options, swap);
	struct qos_option one;
	size_t n = 0;

	while (qos_option_take(&options, swap, &one)) {
		bool ours = comment.n && old.n && one.value.p + sizeof(QOS_COMMENT_MARK) - 1 == old.p;

		if (ours || one.code == 19372 || one.code == 19373) /* custom ones that are not to be copied */
			continue;
		n += one.whole.n;
		if (!count)
			add(o, one.whole.p, one.whole.n);
	}
	if (comment.n) {
		n += 4 + comment.n + padding(comment.n);
		if (!count) {
			add16(o, qos_order16(QOS_OPTION_COMMENT, swap));
			add16(o, qos_order16((uint16_t)comment.n, swap));
			add(o, comment.p, comment.n);
			add(o, "\0\0\0", padding(comment.n));
		}
	}
	if (n && !count)
		add32(o, 0);
	return n ? n + 4 : 0;
}

/* A packet that came without a time and is not moved stays without one, unless there is more to say of it. */
static bool stays_timeless(const struct qos_writing *w, const struct qos_capture_packet *p, const struct qos_value *v)
{
	if (!p->timeless || p->interface != 0)
		return false;
	for (int i = 0; v && i < w->n_columns; i++)
		if (v[i].text.n && !v[i].number)
			return false;
	return true;
}

static void put_simple(struct qos_writing *w, const struct qos_record *r, const struct qos_capture_packet *p,
		       const char *bytes)
{
	bool swap = w->reading->blocks.swap;
	uint32_t total = qos_order32((uint32_t)(16 + p->held_bytes + padding(p->held_bytes)), swap);

	add32(w->out, qos_order32(QOS_PCAPNG_SIMPLE, swap));
	add32(w->out, total);
	add32(w->out, qos_order32(p->wire_bytes, swap));
	add_packet(w, r, p, bytes);
	add(w->out, "\0\0\0", padding(p->held_bytes));
	add32(w->out, total);
}

static void put_enhanced(struct qos_writing *w, const struct qos_record *r, const struct qos_capture_packet *p,
			 const char *bytes, struct qos_str comment)
{
	bool swap = w->reading->blocks.swap;
	struct qos_str options = { bytes + p->held_bytes, p->n_options };
	size_t n_options = put_options(w->out, swap, options, comment, true);
	uint32_t total = qos_order32((uint32_t)(32 + p->held_bytes + padding(p->held_bytes) + n_options), swap);
	uint64_t ns = (uint64_t)p->s * NS_PER_S + p->ns;

	add32(w->out, qos_order32(QOS_PCAPNG_ENHANCED, swap));
	add32(w->out, total);
	add32(w->out, qos_order32(p->interface, swap));
	add32(w->out, qos_order32((uint32_t)(ns >> 32), swap));
	add32(w->out, qos_order32((uint32_t)ns, swap));
	add32(w->out, qos_order32(p->held_bytes, swap));
	add32(w->out, qos_order32(p->wire_bytes, swap));
	add_packet(w, r, p, bytes);
	add(w->out, "\0\0\0", padding(p->held_bytes));
	put_options(w->out, swap, options, comment, false);
	add32(w->out, total);
}

static void put_pcapng(struct qos_capture_writer *c, struct qos_writing *w, const struct qos_record *r,
		       const struct qos_value *v)
{
	struct qos_capture_packet p;
	const char *bytes = packet_of(r, &p);
	struct qos_str comment = QOS_STR("");

	put_blocks(c, w);
	if (!bytes)
		return;
	if (stays_timeless(w, &p, v)) {
		put_simple(w, r, &p, bytes);
		return;
	}
	if (v)
		comment = make_comment(c, w, r, v, (struct qos_str){ bytes + p.held_bytes, p.n_options });
	put_enhanced(w, r, &p, bytes, comment);
}

void qos_pcapng_put(void *state, struct qos_writing *w, const struct qos_record *r, const struct qos_value *v)
{
	put_pcapng(state, w, r, v);
}

void qos_pcapng_pass(void *state, struct qos_writing *w, const struct qos_record *r)
{
	put_pcapng(state, w, r, NULL);
}

void qos_pcapng_finish(void *state, struct qos_writing *w)
{
	if (w->reading)
		put_blocks(state, w);
}
