/*
 * What must be true for a rule to be true?
 *
 * A rule that asks `type == "alert" && ...` need not be looked at unless type is "alert".  The access set of an
 * expression is a list of such conditions, each cheap to find for many rules at once (a value in a table, a pattern
 * among others), one of which holds whenever the expression does.
 */
#ifndef QOS_CLASSIFY_ACCESS_H
#define QOS_CLASSIFY_ACCESS_H

#include "expr/tree.h"

enum qos_condition_kind {
	QOS_CONDITION_EQUALS,  /* the field has this value */
	QOS_CONDITION_PRESENT, /* the field is there and not empty */
	QOS_CONDITION_FOUND,   /* the pattern is found in the field */
};

struct qos_condition {
	struct qos_condition *next;
	enum qos_condition_kind kind;
	int slot;                           /* of the field */
	const struct qos_expr_value *value; /* EQUALS: a number or a text */
	const struct qos_regex *regex;      /* FOUND */
};

struct qos_access {
	struct qos_condition *first, *last; /* none: the expression is never true */
	int cost;                           /* how much they let through, and cost to find: the less the better */
	bool exact;                         /* the expression is true whenever one of them holds */
};

/*
 * The access set of an expression over records.
 *
 * arena	for the conditions, which point into the expression
 *
 * Returns  false when there is none (or memory ran out): it must be evaluated for every record.
 */
bool qos_access_of(const struct qos_expr *e, struct qos_arena *arena, struct qos_access *a);
/* Is an expression with the same slots true only where that of `a` is?  It may say no in error, never yes. */
bool qos_access_covers(const struct qos_access *a, const struct qos_expr *behind);

#endif
