/*
 * One pair of logfmt: key=value, key="a \"quoted\" value", or a key alone.
 */
#ifndef QOS_FORMAT_PAIR_H
#define QOS_FORMAT_PAIR_H

#include "io/out.h"
#include "record/record.h"

struct qos_pair {
	struct qos_str key;
	struct qos_cell value; /* its place in the line */
	bool bare;             /* without '=' */
};

/*
 * The pair at *at, which becomes the place behind it.
 *
 * Returns  1; 0 at the end; -1 with *why (lasting), *at being the place.
 */
int qos_pair_take(struct qos_str line, const char **at, struct qos_pair *pair, const char **why);

/* Adds a key and its '=', behind a blank if it is not the first; bytes that no key may have become '_'. */
void qos_pair_add_key(struct qos_out *o, struct qos_str name, bool first);
/* Adds a value, in quotes with the escapes of JSON where it needs them. */
void qos_pair_add_text(struct qos_out *o, struct qos_str text);

#endif
