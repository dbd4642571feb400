/* What is special about ensemble. */
#include "tests/unit/model/model.h"

/* Only the attributes tell the label, then only the features do: the vote goes to the member that knows. */
static void votes(void)
{
	const struct qos_model *m = &qos_model_ensemble;
	struct qos_model_settings settings = { 0.01, true };
	void *state = m->open(&settings);
	struct qos_rng rng;
	double p[2];
	int right = 0;

	qos_rng_seed(&rng, 9);
	for (int i = 0; i < 8000; i++) {
		struct made made;
		int label;

		made_next(&made, &rng);
		label = made.attribute[1].number > 4;
		if (i >= 4000) {
			label = (int)(made.x[2].slot % 2);
			made.attribute[1].number = 1;
		} else {
			made.x[0].slot = 5;
		}
		m->predict(state, &made.e, 2, p);
		right += i % 4000 >= 2000 && p[label] > 0.5;
		CHECK_INT(m->learn(state, &made.e, label, 2), 0);
	}
	CHECK(right > 3700); /* of 4000 */
	m->close(state);
}

int main(void)
{
	RUN("who has been right lately decides", votes);
	return DONE();
}
