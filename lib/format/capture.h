/*
 * A captured packet as a record.
 *
 * A packet has no text, so its record is one that is made here: the wanted fields are written into a buffer, one after
 * another, and the cells say where.  The addresses and ports are written once, as parts of the stream's name
 *
 *     udp 10.0.0.1:53>10.0.0.2:4711        tcp [2001:db8::1]:443>[2001:db8::2]:50000        icmp 10.0.0.1>10.0.0.2
 *
 * which keeps the direction, since a link is shaped in one.  Later fragments have no ports in it.  What the headers do
 * not tell is absent.  What filters have said of a packet stands in its comment (pcapng), as pairs of logfmt behind
 * QOS_COMMENT_MARK; those are fields of the record, and a `ts` among them is the packet's, whose own time is then that
 * of its departure.
 *
 * Where the output is a capture, the packet itself stands behind the text, for capture_write.c.
 */
#ifndef QOS_FORMAT_CAPTURE_H
#define QOS_FORMAT_CAPTURE_H

#include "format/format.h"

#define QOS_COMMENT_MARK "qos: "

/* What a packet tells, in the order in which another format writes it. */
enum qos_capture_part {
	QOS_PART_TS,
	QOS_PART_TYPE,
	QOS_PART_SIZE,
	QOS_PART_STREAM,
	QOS_PART_PROTO,
	QOS_PART_SRC,
	QOS_PART_SPORT,
	QOS_PART_DST_IP,
	QOS_PART_DPORT,
	QOS_PART_DSCP,
	QOS_PART_ECN,
	QOS_PART_VLAN,
	QOS_PART_FLAGS,
	QOS_N_PARTS
};

/* Stands at the very end of a record's bytes; before it the options, before them the bytes of the packet. */
struct qos_capture_packet {
	int64_t s; /* its time, as it was captured */
	uint32_t ns;
	uint32_t held_bytes; /* in the capture */
	uint32_t wire_bytes;
	int32_t link;       /* LINKTYPE_... */
	uint32_t interface; /* its number in the output */
	uint32_t n_options; /* bytes of its options, in the output's byte order */
	bool timeless;      /* it came without a time (a simple packet block), and has that of the packet before */
};

struct qos_capture {
	struct qos_cell *target[QOS_N_PARTS]; /* where the cell of each part goes */
	const struct qos_cell *cells;         /* g->cell that they point into; another one: they are stale */
	struct qos_cell ignored;              /* of the parts that nobody wants */
	bool wants_headers;                   /* somebody wants a part that is in them */
	struct qos_cell part[QOS_N_PARTS];    /* of the record at hand */
	bool carries;                         /* the packet goes along, behind the text */
	char *text, *end;                     /* owned, [room]; end of what the record at hand has */
	size_t room;
	int n_given; /* fields that the last comment told */
	int given[64];
};

/* Prepares for an input; registers the parts where g->keep_all asks for it. */
int qos_capture_open(struct qos_capture *c, struct qos_reading *g, struct qos_err *err);
/* Gives back what it owns. */
void qos_capture_close(struct qos_capture *c);
/*
 * Makes a packet the next record.
 *
 * bytes	[p->held_bytes]
 * options	of the packet; their n_bytes are set in p
 * swap		byte order of the options
 *
 * Returns  QOS_NEXT_RECORD; QOS_NEXT_ERROR when memory ran out.
 */
enum qos_next qos_capture_give(struct qos_capture *c, struct qos_reading *g, struct qos_capture_packet *p,
			       const uint8_t *bytes, struct qos_str options, bool swap, struct qos_record *r);

/* A comment of ours among options: what stands behind the mark.   Returns  n == 0: there is none. */
struct qos_str qos_capture_comment(struct qos_str options, bool swap);
/* Will records be written as packets?  Their reader carries the packets along then. */
bool qos_capture_is_written(const struct qos_format *output);

#endif
