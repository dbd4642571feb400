/*
 * A walk over the tokens of one JSON object: its grammar is checked, and the cells of wanted members are set.
 */
#ifndef QOS_FORMAT_JSON_WALK_H
#define QOS_FORMAT_JSON_WALK_H

#include "format/json_key.h"

#define QOS_JSON_FIELDS 4096 /* of one object and those inside it; more is bad input */

struct qos_json_walk {
	/* a block of complete lines, which qos_json_scan_block() found clean; the last one has its newline too */
	const char *base, *limit;
	const uint32_t
		*at;       /* its tokens that were not taken yet; behind the last one stand two of value limit - base */
	const char *slash; /* the first backslash behind what was taken, or limit */
	struct qos_json_keys *keys;
	/* the result */
	const char *wrong; /* where it went wrong */
	const char *why;   /* in a lasting text */
	/* state */
	int n_fields, n_given;
	uint16_t given[QOS_FIELDS_MOST]; /* ids whose cells the walk has set */
	struct qos_json_level level[QOS_JSON_NESTING];
};

/* Starts a block. */
void qos_json_walk_block(struct qos_json_walk *w, const char *base, const char *limit, const uint32_t *tokens);

/*
 * Walks over the object that begins with the next token.  The cells of the walk before are taken back.  A member that
 * comes twice counts with its last value.
 *
 * line	where its line begins: what the cells count from
 *
 * Returns  the end of the object; NULL with `wrong` and `why` when it is none, or does not end in its line.
 */
const char *qos_json_walk(struct qos_json_walk *w, const char *line);
/* Passes over the tokens before p. */
void qos_json_walk_skip(struct qos_json_walk *w, const char *p);

#endif
