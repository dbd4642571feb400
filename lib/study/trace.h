/*
 * A trace in memory, to be played again and again through stages in virtual time.
 *
 * What is kept of a record is what a shaper and a tally look at: times, size, class, stream, drop, color; 64 bytes and
 * the stream's name.
 */
#ifndef QOS_STUDY_TRACE_H
#define QOS_STUDY_TRACE_H

#include "base/buf.h"
#include "record/stage.h"

struct qos_trace_entry {
	int64_t ts_ns, arrival_ns, size_bytes, max_latency_ns;
	size_t text; /* where its stream's name begins; behind it why it was dropped */
	uint32_t stream_bytes, drop_bytes;
	int16_t class;
	bool has_stream;
	uint8_t drop, color;
};

struct qos_trace {
	struct qos_trace_entry *entry; /* [n], by arrival; owned */
	size_t n, room;
	struct qos_buf text;
	int stream_field;
	uint64_t bytes;          /* sum of sizes */
	bool failed;             /* memory ran out */
	const int16_t *class_of; /* [classes] of the policy that it is played for, by class here; NULL: the same */
};

/* A stage that keeps what is pushed; a struct qos_trace is { 0 } but for stream_field before. */
struct qos_stage qos_trace_stage(struct qos_trace *t);
/* Gives back what it owns; the struct itself is the caller's. */
void qos_trace_free(struct qos_trace *t);
/*
 * Plays it through a timed stage, until nothing is due.
 *
 * fields	the stage's own; none of them is kept
 * out		gets each record as a reader lends what the stage wrote (depart, drop); node.seq is its index
 *
 * Fails  without memory.
 */
int qos_trace_play(const struct qos_trace *t, const struct qos_stage *stage, struct qos_sink *out, struct qos_err *err);

#endif
