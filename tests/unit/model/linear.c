/* What is special about linear. */
#include <math.h>

#include "tests/unit/model/model.h"

static const struct qos_model *const linear = &qos_model_linear;
static const struct qos_model_settings settings = { 0.01, false };

static void first_step(void)
{
	struct made m;
	struct qos_rng rng;
	void *state = linear->open(&settings);
	double p[2];

	qos_rng_seed(&rng, 1);
	made_next(&m, &rng);
	m.x[0].value = m.x[1].value = m.x[2].value = 1;
	linear->learn(state, &m.e, 0, 2);
	linear->predict(state, &m.e, 2, p);
	/* every weight has moved by the rate, 0.1, the bias by a tenth of it: 0.31 for one and against the other */
	CHECK(fabs(p[0] - 1 / (1 + exp(-0.62))) < 1e-6);
	linear->close(state);
}

static void more_labels(void)
{
	struct made m;
	struct qos_rng rng;
	void *state = linear->open(&settings);
	double p[200];

	qos_rng_seed(&rng, 1);
	for (int n = 1; n <= 200; n++) {
		made_next(&m, &rng);
		m.x[0].slot = (uint32_t)n;
		CHECK_INT(linear->learn(state, &m.e, n - 1, n), 0);
	}
	for (int round = 0; round < 30; round++)
		for (int n = 1; n <= 200; n++) {
			m.x[0].slot = (uint32_t)n;
			linear->learn(state, &m.e, n - 1, 200);
		}
	m.x[0].slot = 150;
	linear->predict(state, &m.e, 200, p);
	for (int i = 0; i < 200; i++)
		CHECK(p[i] <= p[149]);
	linear->close(state);
}

static void reasons(void)
{
	void *state = linear->open(&settings);

	made_reasons(linear, state, 3000);
	linear->close(state);
}

int main(void)
{
	RUN("the first step is the rate", first_step);
	RUN("labels may come one by one", more_labels);
	RUN("the strongest features come first", reasons);
	return DONE();
}
