/* The stage that classifies. */
#include "classify/classifier.h"

#include "tests/unit/classify/rules.h"

static struct sample sample;
static struct rules rules;
static int n_put;

static void put(void *self, struct qos_record *r)
{
	n_put++;
}

static struct qos_classifier *build(void)
{
	struct qos_classifier *c = NULL;

	if (qos_classifier_new(&c, &rules.config, sample.fields, &sample.err))
		printf("# %s\n", sample.err.text);
	CHECK(c != NULL);
	return c;
}

/* "class,class_by,confidence" of a record with x set. */
static const char *classify(struct qos_classifier *c, const char *x)
{
	static char line[200];
	struct qos_stage stage = qos_classifier_stage(c);
	struct qos_sink sink = { .put = put };
	const struct qos_column *column;
	char scratch[64];
	int n, at = 0;

	sample_clear(&sample);
	if (x)
		sample_set(&sample, "x", x);
	stage.push(stage.self, &sample.r, 0, &sink);
	column = qos_classifier_columns(c, &n);
	CHECK_INT(n, 3);
	for (int i = 0; i < n; i++) {
		struct qos_str text = column[i].text(c, &sample.r, scratch);

		at += snprintf(line + at, sizeof(line) - (size_t)at, "%s%.*s", i ? "," : "", QOS_STR_ARG(text));
	}
	CHECK_INT(column[0].field, QOS_F_CLASS);
	CHECK_INT(column[1].field, QOS_F_CLASS_BY);
	CHECK(column[2].field == QOS_F_CONFIDENCE && column[2].number);
	return line;
}

static void columns(void)
{
	struct qos_classifier *c;

	rules_add(&rules, 10, "x == 1", 0, 3);
	rules_add(&rules, 10, "x in (1, 2, 3)", 1, 1);
	rules_add(&rules, 10, "x == 2", 1, 1);
	rules_add(&rules, 10, "x == 3", 0, 0.5);
	rules_add(&rules, 20, "x == 4", 0, 1);
	rules_add(&rules, 20, "x == 4", 1, 1e9);
	rules_add(&rules, 20, "x == 5", 0, 1);
	rules_add(&rules, 20, "x == 5", 1, 1);
	rules_add(&rules, 20, "x == 5", 1, 1);
	c = build();
	CHECK_TEXT(classify(c, "1"), "a,rule:0,0.75");
	CHECK_INT(sample.r.class, 0);
	CHECK_TEXT(classify(c, "2"), "b,rule:1,1");
	CHECK_TEXT(classify(c, "3"), "b,rule:1,0.6667");
	CHECK_TEXT(classify(c, "4"), "b,rule:5,0.9999"); /* not quite certain */
	CHECK_TEXT(classify(c, "5"), "b,rule:7,0.6667");
	CHECK_TEXT(classify(c, NULL), "d,default,0");
	CHECK_INT(sample.r.class, 3);
	qos_classifier_free(c);
	rules_clear(&rules);
}

static void counts(void)
{
	struct qos_classifier *c;
	struct qos_classifier_counts n;
	int by;

	rules_add(&rules, 10, "x == 1", 0, 1);
	rules_add(&rules, 10, "x == 2", 1, 1);
	rules_add(&rules, 20, "x == 2", 1, 1);
	c = build();
	n_put = 0;
	for (int i = 0; i < 10; i++)
		classify(c, i < 3 ? "1" : i < 8 ? "2" : "3");
	qos_classifier_counts(c, &n);
	CHECK_INT(n_put, 10);
	CHECK_INT(n.n_records, 10);
	CHECK_INT(n.n_default, 2);
	CHECK_INT(n.by_class[0], 3);
	CHECK_INT(n.by_class[1], 5);
	CHECK_INT(n.by_class[3], 2);
	CHECK_INT(n.by_rule[0], 3);
	CHECK_INT(n.by_rule[1], 5);
	CHECK_INT(n.by_rule[2], 0);
	CHECK_INT(n.n_gave_up, 0);
	CHECK_INT(qos_classifier_rule_use(c, 2, &by), QOS_RULE_SHADOWED);
	CHECK_INT(by, 1);
	CHECK(qos_classifier_stage(c).due(c) == QOS_NEVER);
	qos_classifier_free(c);
	rules_clear(&rules);
}

static void several(void)
{
	struct qos_classifier *c, *d;

	rules_add(&rules, 10, "x ~ /a/", 0, 1);
	c = build();
	d = build();
	CHECK_TEXT(classify(c, "bab"), "a,rule:0,1");
	CHECK_TEXT(classify(d, "b"), "d,default,0");
	CHECK_TEXT(classify(c, "a"), "a,rule:0,1");
	qos_classifier_free(c);
	CHECK_TEXT(classify(d, "a"), "a,rule:0,1");
	qos_classifier_free(d);
	rules_clear(&rules);
}

static void wrong_rules(void)
{
	struct qos_classifier *c;

	rules_add(&rules, 10, "x ==", 0, 1);
	CHECK_INT(qos_classifier_new(&c, &rules.config, sample.fields, &sample.err), QOS_EUSAGE);
	CHECK(c == NULL);
	CHECK_TEXT(sample.err.text, "r:1:5: the expression ends where a field, a value or a parenthesis is missing");
	rules_clear(&rules);
}

/* Other rules take over; what cannot be right, or reads what is not read, leaves the old ones. */
static void reread(void)
{
	static struct rules other;
	struct qos_classifier *c;

	rules_add(&rules, 10, "x == 1", 0, 1);
	c = build();
	CHECK_TEXT(classify(c, "1"), "a,rule:0,1");
	rules_new(&other);
	rules_add(&other, 10, "x == 1 or x == 2", 1, 1);
	CHECK_INT(qos_classifier_reread(c, &other.config, sample.fields, &sample.err), 0);
	CHECK_TEXT(classify(c, "1"), "b,rule:0,1");
	CHECK_TEXT(classify(c, "2"), "b,rule:0,1");
	rules_clear(&rules);
	rules_add(&rules, 10, "x ==", 0, 1);
	CHECK_INT(qos_classifier_reread(c, &rules.config, sample.fields, &sample.err), QOS_EUSAGE);
	rules_clear(&rules);
	rules_add(&rules, 10, "never_read == 1", 0, 1);
	CHECK_INT(qos_classifier_reread(c, &rules.config, sample.fields, &sample.err), QOS_EUSAGE);
	CHECK_TEXT(sample.err.text,
		   "a rule reads \"never_read\", which the input was not searched for; restart to use it");
	rules_clear(&rules);
	rules.config.n_classes = 3;
	CHECK_INT(qos_classifier_reread(c, &rules.config, sample.fields, &sample.err), QOS_EUSAGE);
	rules.config.n_classes = 4;
	CHECK_TEXT(classify(c, "2"), "b,rule:0,1");
	qos_classifier_free(c);
	rules_clear(&other);
}

int main(void)
{
	sample_new(&sample);
	rules_new(&rules);
	RUN("a record gets class, class_by and confidence", columns);
	RUN("everything is counted", counts);
	RUN("several classifiers live side by side", several);
	RUN("rules are replaced by right ones alone", reread);
	RUN("a wrong rule is refused with its place", wrong_rules);
	sample_free(&sample);
	return DONE();
}
