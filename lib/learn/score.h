/*
 * How good are the answers?  Accuracy (of all, and of the last ones), precision and recall by label, confusion matrix,
 * macro-F1, and how far stated confidence is from what came true (expected calibration error).
 */
#ifndef QOS_LEARN_SCORE_H
#define QOS_LEARN_SCORE_H

#include <stdint.h>

#include "base/err.h"

#define QOS_SCORE_WINDOW 1000 /* answers in the windowed accuracy */
#define QOS_SCORE_BINS   15   /* of confidence, as in Guo et al., "On calibration of modern neural networks", 2017 */

struct qos_score {
	int room;      /* labels that the matrix has room for */
	int n_labels;  /* seen so far */
	uint64_t *hit; /* [room][room]: truth, then answer */
	uint64_t n, n_right;
	unsigned char window[QOS_SCORE_WINDOW]; /* was it right? ring */
	int n_window_right;
	struct {
		uint64_t n, n_right;
		double sum; /* of confidence */
	} bin[QOS_SCORE_BINS];
};

/* One answer; s is all zero at first.   Returns  -1 when memory ran out. */
int qos_score_add(struct qos_score *s, int truth, int answer, double confidence);
/* n answers from elsewhere: they are in the matrix, but not in the window and not in the calibration.   Returns  so. */
int qos_score_add_many(struct qos_score *s, int truth, int answer, uint64_t n);
void qos_score_free(struct qos_score *s);

/* Shares from 0 to 1; 0 where there is nothing to divide by. */
double qos_score_accuracy(const struct qos_score *s);
double qos_score_windowed(const struct qos_score *s);
double qos_score_precision(const struct qos_score *s, int label);
double qos_score_recall(const struct qos_score *s, int label);
/* Mean of F1 over the labels that were seen, as truth or as answer. */
double qos_score_macro_f1(const struct qos_score *s);
double qos_score_calibration_error(const struct qos_score *s);
/* How often `truth` was answered by `answer`. */
uint64_t qos_score_count(const struct qos_score *s, int truth, int answer);

#endif
