/*
 * A walk over the tokens of one JSON object: the grammar is checked, members are told to whoever looks for them.
 */
#ifndef QOS_FORMAT_JSON_WALK_H
#define QOS_FORMAT_JSON_WALK_H

#include "record/record.h"

#define QOS_JSON_NESTING 128

struct qos_json_walk {
	const char *base;         /* what the offsets count from */
	const uint32_t *at, *end; /* offsets of this line's tokens */
	const char *line, *line_end;
	bool escapes;      /* the line has a backslash: strings must be looked at */
	const char *wrong; /* where it went wrong; NULL */
	char why[120];
	/*
	 * A member of the object (depth 1), or of one inside it: path[0..depth-1] are the keys that lead to it, as they
	 * stand between the quotes.  What stands inside an array is not told.  A member that is an object is told after
	 * its members.
	 */
	void (*member)(void *self, int depth, struct qos_cell value);
	void *self;
	bool deep;    /* tell members of inner objects too */
	int n_arrays; /* open ones */
	struct qos_str path[QOS_JSON_NESTING];
};

/* Returns  false with `wrong` and `why` when this is no JSON object. */
bool qos_json_walk(struct qos_json_walk *w);
/* Is the text a number by RFC 8259? */
bool qos_json_is_number(const char *p, const char *end);

#endif
