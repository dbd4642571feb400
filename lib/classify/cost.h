/*
 * What does a wrong answer cost?  The label of the least expected cost is the one to give.
 *
 * classifier.costs: "equal"; "urgent" (a step towards the less urgent costs one more, by the classes' priorities);
 * "balanced" (the learner's own: it knows how rare a label is); or a list "critical=5, critical>logs_metrics=20": what
 * missing a label costs, whatever it is called or called so; 1 where nothing is said.
 */
#ifndef QOS_CLASSIFY_COST_H
#define QOS_CLASSIFY_COST_H

#include "config/config.h"

struct qos_costs {
	float *of; /* [room][room]: truth, then answer */
	int room, n;
	bool unequal;
	double *expected;     /* [room] */
	struct qos_str *name; /* [room] of the labels; they outlive it */
};

/* Makes room for label number n = 0, 1, ... and sets what calling it wrong costs.   Returns  -1 without memory. */
int qos_costs_label(struct qos_costs *k, const struct qos_config *config, bool labels_are_classes, int label,
		    struct qos_str name);
/* p[n]: probabilities.   Returns  the label of the least expected cost; the first of equals. */
int qos_costs_choose(struct qos_costs *k, const double *p, int n);
/* Gives back what it owns; the struct itself is the caller's. */
void qos_costs_free(struct qos_costs *k);
/* Is it a text that classifier.costs may have?  -1, and why (200 bytes), if not. */
int qos_costs_check(struct qos_str text, char *why);

#endif
