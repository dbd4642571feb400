/*
 * The learned part of the classifier: features, a model, the names of its labels, and how right it has been.
 *
 * Labels are the configured classes; or, with labels_are_classes, whatever `label` says, and then there is no other
 * class: neither rules nor the default class apply.
 */
#ifndef QOS_CLASSIFY_LEARNER_H
#define QOS_CLASSIFY_LEARNER_H

#include "classify/memory.h"
#include "config/config.h"
#include "learn/score.h"
#include "model/model.h"

struct qos_learner;

struct qos_learner_options {
	bool learn;              /* from `label` */
	bool labels_are_classes; /* also true once a model that was saved so is loaded */
	bool explain;
	bool feedback;    /* labels come by id, see qos_learner_feedback() */
	int n_epochs;     /* 1: each example is learned once, as it comes; more: those of this run again, shuffled */
	const char *file; /* model to load, NULL: none */
};

/* What the model says of a record. */
struct qos_guess {
	int label;           /* -1: nothing */
	double confidence;   /* its probability */
	struct qos_str name; /* of the label */
	int class;           /* index of the class of that name; -1: none is called so */
	bool sure;           /* confidence >= classifier.ml_threshold, or there is no other class to give */
};

/*
 * config, fields	borrowed; every field becomes wanted
 *
 * Fails  QOS_EIO, QOS_EDAMAGE for the model file; QOS_EUSAGE for costs that name no label.
 */
int qos_learner_new(struct qos_learner **l, const struct qos_config *config, struct qos_fields *fields,
		    const struct qos_learner_options *options, struct qos_err *err);
/* Frees it and what it owns; takes NULL. */
void qos_learner_free(struct qos_learner *l);
/* Is it to be asked at all: has it learned or loaded, or is it about to? */
bool qos_learner_ready(const struct qos_learner *l);
/* Does it learn from labels now? */
bool qos_learner_learns(const struct qos_learner *l);
/* Are its labels the config's classes, not names of their own? */
bool qos_learner_labels_are_classes(const struct qos_learner *l);
/* Looks at a record and guesses. */
void qos_learner_guess(struct qos_learner *l, const struct qos_record *r, struct qos_guess *g);
/*
 * Reads the record's label, counts how right the guess and the class that was given were, and learns it if that is
 * asked for.  To be called behind qos_learner_guess() for the same record.
 *
 * class	that was given, whoever decided
 */
void qos_learner_hear(struct qos_learner *l, const struct qos_record *r, const struct qos_guess *g, int class,
		      double confidence);
/*
 * The label of the record with this id, after the fact or before it: counted and learned now, or when the record comes;
 * never, if the other one is gone by then.  For options.feedback.
 */
void qos_learner_feedback(struct qos_learner *l, struct qos_str id, struct qos_str label);
/* Learns the record that was guessed last as this label, whatever the record says. */
void qos_learner_teach(struct qos_learner *l, int label);
/* From now on it answers only. */
void qos_learner_stop(struct qos_learner *l);
/* Why was this the guess?  "word +1.23, ..."; the text is valid until the next call. */
struct qos_str qos_learner_why(struct qos_learner *l, const struct qos_record *r, const struct qos_guess *g);
/* The remaining epochs. */
void qos_learner_finish(struct qos_learner *l);
/* Writes the model file, at once or not at all.   Fails  QOS_EIO. */
int qos_learner_save(const struct qos_learner *l, const char *file, struct qos_err *err);
/* What a model file holds, for a person; appended to text. */
int qos_learner_describe(const char *file, struct qos_buf *text, struct qos_err *err);

struct qos_learner_counts {
	const char *model;
	struct qos_memory_counts feedback; /* 0 without it */
	uint64_t n_learned, n_unknown;     /* unknown: labels that are no class */
	uint64_t n_lost; /* examples that memory ran out for, or that were one too many for more epochs */
	const struct qos_names *labels;
	const struct qos_score *given, *guessed; /* of the class that was given; of the model's guess, sure or not */
};
void qos_learner_counts(const struct qos_learner *l, struct qos_learner_counts *counts);

#endif
