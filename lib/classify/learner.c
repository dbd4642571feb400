/*
 * record -> features -> model -> guess;  label -> score, then learn (predict first: every answer is to a question that
 * was not yet learned).
 *
 * The guess is the label of the least expected cost: with equal costs the most probable one.
 */
#include "classify/learner.h"

#include <math.h>
#include <stdlib.h>

#include "base/rng.h"
#include "classify/cost.h"
#include "classify/replay.h"

#define MAGIC        "qosmodel"
#define VERSION      1
#define SHUFFLE_SEED 1
#define FLAG_LABELS  1u /* labels_are_classes */

struct qos_learner {
	const struct qos_config *config;
	struct qos_learner_options options;
	const struct qos_model *model;
	void *state;
	struct qos_features *features;
	struct qos_names labels;
	int *class_of;  /* [room] by label; -1: none */
	uint64_t *n_of; /* [room] by label: examples learned */
	double *p;      /* [room] */
	int room;
	int *label_of; /* [n_classes] */
	struct qos_costs costs;
	struct qos_example example; /* of the record at hand, counts */
	struct qos_feature *weighed;
	bool balanced;  /* costs are */
	bool has_model; /* learned or loaded */
	uint64_t n_learned, n_unknown, n_lost;
	struct qos_score given, guessed;
	struct qos_replay replay;
	struct qos_memory *memory; /* NULL: no feedback */
	struct qos_buf why;
	struct qos_scratch scratch;
};

/* Number of a label, made at first sight; -1 when there are too many or memory ran out. */
static int label_number(struct qos_learner *l, struct qos_str name)
{
	int i = qos_names_find(&l->labels, name), room = l->room ? 2 * l->room : 64;
	int *class_of;
	uint64_t *n_of;
	double *p;

	if (i >= 0 || l->labels.n >= QOS_LABELS_MOST)
		return i;
	if ((int)l->labels.n == l->room) {
		if (!(class_of = realloc(l->class_of, (size_t)room * sizeof(*class_of))))
			return -1;
		l->class_of = class_of;
		if (!(p = realloc(l->p, (size_t)room * sizeof(*p))))
			return -1;
		l->p = p;
		if (!(n_of = realloc(l->n_of, (size_t)room * sizeof(*n_of))))
			return -1;
		l->n_of = n_of;
		l->room = room;
	}
	if ((i = qos_names_add(&l->labels, name)) >= 0) {
		l->n_of[i] = 0;
		l->class_of[i] = qos_names_find(&l->config->class_names, name);
		if (qos_costs_label(&l->costs, l->config, l->options.labels_are_classes, i, l->labels.name[i]))
			return -1;
	}
	return i;
}

/* The classes are labels from the start, so that rules and the model answer with the same numbers. */
static int add_classes(struct qos_learner *l, struct qos_err *err)
{
	l->label_of = calloc((size_t)l->config->n_classes, sizeof(*l->label_of));
	for (int i = 0; l->label_of && !l->options.labels_are_classes && i < l->config->n_classes; i++)
		if ((l->label_of[i] = label_number(l, l->config->classes[i].name)) < 0)
			return qos_fail_memory(err, "labels");
	return l->label_of ? 0 : qos_fail_memory(err, "labels");
}

static int open_model(struct qos_learner *l, struct qos_str name, struct qos_err *err)
{
	struct qos_model_settings settings = { l->config->learning_rate, l->config->adaptive_learning };

	l->model = qos_model_find(name);
	if (!l->model)
		return qos_fail(err, QOS_EDAMAGE, QOS_NOWHERE, "there is no model \"%.*s\"", QOS_STR_ARG(name));
	l->state = l->model->open(&settings);
	return l->state ? 0 : qos_fail_memory(err, l->model->name);
}

static int damaged(const char *file, struct qos_err *err)
{
	return qos_fail(err, QOS_EDAMAGE, QOS_NOWHERE, "%s is damaged: its parts do not fit together", file);
}

static int load(struct qos_learner *l, const struct qos_container *c, struct qos_err *err)
{
	struct qos_section s;
	struct qos_str name;
	uint32_t n;
	int rc;

	if (!qos_container_find(c, "meta", &s))
		return damaged(c->file, err);
	name = qos_section_text(&s);
	l->options.labels_are_classes = qos_section_u32(&s) & FLAG_LABELS;
	l->n_learned = qos_section_u64(&s);
	n = qos_section_u32(&s);
	for (uint32_t i = 0; i < n && !s.short_of; i++)
		if (label_number(l, qos_section_text(&s)) != (int)i)
			return damaged(c->file, err);
		else
			l->n_of[i] = qos_section_u64(&s);
	if (s.short_of || s.p != s.end)
		return damaged(c->file, err);
	if ((rc = open_model(l, name, err)))
		return rc;
	if (qos_features_load(l->features, c) || l->model->load(l->state, c, (int)l->labels.n))
		return damaged(c->file, err);
	l->has_model = true;
	return 0;
}

static int load_file(struct qos_learner *l, struct qos_err *err)
{
	struct qos_container c;
	int rc = qos_container_open(&c, l->options.file, MAGIC, VERSION, err);

	if (!rc) {
		rc = load(l, &c, err);
		qos_container_close(&c);
	}
	return rc;
}

int qos_learner_new(struct qos_learner **out, const struct qos_config *config, struct qos_fields *fields,
		    const struct qos_learner_options *options, struct qos_err *err)
{
	struct qos_learner *l = calloc(1, sizeof(*l));
	int rc;

	*out = NULL;
	if (!l)
		return qos_fail_memory(err, "learner");
	l->config = config;
	l->options = *options;
	l->balanced = qos_str_is(config->costs, "balanced");
	l->weighed = malloc(QOS_FEATURES_MOST * sizeof(*l->weighed));
	l->memory = options->feedback ? qos_memory_new(0, 0) : NULL;
	rc = l->weighed && (l->memory || !options->feedback) ? qos_features_new(&l->features, fields, err)
							     : qos_fail_memory(err, "learner");
	if (!rc)
		rc = options->file ? load_file(l, err) : open_model(l, config->model, err);
	if (!rc)
		rc = add_classes(l, err);
	if (rc)
		qos_learner_free(l);
	else
		*out = l;
	return rc;
}

void qos_learner_free(struct qos_learner *l)
{
	if (!l)
		return;
	if (l->model)
		l->model->close(l->state);
	qos_features_free(l->features);
	qos_names_free(&l->labels);
	qos_score_free(&l->given);
	qos_score_free(&l->guessed);
	qos_replay_free(&l->replay);
	qos_memory_free(l->memory);
	qos_costs_free(&l->costs);
	qos_buf_free(&l->why);
	free(l->class_of);
	free(l->n_of);
	free(l->label_of);
	free(l->p);
	free(l->weighed);
	qos_scratch_free(&l->scratch);
	free(l);
}

bool qos_learner_ready(const struct qos_learner *l)
{
	return l && (l->has_model || l->options.learn || l->memory);
}

bool qos_learner_learns(const struct qos_learner *l)
{
	return l && (l->options.learn || l->memory);
}

bool qos_learner_labels_are_classes(const struct qos_learner *l)
{
	return l && l->options.labels_are_classes;
}

/* The example as the model reads it; the counts stay for learning. */
static struct qos_example weigh(struct qos_learner *l, const struct qos_example *counts)
{
	struct qos_example e = *counts;

	if (!l->model->weighs)
		return e;
	memcpy(l->weighed, counts->x, (size_t)counts->n * sizeof(*l->weighed));
	e.x = l->weighed;
	qos_features_weigh(l->features, &e);
	return e;
}

/* Missing a label costs 1 / sqrt(how often it was learned). */
static int choose_balanced(const struct qos_learner *l, int n)
{
	double most = -1;
	int best = 0;

	for (int i = 0; i < n; i++) {
		double expected = l->p[i] / sqrt((double)l->n_of[i] + 1);

		if (expected > most) {
			most = expected;
			best = i;
		}
	}
	return best;
}

void qos_learner_guess(struct qos_learner *l, const struct qos_record *r, struct qos_guess *g)
{
	int n = (int)l->labels.n;
	struct qos_example e;
	double sum = 0;

	*g = (struct qos_guess){ .label = -1, .class = -1 };
	qos_features_read(l->features, r, &l->example);
	if (l->options.learn)
		qos_features_recall(l->features, &l->example);
	if (!l->has_model)
		return;
	e = weigh(l, &l->example);
	l->model->predict(l->state, &e, n, l->p);
	for (int i = 0; i < n; i++)
		sum += l->p[i];
	if (sum <= 0)
		return;
	g->label = l->balanced ? choose_balanced(l, n) : qos_costs_choose(&l->costs, l->p, n);
	g->confidence = l->p[g->label];
	g->name = l->labels.name[g->label];
	g->class = l->class_of[g->label];
	g->sure = l->options.labels_are_classes || (g->class >= 0 && g->confidence >= l->config->ml_threshold);
}

void qos_learner_teach(struct qos_learner *l, int label)
{
	struct qos_example e;

	qos_features_learn(l->features, &l->example, label);
	e = weigh(l, &l->example);
	if (l->model->learn(l->state, &e, label, (int)l->labels.n))
		l->n_lost++;
	l->n_learned++;
	l->n_of[label]++;
	l->has_model = true;
	if (l->options.n_epochs > 1 && qos_replay_add(&l->replay, &l->example, label))
		l->n_lost++;
}

/* -1: it is none, counted. */
static int find_label(struct qos_learner *l, struct qos_str text)
{
	bool open = l->options.labels_are_classes && qos_learner_learns(l);
	int label = open ? label_number(l, text) : qos_names_find(&l->labels, text);

	l->n_unknown += label < 0;
	return label;
}

static void count(struct qos_learner *l, int label, const struct qos_waiting *w)
{
	if (w->guess >= 0)
		qos_score_add(&l->guessed, label, w->guess, w->guess_p);
	if (!l->options.labels_are_classes)
		qos_score_add(&l->given, label, l->label_of[w->class], w->class_p);
}

/* The label that has come for the record at hand, or -1: the record waits for it now. */
static int remember(struct qos_learner *l, const struct qos_record *r, struct qos_waiting *w)
{
	struct qos_str id = qos_scratch_text(&l->scratch, r, r->cell[QOS_F_ID]);
	const struct qos_waiting *label = id.n ? qos_memory_take(l->memory, id) : NULL;

	if (label && label->label >= 0)
		return label->label;
	w->label = -1;
	w->example = l->example;
	w->mark = qos_features_mark(l->features);
	if (id.n && qos_memory_keep(l->memory, id, w))
		l->n_lost++;
	return -1;
}

void qos_learner_hear(struct qos_learner *l, const struct qos_record *r, const struct qos_guess *g, int class,
		      double confidence)
{
	struct qos_waiting w = { .guess = g->label, .guess_p = g->confidence, .class = class, .class_p = confidence };
	struct qos_str text = qos_scratch_text(&l->scratch, r, r->cell[QOS_F_LABEL]);
	bool learns = l->options.learn;
	int label = -1;

	if (text.n && (learns || !l->memory))
		label = find_label(l, text);
	else if (l->memory) {
		label = remember(l, r, &w);
		learns = true;
	}
	if (label < 0)
		return;
	count(l, label, &w);
	if (learns)
		qos_learner_teach(l, label);
}

void qos_learner_feedback(struct qos_learner *l, struct qos_str id, struct qos_str text)
{
	int label = find_label(l, text);
	struct qos_waiting *w;

	if (label < 0)
		return;
	w = qos_memory_take(l->memory, id);
	if (!w || w->label >= 0) { /* the record is to come; a later label takes the place of an earlier one */
		if (qos_memory_keep(l->memory, id, &(struct qos_waiting){ .label = label }))
			l->n_lost++;
		return;
	}
	count(l, label, w);
	l->example = w->example;
	qos_features_return(l->features, w->mark);
	qos_learner_teach(l, label);
}

void qos_learner_stop(struct qos_learner *l)
{
	l->options.learn = false;
}

static void shuffle(size_t *order, size_t n, struct qos_rng *rng)
{
	for (size_t i = n; i > 1; i--) {
		size_t k = (size_t)qos_rng_below(rng, i), t = order[k];

		order[k] = order[i - 1];
		order[i - 1] = t;
	}
}

void qos_learner_finish(struct qos_learner *l)
{
	size_t n = l->replay.n, *order = calloc(n + 1, sizeof(*order));
	struct qos_rng rng;

	qos_rng_seed(&rng, SHUFFLE_SEED);
	for (size_t i = 0; order && i < n; i++)
		order[i] = i;
	for (int epoch = 1; order && epoch < l->options.n_epochs; epoch++) {
		shuffle(order, n, &rng);
		for (size_t i = 0; i < n; i++) {
			struct qos_example e;
			int label = qos_replay_get(&l->replay, order[i], &e);

			if (l->model->weighs)
				qos_features_weigh(l->features, &e);
			if (l->model->learn(l->state, &e, label, (int)l->labels.n))
				l->n_lost++;
		}
	}
	free(order);
}

int qos_learner_save(const struct qos_learner *l, const char *file, struct qos_err *err)
{
	struct qos_container_out o;

	qos_container_begin(&o, MAGIC, VERSION);
	qos_container_section(&o, "meta");
	qos_container_text(&o, qos_str(l->model->name));
	qos_container_u32(&o, l->options.labels_are_classes ? FLAG_LABELS : 0);
	qos_container_u64(&o, l->n_learned);
	qos_container_u32(&o, l->labels.n);
	for (uint32_t i = 0; i < l->labels.n; i++) {
		qos_container_text(&o, l->labels.name[i]);
		qos_container_u64(&o, l->n_of[i]);
	}
	qos_features_save(l->features, &o);
	l->model->save(l->state, &o);
	return qos_container_save(&o, file, err);
}

struct qos_str qos_learner_why(struct qos_learner *l, const struct qos_record *r, const struct qos_guess *g)
{
	struct qos_reason reason[QOS_REASONS];
	struct qos_example e;
	int n;

	l->why.n = 0;
	if (!l->model->explain || g->label < 0)
		return (struct qos_str){ "", 0 };
	qos_features_read(l->features, r, &l->example);
	e = weigh(l, &l->example);
	n = l->model->explain(l->state, &e, g->label, reason);
	for (int i = 0; i < n; i++) {
		qos_buf_puts(&l->why, i ? ", " : "");
		if (reason[i].column >= 0)
			qos_buf_add(&l->why, qos_features_column(l->features, reason[i].column).p,
				    qos_features_column(l->features, reason[i].column).n);
		else
			qos_features_explain(l->features, r, reason[i].number, &l->why);
		qos_buf_printf(&l->why, " %+.3f", reason[i].weight);
	}
	return (struct qos_str){ l->why.p, l->why.n };
}

int qos_learner_describe(const char *file, struct qos_buf *text, struct qos_err *err)
{
	struct qos_config config = { .learning_rate = 0.01 };
	struct qos_learner_options options = { .file = file };
	struct qos_fields *fields = NULL;
	struct qos_learner *l = NULL;
	int rc = qos_fields_new(&fields, err);

	if (!rc && !(rc = qos_learner_new(&l, &config, fields, &options, err))) {
		qos_buf_printf(text, "model: %s\nfile version: %d\nlearned: %llu examples\ninside: ", l->model->name,
			       VERSION, (unsigned long long)l->n_learned);
		l->model->describe(l->state, text);
		qos_buf_printf(text, "\nlabels are classes: %s\nlabels:\n",
			       l->options.labels_are_classes ? "yes" : "no");
		for (uint32_t i = 0; i < l->labels.n; i++) {
			qos_buf_puts(text, "  - ");
			qos_buf_json(text, l->labels.name[i]);
			qos_buf_puts(text, "\n");
		}
	}
	qos_learner_free(l);
	qos_fields_free(fields);
	return rc;
}

void qos_learner_counts(const struct qos_learner *l, struct qos_learner_counts *counts)
{
	*counts = (struct qos_learner_counts){ .model = l->model->name,
					       .n_learned = l->n_learned,
					       .n_unknown = l->n_unknown,
					       .n_lost = l->n_lost,
					       .labels = &l->labels,
					       .given = &l->given,
					       .guessed = &l->guessed };
	if (l->memory)
		qos_memory_counts(l->memory, &counts->feedback);
}
