/*
 * Models: what is it?
 *
 * A member turns examples into probabilities of labels, and learns from the true one.  Labels are small integers; there
 * may be more of them from one example to the next.  Equal examples in equal order give an equal model, and a model
 * that was saved and loaded goes on as if nothing had happened: state that decides is saved, all of it.
 */
#ifndef QOS_LEARN_MODEL_H
#define QOS_LEARN_MODEL_H

#include "learn/feature.h"

#define QOS_LABELS_MOST 4096

struct qos_model_settings {
	double learning_rate; /* classifier.learning_rate: each member says what it makes of it */
	bool adaptive;        /* follow drift */
};

/* One feature's part in the score of a label. */
struct qos_reason {
	uint32_t number; /* of a feature, > 0 */
	int column;      /* >= 0: an attribute's column instead */
	double weight;   /* > 0: speaks for the label */
};
#define QOS_REASONS 5

struct qos_model {
	const char *name;
	const char *summary; /* one line for --set classifier.model=help and the manual */
	bool weighs;         /* reads x[], so counts must have become weights */
	/* NULL when memory ran out */
	void *(*open)(const struct qos_model_settings *settings);
	void (*close)(void *state); /* takes NULL */
	/* p[n_labels], written: probabilities, or all zero when it has nothing to say */
	void (*predict)(void *state, const struct qos_example *e, int n_labels, double *p);
	/* label < n_labels.   Returns  -1 when memory ran out; it has not learned then */
	int (*learn)(void *state, const struct qos_example *e, int label, int n_labels);
	/* Forgets. */
	void (*reset)(void *state);
	/* Adds sections of its own to the file. */
	void (*save)(const void *state, struct qos_container_out *o);
	/* Into a fresh state.   Returns  -1 when the sections make no sense. */
	int (*load)(void *state, const struct qos_container *c, int n_labels);
	/* What is inside, in a few words: "31207 features of 4 labels". */
	void (*describe)(const void *state, struct qos_buf *text);
	/* The strongest reasons for a label, strongest first; returns how many.  NULL: it cannot say. */
	int (*explain)(void *state, const struct qos_example *e, int label, struct qos_reason reason[QOS_REASONS]);
};

/* --- for members --- */

/* Scores of n >= 1 labels become probabilities, in place. */
void qos_softmax(float *score, int n);
/* One more reason among the n strongest so far, in its place; weight 0 is none.   Returns  how many there are now. */
int qos_reasons_add(struct qos_reason reason[QOS_REASONS], int n, struct qos_reason one);

#endif
