/* Records as models see them. */
#include "learn/feature.h"

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/unit/expr/sample.h"

static struct sample sample;
static struct qos_features *features;
static struct qos_example e;

static void read_record(const char *type, const char *x, const char *payload)
{
	sample_clear(&sample);
	sample_set(&sample, "type", type);
	if (x)
		sample_set(&sample, "x", x);
	if (payload)
		sample_set(&sample, "payload", payload);
	qos_features_read(features, &sample.r, &e);
}

static void kinds(void)
{
	read_record("alert", "12.5", "disk full");
	CHECK_INT(e.n_attributes, 2);
	CHECK(!e.attribute[0].numeric && e.attribute[1].numeric && fabsf(e.attribute[1].number - logf(13.5f)) < 1e-6f);
	CHECK(qos_str_is(qos_features_column(features, e.attribute[1].column), "x"));
	CHECK_INT(e.n_text, 4 + 14); /* two words, two pairs; 4 + 3 pieces of <disk> and of <full> */
	CHECK(e.n > e.n_text);
	sample_clear(&sample);
	sample_set(&sample, "label", "critical");
	sample_set(&sample, "class", "critical");
	sample_set(&sample, "id", "77");
	sample_set(&sample, "ts", "1");
	qos_features_read(features, &sample.r, &e);
	CHECK_INT(e.n, 0); /* the answer is no feature */
}

static void weights(void)
{
	double text = 0, rest = 0;
	uint32_t rare;

	read_record("alert", "3", "full disk");
	qos_features_weigh(features, &e);
	CHECK_INT(e.n, 0);            /* nothing is known yet */
	for (int i = 0; i < 2; i++) { /* the second time the number's distance from the mean is known as well */
		read_record("alert", i ? "4" : "3", "full disk");
		qos_features_learn(features, &e, 0);
	}
	read_record("alert", "3", "full disk");
	qos_features_learn(features, &e, 0);
	qos_features_weigh(features, &e);
	for (int i = 0; i < e.n; i++)
		*(i < e.n_text ? &text : &rest) += e.x[i].value * e.x[i].value;
	CHECK(fabs(text - 1) < 1e-5 && fabs(rest - 1) < 1e-5);
	for (int i = 0; i < 20; i++) {
		read_record("alert", NULL, i % 2 ? "common rare" : "common");
		qos_features_learn(features, &e, i % 2);
	}
	read_record("alert", NULL, "rare");
	qos_features_weigh(features, &e);
	rare = e.x[0].slot;
	read_record("alert", NULL, "common rare");
	qos_features_weigh(features, &e);
	for (int i = 0; i < e.n_text; i++)
		CHECK(e.x[i].slot != rare || e.x[i].value > 1.4f * e.x[0].value); /* what all have says less */
}

static void saved(void)
{
	char path[] = "/tmp/qos-feature-XXXXXX";
	struct qos_features *again = NULL;
	struct qos_container_out o;
	struct qos_container c;
	struct qos_example other;

	close(mkstemp(path));
	qos_container_begin(&o, "features", 1);
	qos_features_save(features, &o);
	CHECK_INT(qos_container_save(&o, path, &sample.err), 0);
	CHECK_INT(qos_container_open(&c, path, "features", 1, &sample.err), 0);
	CHECK_INT(qos_features_new(&again, sample.fields, &sample.err), 0);
	CHECK_INT(qos_features_load(again, &c), 0);
	read_record("job", "17", "common words");
	qos_features_weigh(features, &e);
	qos_features_read(again, &sample.r, &other);
	qos_features_weigh(again, &other);
	CHECK(e.n == other.n && memcmp(e.x, other.x, (size_t)e.n * sizeof(*e.x)) == 0);
	qos_features_free(again);
	qos_container_close(&c);
	unlink(path);
}

static void explained(void)
{
	struct qos_buf text = { 0 };

	read_record("alert", NULL, "disk full");
	qos_features_weigh(features, &e);
	qos_features_explain(features, &sample.r, e.x[0].slot, &text);
	CHECK_TEXT(text.p, "disk");
	qos_buf_free(&text);
}

int main(void)
{
	sample_new(&sample);
	CHECK_INT(qos_features_new(&features, sample.fields, &sample.err), 0);
	CHECK(sample.fields->want_all && sample.fields->wanted[QOS_F_PAYLOAD]);
	RUN("names, numbers and texts are told apart, and answers left out", kinds);
	RUN("weights have length one and favour what is rare", weights);
	RUN("what was learned is saved", saved);
	RUN("a feature says which words it came from", explained);
	qos_features_free(features);
	sample_free(&sample);
	return DONE();
}
