/*
 * pcapng in: every packet is a record; all else goes on to an output that is pcapng.
 *
 *     section -> interface ... -> (packet | names | statistics | secrets | ...) ... -> section ...
 *
 * libpcap reads pcapng, but only where all interfaces have one link type, and neither the comments that filters leave
 * nor what else stands there; so the blocks are taken here.  A block tells its length at both ends: one that lies is
 * damage and ends the input, while a packet that does not hold inside of a sound block is refused alone.
 *
 * Cost   about 20 ns a packet, and that of capture.c.
 * After  draft-ietf-opsawg-pcapng.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format/capture.h"
#include "format/capture_write.h"

#define INTERFACES_MOST 65536
#define BLOCK_LEAST     12 /* bytes of a block without a body */
#define SECTION_LEAST   28
#define NS_PER_S        1000000000
#define RESOLUTION_MOST 19 /* as a power of ten; 63 as one of two */

#define OPTION_RESOLUTION  9
#define OPTION_TIME_OFFSET 14

#define MAGIC 0x1a2b3c4d

struct interface {
	uint64_t units_per_s; /* of its times */
	int64_t offset_s;
	uint32_t most_bytes; /* of a packet that was captured; 0: no limit */
	int32_t link;
	uint32_t number; /* in the output */
};

struct time {
	int64_t s;
	uint32_t ns;
};

struct pcapng {
	struct qos_capture capture;
	struct interface *interface; /* [n_interfaces] of this section, owned */
	uint32_t n_interfaces, room;
	bool swap, begun;
	struct time last; /* of the packet before */
	uint32_t n_bytes; /* of the block at in->at, which is there whole */
};

static uint32_t number(const struct pcapng *c, const char *p)
{
	uint32_t x;

	memcpy(&x, p, sizeof(x));
	return qos_order32(x, c->swap);
}

static uint16_t short_number(const struct pcapng *c, const char *p)
{
	uint16_t x;

	memcpy(&x, p, sizeof(x));
	return qos_order16(x, c->swap);
}

static enum qos_next damaged(struct qos_reading *g, const char *why)
{
	struct qos_at at = { g->in->name, (int)g->in->line, 0 };

	if (g->in->error)
		qos_fail(&g->err, QOS_EIO, at, "%s", strerror(g->in->error));
	else
		qos_fail(&g->err, QOS_EINPUT, at,
			 "the capture is damaged at this packet, those before it were read: %s", why);
	return QOS_NEXT_ERROR;
}

/* Holds the next n bytes.   Returns  false when they are not there, or are more than may be held. */
static bool hold(struct qos_in *in, size_t n)
{
	while ((size_t)(in->end - in->at) < n)
		if (!qos_in_fill(in))
			return false;
	return true;
}

/* Passes over n bytes without holding them. */
static bool pass_over(struct qos_in *in, uint64_t n)
{
	while (n > (uint64_t)(in->end - in->at)) {
		n -= (uint64_t)(in->end - in->at);
		in->at = in->end;
		if (!qos_in_fill(in))
			return false;
	}
	in->at += n;
	return true;
}

/* --- blocks --- */

/* Options of the block at p that stand `from` bytes behind its beginning. */
static struct qos_str options_at(const struct pcapng *c, const char *p, size_t from)
{
	size_t end = c->n_bytes - 4;

	return from < end ? (struct qos_str){ p + from, end - from } : QOS_STR("");
}

static void take_section(struct pcapng *c, struct qos_reading *g)
{
	c->n_interfaces = 0;
	c->begun = true;
	if (c->capture.carries)
		qos_capture_blocks_begin(&g->blocks, c->swap, options_at(c, g->in->at, 24));
}

/* Units per second of if_tsresol; 0: finer than 64 bits can count. */
static uint64_t units_of(uint8_t resolution)
{
	uint64_t units = 1;

	if (resolution & 0x80)
		return (resolution & 0x7f) < 64 ? 1ull << (resolution & 0x7f) : 0;
	if (resolution > RESOLUTION_MOST)
		return 0;
	while (resolution--)
		units *= 10;
	return units;
}

static void read_times(const struct pcapng *c, struct interface *f, struct qos_str options)
{
	struct qos_option o;
	uint64_t x;

	while (qos_option_take(&options, c->swap, &o)) {
		if (o.code == OPTION_RESOLUTION && o.value.n >= 1)
			f->units_per_s = units_of((uint8_t)o.value.p[0]);
		if (o.code == OPTION_TIME_OFFSET && o.value.n >= 8) {
			memcpy(&x, o.value.p, sizeof(x));
			f->offset_s = (int64_t)(c->swap ? __builtin_bswap64(x) : x);
		}
	}
}

static bool take_interface(struct pcapng *c, struct qos_reading *g)
{
	const char *p = g->in->at;
	struct interface f = { .units_per_s = 1000000 };
	struct qos_str options;

	if (c->n_bytes < 20 || c->n_interfaces == INTERFACES_MOST)
		return c->n_bytes >= 20;
	if (c->n_interfaces == c->room) {
		uint32_t room = c->room ? 2 * c->room : 4;
		struct interface *more = realloc(c->interface, room * sizeof(*more));

		if (!more)
			return false;
		c->interface = more;
		c->room = room;
	}
	options = options_at(c, p, 16);
	f.link = short_number(c, p + 8);
	f.most_bytes = number(c, p + 12);
	read_times(c, &f, options);
	if (c->capture.carries)
		f.number = qos_capture_blocks_interface(&g->blocks, f.link, f.most_bytes,
							c->swap == g->blocks.swap ? options : QOS_STR(""));
	c->interface[c->n_interfaces++] = f;
	return true;
}

/* Names, secrets and what else there is go on as they are; statistics with the number of their interface. */
static void take_other(struct pcapng *c, struct qos_reading *g, uint32_t type)
{
	char *p = (char *)g->in->at; /* in the reader's own block */
	uint32_t interface;

	if (!c->capture.carries || c->swap != g->blocks.swap || type == QOS_PCAPNG_CUSTOM_KEEP)
		return;
	if (type == QOS_PCAPNG_STATISTICS) {
		if (c->n_bytes < 24 || (interface = number(c, p + 8)) >= c->n_interfaces)
			return;
		interface = qos_order32(c->interface[interface].number, c->swap);
		memcpy(p + 8, &interface, sizeof(interface));
	}
	qos_capture_blocks_add(&g->blocks, (struct qos_str){ p, c->n_bytes });
}

/* --- packets --- */

static enum qos_next refuse(struct qos_reading *g, const char *why)
{
	g->bad = (struct qos_bad){ .line = g->in->line++ };
	snprintf(g->bad.why, sizeof(g->bad.why), "%s", why);
	return QOS_NEXT_BAD;
}

static void set_time(struct time *p, const struct interface *f, uint64_t units)
{
	uint64_t rest;

	switch (f->units_per_s) { /* divisions by constants are multiplications */
	case 1000000:
		p->s = (int64_t)(units / 1000000);
		p->ns = (uint32_t)(units % 1000000) * 1000;
		break;
	case NS_PER_S:
		p->s = (int64_t)(units / NS_PER_S);
		p->ns = (uint32_t)(units % NS_PER_S);
		break;
	default:
		p->s = (int64_t)(units / f->units_per_s);
		rest = units % f->units_per_s;
		p->ns = (uint32_t)((unsigned __int128)rest * NS_PER_S / f->units_per_s);
	}
	p->s += f->offset_s;
}

/* The packet of interface `i` whose bytes stand `from` bytes behind the beginning of its block. */
static enum qos_next give(struct pcapng *c, struct qos_reading *g, struct qos_record *r, uint32_t i, uint64_t units,
			  struct qos_capture_packet *p, uint32_t from)
{
	const char *block = g->in->at;
	struct qos_str options = QOS_STR("");
	const struct interface *f;
	enum qos_next next;

	if (i >= c->n_interfaces)
		return refuse(g, "the packet is of an interface that was not described");
	f = &c->interface[i];
	if (f->units_per_s == 0)
		return refuse(g, "the times of this interface are finer than can be read");
	if (p->held_bytes > c->n_bytes - 4 - from)
		return refuse(g, "the packet is longer than the block that holds it");
	if (!p->timeless)
		set_time(&c->last, f, units);
	p->s = c->last.s;
	p->ns = c->last.ns;
	p->link = f->link;
	p->interface = f->number;
	if (c->swap == g->blocks.swap || !c->capture.carries)
		options = options_at(c, block, from + (p->held_bytes + 3) / 4 * 4);
	next = qos_capture_give(&c->capture, g, p, (const uint8_t *)block + from, options, c->swap, r);
	g->in->line++;
	return next;
}

static enum qos_next take_packet(struct pcapng *c, struct qos_reading *g, struct qos_record *r, uint32_t type)
{
	const char *b = g->in->at;
	struct qos_capture_packet p = { .s = 0 };
	uint32_t interface;

	if (c->n_bytes < (type == QOS_PCAPNG_SIMPLE ? 16 : 32))
		return refuse(g, "the block is too short for a packet");
	if (type == QOS_PCAPNG_SIMPLE) {
		uint32_t most_bytes = c->n_interfaces ? c->interface[0].most_bytes : 0;

		p.wire_bytes = p.held_bytes = number(c, b + 8);
		p.timeless = true;
		if (most_bytes && p.held_bytes > most_bytes)
			p.held_bytes = most_bytes;
		if (p.held_bytes > c->n_bytes - 16)
			p.held_bytes = c->n_bytes - 16;
		return give(c, g, r, 0, 0, &p, 12);
	}
	interface = type == QOS_PCAPNG_PACKET ? short_number(c, b + 8) : number(c, b + 8);
	p.held_bytes = number(c, b + 20);
	p.wire_bytes = number(c, b + 24);
	return give(c, g, r, interface, (uint64_t)number(c, b + 12) << 32 | number(c, b + 16), &p, 28);
}

/* --- the input --- */

enum found { FOUND, FOUND_END, FOUND_LARGE, FOUND_DAMAGE };

/* The head of the next block: its length, and with a section's its byte order. */
static enum found find_block(struct pcapng *c, struct qos_in *in, uint32_t *type, const char **why)
{
	*why = "it ends within a block";
	if (!hold(in, BLOCK_LEAST))
		return in->at == in->end && !in->error ? FOUND_END : FOUND_DAMAGE;
	memcpy(type, in->at, 4);
	if (*type == QOS_PCAPNG_SECTION) { /* the same in both orders */
		uint32_t magic;

		memcpy(&magic, in->at + 8, 4);
		c->swap = magic != MAGIC;
		*why = "a section does not tell its byte order";
		if (qos_order32(magic, c->swap) != MAGIC)
			return FOUND_DAMAGE;
	}
	*type = qos_order32(*type, c->swap);
	c->n_bytes = number(c, in->at + 4);
	*why = "the length of a block is none";
	if (c->n_bytes < (*type == QOS_PCAPNG_SECTION ? SECTION_LEAST : BLOCK_LEAST) || c->n_bytes % 4)
		return FOUND_DAMAGE;
	if (c->n_bytes > in->most_bytes)
		return FOUND_LARGE;
	if (!hold(in, c->n_bytes)) {
		*why = "it ends within a block";
		return in->eof || in->error ? FOUND_DAMAGE : FOUND_LARGE;
	}
	*why = "a block has two lengths";
	return number(c, in->at + c->n_bytes - 4) == c->n_bytes ? FOUND : FOUND_DAMAGE;
}

static bool is_packet(uint32_t type)
{
	return type == QOS_PCAPNG_ENHANCED || type == QOS_PCAPNG_SIMPLE || type == QOS_PCAPNG_PACKET;
}

static enum qos_next pcapng_next(void *state, struct qos_reading *g, struct qos_record *r)
{
	struct pcapng *c = state;
	struct qos_in *in = g->in;
	const char *why;
	uint32_t type;

	for (;;) {
		enum qos_next next = QOS_NEXT_END;

		switch (find_block(c, in, &type, &why)) {
		case FOUND: break;
		case FOUND_END: return QOS_NEXT_END;
		case FOUND_DAMAGE: return damaged(g, why);
		case FOUND_LARGE:
			if (!pass_over(in, c->n_bytes))
				return damaged(g, "it ends within a block");
			if (is_packet(type))
				return refuse(g, "the packet is over the largest record; raise --max-record");
			continue;
		}
		if (!c->begun && type != QOS_PCAPNG_SECTION)
			return damaged(g, "a block stands before the first section");
		if (is_packet(type))
			next = take_packet(c, g, r, type);
		else if (type == QOS_PCAPNG_SECTION)
			take_section(c, g);
		else if (type != QOS_PCAPNG_INTERFACE)
			take_other(c, g, type);
		else if (!take_interface(c, g))
			return damaged(g, "an interface is described in too few bytes");
		in->at += c->n_bytes;
		if (next != QOS_NEXT_END)
			return next;
	}
}

static int pcapng_open(void *state, struct qos_reading *g, struct qos_err *err)
{
	struct pcapng *c = state;

	if (!hold(g->in, 4) || memcmp(g->in->at, "\n\r\r\n", 4) != 0)
		return qos_fail(err, QOS_EINPUT, (struct qos_at){ g->in->name, 0, 0 },
				"is no capture of pcapng: it does not begin with a section");
	return qos_capture_open(&c->capture, g, err);
}

static void pcapng_close(void *state)
{
	struct pcapng *c = state;

	free(c->interface);
	qos_capture_close(&c->capture);
}

static int pcapng_detect(struct qos_str head, char *why)
{
	uint32_t order;

	if (head.n < 4 || memcmp(head.p, "\n\r\r\n", 4) != 0) {
		snprintf(why, 160, "no section header of pcapng");
		return 0;
	}
	if (head.n < 12) {
		snprintf(why, 160, "the first bytes of a section header of pcapng");
		return 60;
	}
	memcpy(&order, head.p + 8, 4);
	if (order != MAGIC && __builtin_bswap32(order) != MAGIC) {
		snprintf(why, 160, "a section header of pcapng without its byte order");
		return 0;
	}
	snprintf(why, 160, "section header of pcapng, %s endian", head.p[8] == 0x1a ? "big" : "little");
	return 100;
}

const struct qos_format qos_format_pcapng = {
	.name = "pcapng",
	.summary = "packet capture, next generation",
	.reader_bytes = sizeof(struct pcapng),
	.detect = pcapng_detect,
	.open = pcapng_open,
	.next = pcapng_next,
	.close = pcapng_close,
	.writer_bytes = sizeof(struct qos_capture_writer),
	.begin = qos_capture_begin,
	.put = qos_pcapng_put,
	.pass = qos_pcapng_pass,
	.finish = qos_pcapng_finish,
	.end = qos_capture_end,
	.carries_fields = true,
};
