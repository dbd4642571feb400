/*
 * tree: a Hoeffding tree over the record's own fields, with Naive Bayes in its leaves.
 *
 * A leaf counts, for each attribute, what it looked like under each label: names by value, numbers as a Gaussian.
 * Once in a while it asks which question would tell most about the label (information gain), and becomes that
 * question when the best leads the second best by more than chance: sqrt(R^2 ln(1/delta) / 2n), R = log2 labels.
 * Questions have two answers: is it this name, is it at most this number; a record without the attribute answers no.
 * A leaf answers by Naive Bayes or by its most frequent label, whichever has been right more often there.
 *
 * With adaptive_learning a leaf halves its counts every FADE_AT/2 examples, so that its answers, and the question
 * that it becomes, are about what is true now: a decaying rate.  A window that finds its own length (ADWIN) would
 * need one at every leaf to tell as much, at many times the cost.
 *
 * The same attribute as a name and as a number is two attributes.  Recent labels of the stream are attributes of
 * `recent`, the same tree under another name.
 *
 * Cost   attributes x labels at one leaf; memory is bounded by NODES_MOST.
 * After  Domingos and Hulten, "Mining high-speed data streams", KDD 2000; Gama et al. 2003 (adaptive Naive Bayes
 * leaves).
 */
#include "learn/model.h"

#include <math.h>
#include <stdlib.h>

#define FADE_AT    200  /* examples of a leaf after which all that it counted is halved */
#define GRACE      100  /* examples of a leaf between two tries to split it */
#define DELTA      1e-3 /* how seldom a question may be the wrong one */
#define TIE        0.05 /* of R: chance alone leads by less than this, so that the lead no longer matters */
#define CUTS       12   /* places between least and most of a number that are tried */
#define NAMES_MOST 64   /* names that a leaf counts for an attribute; others are seen as none */
#define NODES_MOST 4000
#define WATCH_MOST 512 /* attributes that a leaf counts */

/* Of an attribute under one label. */
struct gauss {
	float n, mean, m2;
};

struct watch {
	int attribute; /* column x 2 + numeric */
	float least, most;
	struct gauss *gauss;                /* numeric: [n_labels] */
	uint32_t name[NAMES_MOST], n_names; /* else: which, and how often under each label */
	float *count;                       /* [NAMES_MOST][n_labels] */
};

struct node {
	int attribute; /* -1: a leaf */
	uint32_t name;
	float cut;
	struct node *yes, *no;
	/* leaf */
	int n_labels;
	float *n_with; /* [n_labels] */
	float n, seen; /* examples, older ones faded; all of them */
	float bayes_right, most_right;
	struct watch *watch; /* [n_watch] */
	int n_watch;
	bool last; /* there is no room for more nodes */
};

struct tree {
	struct node *root;
	int n_nodes;
	double *p; /* [QOS_LABELS_MOST] */
	bool recent, fades;
};

static struct node *leaf(struct tree *t)
{
	struct node *node = calloc(1, sizeof(*node));

	if (node)
		node->attribute = -1;
	t->n_nodes += node != NULL;
	return node;
}

static void empty_leaf(struct node *node)
{
	for (int i = 0; i < node->n_watch; i++) {
		free(node->watch[i].gauss);
		free(node->watch[i].count);
	}
	free(node->watch);
	free(node->n_with);
	node->watch = NULL;
	node->n_with = NULL;
	node->n_watch = 0;
}

static void free_node(struct node *node)
{
	if (!node)
		return;
	free_node(node->yes);
	free_node(node->no);
	empty_leaf(node);
	free(node);
}

static void tree_close(void *state)
{
	struct tree *t = state;

	if (!t)
		return;
	free_node(t->root);
	free(t->p);
	free(t);
}

static void tree_reset(void *state)
{
	struct tree *t = state;

	free_node(t->root);
	t->n_nodes = 0;
	t->root = leaf(t);
}

static void *tree_open(const struct qos_model_settings *settings)
{
	struct tree *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->fades = settings->adaptive;
	t->p = calloc(QOS_LABELS_MOST, sizeof(*t->p));
	tree_reset(t);
	if (!t->p || !t->root) {
		tree_close(t);
		return NULL;
	}
	return t;
}

static void *recent_open(const struct qos_model_settings *settings)
{
	struct tree *t = tree_open(settings);

	if (t)
		t->recent = true;
	return t;
}

/* Attribute number i of an example, recent labels behind the record's own. */
static struct qos_attribute attribute(const struct qos_example *e, int i)
{
	if (i < e->n_attributes)
		return e->attribute[i];
	return (struct qos_attribute){ .column = (uint16_t)(QOS_FIELDS_MOST + i - e->n_attributes),
				       .name = (uint32_t)e->recent[i - e->n_attributes] };
}

static int n_attributes(const struct tree *t, const struct qos_example *e)
{
	return e->n_attributes + (t->recent ? e->n_recent : 0);
}

static bool answers_yes(const struct tree *t, const struct node *node, const struct qos_example *e)
{
	for (int i = 0; i < n_attributes(t, e); i++) {
		struct qos_attribute a = attribute(e, i);

		if (a.column * 2 + a.numeric == node->attribute)
			return a.numeric ? a.number <= node->cut : a.name == node->name;
	}
	return false;
}

static struct node *find_leaf(const struct tree *t, const struct qos_example *e)
{
	struct node *node = t->root;

	while (node->attribute >= 0)
		node = answers_yes(t, node, e) ? node->yes : node->no;
	return node;
}

/* i	where it is likely to be: examples have their attributes in much the same order */
static struct watch *find_watch(const struct node *node, int number, int i)
{
	if (i < node->n_watch && node->watch[i].attribute == number)
		return &node->watch[i];
	for (i = 0; i < node->n_watch; i++)
		if (node->watch[i].attribute == number)
			return &node->watch[i];
	return NULL;
}

static int find_name(const struct watch *w, uint32_t name)
{
	for (uint32_t i = 0; i < w->n_names; i++)
		if (w->name[i] == name)
			return (int)i;
	return -1;
}

static double variance(const struct gauss *g)
{
	return g->n > 1 ? g->m2 / (g->n - 1) : 0;
}

/* Adds an attribute's log-likelihood under each label. */
static void bayes_attribute(const struct node *node, const struct watch *w, struct qos_attribute a, double *p)
{
	int k = a.numeric ? 0 : find_name(w, a.name);
	/* no number is more exact than a thousandth of its range */
	double floor_ = a.numeric ? 1e-6 * ((double)w->most - w->least) * ((double)w->most - w->least) + 1e-12 : 0;

	for (int c = 0; c < node->n_labels; c++) {
		const struct gauss *g = a.numeric ? &w->gauss[c] : NULL;

		if (!g)
			p[c] += log(((k < 0 ? 0 : w->count[k * node->n_labels + c]) + 0.5) /
				    (node->n_with[c] + 0.5 * (w->n_names + 1)));
		else if (g->n > 0) {
			double v = variance(g) + floor_, off = (double)a.number - g->mean;

			p[c] -= 0.5 * (log(v) + off * off / v);
		} else
			p[c] -= 10; /* never seen there */
	}
}

/* From log-likelihoods to probabilities. */
static void normalise(double *p, int n)
{
	double most = p[0], sum = 0;

	for (int c = 1; c < n; c++)
		most = p[c] > most ? p[c] : most;
	for (int c = 0; c < n; c++)
		sum += p[c] = exp(p[c] - most);
	for (int c = 0; c < n; c++)
		p[c] /= sum;
}

static void bayes(const struct tree *t, const struct node *node, const struct qos_example *e, double *p)
{
	for (int c = 0; c < node->n_labels; c++)
		p[c] = log((node->n_with[c] + 1e-3) / (node->n + 1));
	for (int i = 0; i < n_attributes(t, e); i++) {
		struct qos_attribute a = attribute(e, i);
		const struct watch *w = find_watch(node, a.column * 2 + a.numeric, i);

		if (w)
			bayes_attribute(node, w, a, p);
	}
	normalise(p, node->n_labels);
}

static int most_of(const struct node *node)
{
	int best = 0;

	for (int c = 1; c < node->n_labels; c++)
		best = node->n_with[c] > node->n_with[best] ? c : best;
	return best;
}

static void tree_predict(void *state, const struct qos_example *e, int n_labels, double *p)
{
	const struct tree *t = state;
	const struct node *node = find_leaf(t, e);

	for (int c = 0; c < n_labels; c++)
		p[c] = 0;
	if (!node->n_labels || node->n_labels > n_labels || (t->recent && !e->n_recent))
		return;
	if (node->bayes_right > node->most_right) {
		bayes(t, node, e, p);
		return;
	}
	for (int c = 0; c < node->n_labels; c++)
		p[c] = ((double)node->n_with[c] + 0.1) / (node->n + 0.1 * node->n_labels);
}

/* Room for more labels than before in everything that a leaf counts. */
static int widen(struct node *node, int n_labels)
{
	float *n_with;

	if (n_labels <= node->n_labels)
		return 0;
	if (!(n_with = realloc(node->n_with, (size_t)n_labels * sizeof(*n_with))))
		return -1;
	memset(n_with + node->n_labels, 0, (size_t)(n_labels - node->n_labels) * sizeof(*n_with));
	node->n_with = n_with;
	for (int i = 0; i < node->n_watch; i++) {
		struct watch *w = &node->watch[i];
		struct gauss *g = w->gauss ? calloc((size_t)n_labels, sizeof(*g)) : NULL;
		float *count = w->count ? calloc((size_t)n_labels * NAMES_MOST, sizeof(*count)) : NULL;

		if (w->gauss && g)
			memcpy(g, w->gauss, (size_t)node->n_labels * sizeof(*g));
		for (int k = 0; count && k < NAMES_MOST; k++)
			memcpy(count + k * n_labels, w->count + k * node->n_labels,
			       (size_t)node->n_labels * sizeof(*count));
		free(w->gauss);
		free(w->count);
		w->gauss = g;
		w->count = count;
		if (!g && !count) { /* without memory the attribute is forgotten */
			node->watch[i--] = node->watch[--node->n_watch];
		}
	}
	node->n_labels = n_labels;
	return 0;
}

static struct watch *add_watch(struct node *node, struct qos_attribute a)
{
	struct watch *w;

	if (node->n_watch == WATCH_MOST)
		return NULL;
	if ((node->n_watch & (node->n_watch - 1)) == 0) { /* a power of two: full */
		int room = node->n_watch ? 2 * node->n_watch : 1;

		if (!(w = realloc(node->watch, (size_t)room * sizeof(*w))))
			return NULL;
		node->watch = w;
	}
	w = &node->watch[node->n_watch];
	*w = (struct watch){ .attribute = a.column * 2 + a.numeric, .least = a.number, .most = a.number };
	if (a.numeric)
		w->gauss = calloc((size_t)node->n_labels, sizeof(*w->gauss));
	else
		w->count = calloc((size_t)node->n_labels * NAMES_MOST, sizeof(*w->count));
	if (!w->gauss && !w->count)
		return NULL;
	node->n_watch++;
	return w;
}

static void count_attribute(struct node *node, struct qos_attribute a, int label, int i)
{
	struct watch *w = find_watch(node, a.column * 2 + a.numeric, i);
	int k;

	if (!w && !(w = add_watch(node, a)))
		return;
	if (a.numeric) {
		struct gauss *g = &w->gauss[label];
		float off = a.number - g->mean;

		g->mean += off / ++g->n;
		g->m2 += off * (a.number - g->mean);
		w->least = a.number < w->least ? a.number : w->least;
		w->most = a.number > w->most ? a.number : w->most;
		return;
	}
	if ((k = find_name(w, a.name)) < 0 && w->n_names < NAMES_MOST)
		w->name[k = (int)w->n_names++] = a.name;
	if (k >= 0)
		w->count[k * node->n_labels + label]++;
}

/* --- questions --- */

struct question {
	int attribute;
	uint32_t name;
	float cut;
	double gain;
};

/* n log2 n */
static double weight(double n)
{
	return n > 0 ? n * log2(n) : 0;
}

/* Bits about the label that come with knowing on which side an example is; yes[n_labels]. */
static double gain(const struct node *node, const double *yes)
{
	double all = 0, sum_yes = 0, parts = 0;

	for (int c = 0; c < node->n_labels; c++) {
		double no = node->n_with[c] - yes[c];

		all -= weight(node->n_with[c]);
		parts += weight(yes[c]) + weight(no > 0 ? no : 0);
		sum_yes += yes[c];
	}
	if (sum_yes < 1 || node->n - sum_yes < 1)
		return 0;
	parts -= weight(sum_yes) + weight(node->n - sum_yes);
	return (all + weight(node->n) + parts) / node->n;
}

static void offer(struct question best[2], struct question q)
{
	if (q.gain > best[0].gain) {
		if (best[0].attribute != q.attribute)
			best[1] = best[0];
		best[0] = q;
	} else if (q.gain > best[1].gain && q.attribute != best[0].attribute) {
		best[1] = q;
	}
}

static void try_numbers(const struct node *node, const struct watch *w, double *yes, struct question best[2])
{
	for (int k = 1; k < CUTS && w->most > w->least; k++) {
		double cut = w->least + ((double)w->most - w->least) * k / CUTS;

		for (int c = 0; c < node->n_labels; c++) {
			const struct gauss *g = &w->gauss[c];
			double spread = sqrt(variance(g));

			yes[c] = spread > 0 ? g->n * 0.5 * erfc((g->mean - cut) / (spread * M_SQRT2))
					    : (g->mean <= cut ? (double)g->n : 0);
		}
		offer(best, (struct question){ w->attribute, 0, (float)cut, gain(node, yes) });
	}
}

static void try_names(const struct node *node, const struct watch *w, double *yes, struct question best[2])
{
	for (uint32_t k = 0; k < w->n_names; k++) {
		for (int c = 0; c < node->n_labels; c++)
			yes[c] = w->count[(int)k * node->n_labels + c];
		offer(best, (struct question){ w->attribute, w->name[k], 0, gain(node, yes) });
	}
}

static int labels_seen(const struct node *node)
{
	int n = 0;

	for (int c = 0; c < node->n_labels; c++)
		n += node->n_with[c] > 0;
	return n;
}

/* A new leaf begins as one example of what its parent has seen. */
static int inherit(struct node *node, const struct node *parent)
{
	if (widen(node, parent->n_labels))
		return -1;
	for (int c = 0; c < parent->n_labels; c++)
		node->n_with[c] = parent->n_with[c] / parent->n;
	node->n = 1;
	return 0;
}

/* Becomes a question if one is good enough. */
static void try_split(struct tree *t, struct node *node)
{
	struct question best[2] = { { .attribute = -1 }, { .attribute = -1 } };
	int labels = labels_seen(node);
	double bound;

	if (labels < 2 || t->n_nodes + 2 > NODES_MOST)
		return;
	for (int i = 0; i < node->n_watch; i++) {
		if (node->watch[i].gauss)
			try_numbers(node, &node->watch[i], t->p, best);
		else
			try_names(node, &node->watch[i], t->p, best);
	}
	bound = log2(labels) * sqrt(log(1 / DELTA) / (2 * (double)node->seen));
	if (best[0].attribute < 0 || best[0].gain < 1e-3 ||
	    (best[0].gain - best[1].gain <= bound && bound >= TIE * log2(labels)))
		return;
	node->yes = leaf(t);
	node->no = leaf(t);
	if (!node->yes || !node->no || inherit(node->yes, node) || inherit(node->no, node)) {
		free_node(node->yes);
		free_node(node->no);
		node->yes = node->no = NULL;
		t->n_nodes -= 2;
		return;
	}
	empty_leaf(node);
	node->attribute = best[0].attribute;
	node->name = best[0].name;
	node->cut = best[0].cut;
}

/* Halves what a leaf has counted: the newer half of its examples weighs as much as all that came before. */
static void fade(struct node *node)
{
	for (int i = 0; i < node->n_watch; i++) {
		struct watch *w = &node->watch[i];

		for (int c = 0; w->gauss && c < node->n_labels; c++) {
			w->gauss[c].n /= 2;
			w->gauss[c].m2 /= 2;
		}
		for (int k = 0; w->count && k < (int)w->n_names * node->n_labels; k++)
			w->count[k] /= 2;
	}
	for (int c = 0; c < node->n_labels; c++)
		node->n_with[c] /= 2;
	node->n /= 2;
	node->bayes_right /= 2;
	node->most_right /= 2;
}

static int tree_learn(void *state, const struct qos_example *e, int label, int n_labels)
{
	struct tree *t = state;
	struct node *node = find_leaf(t, e);
	int best = 0;

	if (t->recent && !e->n_recent)
		return 0;
	if (widen(node, n_labels))
		return -1;
	if (node->n > 0) {
		bayes(t, node, e, t->p);
		for (int c = 1; c < n_labels; c++)
			best = t->p[c] > t->p[best] ? c : best;
		node->bayes_right += best == label;
		node->most_right += most_of(node) == label;
	}
	node->n_with[label]++;
	node->n++;
	for (int i = 0; i < n_attributes(t, e); i++)
		count_attribute(node, attribute(e, i), label, i);
	if (t->fades && node->n >= FADE_AT)
		fade(node);
	if (fmodf(++node->seen, GRACE) == 0)
		try_split(t, node);
	return 0;
}

/* --- files --- */

static void save_watch(const struct node *node, const struct watch *w, struct qos_container_out *o)
{
	qos_container_u32(o, (uint32_t)w->attribute);
	qos_container_f32s(o, &w->least, 1);
	qos_container_f32s(o, &w->most, 1);
	if (w->gauss) {
		qos_container_f32s(o, &w->gauss[0].n, 3 * (size_t)node->n_labels);
		return;
	}
	qos_container_u32(o, w->n_names);
	for (uint32_t k = 0; k < w->n_names; k++)
		qos_container_u32(o, w->name[k]);
	qos_container_f32s(o, w->count, (size_t)w->n_names * (size_t)node->n_labels);
}

static void save_node(const struct node *node, struct qos_container_out *o)
{
	qos_container_u32(o, (uint32_t)(node->attribute + 1));
	qos_container_u32(o, node->name);
	qos_container_f32s(o, &node->cut, 1);
	if (node->attribute >= 0) {
		save_node(node->yes, o);
		save_node(node->no, o);
		return;
	}
	qos_container_f32s(o, (float[]){ node->n, node->seen, node->bayes_right, node->most_right }, 4);
	qos_container_u32(o, (uint32_t)node->n_labels);
	qos_container_f32s(o, node->n_with, (size_t)node->n_labels);
	qos_container_u32(o, (uint32_t)node->n_watch);
	for (int i = 0; i < node->n_watch; i++)
		save_watch(node, &node->watch[i], o);
}

static int load_watch(struct node *node, struct qos_section *s)
{
	uint32_t number = qos_section_u32(s);
	struct qos_attribute a = { .column = (uint16_t)(number / 2), .numeric = number % 2 };
	struct watch *w = number > UINT16_MAX * 2u ? NULL : add_watch(node, a);

	if (!w)
		return -1;
	qos_section_f32s(s, &w->least, 1);
	qos_section_f32s(s, &w->most, 1);
	if (a.numeric) {
		qos_section_f32s(s, &w->gauss[0].n, 3 * (size_t)node->n_labels);
		return s->short_of ? -1 : 0;
	}
	if ((w->n_names = qos_section_u32(s)) > NAMES_MOST) {
		w->n_names = 0;
		return -1;
	}
	for (uint32_t k = 0; k < w->n_names; k++)
		w->name[k] = qos_section_u32(s);
	qos_section_f32s(s, w->count, (size_t)w->n_names * (size_t)node->n_labels);
	return s->short_of ? -1 : 0;
}

static int load_leaf(struct node *node, struct qos_section *s, int n_labels)
{
	float x[4];
	uint32_t n;

	qos_section_f32s(s, x, 4);
	node->n = x[0], node->seen = x[1], node->bayes_right = x[2], node->most_right = x[3];
	n = qos_section_u32(s);
	if (n > (uint32_t)n_labels || widen(node, (int)n))
		return -1;
	qos_section_f32s(s, node->n_with, n);
	n = qos_section_u32(s);
	for (uint32_t i = 0; i < n; i++)
		if (!node->n_labels || load_watch(node, s))
			return -1;
	return s->short_of ? -1 : 0;
}

static int load_node(struct tree *t, struct node *node, struct qos_section *s, int n_labels, int depth)
{
	node->attribute = (int)qos_section_u32(s) - 1;
	node->name = qos_section_u32(s);
	qos_section_f32s(s, &node->cut, 1);
	if (node->attribute == -1)
		return load_leaf(node, s, n_labels);
	if (s->short_of || node->attribute < 0 || depth > NODES_MOST || t->n_nodes + 2 > NODES_MOST + 2)
		return -1;
	node->yes = leaf(t);
	node->no = leaf(t);
	if (!node->yes || !node->no || load_node(t, node->yes, s, n_labels, depth + 1))
		return -1;
	return load_node(t, node->no, s, n_labels, depth + 1);
}

static void tree_save(const void *state, struct qos_container_out *o)
{
	qos_container_section(o, "tree");
	save_node(((const struct tree *)state)->root, o);
}

static void recent_save(const void *state, struct qos_container_out *o)
{
	qos_container_section(o, "rcnt");
	save_node(((const struct tree *)state)->root, o);
}

static int load_section(struct tree *t, const struct qos_container *c, const char *name, int n_labels)
{
	struct qos_section s;

	if (!qos_container_find(c, name, &s) || load_node(t, t->root, &s, n_labels, 0))
		return -1;
	return s.p == s.end ? 0 : -1;
}

static int tree_load(void *state, const struct qos_container *c, int n_labels)
{
	return load_section(state, c, "tree", n_labels);
}

static int recent_load(void *state, const struct qos_container *c, int n_labels)
{
	return load_section(state, c, "rcnt", n_labels);
}

static void tree_describe(const void *state, struct qos_buf *text)
{
	qos_buf_printf(text, "%d nodes", ((const struct tree *)state)->n_nodes);
}

#define TREE(own_name, text, own_open, own_save, own_load)                                                         \
	{                                                                                                          \
		.name = own_name, .summary = text, .open = own_open, .close = tree_close, .predict = tree_predict, \
		.learn = tree_learn, .reset = tree_reset, .save = own_save, .load = own_load,                      \
		.describe = tree_describe                                                                          \
	}

const struct qos_model qos_model_tree =
	TREE("tree", "Hoeffding tree over the fields, Naive Bayes in its leaves", tree_open, tree_save, tree_load);
const struct qos_model qos_model_recent = TREE("recent", "the same, which also knows the last labels of the stream",
					       recent_open, recent_save, recent_load);
