/*
 * A set of rules behind an index: the cost of a record does not grow with the number of rules.
 *
 * record -> questions about its fields, most urgent first -> candidates (one bit a rule) -> evaluate those that the
 * answer does not decide -> the first level of priority where one matches
 */
#ifndef QOS_CLASSIFY_RULE_H
#define QOS_CLASSIFY_RULE_H

#include "config/config.h"
#include "record/record.h"

struct qos_rules;

/*
 * Compiles the enabled rules of a config, which must outlive the set; every field that they read becomes wanted.
 *
 * Fails  QOS_EUSAGE for an expression that cannot be right, with its place; rules that are switched off are checked as
 *	  well.
 */
int qos_rules_new(struct qos_rules **s, const struct qos_config *config, struct qos_fields *fields,
		  struct qos_err *err);
/* Frees it and what it owns; takes NULL. */
void qos_rules_free(struct qos_rules *s);

struct qos_verdict {
	int rule;          /* index in the config; -1: none matched */
	int class;         /* then the default class */
	double confidence; /* the winner's part of the weights that matched at its level; 0 when none did */
};

/*
 * Of the matching rules of the lowest priority number, the class with the greatest sum of weights; ties: the class
 * first given.  The rule named is that class's one of the greatest weight, the first given among equals.
 */
struct qos_verdict qos_rules_match(struct qos_rules *s, const struct qos_record *r);

enum qos_rule_use {
	QOS_RULE_USED,
	QOS_RULE_DISABLED, /* switched off */
	QOS_RULE_DEAD,     /* its condition is never true */
	QOS_RULE_SHADOWED, /* another one of a more urgent priority matches whenever it does */
};
/*
 * Can a rule of the config ever decide?  SHADOWED sets *by to the rule in front.
 *
 * Finds what values and patterns show; that a rule is USED is not proven.   Cost  linear in the number of rules.
 */
enum qos_rule_use qos_rules_use(const struct qos_rules *s, int rule, int *by);
/* How many searches were given up because a pattern took too long. */
uint64_t qos_rules_gave_up(const struct qos_rules *s);

#endif
