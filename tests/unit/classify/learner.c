/* The learned part of the classifier. */
#include "classify/learner.h"

#include <stdlib.h>
#include <unistd.h>

#include "tests/unit/expr/sample.h"

static struct sample sample;
static struct qos_class_config classes[2] = { { .name = { "fast", 4 }, .priority = 0 },
					      { .name = { "slow", 4 }, .priority = 1 } };
static struct qos_config config = { .classes = classes,
				    .n_classes = 2,
				    .default_class = 1,
				    .learning_rate = 0.01,
				    .ml_threshold = 0.8,
				    .enable_ml = true,
				    .model = { "linear", 6 },
				    .costs = { "equal", 5 } };

static struct qos_learner *build(const struct qos_learner_options *options)
{
	struct qos_learner *l = NULL;

	if (qos_learner_new(&l, &config, sample.fields, options, &sample.err))
		printf("# %s\n", sample.err.text);
	CHECK(l != NULL);
	return l;
}

static struct qos_guess show(struct qos_learner *l, const char *payload, const char *label)
{
	struct qos_guess g;

	sample_clear(&sample);
	sample_set(&sample, "payload", payload);
	if (label)
		sample_set(&sample, "label", label);
	qos_learner_guess(l, &sample.r, &g);
	qos_learner_hear(l, &sample.r, &g, g.class >= 0 ? g.class : 1, g.confidence);
	return g;
}

static void learns(void)
{
	struct qos_learner_options options = { .learn = true, .n_epochs = 1 };
	struct qos_learner *l = build(&options);
	struct qos_learner_counts counts;

	CHECK_INT(show(l, "wake the person on call", "fast").label, -1); /* nothing was learned before it */
	for (int i = 0; i < 40; i++) {
		show(l, "nightly report is ready", "slow");
		show(l, "wake the person on call", "fast");
	}
	CHECK(qos_str_is(show(l, "wake somebody", NULL).name, "fast"));
	CHECK_INT(show(l, "nightly report", NULL).class, 1);
	CHECK(show(l, "wake the person on call", NULL).sure && !show(l, "whatever", NULL).sure);
	show(l, "x", "unheard of");
	qos_learner_counts(l, &counts);
	CHECK_INT(counts.n_learned, 81);
	CHECK_INT(counts.n_unknown, 1);
	CHECK_INT(counts.guessed->n, 80);
	CHECK(qos_score_windowed(counts.guessed) > 0.95);
	qos_learner_free(l);
}

static void own_labels(void)
{
	char path[] = "/tmp/qos-learner-XXXXXX";
	struct qos_learner_options options = { .learn = true, .labels_are_classes = true, .n_epochs = 5 };
	struct qos_learner *l = build(&options);
	struct qos_buf text = { 0 };
	struct qos_guess g;

	close(mkstemp(path));
	for (int i = 0; i < 5; i++) {
		show(l, "one apple", "fruit");
		show(l, "two carrots", "vegetable");
	}
	qos_learner_finish(l);
	CHECK_INT(qos_learner_save(l, path, &sample.err), 0);
	qos_learner_free(l);
	options = (struct qos_learner_options){ .file = path, .n_epochs = 1 };
	l = build(&options);
	CHECK(qos_learner_labels_are_classes(l) && qos_learner_ready(l) && !qos_learner_learns(l));
	g = show(l, "three carrots", NULL);
	CHECK(qos_str_is(g.name, "vegetable") && g.sure && g.class == -1);
	CHECK(strstr(qos_learner_why(l, &sample.r, &g).p, "carrots") != NULL);
	CHECK_INT(qos_learner_describe(path, &text, &sample.err), 0);
	CHECK(strstr(text.p, "learned: 10 examples") && strstr(text.p, "\"vegetable\""));
	qos_buf_free(&text);
	qos_learner_free(l);
	unlink(path);
	CHECK_INT(qos_learner_new(&l, &config, sample.fields, &options, &sample.err), QOS_EIO);
	CHECK(l == NULL);
}

int main(void)
{
	sample_new(&sample);
	qos_names_add(&config.class_names, classes[0].name);
	qos_names_add(&config.class_names, classes[1].name);
	RUN("it answers first, then learns", learns);
	RUN("labels may be the classes, and go with the model file", own_labels);
	qos_names_free(&config.class_names);
	sample_free(&sample);
	return DONE();
}
