/* What is special about nn. */
#include <math.h>

#include "tests/unit/model/model.h"

#define BATCH 16

static const struct qos_model *const nn = &qos_model_nn;
static const struct qos_model_settings settings = { 0.05, false }; /* a step of 0.01 */

/* Which of two features are there, and whether exactly one is. */
static int made_xor(struct qos_feature x[2], struct qos_example *e, struct qos_rng *rng)
{
	int a = (int)qos_rng_below(rng, 2), b = (int)qos_rng_below(rng, 2), n = 0;

	if (a)
		x[n++] = (struct qos_feature){ 5, 1 };
	if (b)
		x[n++] = (struct qos_feature){ 9, 1 };
	*e = (struct qos_example){ .x = x, .n = n };
	return a ^ b;
}

/* Of 400, after so many examples. */
static int right_of(const struct qos_model *model, int n)
{
	void *state = model->open(&settings);
	struct qos_feature x[2];
	struct qos_example e;
	struct qos_rng rng;
	double p[2];
	int right = 0;

	qos_rng_seed(&rng, 3);
	for (int i = 0; i < n; i++) {
		int label = made_xor(x, &e, &rng);

		CHECK_INT(model->learn(state, &e, label, 2), 0);
	}
	for (int i = 0; i < 400; i++) {
		int label = made_xor(x, &e, &rng);

		model->predict(state, &e, 2, p);
		right += p[label] > 0.5;
	}
	model->close(state);
	return right;
}

static void together(void)
{
	CHECK_INT(right_of(nn, 8000), 400);
	CHECK(right_of(&qos_model_linear, 8000) < 350); /* three of the four cases at most */
}

static void batches(void)
{
	void *state = nn->open(&settings);
	struct qos_feature x[2];
	struct qos_example e;
	struct qos_rng rng;
	double before[2], p[2];

	qos_rng_seed(&rng, 1);
	for (int i = 0; i < 2 * BATCH; i++) {
		struct qos_example asked = { .x = &(struct qos_feature){ 5, 1 }, .n = 1 };
		int label = made_xor(x, &e, &rng);

		if (i % BATCH == 1)
			nn->predict(state, &asked, 2, before);
		nn->learn(state, &e, label, 2);
		nn->predict(state, &asked, 2, p);
		if (i % BATCH > 1 && i % BATCH < BATCH - 1)
			CHECK(p[0] == before[0]);
	}
	CHECK(p[0] != before[0]);
	nn->close(state);
}

/* The first step of Adam moves every weight by the rate, whatever the gradient: so the bias of the labels by it. */
static void first_step(void)
{
	void *state = nn->open(&settings);
	struct qos_example none = { 0 };
	double p[2];

	for (int i = 0; i < BATCH; i++)
		nn->learn(state, &none, 0, 2);
	nn->predict(state, &none, 2, p);
	/* two biases by 0.01 apart, and 31 hidden units by 0.01 / 1.01 that add their weights' difference, |.| <= 1 */
	CHECK(p[0] > 1 / (1 + exp(-0.02)) && p[0] < 1 / (1 + exp(-0.02 - 31 * 0.01 * 1.03)));
	nn->close(state);
}

static void reasons(void)
{
	struct qos_reason reason[QOS_REASONS];
	void *state = nn->open(&settings);
	struct made m;
	struct qos_rng rng;

	made_reasons(nn, state, 6000);
	qos_rng_seed(&rng, 1);
	made_next(&m, &rng);
	CHECK_INT(nn->explain(state, &m.e, 3, reason), 0); /* a label that was not learned */
	nn->close(state);
}

int main(void)
{
	RUN("what two features say together, and neither alone, is learned", together);
	RUN("examples are learned sixteen at a time", batches);
	RUN("the first step is the rate", first_step);
	RUN("the strongest features come first", reasons);
	return DONE();
}
