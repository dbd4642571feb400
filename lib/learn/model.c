/* What members share. */
#include "learn/model.h"

#include <math.h>

void qos_softmax(float *score, int n)
{
	float most = score[0], sum = 0;

	for (int c = 1; c < n; c++)
		most = score[c] > most ? score[c] : most;
	for (int c = 0; c < n; c++)
		sum += score[c] = expf(score[c] - most);
	for (int c = 0; c < n; c++)
		score[c] /= sum;
}

int qos_reasons_add(struct qos_reason reason[QOS_REASONS], int n, struct qos_reason one)
{
	int k;

	for (k = n; k > 0 && fabs(reason[k - 1].weight) < fabs(one.weight); k--)
		if (k < QOS_REASONS)
			reason[k] = reason[k - 1];
	if (one.weight == 0 || k == QOS_REASONS)
		return n;
	reason[k] = one;
	return n < QOS_REASONS ? n + 1 : n;
}
