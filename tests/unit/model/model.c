/* What every model owes, run over the table. */
#include "tests/unit/model/model.h"

static const struct qos_model_settings settings = { 0.01, true };
static struct qos_err err;

static void *teach(const struct qos_model *m, void *state, struct qos_rng *rng, int n)
{
	struct made made;

	for (int i = 0; i < n; i++) {
		made_next(&made, rng);
		CHECK_INT(m->learn(state, &made.e, made.label, 3), 0);
	}
	return state;
}

static void save(const struct qos_model *m, const void *state, const char *path)
{
	struct qos_container_out o;

	qos_container_begin(&o, "modelfil", 1);
	m->save(state, &o);
	CHECK_INT(qos_container_save(&o, path, &err), 0);
}

static bool same_bytes(const char *a, const char *b)
{
	struct qos_container x, y;
	bool same;

	CHECK(!qos_container_open(&x, a, "modelfil", 1, &err) && !qos_container_open(&y, b, "modelfil", 1, &err));
	same = x.n_bytes == y.n_bytes && memcmp(x.bytes, y.bytes, x.n_bytes) == 0;
	qos_container_close(&x);
	qos_container_close(&y);
	return same;
}

static void learns(void)
{
	for (int k = 0; qos_models[k]; k++) {
		const struct qos_model *m = qos_models[k];
		void *state = m->open(&settings);
		struct qos_rng rng;
		struct made made;
		double p[3];
		int right = 0;

		qos_rng_seed(&rng, 5);
		made_next(&made, &rng);
		m->predict(state, &made.e, 3, p); /* before it knows anything */
		teach(m, state, &rng, 6000);
		for (int i = 0; i < 1000; i++) {
			made_next(&made, &rng);
			m->predict(state, &made.e, 3, p);
			CHECK(p[0] >= 0 && p[1] >= 0 && p[2] >= 0 && p[0] + p[1] + p[2] > 0.999 &&
			      p[0] + p[1] + p[2] < 1.001);
			right += p[made.label] >= p[0] && p[made.label] >= p[1] && p[made.label] >= p[2];
		}
		if (right < 880) /* 933 of 1000 can be known */
			printf("# %s: %d right\n", m->name, right);
		CHECK(right >= 880);
		m->close(state);
	}
}

static void saves(void)
{
	char a[] = "/tmp/qos-model-a-XXXXXX", b[] = "/tmp/qos-model-b-XXXXXX";

	close(mkstemp(a));
	close(mkstemp(b));
	for (int k = 0; qos_models[k]; k++) {
		const struct qos_model *m = qos_models[k];
		struct qos_container c;
		struct qos_rng rng;
		void *state;

		qos_rng_seed(&rng, 5);
		state = teach(m, teach(m, m->open(&settings), &rng, 2500), &rng, 2500);
		save(m, state, a);
		m->close(state);
		qos_rng_seed(&rng, 5);
		state = teach(m, m->open(&settings), &rng, 2500);
		save(m, state, b);
		m->close(state);
		state = m->open(&settings);
		CHECK_INT(qos_container_open(&c, b, "modelfil", 1, &err), 0);
		CHECK_INT(m->load(state, &c, 3), 0);
		qos_container_close(&c);
		teach(m, state, &rng, 2500);
		save(m, state, b);
		if (!same_bytes(a, b))
			printf("# %s\n", m->name);
		CHECK(same_bytes(a, b));
		m->reset(state);
		qos_rng_seed(&rng, 5);
		save(m, teach(m, state, &rng, 5000), b);
		if (!same_bytes(a, b))
			printf("# %s after reset\n", m->name);
		CHECK(same_bytes(a, b));
		m->close(state);
	}
	unlink(a);
	unlink(b);
}

static void found(void)
{
	CHECK(qos_model_find(QOS_STR("linear")) == &qos_model_linear);
	CHECK(qos_model_find(QOS_STR("oracle")) == NULL);
}

int main(void)
{
	RUN("it learns what can be learned", learns);
	RUN("learning, saving, loading and learning on is learning at once, byte for byte; reset forgets", saves);
	RUN("models are found by name", found);
	return DONE();
}
