/*
 * Many regular expressions in one text at once, so that the cost does not grow with their number.
 */
#ifndef QOS_EXPR_MATCH_H
#define QOS_EXPR_MATCH_H

#include "expr/pcre.h"

struct qos_pattern {
	struct qos_str text;
	unsigned flags;        /* QOS_REGEX_... */
	struct qos_pcre *pcre; /* the same, compiled; borrowed */
	bool hit;              /* written by a search */
};

struct qos_matcher;

/* A matcher over pattern[n], borrowed; their `hit` is what searches write. */
int qos_matcher_new(struct qos_matcher **m, struct qos_pattern *pattern, int n, struct qos_err *err);
/* Frees it and what it owns; takes NULL. */
void qos_matcher_free(struct qos_matcher *m);
/*
 * Searches a text for all of them.
 *
 * hits	set to the indexes of the patterns that were found, in any order; borrowed until the next search
 *
 * Returns  how many.   Every other pattern's `hit` is false.
 */
int qos_matcher_search(struct qos_matcher *m, struct qos_str text, const int **hits);

#endif
