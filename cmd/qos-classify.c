/* qos-classify: gives every record one of the QoS classes.  Options and wiring. */
#include <unistd.h>

#include "classify/classifier.h"
#include "classify/cost.h"
#include "classify/feedback.h"
#include "classify/suggest.h"
#include "cli/cli.h"
#include "cli/nameless.h"
#include "io/replace.h"

struct options {
	const char *rule[64]; /* --rule, in order */
	int n_rules;
	struct qos_learner_options learner;
	struct classify_feedback feedback;
	const char *save_model, *describe;
	const char *template_field, *patterns; /* where ids, and where templates are written */
	int64_t most_templates;
	bool rule_stats, test_config, suggest_rules;
	struct qos_classifier *classifier;
};

static int take_rule(void *self, const char *arg, struct qos_err *err)
{
	struct options *o = self;

	if (o->n_rules == 64)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "more than 64 of them; write a config file");
	o->rule[o->n_rules++] = arg;
	return 0;
}

static int take_learn(void *self, const char *arg, struct qos_err *err)
{
	((struct options *)self)->learner.learn = true;
	return 0;
}

static int take_epochs(void *self, const char *arg, struct qos_err *err)
{
	int64_t n;

	if (cli_take_count(arg, 1, 1000, &n, err))
		return QOS_EUSAGE;
	((struct options *)self)->learner.n_epochs = (int)n;
	return 0;
}

static int take_labels(void *self, const char *arg, struct qos_err *err)
{
	((struct options *)self)->learner.labels_are_classes = true;
	return 0;
}

static int take_explain(void *self, const char *arg, struct qos_err *err)
{
	((struct options *)self)->learner.explain = true;
	return 0;
}

static int take_model(void *self, const char *arg, struct qos_err *err)
{
	((struct options *)self)->learner.file = arg;
	return 0;
}

static int take_feedback(void *self, const char *arg, struct qos_err *err)
{
	struct options *o = self;

	o->feedback.file = arg;
	o->learner.feedback = true;
	return 0;
}

static int take_save(void *self, const char *arg, struct qos_err *err)
{
	((struct options *)self)->save_model = arg;
	return 0;
}

static int take_describe(void *self, const char *arg, struct qos_err *err)
{
	((struct options *)self)->describe = arg;
	return 0;
}

static int take_template_field(void *self, const char *arg, struct qos_err *err)
{
	if (!*arg)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "a field has a name");
	((struct options *)self)->template_field = arg;
	return 0;
}

static int take_patterns(void *self, const char *arg, struct qos_err *err)
{
	((struct options *)self)->patterns = arg;
	return 0;
}

static int take_most_templates(void *self, const char *arg, struct qos_err *err)
{
	return cli_take_count(arg, 16, 100000000, &((struct options *)self)->most_templates, err);
}

static int take_rule_stats(void *self, const char *arg, struct qos_err *err)
{
	((struct options *)self)->rule_stats = true;
	return 0;
}

static int take_test_config(void *self, const char *arg, struct qos_err *err)
{
	((struct options *)self)->test_config = true;
	return 0;
}

static int take_suggest_rules(void *self, const char *arg, struct qos_err *err)
{
	((struct options *)self)->suggest_rules = true;
	return 0;
}

static const struct cli_option options[] = {
	{ "rule", 'r', "'NAME: EXPR => CLASS'", "one more rule, tried before those of the config (repeatable)",
	  take_rule },
	{ "learn", 'l', NULL, "learn from the field label: answer first, then learn", take_learn },
	{ "epochs", 'e', "N", "learn every example N times, in shuffled order from the second on (default 1)",
	  take_epochs },
	{ "classes-from-labels", 'L', NULL,
	  "the labels are the classes: those of the config and its rules are not used", take_labels },
	{ "model", 'm', "FILE", "load what was learned before", take_model },
	{ "feedback", 'b', "FILE",
	  "learn from a file or FIFO of ids and labels, before, while or after their records come", take_feedback },
	{ "save-model", 'M', "FILE", "save what was learned, at the end", take_save },
	{ "describe", 0, "MODEL", "say what a model file holds, and exit", take_describe },
	{ "explain", 0, NULL, "add class_why: the rule's text, or the five strongest reasons of the model",
	  take_explain },
	{ "rule-stats", 0, NULL, "say at the end how many records each rule decided, and which can never decide",
	  take_rule_stats },
	{ "test-config", 0, NULL,
	  "classify the records of the config's tests: only, and exit 1 if one is not as it says", take_test_config },
	{ "suggest-rules", 0, NULL, "write no records, but the few rules that say what the field label says",
	  take_suggest_rules },
	{ "template-field", 0, "NAME", "add the id of the payload's log template as this field", take_template_field },
	{ "patterns", 0, "FILE", "write the log templates at the end, as CSV, or as JSON Lines if FILE ends in .jsonl",
	  take_patterns },
	{ "max-templates", 0, "N", "forms of messages to remember; then the rarer half goes (default 100000)",
	  take_most_templates },
	{ 0 }
};

static const struct cli_program program = {
	.name = "qos-classify",
	.summary = "Gives every record one of the QoS classes, by rules and by what it has learned.",
	.operands = "[FILE ...]",
	.examples = "  qos-classify -i clf access.log\n"
		    "  qos-classify --rule 'big: size > 1MiB => data_transfer' trace.csv\n"
		    "  qos-classify --learn --epochs 5 --save-model mail.model labelled.csv >/dev/null\n"
		    "  qos-classify --model mail.model new.csv\n",
	.uses = CLI_INPUT | CLI_OUTPUT | CLI_CONFIG,
	.options = options,
};

struct summary {
	const struct cli *cli;
	const struct qos_classifier *classifier;
	const struct qos_learner *learner; /* NULL: none */
	const struct qos_miner *miner;     /* NULL: none */
};

/* {"n":..,"accuracy":..}: the small numbers of a score */
static void report_score(struct qos_buf *json, const char *name, const struct qos_score *s)
{
	qos_buf_printf(json,
		       ",\"%s\":{\"records\":%llu,\"accuracy\":%.6f,\"accuracy_last_%d\":%.6f,\"macro_f1\":%.6f,"
		       "\"calibration_error\":%.6f",
		       name, (unsigned long long)s->n, qos_score_accuracy(s), QOS_SCORE_WINDOW, qos_score_windowed(s),
		       qos_score_macro_f1(s), qos_score_calibration_error(s));
}

/* What was answered for each label, and how often it was right. */
static void report_labels(struct qos_buf *json, const struct qos_names *labels, const struct qos_score *s)
{
	qos_buf_puts(json, ",\"labels\":{");
	for (int i = 0; i < s->n_labels; i++) {
		const char *comma = "";

		qos_buf_puts(json, i ? "," : "");
		qos_buf_json(json, labels->name[i]);
		qos_buf_printf(json, ":{\"precision\":%.6f,\"recall\":%.6f,\"answered\":{", qos_score_precision(s, i),
			       qos_score_recall(s, i));
		for (int k = 0; k < s->n_labels; k++) {
			if (!qos_score_count(s, i, k))
				continue;
			qos_buf_puts(json, comma);
			qos_buf_json(json, labels->name[k]);
			qos_buf_printf(json, ":%llu", (unsigned long long)qos_score_count(s, i, k));
			comma = ",";
		}
		qos_buf_puts(json, "}}");
	}
	qos_buf_puts(json, "}}");
}

static void report_learner(struct qos_buf *json, const struct qos_learner *learner)
{
	struct qos_learner_counts counts;

	qos_learner_counts(learner, &counts);
	qos_buf_printf(json, ",\"learning\":{\"model\":\"%s\",\"learned\":%llu,\"unknown_labels\":%llu,\"lost\":%llu",
		       counts.model, (unsigned long long)counts.n_learned, (unsigned long long)counts.n_unknown,
		       (unsigned long long)counts.n_lost);
	if (counts.given->n) {
		report_score(json, "given", counts.given);
		report_labels(json, counts.labels, counts.given);
	}
	if (counts.guessed->n) {
		report_score(json, "guessed", counts.guessed);
		report_labels(json, counts.labels, counts.guessed);
	}
	if (counts.feedback.n_waiting || counts.feedback.n_records_out || counts.feedback.n_labels_out)
		qos_buf_printf(json,
			       ",\"feedback\":{\"waiting\":%u,\"forgotten_records\":%llu,\"forgotten_labels\":%llu}",
			       counts.feedback.n_waiting, (unsigned long long)counts.feedback.n_records_out,
			       (unsigned long long)counts.feedback.n_labels_out);
	qos_buf_puts(json, "}");
}

static void report_miner(struct qos_buf *json, const struct qos_miner *miner)
{
	struct qos_miner_counts counts;

	qos_miner_counts(miner, &counts);
	qos_buf_printf(json, ",\"templates\":{\"messages\":%llu,\"forms\":%llu,\"forgotten\":%llu,\"lost\":%llu}",
		       (unsigned long long)counts.n_messages, (unsigned long long)counts.n_forms,
		       (unsigned long long)counts.n_forgotten, (unsigned long long)counts.n_lost);
}

static void report(const void *self, struct qos_buf *json)
{
	const struct summary *s = self;
	const struct cli *cli = s->cli;
	struct qos_classifier_counts counts;
	const char *comma = "";

	qos_classifier_counts(s->classifier, &counts);
	qos_buf_printf(json, ",\"records\":%llu,\"default\":%llu,\"patterns\":%llu,\"ml\":%llu,\"classes\":{",
		       (unsigned long long)counts.n_records, (unsigned long long)counts.n_default,
		       (unsigned long long)counts.n_patterns, (unsigned long long)counts.n_ml);
	for (int i = 0; i < cli->config->n_classes; i++) {
		qos_buf_puts(json, comma);
		qos_buf_json(json, cli->config->classes[i].name);
		qos_buf_printf(json, ":%llu", (unsigned long long)counts.by_class[i]);
		comma = ",";
	}
	qos_buf_puts(json, "},\"rules\":{");
	comma = "";
	for (int i = 0; i < cli->config->n_rules; i++) {
		if (!counts.by_rule[i])
			continue;
		qos_buf_puts(json, comma);
		qos_buf_json(json, cli->config->rules[i].name);
		qos_buf_printf(json, ":%llu", (unsigned long long)counts.by_rule[i]);
		comma = ",";
	}
	qos_buf_printf(json, "},\"gave_up\":%llu", (unsigned long long)counts.n_gave_up);
	if (counts.trust) {
		qos_buf_puts(json, ",\"demoted\":");
		qos_trust_report(counts.trust, json);
	}
	if (s->learner)
		report_learner(json, s->learner);
	if (s->miner)
		report_miner(json, s->miner);
}

static void add_score_metrics(struct qos_prom *p, const char *of, const struct qos_score *s)
{
	static const struct qos_metric scored = { "qos_classify_scored_records_total", QOS_METRIC_COUNTER,
						  "records with a label" },
				       right = { "qos_classify_right_records_total", QOS_METRIC_COUNTER,
						 "of them those that were right" },
				       recent = { "qos_classify_recent_accuracy_ratio", QOS_METRIC_GAUGE,
						  "right ones of the last thousand" },
				       f1 = { "qos_classify_macro_f1_ratio", QOS_METRIC_GAUGE,
					      "mean F1 over the labels" };
	const struct qos_label *labels = QOS_LABELS({ "of", qos_str(of) });

	if (!s->n)
		return;
	qos_prom_add(p, &scored, (double)s->n, labels);
	qos_prom_add(p, &right, (double)s->n_right, labels);
	qos_prom_add(p, &recent, qos_score_windowed(s), labels);
	qos_prom_add(p, &f1, qos_score_macro_f1(s), labels);
}

static void metrics(const void *self, struct qos_prom *p)
{
	static const struct qos_metric records = { "qos_out_records_total", QOS_METRIC_COUNTER,
						   "records that left, by class" },
				       decided = { "qos_classify_decided_records_total", QOS_METRIC_COUNTER,
						   "records by who decided" },
				       by_rule = { "qos_classify_rule_records_total", QOS_METRIC_COUNTER,
						   "records that a rule decided" },
				       gave_up = { "qos_classify_gave_up_total", QOS_METRIC_COUNTER,
						   "searches that took too long" };
	const struct summary *s = self;
	const struct qos_config *config = s->cli->config;
	struct qos_classifier_counts c;
	struct qos_learner_counts learned;

	qos_classifier_counts(s->classifier, &c);
	for (int i = 0; i < config->n_classes; i++)
		qos_prom_add(p, &records, (double)c.by_class[i], QOS_LABELS({ "class", config->classes[i].name }));
	for (int i = 0; i < config->n_rules; i++)
		qos_prom_add(p, &by_rule, (double)c.by_rule[i], QOS_LABELS({ "rule", config->rules[i].name }));
	qos_prom_add(p, &decided, (double)(c.n_records - c.n_default - c.n_patterns - c.n_ml),
		     QOS_LABELS({ "by", QOS_STR("rule") }));
	qos_prom_add(p, &decided, (double)c.n_patterns, QOS_LABELS({ "by", QOS_STR("pattern") }));
	qos_prom_add(p, &decided, (double)c.n_ml, QOS_LABELS({ "by", QOS_STR("ml") }));
	qos_prom_add(p, &decided, (double)c.n_default, QOS_LABELS({ "by", QOS_STR("default") }));
	qos_prom_add(p, &gave_up, (double)c.n_gave_up, QOS_NO_LABELS);
	if (!s->learner)
		return;
	qos_learner_counts(s->learner, &learned);
	add_score_metrics(p, "given", learned.given);
	add_score_metrics(p, "guessed", learned.guessed);
}

static int add_rules(struct qos_config *config, const struct options *o, struct qos_err *err)
{
	int rc = 0;

	for (int i = 0; !rc && i < o->n_rules; i++)
		rc = qos_config_add_rule(config, o->rule[i], err);
	return rc;
}

/* SIGHUP: other rules from now on. */
static int reread(void *self, struct cli *cli, struct qos_config *config, struct qos_err *err)
{
	const struct options *o = self;
	int rc = add_rules(config, o, err);

	if (!rc)
		rc = qos_config_validate(config, err);
	return rc ? rc : qos_classifier_reread(o->classifier, config, cli->fields, err);
}

/* The model joins in where one was loaded or is to be learned. */
static int add_learner(struct cli *cli, struct options *o, struct qos_classifier *classifier,
		       struct qos_learner **learner)
{
	bool wanted = cli->config->enable_ml && (o->learner.learn || o->learner.file || o->learner.feedback);
	char why[200];
	int rc;

	*learner = NULL;
	if (o->save_model && !wanted)
		return qos_fail(&cli->err, QOS_EUSAGE, QOS_NOWHERE,
				"--save-model: nothing is learned; add --learn or --feedback");
	if (o->learner.feedback && !wanted)
		return qos_fail(&cli->err, QOS_EUSAGE, QOS_NOWHERE, "--feedback: classifier.enable_ml is false");
	if (qos_costs_check(cli->config->costs, why))
		return qos_fail(&cli->err, QOS_EUSAGE, QOS_NOWHERE, "classifier.costs: %s", why);
	if (!qos_model_find(cli->config->model))
		return qos_fail(&cli->err, QOS_EUSAGE, QOS_NOWHERE, "classifier.model: there is no model \"%.*s\"",
				QOS_STR_ARG(cli->config->model));
	rc = wanted ? qos_learner_new(learner, cli->config, cli->fields, &o->learner, &cli->err) : 0;
	return rc ? rc : qos_classifier_learn(classifier, *learner, o->learner.explain, cli->fields, &cli->err);
}

/* Payloads are mined where templates decide, or somebody asked for what comes of it. */
static int add_miner(struct cli *cli, const struct options *o, struct qos_classifier *classifier,
		     struct qos_miner **miner)
{
	struct qos_mining how = { .field = o->template_field,
				  .all = o->template_field || o->patterns,
				  .decides = cli->config->enable_patterns && !o->learner.labels_are_classes,
				  .threshold = cli->config->pattern_threshold };
	int rc;

	*miner = NULL;
	if (!how.all && !how.decides)
		return 0;
	if ((rc = qos_miner_new(miner, (uint32_t)o->most_templates, cli->config->n_classes, &cli->err)))
		return rc;
	return qos_classifier_mine(classifier, *miner, &how, cli->fields, &cli->err);
}

static int save_patterns(struct cli *cli, const struct options *o, const struct qos_miner *miner)
{
	struct qos_buf b = { 0 };
	int rc;

	qos_miner_write(miner, qos_str_ends(qos_str(o->patterns), QOS_STR(".jsonl")), cli->config->class_names.name,
			&b);
	rc = b.failed ? qos_fail_memory(&cli->err, "templates")
		      : qos_replace(o->patterns, (struct qos_str){ b.p, b.n }, &cli->err);
	qos_buf_free(&b);
	return rc;
}

/* One line a rule, on stderr: hits, its part of all records, name, class, what is wrong with it. */
static void show_rule_stats(const struct cli *cli, const struct qos_classifier *classifier)
{
	const struct qos_config *config = cli->config;
	struct qos_classifier_counts counts;

	qos_classifier_counts(classifier, &counts);
	fprintf(stderr, "%12s %7s  %-20s %-16s\n", "hits", "share", "rule", "class");
	for (int i = 0; i < config->n_rules; i++) {
		const struct qos_rule_config *rule = &config->rules[i];
		struct qos_str class = config->classes[rule->class].name;
		int by = -1;
		enum qos_rule_use use = qos_classifier_rule_use(classifier, i, &by);

		fprintf(stderr, "%12llu %6.2f%%  %-20.*s %.*s", (unsigned long long)counts.by_rule[i],
			counts.n_records ? 100.0 * (double)counts.by_rule[i] / (double)counts.n_records : 0.0,
			QOS_STR_ARG(rule->name), QOS_STR_ARG(class));
		if (use == QOS_RULE_SHADOWED)
			fprintf(stderr, "  shadowed by %.*s", QOS_STR_ARG(config->rules[by].name));
		fprintf(stderr, "%s\n",
			use == QOS_RULE_DISABLED ? "  disabled"
			: use == QOS_RULE_DEAD   ? "  can never be true"
						 : "");
	}
	fprintf(stderr, "%12llu %6.2f%%  (default)\n", (unsigned long long)counts.n_default,
		counts.n_records ? 100.0 * (double)counts.n_default / (double)counts.n_records : 0.0);
}

/* --- --test-config: the records of `tests:` through the same classifier --- */

struct tests {
	const struct qos_config *config;
	struct qos_stage classifier;
	const struct qos_column *column; /* class, class_by, ... */
	int n_done, n_failed;
};

static void ignore_record(void *self, struct qos_record *r)
{
}

static void test_push(void *self, struct qos_record *r, int64_t now_ns, struct qos_sink *out)
{
	struct qos_sink ignore = { ignore_record, NULL };
	struct tests *t = self;
	const struct qos_test_config *test = &t->config->tests[t->n_done];
	char class_scratch[64], by_scratch[64];
	struct qos_str class, by, wanted = t->config->classes[test->class].name;

	t->n_done++;
	t->classifier.push(t->classifier.self, r, now_ns, &ignore);
	class = t->column[0].text(t->classifier.self, r, class_scratch);
	by = t->column[1].text(t->classifier.self, r, by_scratch);
	if (qos_str_equal(class, wanted) && (!test->by.n || qos_str_equal(by, test->by)))
		return;
	t->n_failed++;
	printf("%s:%d:%d: test %d: %.*s by %.*s, not %.*s%s%.*s\n", test->at.file, test->at.line, test->at.column,
	       t->n_done, QOS_STR_ARG(class), QOS_STR_ARG(by), QOS_STR_ARG(wanted), test->by.n ? " by " : "",
	       QOS_STR_ARG(test->by));
}

static int64_t test_due(const void *self)
{
	return QOS_NEVER;
}

/* The tests' records as a file without a name.   Returns  its descriptor, or -1. */
static int tests_file(const struct qos_config *config, char *name)
{
	struct qos_buf lines = { 0 };
	int fd;

	for (int i = 0; i < config->n_tests; i++)
		qos_buf_printf(&lines, "%.*s\n", QOS_STR_ARG(config->tests[i].record));
	fd = lines.failed ? -1 : cli_nameless_file(QOS_STR(""), (struct qos_str){ lines.p, lines.n }, name);
	qos_buf_free(&lines);
	return fd;
}

static int test_config(struct cli *cli, struct qos_classifier *classifier)
{
	struct tests t = { .config = cli->config, .classifier = qos_classifier_stage(classifier) };
	struct cli_stage s = { .stage = { .push = test_push, .due = test_due, .self = &t } };
	char name[CLI_NAMELESS_BYTES];
	const char *const files[] = { name };
	int n, rc, fd = tests_file(cli->config, name);

	if (fd < 0)
		return qos_fail_errno(&cli->err, "the tests");
	t.column = qos_classifier_columns(classifier, &n);
	cli->files = files;
	cli->n_files = 1;
	cli->input = "jsonl";
	rc = cli->config->n_tests ? cli_drive(cli, &s) : 0;
	close(fd);
	cli->files = NULL;
	cli->n_files = 0;
	if (rc)
		return rc;
	printf("%s: %d tests passed, %d failed\n", cli->config->file, t.n_done - t.n_failed, t.n_failed);
	return t.n_failed ? qos_fail(&cli->err, QOS_ECHECK, QOS_NOWHERE, "%d of %d tests failed", t.n_failed,
				     cli->config->n_tests)
			  : CLI_DONE;
}

static int suggest_rules(struct cli *cli)
{
	struct qos_suggest *suggest;
	struct qos_buf b = { 0 };
	int rc = qos_suggest_new(&suggest, cli->config, cli->fields, &cli->err);

	if (!rc) {
		struct cli_stage s = { .stage = qos_suggest_stage(suggest) };

		rc = cli_drive(cli, &s);
	}
	if (!rc) {
		qos_suggest_write(suggest, &b);
		fwrite(b.p, 1, b.n, stdout);
		rc = b.failed ? qos_fail_memory(&cli->err, "suggestions") : CLI_DONE;
	}
	qos_buf_free(&b);
	qos_suggest_free(suggest);
	return rc;
}

static int describe(struct cli *cli, const char *file)
{
	struct qos_buf text = { 0 };
	int rc = qos_learner_describe(file, &text, &cli->err);

	if (!rc)
		fwrite(text.p, 1, text.n, stdout);
	qos_buf_free(&text);
	return rc ? rc : CLI_DONE;
}

/* Learns what is left to learn, and saves it; writes the templates. */
static int finish(struct cli *cli, const struct options *o, struct qos_learner *learner, struct qos_miner *miner)
{
	int rc = o->patterns ? save_patterns(cli, o, miner) : 0;

	if (rc || !learner)
		return rc;
	qos_learner_finish(learner);
	return o->save_model ? qos_learner_save(learner, o->save_model, &cli->err) : 0;
}

int main(int argc, char **argv)
{
	struct options o = { .learner.n_epochs = 1, .most_templates = 100000 };
	struct qos_classifier *classifier = NULL;
	struct qos_learner *learner = NULL;
	struct qos_miner *miner = NULL;
	struct summary summary;
	struct cli cli;
	int late, rc = cli_open(&cli, &program, &o, argc, argv);

	if (!rc && o.describe)
		rc = describe(&cli, o.describe);
	if (!rc && !(rc = add_rules(cli.config, &o, &cli.err)) && !(rc = cli_ready(&cli)) &&
	    !(rc = o.suggest_rules ? suggest_rules(&cli) : 0) &&
	    !(rc = qos_classifier_new(&classifier, cli.config, cli.fields, &cli.err)) &&
	    !(rc = add_learner(&cli, &o, classifier, &learner)) &&
	    !(rc = o.test_config ? test_config(&cli, classifier) : 0) &&
	    !(rc = add_miner(&cli, &o, classifier, &miner))) {
		struct cli_stage s = { .stage = qos_classifier_stage(classifier),
				       .columns_self = classifier,
				       .reread = reread,
				       .opened_self = &o };

		o.classifier = classifier;
		s.columns = qos_classifier_columns(classifier, &s.n_columns);
		summary = (struct summary){ &cli, classifier, learner, miner };
		cli.report = report;
		cli.own_metrics = metrics;
		cli.report_self = &summary;
		rc = o.feedback.file ? classify_feedback_open(&o.feedback, &cli, learner) : 0;
		if (!rc)
			rc = cli_drive(&cli, &s);
		late = classify_feedback_close(&o.feedback);
		if (!rc)
			rc = finish(&cli, &o, learner, miner);
		rc = rc ? rc : late;
		if (o.rule_stats)
			show_rule_stats(&cli, classifier);
	}
	qos_classifier_free(classifier);
	return cli_close(&cli, rc);
}
