/*
 * Classifies with machine learning: learns from a few labelled messages, then says what others are, and how sure it is.
 *
 *   cc -o classify classify.c $(pkg-config --cflags --libs qos)
 */
#include <qos.h>
#include <stdio.h>

static const char *const labelled[][2] = {
	{ "disk failure on node seven, raid degraded", "critical" },
	{ "node three is down, no answer to ping", "critical" },
	{ "raid degraded after disk failure", "critical" },
	{ "nightly copy of artifacts to the mirror has begun", "data_transfer" },
	{ "copy of the release artifacts to the mirror", "data_transfer" },
	{ "mirror asks for a copy of all artifacts", "data_transfer" },
	{ "cpu 12 percent, memory 40 percent, load 0.3", "logs_metrics" },
	{ "cpu 95 percent, memory 41 percent, load 7.1", "logs_metrics" },
	{ "memory 39 percent, cpu 3 percent", "logs_metrics" },
};
static const char *const unknown[] = { "node nine is down and does not answer", "disk failure on node nine",
				       "memory 33 percent, cpu 50 percent", "lunch is served",
				       "copy to the second mirror" };

static void nothing(void *self, struct qos_record *r)
{
}

static void show(void *config, struct qos_record *r)
{
	const struct qos_config *c = config;

	printf("%-13.*s", QOS_STR_ARG(c->classes[r->class].name));
}

static int push(struct qos_classifier *c, struct qos_message *m, const char *payload, const char *label,
		struct qos_sink *out, struct qos_err *err)
{
	struct qos_stage stage = qos_classifier_stage(c);
	struct qos_record *r;

	qos_message_begin(m, 0);
	qos_message_set(m, "payload", qos_str(payload));
	if (label)
		qos_message_set(m, "label", qos_str(label));
	if (!(r = qos_message_record(m, err)))
		return err->code;
	stage.push(stage.self, r, 0, out);
	return 0;
}

/* class_by and confidence of the record that was classified last */
static void show_why(struct qos_classifier *c)
{
	int n;
	const struct qos_column *column = qos_classifier_columns(c, &n);
	char scratch[64];

	for (int i = 1; i < n; i++) {
		struct qos_str text = column[i].text(c, NULL, scratch);

		printf(" %.*s", QOS_STR_ARG(text));
	}
}

int main(void)
{
	/* where the model is less sure than that, the default class is given */
	static const char *const set[] = { "classifier.ml_threshold=0.5" };
	struct qos_learner_options options = { .learn = true, .n_epochs = 20 };
	struct qos_err err = { 0 };
	struct qos_config *config;
	struct qos_fields *fields;
	struct qos_classifier *c;
	struct qos_learner *learner;
	struct qos_message *m;
	struct qos_sink quiet = { nothing, NULL }, loud;
	int rc;

	if (qos_config_load(&config, NULL, set, 1, &err) || qos_fields_new(&fields, &err) ||
	    qos_classifier_new(&c, config, fields, &err) || qos_learner_new(&learner, config, fields, &options, &err) ||
	    qos_classifier_learn(c, learner, false, fields, &err) || qos_message_new(&m, fields, NULL, &err)) {
		fprintf(stderr, "classify: %s\n", err.text);
		return 1;
	}
	rc = 0;
	for (size_t i = 0; !rc && i < sizeof(labelled) / sizeof(*labelled); i++)
		rc = push(c, m, labelled[i][0], labelled[i][1], &quiet, &err);
	qos_learner_finish(learner); /* the other 19 passes over them */
	qos_learner_stop(learner);
	loud = (struct qos_sink){ show, config };
	for (size_t i = 0; !rc && i < sizeof(unknown) / sizeof(*unknown); i++) {
		rc = push(c, m, unknown[i], NULL, &loud, &err);
		show_why(c);
		printf("  %s\n", unknown[i]);
	}
	qos_message_free(m);
	qos_classifier_free(c); /* and with it the learner */
	qos_fields_free(fields);
	qos_config_free(config);
	return rc ? 1 : 0;
}
