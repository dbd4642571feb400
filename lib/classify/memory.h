/*
 * Records and labels that wait for each other: what was seen of a record is kept by its id until its label comes, and a
 * label that came first until its record does.
 *
 * Both are bounded: by number, and the examples by their bytes as well; then the oldest goes.
 *
 * Cost   one allocation for an example; a lookup O(1).
 */
#ifndef QOS_CLASSIFY_MEMORY_H
#define QOS_CLASSIFY_MEMORY_H

#include "learn/feature.h"

struct qos_memory;

/* What waits under an id. */
struct qos_waiting {
	int label;                  /* >= 0: it is a label, and nothing else here is set */
	struct qos_example example; /* counts; its arrays are the memory's, and may be changed */
	struct qos_features_mark mark;
	int guess, class;        /* labels: what the model said (-1: nothing), index of the class that was given */
	double guess_p, class_p; /* and how sure it was */
};

/*
 * most		that wait; 0: 1,048,576
 * most_bytes	of examples; 0: 64 MiB
 * Returns  NULL when memory ran out.
 */
struct qos_memory *qos_memory_new(uint32_t most, size_t most_bytes);
/* Frees it and what it owns; takes NULL. */
void qos_memory_free(struct qos_memory *m);
/* Keeps a copy under an id, in place of what waited there.   Returns  -1 when memory ran out. */
int qos_memory_keep(struct qos_memory *m, struct qos_str id, const struct qos_waiting *w);
/* Takes what waits there: valid until the next call.   Returns  NULL: nothing does. */
struct qos_waiting *qos_memory_take(struct qos_memory *m, struct qos_str id);

struct qos_memory_counts {
	uint32_t n_waiting;                   /* now */
	uint64_t n_records_out, n_labels_out; /* gone for want of room, before the other came */
};
/* Written: what waits, and what has gone. */
void qos_memory_counts(const struct qos_memory *m, struct qos_memory_counts *counts);

#endif
