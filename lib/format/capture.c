/*
 * Packets as records; see capture.h.
 *
 * Cost   about 150 ns a packet with all fields, 20 ns with the time and size alone.
 */
#include "format/capture.h"

#include <stdlib.h>
#include <string.h>

#include "format/packet.h"
#include "format/pair.h"
#include "unit/digits.h"

static const char *const part_name[QOS_N_PARTS] = {
	"ts", "type", "size", "stream", "proto", "src", "sport", "dst_ip", "dport", "dscp", "ecn", "vlan", "flags",
};

#define TEXT_BYTES 512        /* twice the longest text of a packet's parts */
#define LATEST_S   9223360000 /* seconds whose nanoseconds fit into 64 bits, an hour left for odd fractions */
#define NS_PER_S   1000000000
#define LINE_BYTES 4096 /* of a comment; a longer one is none of ours */

bool qos_capture_is_written(const struct qos_format *output)
{
	return output == &qos_format_pcap || output == &qos_format_pcapng;
}

int qos_capture_open(struct qos_capture *c, struct qos_reading *g, struct qos_err *err)
{
	c->carries = qos_capture_is_written(g->output);
	c->room = TEXT_BYTES + LINE_BYTES;
	c->text = malloc(c->room);
	if (!c->text)
		return qos_fail_memory(err, "reading a capture");
	for (int i = 0; i < QOS_N_PARTS && g->keep_all && !c->carries; i++)
		if (qos_fields_column_keep(g->fields, qos_str(part_name[i])) < 0)
			return qos_fail(err, QOS_EINPUT, (struct qos_at){ g->in->name, 0, 0 },
					"there are more than %d fields in all inputs", QOS_FIELDS_MOST);
	return 0;
}

void qos_capture_close(struct qos_capture *c)
{
	free(c->text);
	c->text = NULL;
}

/* --- the parts --- */

/* The text that was written from `from` to `to` is a part. */
static void set(struct qos_capture *c, enum qos_capture_part part, const char *from, char *to)
{
	c->part[part] = (struct qos_cell){ (uint32_t)(from - c->text), (uint32_t)(to - from), QOS_CELL_TEXT };
	c->end = to;
}

static void add_number(struct qos_capture *c, enum qos_capture_part part, int64_t x)
{
	if (x >= 0)
		set(c, part, c->end, qos_digits_write(c->end, (uint64_t)x));
}

static void add_byte(struct qos_capture *c, char byte)
{
	*c->end++ = byte;
}

/* Seconds with nine decimals; a moment that 64 bits of nanoseconds cannot hold is no time. */
static void add_time(struct qos_capture *c, int64_t s, int64_t ns)
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
	set(c, QOS_PART_TS, c->end, p + 9);
}

static void add_address(struct qos_capture *c, enum qos_capture_part part, const uint8_t *address, int ip_version,
			bool brackets)
{
	if (brackets)
		add_byte(c, '[');
	set(c, part, c->end, c->end + qos_packet_address(c->end, address, ip_version));
	if (brackets)
		add_byte(c, ']');
}

static void add_port(struct qos_capture *c, enum qos_capture_part part, int port)
{
	if (port < 0)
		return;
	add_byte(c, ':');
	add_number(c, part, port);
}

/* The stream's name, and in it the protocol, addresses and ports. */
static void add_stream(struct qos_capture *c, const struct qos_packet *p)
{
	char *start = c->end;
	bool brackets = p->ip_version == 6 && p->sport >= 0;
	size_t n = qos_packet_name(start, p);

	if (n == 0)
		return;
	set(c, QOS_PART_PROTO, start, start + n);
	if (p->has_source) {
		add_byte(c, ' ');
		add_address(c, QOS_PART_SRC, p->source, p->ip_version, brackets);
		add_port(c, QOS_PART_SPORT, p->sport);
		add_byte(c, '>');
	}
	if (p->has_destination) {
		add_address(c, QOS_PART_DST_IP, p->destination, p->ip_version, brackets);
		add_port(c, QOS_PART_DPORT, p->dport);
	}
	set(c, QOS_PART_STREAM, start, c->end);
}

static void add_headers(struct qos_capture *c, const struct qos_packet *p)
{
	add_stream(c, p);
	add_number(c, QOS_PART_DSCP, p->dscp);
	add_number(c, QOS_PART_ECN, p->ecn);
	add_number(c, QOS_PART_VLAN, p->vlan);
	if (p->tcp_flags >= 0)
		set(c, QOS_PART_FLAGS, c->end, c->end + qos_packet_flags(c->end, p->tcp_flags));
}

static void make_text(struct qos_capture *c, const struct qos_capture_packet *p, const uint8_t *bytes, bool decap)
{
	memset(c->part, 0, sizeof(c->part));
	c->end = c->text;
	add_time(c, p->s, p->ns);
	add_number(c, QOS_PART_SIZE, p->wire_bytes);
	memcpy(c->end, "packet", 6);
	set(c, QOS_PART_TYPE, c->end, c->end + 6);
	if (c->wants_headers) {
		struct qos_packet headers;

		qos_packet_read(&headers, p->link, bytes, p->held_bytes, decap);
		add_headers(c, &headers);
	}
}

/* --- what filters have said --- */

struct qos_str qos_capture_comment(struct qos_str options, bool swap)
{
	static const size_t n_mark = sizeof(QOS_COMMENT_MARK) - 1;
	struct qos_option o;

	while (qos_option_take(&options, swap, &o))
		if (o.code == QOS_OPTION_COMMENT && o.value.n > n_mark && o.value.n <= LINE_BYTES &&
		    memcmp(o.value.p, QOS_COMMENT_MARK, n_mark) == 0)
			return (struct qos_str){ o.value.p + n_mark, o.value.n - n_mark };
	return (struct qos_str){ "", 0 };
}

static void set_given(struct qos_capture *c, struct qos_reading *g, int id, struct qos_cell cell)
{
	if (id < 0 || id >= g->n_cells || c->n_given == sizeof(c->given) / sizeof(c->given[0]))
		return;
	g->cell[id] = cell;
	c->given[c->n_given++] = id;
}

/* Copies a comment behind the text; its pairs become cells. */
static void add_comment(struct qos_capture *c, struct qos_reading *g, struct qos_str comment)
{
	struct qos_str line = { c->end, comment.n };
	const char *at = line.p, *why;
	struct qos_pair pair;

	memcpy(c->end, comment.p, comment.n);
	c->end += comment.n;
	while (qos_pair_take(line, &at, &pair, &why) > 0) {
		bool keep = g->keep_all && !c->carries;
		int id = keep ? qos_fields_column_keep(g->fields, pair.key) : qos_fields_column(g->fields, pair.key);

		if (keep && qos_reading_grow(g) != 0)
			return;
		pair.value.off += (uint32_t)(line.p - c->text);
		set_given(c, g, id, pair.value);
	}
}

/* --- the record --- */

static void resolve(struct qos_capture *c, struct qos_reading *g)
{
	c->wants_headers = false;
	for (int i = 0; i < QOS_N_PARTS; i++) {
		int id = qos_fields_column(g->fields, qos_str(part_name[i]));
		bool wanted = id >= 0 && id < g->n_cells;

		c->target[i] = wanted ? &g->cell[id] : &c->ignored;
		c->wants_headers |= wanted && i >= QOS_PART_STREAM;
	}
	c->cells = g->cell;
}

/* What a writer of captures needs, behind the text. */
static int add_packet(struct qos_capture *c, const struct qos_capture_packet *p, const uint8_t *bytes,
		      struct qos_str options)
{
	size_t used = (size_t)(c->end - c->text), need = used + p->held_bytes + options.n + sizeof(*p);

	if (need > c->room) {
		char *text = realloc(c->text, 2 * need);

		if (!text)
			return -1;
		c->text = text;
		c->room = 2 * need;
		c->end = text + used;
	}
	memcpy(c->end, bytes, p->held_bytes);
	memcpy(c->end + p->held_bytes, options.p, options.n);
	memcpy(c->end + p->held_bytes + options.n, p, sizeof(*p));
	c->end += p->held_bytes + options.n + sizeof(*p);
	return 0;
}

static void set_cells(struct qos_capture *c, struct qos_reading *g, struct qos_str comment)
{
	for (int i = 0; i < c->n_given; i++)
		g->cell[c->given[i]] = (struct qos_cell){ 0 };
	c->n_given = 0;
	for (int i = 0; i < QOS_N_PARTS; i++)
		*c->target[i] = c->part[i];
	if (comment.n)
		add_comment(c, g, comment);
}

enum qos_next qos_capture_give(struct qos_capture *c, struct qos_reading *g, struct qos_capture_packet *p,
			       const uint8_t *bytes, struct qos_str options, bool swap, struct qos_record *r)
{
	if (__builtin_expect(g->cell != c->cells, 0))
		resolve(c, g);
	p->n_options = c->carries ? (uint32_t)options.n : 0;
	make_text(c, p, bytes, g->decap);
	set_cells(c, g, options.n ? qos_capture_comment(options, swap) : options);
	if (c->carries && add_packet(c, p, bytes, options) != 0) {
		qos_fail_memory(&g->err, "reading a capture");
		return QOS_NEXT_ERROR;
	}
	r->bytes = c->text;
	r->n_bytes = (uint32_t)(c->end - c->text);
	r->eol_bytes = 0;
	r->cell = g->cell;
	return QOS_NEXT_RECORD;
}
