/*
 * A set of rules behind an index: the cost of a record does not grow with the number of rules.
 *
 * record -> values of the indexed fields -> candidates (one bit a rule) -> by level of priority: search for the
 * patterns that could still win, evaluate what the index does not decide -> the first level where one matches
 */
#ifndef QOS_CLASSIFY_RULE_H
#define QOS_CLASSIFY_RULE_H

#include "config/config.h"
#include "expr/expr.h"

struct qos_rules;

/*
 * Compiles the enabled rules of a config, which must outlive the set.
 *
 * Fails  QOS_EUSAGE for an expression that cannot be right, with its place.
 */
int qos_rules_new(struct qos_rules **s, const struct qos_config *config, struct qos_fields *fields,
		  struct qos_err *err);
void qos_rules_free(struct qos_rules *s);

struct qos_verdict {
	int rule; /* index in the config; -1: none matched */
	int class;
	double confidence; /* the winner's part of the weights that matched; 1 when nothing else did */
};

/* Of the matching rules of the lowest priority number, the class with the greatest sum of weights; ties: the class
 * first given.  The rule named is that class's one of the greatest weight, the first given among equals. */
struct qos_verdict qos_rules_match(struct qos_rules *s, const struct qos_record *r);
/* The same by evaluating every rule: slow, plain, for tests. */
struct qos_verdict qos_rules_match_plainly(struct qos_rules *s, const struct qos_record *r);

#endif
