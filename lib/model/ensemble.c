/*
 * ensemble: linear, tree and recent vote by how right they have been lately.
 *
 *   vote = (a / (1 - a))^4,  a = running accuracy: of the last hundreds of examples, older ones fade
 *
 * The power makes the vote of the best one count most, so that the whole is hardly ever worse than it; the fading lets
 * another one take over when what is true changes.  A member that has nothing to say (recent, where labels do not come)
 * does not vote.
 *
 * Cost   that of its members.
 * After  Littlestone and Warmuth, "The weighted majority algorithm", 1994, with odds for weights.
 */
#include <math.h>
#include <stdlib.h>

#include "learn/model.h"
#include "model/model.h"

#define MEMBERS 3
#define FADE    0.002 /* of the running accuracy, per example */

static const struct qos_model *const members[MEMBERS] = { &qos_model_linear, &qos_model_tree, &qos_model_recent };

struct ensemble {
	void *state[MEMBERS];
	float accuracy[MEMBERS];
	double *p; /* [MEMBERS][QOS_LABELS_MOST] */
	double *sum;
};

static void ensemble_close(void *state)
{
	struct ensemble *m = state;

	for (int k = 0; m && k < MEMBERS; k++)
		if (m->state[k])
			members[k]->close(m->state[k]);
	if (m)
		free(m->p);
	free(m);
}

static void ensemble_reset(void *state)
{
	struct ensemble *m = state;

	for (int k = 0; k < MEMBERS; k++) {
		members[k]->reset(m->state[k]);
		m->accuracy[k] = 0.5f;
	}
}

static void *ensemble_open(const struct qos_model_settings *settings)
{
	struct ensemble *m = calloc(1, sizeof(*m));
	bool whole = m && (m->p = calloc((MEMBERS + 1) * QOS_LABELS_MOST, sizeof(*m->p)));

	for (int k = 0; whole && k < MEMBERS; k++)
		whole = (m->state[k] = members[k]->open(settings)) != NULL;
	if (!whole) {
		ensemble_close(m);
		return NULL;
	}
	m->sum = m->p + (size_t)MEMBERS * QOS_LABELS_MOST;
	ensemble_reset(m);
	return m;
}

static double vote(const struct ensemble *m, int k)
{
	double a = m->accuracy[k] < 0.999f ? m->accuracy[k] : 0.999;

	return pow(a / (1 - a), 4) + 1e-9;
}

static double *answer(struct ensemble *m, int k)
{
	return m->p + (size_t)k * QOS_LABELS_MOST;
}

static void ensemble_predict(void *state, const struct qos_example *e, int n_labels, double *p)
{
	struct ensemble *m = state;
	double all = 0;

	memset(p, 0, (size_t)n_labels * sizeof(*p));
	for (int k = 0; k < MEMBERS; k++) {
		double v = vote(m, k), said = 0;

		members[k]->predict(m->state[k], e, n_labels, answer(m, k));
		for (int c = 0; c < n_labels; c++) {
			said += answer(m, k)[c];
			p[c] += v * answer(m, k)[c];
		}
		all += said > 0 ? v : 0;
	}
	for (int c = 0; c < n_labels && all > 0; c++)
		p[c] /= all;
}

static int ensemble_learn(void *state, const struct qos_example *e, int label, int n_labels)
{
	struct ensemble *m = state;
	int rc = 0;

	for (int k = 0; k < MEMBERS; k++) {
		double *p = answer(m, k), sum = 0;
		int best = 0;

		members[k]->predict(m->state[k], e, n_labels, p);
		for (int c = 0; c < n_labels; c++) {
			sum += p[c];
			best = p[c] > p[best] ? c : best;
		}
		if (sum > 0)
			m->accuracy[k] += (float)FADE * ((float)(best == label) - m->accuracy[k]);
		rc |= members[k]->learn(m->state[k], e, label, n_labels);
	}
	return rc;
}

static void ensemble_save(const void *state, struct qos_container_out *o)
{
	const struct ensemble *m = state;

	qos_container_section(o, "vote");
	qos_container_f32s(o, m->accuracy, MEMBERS);
	for (int k = 0; k < MEMBERS; k++)
		members[k]->save(m->state[k], o);
}

static int ensemble_load(void *state, const struct qos_container *c, int n_labels)
{
	struct ensemble *m = state;
	struct qos_section s;

	if (!qos_container_find(c, "vote", &s))
		return -1;
	qos_section_f32s(&s, m->accuracy, MEMBERS);
	for (int k = 0; k < MEMBERS; k++)
		if (members[k]->load(m->state[k], c, n_labels))
			return -1;
	return s.p == s.end ? 0 : -1;
}

static void ensemble_describe(const void *state, struct qos_buf *text)
{
	const struct ensemble *m = state;

	for (int k = 0; k < MEMBERS; k++) {
		qos_buf_printf(text, "%s%s (accuracy %.3f, ", k ? "; " : "", members[k]->name, (double)m->accuracy[k]);
		members[k]->describe(m->state[k], text);
		qos_buf_puts(text, ")");
	}
}

const struct qos_model qos_model_ensemble = {
	.name = "ensemble",
	.summary = "linear, tree and recent, which vote by how right they have been lately",
	.weighs = true,
	.open = ensemble_open,
	.close = ensemble_close,
	.predict = ensemble_predict,
	.learn = ensemble_learn,
	.reset = ensemble_reset,
	.save = ensemble_save,
	.load = ensemble_load,
	.describe = ensemble_describe,
};
