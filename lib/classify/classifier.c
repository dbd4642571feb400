/*
 * Which class does a record get?  That of the rules, else that of the model if it is sure, else the default class.
 *
 * The verdict of the record that was pushed last is kept until the writer, behind the stage, has asked for its texts.
 *
 * Cost   that of the rules (rule.c), and some ns for counting.
 */
#include "classify/classifier.h"

#include <stdio.h>
#include <stdlib.h>

#include "unit/digits.h"

struct qos_classifier {
	const struct qos_config *config;
	struct qos_rules *rules;
	struct qos_str *by;          /* [n_rules] "rule:NAME" */
	struct qos_arena arena;      /* their texts */
	struct qos_verdict verdict;  /* of the record at hand */
	struct qos_learner *learner; /* owned; NULL: no model */
	struct qos_guess guess;      /* the model's, of the record at hand */
	bool guessed;                /* it decided */
	struct qos_str by_model;     /* "ml:NAME" */
	struct qos_miner *miner;     /* owned; NULL: no templates */
	struct qos_mining mining;
	uint32_t template_id;           /* of the record at hand; QOS_MINER_NONE: none */
	bool by_template;               /* it decided */
	struct qos_trust *trust;        /* NULL: no tenant has a cap */
	uint64_t n_patterns, n_decided; /* by templates; by rules while templates learn from it */
	struct qos_scratch scratch;     /* of payloads */
	struct qos_column column[5];
	int n_columns;
	uint64_t n_records, n_default, n_ml;
	uint64_t *by_class, *by_rule;
};

static struct qos_str text_class(const void *self, const struct qos_record *r, char *scratch)
{
	const struct qos_classifier *c = self;

	return c->guessed ? c->guess.name : c->config->classes[c->verdict.class].name;
}

static struct qos_str text_by(const void *self, const struct qos_record *r, char *scratch)
{
	const struct qos_classifier *c = self;

	if (c->guessed)
		return c->by_model;
	if (c->by_template)
		return (struct qos_str){ scratch, (size_t)snprintf(scratch, 64, "pattern:t%u", c->template_id) };
	return c->verdict.rule < 0 ? QOS_STR("default") : c->by[c->verdict.rule];
}

static struct qos_str text_why(const void *self, const struct qos_record *r, char *scratch)
{
	const struct qos_classifier *c = self;

	if (c->guessed)
		return qos_learner_why(c->learner, r, &c->guess);
	if (c->by_template)
		return qos_miner_text(c->miner);
	return c->verdict.rule < 0 ? QOS_STR("") : c->config->rules[c->verdict.rule].when;
}

/* "1", "0.75", "0.6667": four decimals, and never rounded to a certainty that it is not. */
static struct qos_str text_confidence(const void *self, const struct qos_record *r, char *scratch)
{
	double x = ((const struct qos_classifier *)self)->verdict.confidence;
	uint32_t parts; /* of 10^4 */

	if (x <= 0 || x >= 1)
		return x <= 0 ? QOS_STR("0") : QOS_STR("1");
	parts = (uint32_t)(x * 10000 + 0.5);
	parts = parts < 1 ? 1 : parts > 9999 ? 9999 : parts;
	scratch[0] = '0';
	return (struct qos_str){ scratch, (size_t)(qos_digits_fraction(scratch + 1, parts * 100000) - scratch) };
}

static struct qos_str text_template(const void *self, const struct qos_record *r, char *scratch)
{
	uint32_t id = ((const struct qos_classifier *)self)->template_id;

	if (id == QOS_MINER_NONE)
		return QOS_STR("");
	return (struct qos_str){ scratch, (size_t)snprintf(scratch, 64, "t%u", id) };
}

static const struct qos_column columns[3] = {
	{ QOS_F_CLASS, false, text_class },
	{ QOS_F_CLASS_BY, false, text_by },
	{ QOS_F_CONFIDENCE, true, text_confidence },
};

/* The model's turn: where no rule decided, and whenever there is something to learn. */
static void ask_model(struct qos_classifier *c, const struct qos_record *r)
{
	bool learns = qos_learner_learns(c->learner), alone = qos_learner_labels_are_classes(c->learner);

	if (alone)
		c->verdict = (struct qos_verdict){ -1, c->config->default_class, 0 };
	if ((c->verdict.rule >= 0 || c->by_template) && !learns)
		return;
	qos_learner_guess(c->learner, r, &c->guess);
	if (c->verdict.rule < 0 && !c->by_template && c->guess.label >= 0 && c->guess.sure) {
		c->guessed = true;
		c->verdict.confidence = c->guess.confidence;
		c->verdict.class = c->guess.class >= 0 ? c->guess.class : c->config->default_class;
	}
	qos_learner_hear(c->learner, r, &c->guess, c->verdict.class, c->verdict.confidence);
}

/* The template of the payload, if it has one. */
static void mine(struct qos_classifier *c, const struct qos_record *r)
{
	struct qos_cell cell = r->cell[QOS_F_PAYLOAD];
	struct qos_str text;

	c->template_id = QOS_MINER_NONE;
	if (cell.kind == QOS_CELL_ABSENT)
		return;
	text = qos_scratch_text(&c->scratch, r, cell);
	if (text.p)
		c->template_id = qos_miner_add(c->miner, text);
}

/*
 * The template's turn: it learns where a rule decided, and decides where its past is clear.
 *
 * Of many records that rules decided some tell as much as all, and mining them is dearer than the rules.
 */
static void ask_template(struct qos_classifier *c, const struct qos_record *r)
{
	enum { ALL = 4096, ONE_IN = 16 };
	bool decided = c->verdict.rule >= 0;
	double share;
	int class;

	if (decided && !c->mining.all && c->n_decided++ >= ALL && c->n_decided % ONE_IN)
		return;
	mine(c, r);
	if (c->template_id == QOS_MINER_NONE || !c->mining.decides)
		return;
	if (decided) {
		qos_miner_learn(c->miner, c->verdict.class);
	} else if ((class = qos_miner_class(c->miner, &share)) >= 0 && share >= c->mining.threshold) {
		c->by_template = true;
		c->verdict.class = class;
		c->verdict.confidence = share;
	}
}

/* A tenant's records are at most as urgent as it is trusted.  What made them so stays in class_by. */
static void cap(struct qos_classifier *c, const struct qos_record *r)
{
	char scratch[256]; /* longer names are no tenants of the config that a quote could hide */
	struct qos_cell cell = r->cell[QOS_F_TENANT];
	int class = c->verdict.class;

	if (cell.len > sizeof(scratch) || (c->guessed && c->guess.class < 0))
		return;
	c->verdict.class = qos_trust_cap(c->trust, qos_cell_text(r, cell, scratch), class);
	if (c->verdict.class != class && c->guessed)
		c->guess.name = c->config->classes[c->verdict.class].name;
}

static void classifier_push(void *self, struct qos_record *r, int64_t now_ns, struct qos_sink *out)
{
	struct qos_classifier *c = self;

	c->verdict = qos_rules_match(c->rules, r);
	c->guessed = false;
	c->by_template = false;
	if (c->miner)
		ask_template(c, r);
	if (c->learner)
		ask_model(c, r);
	if (c->trust)
		cap(c, r);
	r->class = (int16_t)c->verdict.class;
	c->n_records++;
	c->by_class[c->verdict.class]++;
	if (c->guessed)
		c->n_ml++;
	else if (c->by_template)
		c->n_patterns++;
	else if (c->verdict.rule < 0)
		c->n_default++;
	else
		c->by_rule[c->verdict.rule]++;
	out->put(out->self, r);
}

static int64_t classifier_due(const void *self)
{
	return QOS_NEVER;
}

struct qos_stage qos_classifier_stage(struct qos_classifier *c)
{
	return (struct qos_stage){ .push = classifier_push, .due = classifier_due, .self = c };
}

const struct qos_column *qos_classifier_columns(struct qos_classifier *c, int *n)
{
	*n = c->n_columns;
	return c->column;
}

static int name_model(struct qos_classifier *c, struct qos_err *err)
{
	struct qos_learner_counts counts;
	char *by;

	if (!c->learner)
		return 0;
	qos_learner_counts(c->learner, &counts);
	if (!(by = qos_arena_get(&c->arena, strlen(counts.model) + 4)))
		return qos_fail_memory(err, "classifier");
	memcpy(by, "ml:", 3);
	memcpy(by + 3, counts.model, strlen(counts.model));
	c->by_model = qos_str(by);
	return 0;
}

int qos_classifier_learn(struct qos_classifier *c, struct qos_learner *learner, bool explain, struct qos_fields *fields,
			 struct qos_err *err)
{
	int why;

	c->learner = learner;
	if (name_model(c, err))
		return QOS_EIO;
	if (!explain)
		return 0;
	if ((why = qos_fields_id(fields, QOS_STR("class_why"))) < 0)
		return qos_fail_memory(err, "classifier");
	c->column[c->n_columns++] = (struct qos_column){ why, false, text_why };
	return 0;
}

int qos_classifier_mine(struct qos_classifier *c, struct qos_miner *miner, const struct qos_mining *how,
			struct qos_fields *fields, struct qos_err *err)
{
	int id = how->field ? qos_fields_id(fields, qos_str(how->field)) : 0;

	c->miner = miner;
	c->mining = *how;
	qos_fields_want(fields, QOS_F_PAYLOAD);
	if (id < 0)
		return qos_fail_memory(err, "classifier");
	if (how->field)
		c->column[c->n_columns++] = (struct qos_column){ id, false, text_template };
	return 0;
}

static int name_rules(struct qos_classifier *c, struct qos_err *err)
{
	const struct qos_config *config = c->config;

	c->by = calloc((size_t)config->n_rules + 1, sizeof(*c->by));
	for (int i = 0; c->by && i < config->n_rules; i++) {
		size_t n = config->rules[i].name.n;
		char *p = qos_arena_get(&c->arena, n + 6);

		if (!p)
			return qos_fail_memory(err, "classifier");
		memcpy(p, "rule:", 5);
		memcpy(p + 5, config->rules[i].name.p, n);
		c->by[i] = (struct qos_str){ p, n + 5 };
	}
	return c->by ? 0 : qos_fail_memory(err, "classifier");
}

int qos_classifier_new(struct qos_classifier **out, const struct qos_config *config, struct qos_fields *fields,
		       struct qos_err *err)
{
	struct qos_classifier *c = calloc(1, sizeof(*c));
	int rc;

	*out = NULL;
	if (!c)
		return qos_fail_memory(err, "classifier");
	c->config = config;
	c->n_columns = 3;
	memcpy(c->column, columns, sizeof(columns));
	c->by_class = calloc((size_t)config->n_classes, sizeof(*c->by_class));
	c->by_rule = calloc((size_t)config->n_rules + 1, sizeof(*c->by_rule));
	if (!c->by_class || !c->by_rule)
		rc = qos_fail_memory(err, "classifier");
	else if (!(rc = name_rules(c, err)))
		rc = qos_rules_new(&c->rules, config, fields, err);
	if (!rc)
		rc = qos_trust_new(&c->trust, config, err);
	if (!rc && c->trust)
		qos_fields_want(fields, QOS_F_TENANT);
	if (rc)
		qos_classifier_free(c);
	else
		*out = c;
	return rc;
}

static int check_same_classes(const struct qos_config *now, const struct qos_config *next, struct qos_err *err)
{
	bool same = now->n_classes == next->n_classes;

	for (int i = 0; same && i < now->n_classes; i++)
		same = qos_str_equal(now->classes[i].name, next->classes[i].name);
	return same ? 0 : qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "it has other classes; restart to change them");
}

/* The first field that is wanted and was not before; -1. */
static int new_field(const struct qos_fields *fields, const bool *before)
{
	for (int i = 0; i < qos_fields_count(fields); i++)
		if (fields->wanted[i] && !before[i])
			return i;
	return -1;
}

/* Takes the rules of another classifier, and leaves it the old ones. */
static void swap_rules(struct qos_classifier *c, struct qos_classifier *next)
{
	struct qos_classifier old = *c;

	c->config = next->config;
	c->rules = next->rules;
	c->by = next->by;
	c->by_rule = next->by_rule;
	c->arena = next->arena;
	c->trust = next->trust;
	next->trust = old.trust;
	next->rules = old.rules;
	next->by = old.by;
	next->by_rule = old.by_rule;
	next->arena = old.arena;
}

int qos_classifier_reread(struct qos_classifier *c, const struct qos_config *config, struct qos_fields *fields,
			  struct qos_err *err)
{
	struct qos_classifier *next = NULL;
	bool before[QOS_FIELDS_MOST];
	int field, rc = check_same_classes(c->config, config, err);

	memcpy(before, fields->wanted, sizeof(before));
	if (!rc)
		rc = qos_classifier_new(&next, config, fields, err);
	if (!rc && (field = new_field(fields, before)) >= 0)
		rc = qos_fail(err, QOS_EUSAGE, QOS_NOWHERE,
			      "a rule reads \"%.*s\", which the input was not searched for; restart to use it",
			      QOS_STR_ARG(fields->names.name[field]));
	if (!rc) {
		swap_rules(c, next);
		rc = name_model(c, err);
	}
	memcpy(fields->wanted, before, sizeof(before));
	qos_classifier_free(next);
	return rc;
}

void qos_classifier_free(struct qos_classifier *c)
{
	if (!c)
		return;
	qos_rules_free(c->rules);
	qos_learner_free(c->learner);
	qos_miner_free(c->miner);
	qos_trust_free(c->trust);
	qos_scratch_free(&c->scratch);
	qos_arena_free(&c->arena);
	free(c->by);
	free(c->by_class);
	free(c->by_rule);
	free(c);
}

void qos_classifier_counts(const struct qos_classifier *c, struct qos_classifier_counts *counts)
{
	*counts = (struct qos_classifier_counts){ .n_records = c->n_records,
						  .n_default = c->n_default,
						  .n_ml = c->n_ml,
						  .trust = c->trust,
						  .n_patterns = c->n_patterns,
						  .n_gave_up = qos_rules_gave_up(c->rules),
						  .by_class = c->by_class,
						  .by_rule = c->by_rule };
}

enum qos_rule_use qos_classifier_rule_use(const struct qos_classifier *c, int rule, int *by)
{
	return qos_rules_use(c->rules, rule, by);
}
