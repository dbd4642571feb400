/*
 * A field's values, and the rules that each of them makes worth a look.
 */
#ifndef QOS_CLASSIFY_LOOKUP_H
#define QOS_CLASSIFY_LOOKUP_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct qos_lookup;

/* What is put in: a value (any bytes; a double by its bytes, see below) and a rule. */
struct qos_lookup_pair {
	struct qos_str key;
	int rule;
};

/* A look-up over pair[n]; keys are copied. */
int qos_lookup_new(struct qos_lookup **l, const struct qos_lookup_pair *pair, int n, struct qos_err *err);
/* Gives back what it owns; the struct itself is the caller's. */
void qos_lookup_free(struct qos_lookup *l);
/*
 * The rules of a value, ascending, each once.
 *
 * n_rules	set to how many
 *
 * Returns  NULL when there are none.   Cost  some 5 ns.
 */
const int *qos_lookup_find(const struct qos_lookup *l, struct qos_str key, int *n_rules);

/* A number as a key.  *x becomes the bytes that stand for it: -0 is 0. */
static inline struct qos_str qos_lookup_number(double *x)
{
	*x += 0.0;
	return (struct qos_str){ (const char *)x, sizeof(*x) };
}

#endif
