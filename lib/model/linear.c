/*
 * linear: multinomial logistic regression over hashed features.
 *
 *   p = softmax(b + sum of x_i W_i);  a step: against (p - truth) x_i, each weight by rate / sqrt(its squares so far)
 *
 * Rare features keep large steps, frequent ones settle: no schedule of rates is needed, and the order of examples
 * matters little.  Rows of weights follow the numbers of features, so that the memory and the file are as
 * large as what was seen.  The first step is ten times
 * classifier.learning_rate.
 *
 * Cost   features x labels, one pass to predict and one more to learn.
 * After  Duchi, Hazan and Singer, "Adaptive subgradient methods", JMLR 2011 (AdaGrad).
 */
#include "learn/model.h"

#include <math.h>
#include <stdlib.h>

#define RATE_FACTOR 10
#define BIAS_FACTOR 0.1f /* the bias is there in every example; its first step is smaller */
#define LANES       4    /* rows are padded to whole vectors */

struct linear {
	float rate;
	int n_labels, stride; /* stride: labels that a row has room for */
	float *w; /* [rows_room][2][stride] by feature number: weights, then sums of squares; row 0 is the bias */
	uint32_t n_rows, rows_room;
	float *score; /* [stride] */
};

static void linear_reset(void *state)
{
	struct linear *m = state;

	free(m->w);
	m->w = NULL;
	m->rows_room = 0;
	m->stride = 0;
	m->n_rows = 1;
	m->n_labels = 0;
}

static void linear_close(void *state)
{
	struct linear *m = state;

	if (!m)
		return;
	free(m->w);
	free(m->score);
	free(m);
}

static void *linear_open(const struct qos_model_settings *settings)
{
	struct linear *m = calloc(1, sizeof(*m));

	if (!m)
		return NULL;
	m->rate = (float)settings->learning_rate * RATE_FACTOR;
	linear_reset(m);
	return m;
}

/* Room for so many rows of so many labels. */
static int grow(struct linear *m, uint32_t rows, int stride)
{
	float *w = calloc((size_t)rows * 2 * (size_t)stride, sizeof(*w)), *score;

	if (!w || !(score = realloc(m->score, (size_t)stride * sizeof(*score)))) {
		free(w);
		return -1;
	}
	m->score = score;
	for (uint32_t r = 0; m->w && r < m->n_rows; r++)
		for (int k = 0; k < 2; k++)
			memcpy(w + ((size_t)r * 2 + (size_t)k) * (size_t)stride,
			       m->w + ((size_t)r * 2 + (size_t)k) * (size_t)m->stride, (size_t)m->stride * sizeof(*w));
	free(m->w);
	m->w = w;
	m->rows_room = rows;
	m->stride = stride;
	return 0;
}

/* Room for n_labels, and for features up to this number. */
static int make_room(struct linear *m, int n_labels, uint32_t last)
{
	int stride = m->stride;
	uint32_t rows = m->rows_room;

	while (stride < n_labels)
		stride = stride < 8 ? stride + LANES : stride + stride / 2 / LANES * LANES;
	while (rows <= last)
		rows = rows ? 2 * rows : 1024;
	if ((stride != m->stride || rows != m->rows_room) && grow(m, rows, stride))
		return -1;
	m->n_labels = n_labels > m->n_labels ? n_labels : m->n_labels;
	m->n_rows = last >= m->n_rows ? last + 1 : m->n_rows;
	return 0;
}

/* the compiler makes vector code of the two inner loops, which no other part needs */
#define VECTORS __attribute__((optimize("O3", "no-math-errno", "no-trapping-math")))

/* score += x * w over whole vectors */
VECTORS static void add_row(float *restrict score, const float *restrict w, float x, int n)
{
	for (int c = 0; c < n; c += LANES)
		for (int k = 0; k < LANES; k++)
			score[c + k] += w[c + k] * x;
}

static int padded(int n)
{
	return (n + LANES - 1) / LANES * LANES;
}

static float *row(const struct linear *m, uint32_t number)
{
	return m->w + (size_t)number * 2 * (size_t)m->stride;
}

/* probabilities of the known labels into m->score */
static void evaluate(struct linear *m, const struct qos_example *e)
{
	int n = padded(m->n_labels);

	memcpy(m->score, m->w, (size_t)n * sizeof(*m->score));
	for (int i = 0; i < e->n; i++) /* all are on their way before the first is needed */
		__builtin_prefetch(row(m, e->x[i].slot));
	for (int i = 0; i < e->n; i++)
		if (e->x[i].slot < m->n_rows)
			add_row(m->score, row(m, e->x[i].slot), e->x[i].value, n);
	qos_softmax(m->score, m->n_labels);
}

static void linear_predict(void *state, const struct qos_example *e, int n_labels, double *p)
{
	struct linear *m = state;

	for (int c = 0; c < n_labels; c++)
		p[c] = 0;
	if (m->n_labels == 0)
		return;
	evaluate(m, e);
	for (int c = 0; c < m->n_labels && c < n_labels; c++)
		p[c] = m->score[c];
}

VECTORS static void step(struct linear *m, float *restrict w, const float *restrict off, float x, float rate, int n)
{
	float *restrict squares = w + m->stride;

	for (int c = 0; c < n; c += LANES) {
		for (int k = 0; k < LANES; k++) {
			float d = off[c + k] * x;

			squares[c + k] += d * d;
			w[c + k] -= rate * d / sqrtf(squares[c + k] + 1e-12f);
		}
	}
}

static int linear_learn(void *state, const struct qos_example *e, int label, int n_labels)
{
	struct linear *m = state;
	uint32_t last = 0;
	int n;

	for (int i = 0; i < e->n; i++)
		last = e->x[i].slot > last ? e->x[i].slot : last;
	if (make_room(m, n_labels, last))
		return -1;
	n = padded(m->n_labels);
	evaluate(m, e);
	for (int c = m->n_labels; c < n; c++)
		m->score[c] = 0;
	m->score[label] -= 1;
	step(m, m->w, m->score, 1, m->rate * BIAS_FACTOR, n);
	for (int i = 0; i < e->n; i++)
		step(m, row(m, e->x[i].slot), m->score, e->x[i].value, m->rate, n);
	return 0;
}

static void linear_save(const void *state, struct qos_container_out *o)
{
	const struct linear *m = state;

	qos_container_section(o, "line");
	qos_container_u32(o, (uint32_t)m->n_labels);
	qos_container_u32(o, m->n_labels ? m->n_rows : 0);
	for (uint32_t r = 0; m->n_labels && r < m->n_rows; r++) {
		const float *w = row(m, r);

		qos_container_f32s(o, w, (size_t)m->n_labels);
		qos_container_f32s(o, w + m->stride, (size_t)m->n_labels);
	}
}

static int linear_load(void *state, const struct qos_container *c, int n_labels)
{
	struct linear *m = state;
	struct qos_section s;
	uint32_t n, rows;

	if (!qos_container_find(c, "line", &s))
		return -1;
	n = qos_section_u32(&s);
	rows = qos_section_u32(&s);
	if (n > (uint32_t)n_labels || (n == 0) != (rows == 0) || !qos_section_has(&s, rows, 8 * (size_t)n + (n == 0)) ||
	    rows > QOS_FEATURE_SLOTS + 1)
		return -1;
	if (rows && make_room(m, (int)n, rows - 1))
		return -1;
	for (uint32_t r = 0; r < rows; r++) {
		float *w = row(m, r);

		qos_section_f32s(&s, w, n);
		qos_section_f32s(&s, w + m->stride, n);
	}
	m->n_rows = rows ? rows : 1;
	return s.p == s.end ? 0 : -1;
}

static void linear_describe(const void *state, struct qos_buf *text)
{
	const struct linear *m = state;

	qos_buf_printf(text, "%u features, %d labels", m->n_rows - 1, m->n_labels);
}

/* Against the mean over the labels: a weight that all labels share says nothing. */
static int linear_explain(void *state, const struct qos_example *e, int label, struct qos_reason reason[QOS_REASONS])
{
	const struct linear *m = state;
	int n = 0;

	for (int i = 0; label < m->n_labels && i < e->n; i++) {
		const float *w = row(m, e->x[i].slot);
		double mean = 0;

		if (e->x[i].slot >= m->n_rows)
			continue;
		for (int c = 0; c < m->n_labels; c++)
			mean += w[c] / m->n_labels;
		n = qos_reasons_add(reason, n,
				    (struct qos_reason){ e->x[i].slot, -1, (w[label] - mean) * e->x[i].value });
	}
	return n;
}

const struct qos_model qos_model_linear = {
	.name = "linear",
	.summary = "multinomial logistic regression over hashed features",
	.weighs = true,
	.open = linear_open,
	.close = linear_close,
	.predict = linear_predict,
	.learn = linear_learn,
	.reset = linear_reset,
	.save = linear_save,
	.load = linear_load,
	.describe = linear_describe,
	.explain = linear_explain,
};
