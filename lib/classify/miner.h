/*
 * Log templates: which messages were written by the same statement of a program?
 *
 * A message is masked (mask.h), and messages that are equal then are one form.  Forms that differ in one word become
 * one template when enough values of that word were seen, and a template joins others in the same way.  Templates that
 * join keep the smallest of their ids, so an id that was given stays, unless an older one takes it over; ids are never
 * given twice.
 */
#ifndef QOS_CLASSIFY_MINER_H
#define QOS_CLASSIFY_MINER_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

#define QOS_MINER_NONE UINT32_MAX /* memory ran out: the message has no template */

#define QOS_MINER_LEAST 10 /* fewer messages of a template tell nothing about its class */

struct qos_miner;

/* most_forms: 16 or more; when there are so many, the rarer half, the oldest among equals, is forgotten. */
int qos_miner_new(struct qos_miner **m, uint32_t most_forms, int n_classes, struct qos_err *err);
/* Frees it and what it owns; takes NULL. */
void qos_miner_free(struct qos_miner *m);

/* Counts a message.   Returns  the id its template has now, from 1, or QOS_MINER_NONE.   Cost  about 0.3 us. */
uint32_t qos_miner_add(struct qos_miner *m, struct qos_str text);

/* Of the template of the message that was added last, while it has one: */

/* A message of it was of this class. */
void qos_miner_learn(struct qos_miner *m, int class);
/*
 * The class that most of them had.
 *
 * share    its part of those that were learned
 * Returns  -1 when fewer than QOS_MINER_LEAST were learned.
 */
int qos_miner_class(const struct qos_miner *m, double *share);
/* Its text, until the next message. */
struct qos_str qos_miner_text(const struct qos_miner *m);

struct qos_template {
	uint32_t id;
	struct qos_str text; /* with `*` where values stand; the miner's, until the next message */
	uint64_t count;
	const uint32_t *of_class; /* [n_classes] messages that were learned; NULL: none */
};

/* The templates of now in order of their ids; the caller frees the array.   Returns  NULL when memory ran out. */
struct qos_template *qos_miner_list(const struct qos_miner *m, size_t *n);
/* The id that a template has now whose id was once given; 0: unknown, or forgotten.   Cost  O(forms). */
uint32_t qos_miner_now(const struct qos_miner *m, uint32_t id);
/*
 * All templates as text: CSV with a header (id,count,merged,template,class,share), or JSON Lines with the shares of all
 * classes.
 *
 * merged: the ids that it took over, joined by +;  class: [n_classes] names
 */
void qos_miner_write(const struct qos_miner *m, bool json, const struct qos_str *class, struct qos_buf *b);

struct qos_miner_counts {
	uint64_t n_messages, n_forms, n_forgotten, n_lost; /* lost: memory ran out */
};
void qos_miner_counts(const struct qos_miner *m, struct qos_miner_counts *counts);

#endif
