/*
 * Active streams: those that have a record queued or in service.
 *
 * A stream that goes idle has nothing to remember (its credit is forfeit), so it costs no memory: a million streams are
 * a million names that may come, and only those that wait take space.
 *
 * Open addressing over (hash, stream), at most half full, deletion by shifting back; streams live in a slab.
 * Cost   O(1).
 */
#ifndef QOS_SCHED_STREAM_H
#define QOS_SCHED_STREAM_H

#include "record/record.h"

struct qos_stream {
	struct qos_stream *next;        /* in the ring of its class's backlogged streams */
	struct qos_record *head, *tail; /* queued records, linked by node.sibling */
	uint64_t hash;
	int64_t credit_bytes;
	uint32_t n_active; /* records queued or in service */
	uint32_t group;    /* queue, or 0 where streams span queues */
	uint32_t name_bytes;
	char name[];
};

struct qos_streams {
	struct qos_stream_slot *slot;
	uint32_t mask, n, n_max; /* slots - 1; active now; most ever */
	struct qos_slab slab;
	uint32_t extra_bytes; /* of the owner's own beside each stream, zeroed; set before the first stream */
};

int qos_streams_init(struct qos_streams *t, struct qos_err *err);
/* Gives back what it owns; the struct itself is the caller's. */
void qos_streams_free(struct qos_streams *t);

/* The active stream of that name in that group, or NULL; *hash is for qos_streams_add. */
struct qos_stream *qos_streams_find(const struct qos_streams *t, int group, struct qos_str name, uint64_t *hash);
/* A stream of that hash, or of that name, will be looked for soon: its place comes into the cache. */
void qos_streams_fetch(const struct qos_streams *t, uint64_t hash);
void qos_streams_fetch_name(const struct qos_streams *t, int group, struct qos_str name);
/* A new active stream, empty.   Returns  NULL when memory ran out. */
struct qos_stream *qos_streams_add(struct qos_streams *t, int group, struct qos_str name, uint64_t hash);
/* The owner's own bytes of a stream, aligned to 16. */
void *qos_stream_extra(struct qos_stream *s);
/* It has gone idle. */
void qos_streams_remove(struct qos_streams *t, struct qos_stream *s);

#endif
