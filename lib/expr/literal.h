/*
 * Which texts must a match of a regular expression contain?
 *
 * /connection (refused|reset)/ contains "connection refused" or "connection reset".  Who looks for these first need not
 * try the expression on texts that have neither.
 */
#ifndef QOS_EXPR_LITERAL_H
#define QOS_EXPR_LITERAL_H

#include "base/arena.h"

#define QOS_LITERALS_MOST 64

struct qos_literals {
	struct qos_str text
		[QOS_LITERALS_MOST]; /* one of them is in every match; in small letters if the case does not count */
	int n;                       /* 0: nothing is known */
	bool decide;                 /* and whatever contains one of them matches */
};

/*
 * The literals of a pattern.
 *
 * flags	QOS_REGEX_...
 * arena	for the texts
 *
 * Fails  never: what is not understood gives no literals, also when memory ran out.
 */
void qos_literals_of(struct qos_literals *l, struct qos_str pattern, unsigned flags, struct qos_arena *arena);

#endif
