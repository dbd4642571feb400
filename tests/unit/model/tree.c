/* What is special about tree. */
#include "tests/unit/model/model.h"

static const struct qos_model *const tree = &qos_model_tree;

/* The label is a number's side of 3, in noise that says nothing. */
static void show(struct qos_rng *rng, struct made *m, bool turned)
{
	made_next(m, rng);
	m->label = (m->attribute[1].number > 3) != turned;
}

static int right(const struct qos_model *m, void *state, struct qos_rng *rng, bool turned)
{
	struct made made;
	double p[2];
	int n = 0;

	for (int i = 0; i < 1000; i++) {
		show(rng, &made, turned);
		m->predict(state, &made.e, 2, p);
		n += p[made.label] > 0.5;
	}
	return n;
}

static void splits(void)
{
	struct qos_model_settings settings = { 0.01, false };
	void *state = tree->open(&settings);
	struct qos_buf text = { 0 };
	struct qos_rng rng;
	struct made m;

	qos_rng_seed(&rng, 3);
	for (int i = 0; i < 4000; i++) {
		show(&rng, &m, false);
		CHECK_INT(tree->learn(state, &m.e, m.label, 2), 0);
	}
	tree->describe(state, &text);
	CHECK(atoi(text.p) >= 3);
	CHECK(right(tree, state, &rng, false) > 970);
	qos_buf_free(&text);
	tree->close(state);
}

/* When the truth turns round, the one that forgets is right again sooner. */
static void drift(void)
{
	int after[2];

	for (int adaptive = 0; adaptive < 2; adaptive++) {
		struct qos_model_settings settings = { 0.01, adaptive };
		void *state = tree->open(&settings);
		struct qos_rng rng;
		struct made m;

		qos_rng_seed(&rng, 3);
		for (int i = 0; i < 6000; i++) {
			show(&rng, &m, i >= 5600);
			tree->learn(state, &m.e, m.label, 2);
		}
		after[adaptive] = right(tree, state, &rng, true);
		tree->close(state);
	}
	CHECK(after[1] > 900 && after[1] > after[0] + 300);
}

/* It answers only while labels come, and sees that they alternate. */
static void recent(void)
{
	struct qos_model_settings settings = { 0.01, true };
	const struct qos_model *m = &qos_model_recent;
	void *state = m->open(&settings);
	struct qos_example e = { .recent = { -1, -1, -1 }, .n_recent = QOS_RECENT };
	double p[2];

	for (int i = 0; i < 500; i++) {
		CHECK_INT(m->learn(state, &e, i % 2, 2), 0);
		e.recent[0] = i % 2;
	}
	m->predict(state, &e, 2, p);
	CHECK(p[0] > 0.9);
	e.n_recent = 0;
	m->predict(state, &e, 2, p);
	CHECK(p[0] == 0 && p[1] == 0);
	m->close(state);
}

int main(void)
{
	RUN("it finds the number that decides", splits);
	RUN("it forgets what is no longer true, if it is to", drift);
	RUN("recent labels are read while they come", recent);
	return DONE();
}
