/*
 * nn: a neural network of one hidden layer over hashed features.
 *
 *   z = sum of x_i V_i;  h = z / (1 + |z|), and one h that is always 1;  p = softmax(U h)
 *
 * It finds what features say together and none says alone, where linear sees their sum.  Examples are learned in
 * batches of 16: of each the gradient of the cross entropy, then one step of Adam of every row that the batch touched
 * (of the others, moments rest as well: most features are rare).  V begins at zero, so that what was never seen says
 * nothing; U begins with small numbers of a fixed seed, so that the hidden units differ.  A batch that has begun is
 * saved too.  The step is a fifth of classifier.learning_rate.
 *
 * Cost   features x 32 + labels x 32 to predict, three times that to learn.  400 bytes for a feature.
 * After  Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015; softsign: Bergstra et al., 2009.
 */
#include <math.h>
#include <stdlib.h>

#include "base/rng.h"
#include "learn/model.h"

#define HIDDEN      32 /* the last one is always 1 */
#define BATCH       16
#define BETA1       0.9f
#define BETA2       0.999f
#define EPSILON     1e-7f
#define SETTLED     10000 /* steps after which the moments need no correction */
#define RATE_FACTOR 0.2f
#define SPREAD      0.5 /* of the first weights of labels, around 0 */

struct row { /* the weights of a feature, or of a label */
	float w[HIDDEN], m[HIDDEN], v[HIDDEN];
	uint32_t n_steps;
	uint32_t at; /* its gradient in the batch that is being learned, from 1; 0: none yet */
};

struct waiting { /* an example of the batch */
	size_t first;
	int n, label;
};

struct nn {
	float rate;
	int n_labels, labels_room;
	struct row *label;   /* [labels_room] */
	struct row *feature; /* [rows_room] by number; 0 is always there */
	uint32_t n_rows, rows_room;
	struct waiting batch[BATCH];
	int n_batch;
	struct qos_feature *x; /* [x_room] of the batch */
	size_t n_x, x_room;
	float (*gradient)[HIDDEN]; /* [gradients_room], and whose they are: */
	struct row **touched;
	uint32_t n_touched, gradients_room;
	float h[HIDDEN], *score; /* of one example; [labels_room] */
};

static void nn_reset(void *state)
{
	struct nn *m = state;

	free(m->label);
	free(m->feature);
	m->label = m->feature = NULL;
	m->rows_room = 0;
	m->n_rows = 1;
	m->n_labels = m->labels_room = m->n_batch = 0;
	m->n_x = 0;
}

static void nn_close(void *state)
{
	struct nn *m = state;

	if (!m)
		return;
	nn_reset(m);
	free(m->x);
	free(m->gradient);
	free(m->touched);
	free(m->score);
	free(m);
}

static void *nn_open(const struct qos_model_settings *settings)
{
	struct nn *m = calloc(1, sizeof(*m));

	if (!m)
		return NULL;
	m->rate = (float)settings->learning_rate * RATE_FACTOR;
	nn_reset(m);
	return m;
}

/* --- room --- */

static int make_labels(struct nn *m, int n)
{
	int room = m->labels_room ? m->labels_room : 8;
	struct row *label;
	float *score;

	while (room < n)
		room *= 2;
	if (room != m->labels_room) {
		if (!(label = realloc(m->label, (size_t)room * sizeof(*label))))
			return -1;
		m->label = label;
		if (!(score = realloc(m->score, (size_t)room * sizeof(*score))))
			return -1;
		m->score = score;
		m->labels_room = room;
	}
	for (; m->n_labels < n; m->n_labels++) {
		struct row *r = &m->label[m->n_labels];
		struct qos_rng rng;

		*r = (struct row){ 0 };
		qos_rng_seed(&rng, (uint64_t)m->n_labels + 1);
		for (int k = 0; k < HIDDEN - 1; k++)
			r->w[k] = (float)(SPREAD * (2 * qos_rng_uniform(&rng) - 1));
	}
	return 0;
}

static int make_rows(struct nn *m, uint32_t last)
{
	uint32_t room = m->rows_room;
	struct row *feature;

	while (room <= last)
		room = room ? 2 * room : 1024;
	if (room != m->rows_room) {
		if (!(feature = realloc(m->feature, room * sizeof(*feature))))
			return -1;
		memset(feature + m->rows_room, 0, (room - m->rows_room) * sizeof(*feature));
		m->feature = feature;
		m->rows_room = room;
	}
	if (last >= m->n_rows)
		m->n_rows = last + 1;
	return 0;
}

/* Gradients of so many rows. */
static int make_gradients(struct nn *m, size_t n)
{
	size_t room = 2 * n;
	float(*gradient)[HIDDEN];
	struct row **touched;

	if (n <= m->gradients_room)
		return 0;
	if (!(gradient = realloc(m->gradient, room * sizeof(*gradient))))
		return -1;
	m->gradient = gradient;
	if (!(touched = realloc(m->touched, room * sizeof(struct row *))))
		return -1;
	m->touched = touched;
	m->gradients_room = (uint32_t)room;
	return 0;
}

static int make_x(struct nn *m, size_t n)
{
	struct qos_feature *x;

	if (n <= m->x_room)
		return 0;
	if (!(x = realloc(m->x, 2 * n * sizeof(*x))))
		return -1;
	m->x = x;
	m->x_room = 2 * n;
	return 0;
}

/* --- forward --- */

static void add_times(float *restrict to, const float *restrict w, float x)
{
	for (int k = 0; k < HIDDEN; k++)
		to[k] += x * w[k];
}

static float dot(const float *restrict a, const float *restrict b)
{
	float sum[4] = { 0 };

	for (int k = 0; k < HIDDEN; k += 4)
		for (int i = 0; i < 4; i++)
			sum[i] += a[k + i] * b[k + i];
	return sum[0] + sum[1] + sum[2] + sum[3];
}

/* The hidden units of an example into m->h. */
static void hide(struct nn *m, const struct qos_feature *x, int n)
{
	memcpy(m->h, m->feature[0].w, sizeof(m->h));
	for (int i = 0; i < n; i++)
		if (x[i].slot < m->n_rows)
			__builtin_prefetch(m->feature[x[i].slot].w);
	for (int i = 0; i < n; i++)
		if (x[i].slot < m->n_rows)
			add_times(m->h, m->feature[x[i].slot].w, x[i].value);
	for (int k = 0; k < HIDDEN; k++)
		m->h[k] /= 1 + fabsf(m->h[k]);
	m->h[HIDDEN - 1] = 1;
}

/* Probabilities of the known labels into m->score. */
static void evaluate(struct nn *m, const struct qos_feature *x, int n)
{
	hide(m, x, n);
	for (int c = 0; c < m->n_labels; c++)
		m->score[c] = dot(m->label[c].w, m->h);
	qos_softmax(m->score, m->n_labels);
}

static void nn_predict(void *state, const struct qos_example *e, int n_labels, double *p)
{
	struct nn *m = state;

	memset(p, 0, (size_t)n_labels * sizeof(*p));
	if (m->n_labels == 0)
		return;
	evaluate(m, e->x, e->n);
	for (int c = 0; c < m->n_labels && c < n_labels; c++)
		p[c] = m->score[c];
}

/* --- backward --- */

static float *gradient_of(struct nn *m, struct row *r)
{
	if (!r->at) {
		memset(m->gradient[m->n_touched], 0, sizeof(*m->gradient));
		m->touched[m->n_touched++] = r;
		r->at = m->n_touched;
	}
	return m->gradient[r->at - 1];
}

static void add_gradient(struct nn *m, const struct waiting *e)
{
	const struct qos_feature *x = m->x + e->first;
	float back[HIDDEN] = { 0 };

	evaluate(m, x, e->n);
	for (int c = 0; c < m->n_labels; c++) {
		float off = m->score[c] - (float)(c == e->label);

		add_times(back, m->label[c].w, off);
		add_times(gradient_of(m, &m->label[c]), m->h, off);
	}
	for (int k = 0; k < HIDDEN; k++) {
		float slope = 1 - fabsf(m->h[k]); /* 0 of the one that is always 1 */

		back[k] *= slope * slope;
	}
	add_times(gradient_of(m, &m->feature[0]), back, 1);
	for (int i = 0; i < e->n; i++)
		add_times(gradient_of(m, &m->feature[x[i].slot]), back, x[i].value);
}

static void adam(struct row *r, const float *restrict g, float rate)
{
	float first = 1, second = 1;

	if (r->n_steps < SETTLED) {
		r->n_steps++;
		first = 1 - powf(BETA1, (float)r->n_steps);
		second = 1 - powf(BETA2, (float)r->n_steps);
	}
	rate /= first;
	second = 1 / second;
	for (int k = 0; k < HIDDEN; k++) {
		r->m[k] = BETA1 * r->m[k] + (1 - BETA1) * g[k];
		r->v[k] = BETA2 * r->v[k] + (1 - BETA2) * g[k] * g[k];
		r->w[k] -= rate * r->m[k] / (sqrtf(r->v[k] * second) + EPSILON);
	}
}

static int learn_batch(struct nn *m)
{
	if (make_gradients(m, m->n_x + (size_t)m->n_labels + 1))
		return -1;
	m->n_touched = 0;
	for (int i = 0; i < m->n_batch; i++)
		add_gradient(m, &m->batch[i]);
	for (uint32_t i = 0; i < m->n_touched; i++) {
		adam(m->touched[i], m->gradient[i], m->rate);
		m->touched[i]->at = 0;
	}
	m->n_batch = 0;
	m->n_x = 0;
	return 0;
}

static int nn_learn(void *state, const struct qos_example *e, int label, int n_labels)
{
	struct nn *m = state;
	uint32_t last = 0;

	for (int i = 0; i < e->n; i++)
		last = e->x[i].slot > last ? e->x[i].slot : last;
	if (make_labels(m, n_labels) || make_rows(m, last) || make_x(m, m->n_x + (size_t)e->n))
		return -1;
	if (m->n_batch == BATCH && learn_batch(m)) /* of the last time, when memory had run out */
		return -1;
	if (e->n)
		memcpy(m->x + m->n_x, e->x, (size_t)e->n * sizeof(*m->x));
	m->batch[m->n_batch++] = (struct waiting){ m->n_x, e->n, label };
	m->n_x += (size_t)e->n;
	return m->n_batch == BATCH ? learn_batch(m) : 0;
}

/* --- the file --- */

static void save_row(struct qos_container_out *o, const struct row *r)
{
	qos_container_number(o, r->n_steps);
	if (!r->n_steps)
		return; /* as it began */
	qos_container_f32s(o, r->w, HIDDEN);
	qos_container_f32s(o, r->m, HIDDEN);
	qos_container_f32s(o, r->v, HIDDEN);
}

static void nn_save(const void *state, struct qos_container_out *o)
{
	const struct nn *m = state;

	qos_container_section(o, "nnet");
	qos_container_number(o, (uint64_t)m->n_labels);
	qos_container_number(o, m->feature ? m->n_rows : 0);
	for (int c = 0; c < m->n_labels; c++)
		save_row(o, &m->label[c]);
	for (uint32_t i = 0; m->feature && i < m->n_rows; i++)
		save_row(o, &m->feature[i]);
	qos_container_number(o, (uint64_t)m->n_batch);
	for (int i = 0; i < m->n_batch; i++) {
		const struct waiting *e = &m->batch[i];

		qos_container_number(o, (uint64_t)e->label);
		qos_container_number(o, (uint64_t)e->n);
		for (int k = 0; k < e->n; k++) {
			qos_container_number(o, m->x[e->first + (size_t)k].slot);
			qos_container_f32s(o, &m->x[e->first + (size_t)k].value, 1);
		}
	}
}

static int load_row(struct qos_section *s, struct row *r)
{
	uint64_t n_steps = qos_section_number(s);

	if (n_steps > SETTLED || (n_steps && !qos_section_has(s, 3 * HIDDEN, sizeof(float))))
		return -1;
	r->n_steps = (uint32_t)n_steps;
	if (!n_steps)
		return 0;
	qos_section_f32s(s, r->w, HIDDEN);
	qos_section_f32s(s, r->m, HIDDEN);
	qos_section_f32s(s, r->v, HIDDEN);
	return 0;
}

static int load_waiting(struct nn *m, struct qos_section *s)
{
	uint64_t label = qos_section_number(s), n = qos_section_number(s);

	if (label >= (uint64_t)m->n_labels || !qos_section_has(s, n, 1 + sizeof(float)) || make_x(m, m->n_x + n))
		return -1;
	m->batch[m->n_batch++] = (struct waiting){ m->n_x, (int)n, (int)label };
	for (uint64_t i = 0; i < n; i++) {
		struct qos_feature *x = &m->x[m->n_x++];
		uint64_t slot = qos_section_number(s);

		if (slot >= m->n_rows)
			return -1;
		x->slot = (uint32_t)slot;
		qos_section_f32s(s, &x->value, 1);
	}
	return 0;
}

static int nn_load(void *state, const struct qos_container *c, int n_labels)
{
	struct nn *m = state;
	struct qos_section s;
	uint64_t n, rows, n_batch;

	if (!qos_container_find(c, "nnet", &s))
		return -1;
	n = qos_section_number(&s);
	rows = qos_section_number(&s);
	if (n > (uint64_t)n_labels || (n == 0) != (rows == 0) || rows > QOS_FEATURE_SLOTS + 1 ||
	    !qos_section_has(&s, n + rows, 1))
		return -1;
	if (rows && (make_labels(m, (int)n) || make_rows(m, (uint32_t)rows - 1)))
		return -1;
	for (uint64_t i = 0; i < n; i++)
		if (load_row(&s, &m->label[i]))
			return -1;
	for (uint64_t i = 0; i < rows; i++)
		if (load_row(&s, &m->feature[i]))
			return -1;
	n_batch = qos_section_number(&s);
	if (n_batch >= BATCH)
		return -1;
	while (n_batch--)
		if (load_waiting(m, &s))
			return -1;
	return s.p == s.end ? 0 : -1;
}

static void nn_describe(const void *state, struct qos_buf *text)
{
	const struct nn *m = state;

	qos_buf_printf(text, "%u features, %d hidden units, %d labels", m->n_rows - 1, HIDDEN - 1, m->n_labels);
}

/*
 * By the slope of the score, against the mean over the labels, along each feature: what a little more of it would do
 * here, times how much of it there is.
 */
static int nn_explain(void *state, const struct qos_example *e, int label, struct qos_reason reason[QOS_REASONS])
{
	struct nn *m = state;
	float slope[HIDDEN];
	int n = 0;

	if (label >= m->n_labels)
		return 0;
	hide(m, e->x, e->n);
	for (int k = 0; k < HIDDEN; k++) {
		float mean = 0, flat = 1 - fabsf(m->h[k]);

		for (int c = 0; c < m->n_labels; c++)
			mean += m->label[c].w[k] / (float)m->n_labels;
		slope[k] = (m->label[label].w[k] - mean) * flat * flat;
	}
	for (int i = 0; i < e->n; i++) {
		const struct qos_feature *x = &e->x[i];

		if (x->slot < m->n_rows)
			n = qos_reasons_add(
				reason, n,
				(struct qos_reason){ x->slot, -1,
						     (double)(x->value * dot(m->feature[x->slot].w, slope)) });
	}
	return n;
}

const struct qos_model qos_model_nn = {
	.name = "nn",
	.summary = "neural network of one hidden layer over hashed features",
	.weighs = true,
	.open = nn_open,
	.close = nn_close,
	.predict = nn_predict,
	.learn = nn_learn,
	.reset = nn_reset,
	.save = nn_save,
	.load = nn_load,
	.describe = nn_describe,
	.explain = nn_explain,
};
