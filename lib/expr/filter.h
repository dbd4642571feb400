/*
 * Which of many literals are in a short text?  Answered for their owners: the patterns that need one of them.
 */
#ifndef QOS_EXPR_FILTER_H
#define QOS_EXPR_FILTER_H

#include "base/err.h"
#include "base/str.h"

#define QOS_FILTER_SHORTEST 3 /* bytes; shorter literals are in too many texts */

struct qos_filter_literal {
	struct qos_str text; /* at least QOS_FILTER_SHORTEST bytes; in small letters if it is folded */
	bool folded;         /* the case of ASCII letters does not count */
	int owner;           /* 0 .. n_owners - 1; may have several */
};

struct qos_filter;

/* A filter for literal[n]; their texts are copied. */
int qos_filter_new(struct qos_filter **f, const struct qos_filter_literal *literal, int n, int n_owners,
		   struct qos_err *err);
/* Frees it and what it owns; takes NULL. */
void qos_filter_free(struct qos_filter *f);
/*
 * The owners of which a literal is in the text.
 *
 * owners	[n_owners], written: each of them once, in any order
 *
 * Returns  how many.
 */
int qos_filter_find(struct qos_filter *f, struct qos_str text, int *owners);

#endif
