/*
 * Rules, compiled, and what is asked of a record to find those worth a look: the index behind rule.h.
 */
#ifndef QOS_CLASSIFY_RULESET_H
#define QOS_CLASSIFY_RULESET_H

#include "classify/access.h"
#include "classify/lookup.h"
#include "classify/rule.h"
#include "expr/match.h"

#define QOS_SEARCHES_MOST 64 /* one machine word says which are done; further fields are searched rule by rule */

struct qos_rule {
	const struct qos_rule_config *config;
	int number; /* in the config */
	int level;  /* of priority, 0 first */
	struct qos_expr *expr;
	bool exact;        /* a candidate is a match */
	uint64_t searches; /* bit = search whose patterns its expression reads */
	bool has_access;
	struct qos_access access;
};

enum qos_question_kind {
	QOS_ASK_TEXT,    /* what is the field's text? */
	QOS_ASK_NUMBER,  /* what is its number? */
	QOS_ASK_PRESENT, /* is it there? */
	QOS_ASK_SEARCH,  /* which patterns are found in it? */
};

/* One question about a field, whose answer makes some rules candidates. */
struct qos_question {
	enum qos_question_kind kind;
	int slot;
	int field;        /* of the slot */
	bool has_default; /* of the slot */
	int first;        /* the first rule that it may make a candidate */
	int level;        /* of that rule */
	struct qos_lookup *lookup;
	/* SEARCH */
	int search;                  /* number of it */
	struct qos_pattern *pattern; /* [n_patterns] */
	int n_patterns;
	struct qos_matcher *matcher;
	int *owner; /* [n_patterns]: the rule that a pattern makes a candidate; -1: it only reads the hit */
	/* while it is built */
	struct qos_lookup_pair *pair;
	int n_pairs;
	struct qos_pattern_reader {
		struct qos_regex *regex; /* which wants to know the hit */
		int rule;                /* its rule */
	} * reader;                      /* [n_patterns] */
	int last_level;                  /* of the patterns so far */
};

struct qos_rules {
	const struct qos_config *config;
	struct qos_slots slots;
	struct qos_rule *rule; /* [n], by level, in the order of the config inside one; rule k is bit k of a set */
	int n, words;
	int *level_end; /* [n_levels]: the rule behind the level's last */
	int n_levels;
	struct qos_question *question; /* [n_questions], by level; searches behind the others of their level */
	int n_questions;
	int n_asked; /* of them, from the first on; the others are searches that only expressions read */
	struct qos_question *search[QOS_SEARCHES_MOST];
	int n_searches;
	uint64_t *always; /* [words]: candidates of every record */
	int first_always; /* the first of them; n: none */
	struct qos_arena arena;
	/* of the record at hand */
	uint64_t *now;     /* [words]: candidates */
	int lowest;        /* no candidate is below it */
	uint64_t searched; /* bit = search that was done */
	int *matched;      /* [n]: rules of a level that match */
	double *weight;    /* [n_classes] */
};

/* Compiles and indexes; what qos_rules_new() says.  On failure s is to be freed as well. */
int qos_ruleset_build(struct qos_rules *s, struct qos_fields *fields, struct qos_err *err);
void qos_ruleset_clear(struct qos_rules *s);

#endif
