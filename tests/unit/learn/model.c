/* What models share. */
#include "learn/model.h"

#include <math.h>

#include "tests/unit/test.h"

static void softmax(void)
{
	float score[3] = { 1, 2, 3 }, huge[2] = { 1e30f, 1e30f }, one[1] = { -7 };

	qos_softmax(score, 3);
	CHECK(fabs(score[0] + score[1] + score[2] - 1) < 1e-6 && fabs(score[2] / score[1] - exp(1)) < 1e-5);
	qos_softmax(huge, 2);
	CHECK(huge[0] == 0.5f && huge[1] == 0.5f);
	qos_softmax(one, 1);
	CHECK(one[0] == 1);
}

static void strongest(void)
{
	static const double weight[] = { 1, -3, 0, 2, 0.5, -2, 4, 0.1 };
	static const double sorted[QOS_REASONS] = { 4, -3, 2, -2, 1 };
	struct qos_reason reason[QOS_REASONS];
	int n = 0;

	for (uint32_t i = 0; i < 3; i++)
		n = qos_reasons_add(reason, n, (struct qos_reason){ i + 1, -1, weight[i] });
	CHECK(n == 2 && reason[0].number == 2 && reason[1].number == 1);
	for (uint32_t i = 3; i < 8; i++)
		n = qos_reasons_add(reason, n, (struct qos_reason){ i + 1, -1, weight[i] });
	CHECK_INT(n, QOS_REASONS);
	for (int i = 0; i < QOS_REASONS; i++)
		CHECK(reason[i].weight == sorted[i]);
}

int main(void)
{
	RUN("softmax adds up to one, whatever the scores", softmax);
	RUN("the strongest reasons stay, in their order", strongest);
	return DONE();
}
