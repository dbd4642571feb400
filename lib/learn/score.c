/* Counting answers: see score.h. */
#include "learn/score.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int grow(struct qos_score *s, int labels)
{
	int room = s->room ? s->room : 8;
	uint64_t *hit;

	while (room < labels)
		room *= 2;
	if (!(hit = calloc((size_t)room * (size_t)room, sizeof(*hit))))
		return -1;
	for (int i = 0; i < s->room; i++)
		memcpy(hit + (size_t)i * (size_t)room, s->hit + (size_t)i * (size_t)s->room,
		       (size_t)s->room * sizeof(*hit));
	free(s->hit);
	s->hit = hit;
	s->room = room;
	return 0;
}

int qos_score_add(struct qos_score *s, int truth, int answer, double confidence)
{
	int labels = (truth > answer ? truth : answer) + 1, bin = (int)(confidence * QOS_SCORE_BINS);
	unsigned char *was = &s->window[s->n % QOS_SCORE_WINDOW], right = truth == answer;

	if (labels > s->room && grow(s, labels))
		return -1;
	s->n_labels = labels > s->n_labels ? labels : s->n_labels;
	s->hit[(size_t)truth * (size_t)s->room + (size_t)answer]++;
	s->n_window_right += right - *was;
	*was = right;
	s->n++;
	s->n_right += right;
	bin = bin < 0 ? 0 : bin >= QOS_SCORE_BINS ? QOS_SCORE_BINS - 1 : bin;
	s->bin[bin].n++;
	s->bin[bin].n_right += right;
	s->bin[bin].sum += confidence;
	return 0;
}

int qos_score_add_many(struct qos_score *s, int truth, int answer, uint64_t n)
{
	int labels = (truth > answer ? truth : answer) + 1;

	if (labels > s->room && grow(s, labels))
		return -1;
	s->n_labels = labels > s->n_labels ? labels : s->n_labels;
	s->hit[(size_t)truth * (size_t)s->room + (size_t)answer] += n;
	s->n += n;
	s->n_right += truth == answer ? n : 0;
	return 0;
}

void qos_score_free(struct qos_score *s)
{
	free(s->hit);
	*s = (struct qos_score){ 0 };
}

static double share(double part, double whole)
{
	return whole > 0 ? part / whole : 0;
}

double qos_score_accuracy(const struct qos_score *s)
{
	return share((double)s->n_right, (double)s->n);
}

double qos_score_windowed(const struct qos_score *s)
{
	return share(s->n_window_right, s->n < QOS_SCORE_WINDOW ? (double)s->n : QOS_SCORE_WINDOW);
}

uint64_t qos_score_count(const struct qos_score *s, int truth, int answer)
{
	if (truth >= s->room || answer >= s->room)
		return 0;
	return s->hit[(size_t)truth * (size_t)s->room + (size_t)answer];
}

/* of a label: right answers, how often it was the truth, how often the answer */
static void sums(const struct qos_score *s, int label, double *right, double *truth, double *answer)
{
	*right = (double)qos_score_count(s, label, label);
	*truth = *answer = 0;
	for (int i = 0; i < s->n_labels; i++) {
		*truth += (double)qos_score_count(s, label, i);
		*answer += (double)qos_score_count(s, i, label);
	}
}

double qos_score_precision(const struct qos_score *s, int label)
{
	double right, truth, answer;

	sums(s, label, &right, &truth, &answer);
	return share(right, answer);
}

double qos_score_recall(const struct qos_score *s, int label)
{
	double right, truth, answer;

	sums(s, label, &right, &truth, &answer);
	return share(right, truth);
}

double qos_score_macro_f1(const struct qos_score *s)
{
	double sum = 0, n = 0, right, truth, answer;

	for (int i = 0; i < s->n_labels; i++) {
		sums(s, i, &right, &truth, &answer);
		sum += share(2 * right, truth + answer);
		n += truth + answer > 0;
	}
	return share(sum, n);
}

double qos_score_calibration_error(const struct qos_score *s)
{
	double sum = 0;

	for (int i = 0; i < QOS_SCORE_BINS; i++)
		sum += fabs(s->bin[i].sum - (double)s->bin[i].n_right);
	return share(sum, (double)s->n);
}
