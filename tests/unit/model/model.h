/* Examples made up for tests of models: two features, of which the first one tells the label. */
#ifndef TESTS_UNIT_MODEL_MODEL_H
#define TESTS_UNIT_MODEL_MODEL_H

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/rng.h"
#include "model/model.h"
#include "tests/unit/test.h"

struct made {
	struct qos_feature x[3];
	struct qos_attribute attribute[2];
	struct qos_example e;
	int label;
};

/* The label is that of the name (9 of 10 times), unless the number is over 5: then it is the next one, modulo 3. */
static inline void made_next(struct made *m, struct qos_rng *rng)
{
	int name = (int)qos_rng_below(rng, 3);
	float number = (float)qos_rng_uniform(rng) * 10;
	bool over = number > 5;

	m->label = (name + over) % 3;
	m->x[0] = (struct qos_feature){ (uint32_t)(100 + name * 2 + over), 0.8f };
	m->x[1] = (struct qos_feature){ 7, 0.1f };
	m->x[2] = (struct qos_feature){ (uint32_t)(1000 + qos_rng_below(rng, 50)), 0.5f };
	m->attribute[0] = (struct qos_attribute){ .column = 0, .name = (uint32_t)name };
	m->attribute[1] = (struct qos_attribute){ .column = 1, .numeric = true, .number = number };
	if (qos_rng_below(rng, 10) == 0)
		m->label = (int)qos_rng_below(rng, 3);
	m->e = (struct qos_example){ .x = m->x,
				     .n = 3,
				     .n_text = 0,
				     .attribute = m->attribute,
				     .n_attributes = 2,
				     .recent = { -1, -1, -1 },
				     .n_recent = QOS_RECENT };
}

/* After so many examples, the name of the next one is its strongest reason, and the others follow in their order. */
static inline void made_reasons(const struct qos_model *model, void *state, int n)
{
	struct qos_reason reason[QOS_REASONS];
	struct made m;
	struct qos_rng rng;

	qos_rng_seed(&rng, 1);
	for (int i = 0; i < n; i++) {
		made_next(&m, &rng);
		model->learn(state, &m.e, m.label, 3);
	}
	made_next(&m, &rng);
	CHECK_INT(model->explain(state, &m.e, m.label, reason), 3);
	CHECK_INT(reason[0].number, m.x[0].slot);
	CHECK(fabs(reason[0].weight) >= fabs(reason[1].weight) && fabs(reason[1].weight) >= fabs(reason[2].weight));
}

#endif
