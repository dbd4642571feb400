/*
 * One regular expression, by PCRE2.
 *
 * Patterns and texts are bytes; a pattern with characters beyond ASCII is UTF-8, and so is then the text (bytes that
 * are not match nothing).  Flags i, s, m, x as in Perl.
 */
#ifndef QOS_EXPR_PCRE_H
#define QOS_EXPR_PCRE_H

#include "base/err.h"
#include "base/str.h"

struct qos_pcre;

/*
 * Compiles one pattern.
 *
 * at	the place of its opening slash or quote
 *
 * Fails  QOS_EUSAGE with what PCRE2 says and where.
 */
int qos_pcre_new(struct qos_pcre **p, struct qos_str pattern, unsigned flags, struct qos_at at, struct qos_err *err);
/* Frees it and what it owns; takes NULL. */
void qos_pcre_free(struct qos_pcre *p);
/* Is it found in the text?  1, 0, or -1: it gave up after some milliseconds. */
int qos_pcre_search(struct qos_pcre *p, struct qos_str text);
/* The same; giving up counts as no. */
bool qos_pcre_found(struct qos_pcre *p, struct qos_str text);
/* How often it gave up. */
unsigned long qos_pcre_gave_up(const struct qos_pcre *p);
/* Are there characters beyond ASCII in the pattern? */
bool qos_pcre_is_utf(struct qos_str pattern);

#endif
