/*
 * Requests for bandwidth in the stream of records, and the answers to them.
 *
 *   op=allocate	a `rate` for the record's stream of the record's class	-> granted in full, in part, or refused
 *   op=update		another rate for one that has an allocation; without a rate the one it asked for last
 *   op=release		gives it back
 *
 * The record itself is the answer: `granted` (bit/s), `utilisation` (of what was granted, since the last answer) and
 * `reason` (enum qos_grant_reason) are what is written beside it.  It costs the link nothing.
 *
 * The guarantees of classes follow what was promised: who uses this gives qos_grants_config() to the tree whenever
 * something may have changed.
 */
#ifndef QOS_SHAPE_GRANTS_H
#define QOS_SHAPE_GRANTS_H

#include "alloc/allocator.h"
#include "format/writer.h"

struct qos_grants {
	struct qos_allocator *allocator; /* NULL: every record is data */
	const struct qos_config *config; /* that tenants are looked up in */
	struct qos_config now;           /* the configuration with guarantees as they are promised */
	struct qos_class_config classes[QOS_CLASSES_MOST];
	bool answers; /* the record that is put is a request, and this is its answer: */
	struct qos_grant answer;
};

/*
 * options	NULL: every record is data
 * fields	those of requests become wanted
 * Fails	as qos_allocator_new().
 */
int qos_grants_init(struct qos_grants *g, const struct qos_config *config, const struct qos_allocator_options *options,
		    struct qos_fields *fields, struct qos_err *err);
/* Gives back what it owns; the struct itself is the caller's. */
void qos_grants_free(struct qos_grants *g);

/* Is this record a request? */
static inline bool qos_grants_asks(const struct qos_grants *g, const struct qos_record *r)
{
	return g->allocator && r->cell[QOS_F_OP].kind != QOS_CELL_ABSENT && r->cell[QOS_F_OP].kind != QOS_CELL_NULL &&
	       r->cell[QOS_F_OP].len > 0;
}
/* Does what a borrowed request asks for the stream that a field of it names, and puts it with the answer. */
void qos_grants_serve(struct qos_grants *g, struct qos_record *r, int stream_field, int64_t now_ns,
		      struct qos_sink *out);
/* A stream with an allocation sends: it is in use, and charged. */
void qos_grants_use(struct qos_grants *g, struct qos_allocation *x, int64_t bytes, int64_t now_ns);
/* Ends what was not used.   Returns  were there any? */
static inline bool qos_grants_expire(struct qos_grants *g, int64_t now_ns)
{
	return g->allocator && qos_allocator_idle(g->allocator, now_ns) && qos_allocator_expire(g->allocator, now_ns);
}
/* Rates are those of this configuration from now on. */
void qos_grants_change(struct qos_grants *g, const struct qos_config *base);
/* This configuration with the guarantees of now; lasts until the next call. */
const struct qos_config *qos_grants_config(struct qos_grants *g, const struct qos_config *base);
/* What the answer says in `granted`, `utilisation` or `reason`; empty when the record that is put is no request. */
struct qos_str qos_grants_text(const struct qos_grants *g, int field, char *scratch);

#endif
