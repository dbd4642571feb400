/*
 * The classifier: a stage that gives every record its class.
 *
 * rules in order of priority -> the past of its log template -> the model -> default class -> the tenant's cap.  Sets
 * record.class, and for each record what class_by and confidence say.
 */
#ifndef QOS_CLASSIFY_CLASSIFIER_H
#define QOS_CLASSIFY_CLASSIFIER_H

#include "classify/learner.h"
#include "classify/miner.h"
#include "classify/rule.h"
#include "classify/trust.h"
#include "format/writer.h"
#include "record/stage.h"

struct qos_classifier;

/* Compiles all rules of the config (borrowed); every field that a rule reads becomes wanted. */
int qos_classifier_new(struct qos_classifier **c, const struct qos_config *config, struct qos_fields *fields,
		       struct qos_err *err);
/* Frees it and what it owns; takes NULL. */
void qos_classifier_free(struct qos_classifier *c);
/* The model joins in, behind the rules; owned by the classifier from now on.  explain: class_why is written too. */
int qos_classifier_learn(struct qos_classifier *c, struct qos_learner *learner, bool explain, struct qos_fields *fields,
			 struct qos_err *err);
/*
 * Other rules from now on, those of another config (borrowed); what was counted by rule begins anew.
 *
 * Fails  and keeps the old ones: QOS_EUSAGE for a rule that cannot be right, other classes than before, or a rule that
 *	  reads a field that the input is not searched for.
 */
int qos_classifier_reread(struct qos_classifier *c, const struct qos_config *config, struct qos_fields *fields,
			  struct qos_err *err);
struct qos_mining {
	const char *field; /* where each record's template id is written; NULL: nowhere */
	bool all;          /* every payload is mined; false: not all of those that rules decided */
	bool decides;      /* templates learn classes from rules, and decide where no rule does */
	double threshold;  /* share of a template's records that the class must have */
};

/* Payloads are mined for templates; the miner is the classifier's from now on. */
int qos_classifier_mine(struct qos_classifier *c, struct qos_miner *miner, const struct qos_mining *how,
			struct qos_fields *fields, struct qos_err *err);
/* Sets each record's class and puts it on; not timed. */
struct qos_stage qos_classifier_stage(struct qos_classifier *c);
/* class, class_by, confidence of the record that was pushed last; self is the classifier. */
const struct qos_column *qos_classifier_columns(struct qos_classifier *c, int *n);

struct qos_classifier_counts {
	uint64_t n_records, n_default;
	uint64_t n_ml;                 /* by the model */
	const struct qos_trust *trust; /* NULL: no tenant has a cap */
	uint64_t n_patterns;           /* by templates */
	uint64_t n_gave_up;            /* searches that took a pattern too long; they count as not found */
	const uint64_t *by_class;      /* [n_classes] */
	const uint64_t *by_rule;       /* [n_rules], in the order of the config's rules */
};
/* What was done so far; the pointers are the classifier's. */
void qos_classifier_counts(const struct qos_classifier *c, struct qos_classifier_counts *counts);
/* Can a rule of the config ever decide?  See qos_rules_use(). */
enum qos_rule_use qos_classifier_rule_use(const struct qos_classifier *c, int rule, int *by);

#endif
