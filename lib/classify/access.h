/*
 * What must be true for a rule to be true?
 *
 * A rule that asks `type == "alert" && ...` need not be looked at unless type is "alert".  The access set of an
 * expression is a list of such conditions, each cheap to find for many rules at once (a value in a table, a pattern in
 * a database), one of which holds whenever the expression does.
 */
#ifndef QOS_CLASSIFY_ACCESS_H
#define QOS_CLASSIFY_ACCESS_H

#include "expr/tree.h"

#define QOS_ACCESS_MOST 64

struct qos_access {
	struct {
		int field;   /* node of the field, for the way it is read */
		int literal; /* node of the value that it equals; -1: a regex */
		int regex;   /* number in the expression */
	} condition[QOS_ACCESS_MOST];
	int n;
	bool exact; /* the expression is true whenever one of them holds */
};

/* Returns  false when the expression has no access set: it must be evaluated for every record. */
bool qos_access_of(const struct qos_expr *e, struct qos_access *a);

#endif
