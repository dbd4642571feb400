/*
 * Regular expressions: one at a time (PCRE2), and all those of a field at once (Vectorscan).
 *
 * What Vectorscan cannot express (back references, look-around) it prefilters where it can, and PCRE2 decides, with
 * limits on its work, so that no pattern hangs.  Patterns and texts are bytes; flags i, s, m, x as in Perl.
 */
#ifndef QOS_EXPR_MATCH_H
#define QOS_EXPR_MATCH_H

#include "base/err.h"
#include "base/str.h"

struct qos_pcre;

/* Compiles one pattern.   Fails  QOS_EUSAGE with what PCRE2 says. */
int qos_pcre_new(struct qos_pcre **p, struct qos_str pattern, unsigned flags, struct qos_at at, struct qos_err *err);
void qos_pcre_free(struct qos_pcre *p);
/* Is it found in the text?  Giving up at the match limit counts as no. */
bool qos_pcre_found(const struct qos_pcre *p, struct qos_str text);

struct qos_pattern {
	struct qos_str text;
	unsigned flags;
	const struct qos_pcre *pcre; /* the same, compiled; borrowed */
	bool hit;                    /* written by a scan */
};

struct qos_matcher;

/* A matcher over pattern[n], borrowed; their `hit` is what scans write. */
int qos_matcher_new(struct qos_matcher **m, struct qos_pattern *pattern, int n, struct qos_err *err);
void qos_matcher_free(struct qos_matcher *m);
/*
 * Searches for all of them in one pass.  A text of NULL has nothing in it, not even what matches an empty one.
 *
 * hits	written: the indexes of the patterns that were found, in any order; the matcher's own, until the next scan
 *
 * Returns  how many.   Every other pattern's `hit` is false.
 */
int qos_matcher_scan(struct qos_matcher *m, struct qos_str text, const int **hits);

/* "10.0.0.0/8", "2001:db8::/32": is it a network, and is the address in it? */
bool qos_cidr_valid(struct qos_str network);
bool qos_cidr_holds(struct qos_str network, struct qos_str address);

#endif
