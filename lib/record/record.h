/*
 * One message: its bytes as they came, where its fields stand in them, and the numbers that schedulers need.
 *
 * A reader lends a record until its next one is taken.  Who holds it longer calls qos_record_keep(), which copies the
 * bytes and the places that the writer needs into one piece of slab memory.  A record has one owner, who puts it or
 * drops it.
 */
#ifndef QOS_RECORD_RECORD_H
#define QOS_RECORD_RECORD_H

#include "base/bucketq.h"
#include "base/slab.h"
#include "base/str.h"
#include "record/field.h"
#include "unit/timestamp.h"

enum qos_cell_kind {
	QOS_CELL_ABSENT,  /* no such field in this record */
	QOS_CELL_TEXT,    /* bare bytes: csv, clf, pcap; a number if it looks like one */
	QOS_CELL_QUOTED,  /* text inside quotes that stand just outside of it; nothing to undo */
	QOS_CELL_CSV,     /* the same with doubled quotes to undo */
	QOS_CELL_ESCAPED, /* the same with JSON escapes to undo */
	QOS_CELL_NUMBER,  /* a JSON number */
	QOS_CELL_TRUE,
	QOS_CELL_FALSE,
	QOS_CELL_NULL,
	QOS_CELL_TREE, /* a JSON object or array, raw */
	QOS_CELL_ZERO, /* the text 0, which does not stand there: an access log's `-` bytes */
};

/* A field's place in the record's bytes.  For the quoted kinds the place is what stands between the quotes. */
struct qos_cell {
	uint32_t off;
	uint32_t len : 28, kind : 4;
};

enum qos_drop { /* why a record is not served; index of qos_drop_name[] */
		QOS_DROP_NONE,
		QOS_DROP_TAIL,     /* its queue was full */
		QOS_DROP_STREAMS,  /* one active stream too many */
		QOS_DROP_OVERSIZE, /* larger than the burst it would have to fit */
		QOS_DROP_MEMORY,   /* no memory to queue it */
		QOS_DROP_EXPIRED,  /* its deadline had passed before it could be served */
		QOS_DROP_AQM,      /* queue management */
		QOS_DROP_OVERFLOW, /* all queues together were full, and nothing lower could make room for it */
		QOS_DROP_SHED,     /* more came than can be served, and its class is the lowest */
		QOS_DROP_ROUTE,    /* it names an adapter or a service that is not there */
		QOS_DROP_POLICE,   /* red, and its meter drops what is */
		QOS_DROP_ERROR,    /* its adapter failed */
		QOS_DROP_RATE,     /* its tenant brings more than it may */
		QOS_DROP_UPSTREAM, /* came in with `drop` set by an earlier filter */
		QOS_N_DROP
};
extern const char *const qos_drop_name[QOS_N_DROP]; /* "", "tail", "streams", ...: the value of `drop` */

/* member of the record for a field that is absent */
#define QOS_UNSET INT64_MIN

struct qos_record {
	struct qos_node
		node; /* queued: ordered by key, or linked by sibling alone in a list; node.seq = number in the input */
	const char *bytes;           /* the line without its end, or the text made for a packet */
	const struct qos_cell *cell; /* borrowed: by field id; kept: by index in fields->keep */
	uint32_t n_bytes;
	int16_t class;       /* index into the configured classes; -1 unknown yet */
	int16_t adapter;     /* index of the adapter that served it; -1 none */
	uint8_t time_form;   /* enum qos_time_form of ts: `depart` is written the same way */
	uint8_t drop;        /* enum qos_drop */
	bool kept;           /* owned by a slab */
	bool marked;         /* by queue management, instead of being dropped */
	uint8_t color;       /* enum qos_color + 1; 0: none */
	bool bad;            /* rejected, but to be passed on unchanged */
	bool copy;           /* another copy stands for the record: it goes to its adapter alone */
	uint8_t eol_bytes;   /* line end as it came: 1 \n, 2 \r\n, 0 none (the last line, a packet) */
	uint16_t n_cells;    /* of a kept record: cells it has; fields that were kept later are absent from it */
	uint16_t server;     /* the server that it holds while in service */
	uint16_t tenant;     /* index of the stage's tenants */
	uint8_t bound;       /* who chose its adapter: enum qos_bound of the router */
	uint32_t copies;     /* number of the router's group of copies that it belongs to; 0: none */
	int64_t ts_ns;       /* arrival at the system; QOS_UNSET when absent or not wanted */
	int64_t arrival_ns;  /* arrival here: `depart` if there, else ts */
	int64_t size_bytes;  /* `size`, else n_bytes */
	int64_t service_ns;  /* `service_time`; QOS_UNSET */
	int64_t deadline_ns; /* ts + max_latency, else + the class's target: set by the stage */
	int64_t depart_ns;   /* QOS_UNSET until a timed filter has served it */
	int64_t wait_ns;     /* what this filter made it wait */
	void *stream;        /* the stage's state of its stream */
};

/*
 * A copy that outlives the reader's block.
 *
 * Returns  the copy, kept = true; NULL when memory ran out (drop it as QOS_DROP_MEMORY).
 * Owns	    the caller: qos_record_drop() it, or put it to a sink and then drop it.
 */
struct qos_record *qos_record_keep(const struct qos_record *r, const struct qos_fields *f, struct qos_slab *slab);
/* Gives a kept record back to its slab; nothing to do for a borrowed one. */
void qos_record_drop(struct qos_record *r, const struct qos_fields *f, struct qos_slab *slab);

/* A kept record will be visited soon: it comes into the cache, up to the size of a usual one. */
static inline void qos_record_fetch(const struct qos_record *r)
{
	for (int i = 0; i < 4; i++)
		__builtin_prefetch((const char *)r + i * 64);
}

/*
 * Text of a cell with quoting undone: a slice of the record, or, where something must be undone, `scratch` (which needs
 * cell.len bytes).  Absent, null: empty.
 */
struct qos_str qos_cell_text(const struct qos_record *r, struct qos_cell c, char *scratch);
/* Memory for texts with quoting to undo, as long as the longest one; { 0 } at first. */
struct qos_scratch {
	char *p; /* owned */
	size_t room;
};
/* qos_cell_text() with scratch that grows; valid until the next one.   Returns  p NULL when memory ran out. */
struct qos_str qos_scratch_text(struct qos_scratch *s, const struct qos_record *r, struct qos_cell c);
/* Gives back what it owns; the struct itself is the caller's. */
void qos_scratch_free(struct qos_scratch *s);
/* Bytes of a cell as they stand, quotes included. */
struct qos_str qos_cell_raw(const struct qos_record *r, struct qos_cell c);
/* The cell of field keep[k], whether the record is borrowed or kept. */
static inline struct qos_cell qos_record_kept_cell(const struct qos_record *r, const struct qos_fields *f, int k)
{
	if (!r->kept)
		return r->cell[f->keep[k]];
	return k < r->n_cells ? r->cell[k] : (struct qos_cell){ 0 };
}

#endif
