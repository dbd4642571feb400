/*
 * What does one classification cost in the library?  Mean and 99th percentile, in ns.
 *
 * usage: classify_lib [ROUNDS [CASE]]
 *
 * Generated records of some 100 bytes with payloads are classified again and again: by the embedded rules, by these
 * after 20 rules that search the payload, by the latter when no record tells its type (every pattern is then searched
 * for), and by 1000 rules that each ask for a value of the stream.  Their cells are set anew each time, as a reader
 * does.  The last case has no rules that match: every record gets its class from a linear model that has learned the
 * records' types from their other fields and payloads.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "classify/classifier.h"
#include "gen/gen.h"

#define N_RECORDS 8192
#define N_COLUMNS 7

static const int columns[N_COLUMNS] = { QOS_F_TS,       QOS_F_ID,   QOS_F_STREAM, QOS_F_TYPE,
					QOS_F_PRIORITY, QOS_F_SIZE, QOS_F_PAYLOAD };

static const char *const words[] = {
	"panic",
	"segfault at [0-9a-f]+",
	"timed? ?out",
	"connection (refused|reset)",
	"disk .* full",
	"oom-?kill",
	"certificate expired",
	"retry [0-9]+ of",
	"deadlock",
	"permission denied",
	"no such file",
	"unreachable",
	"checksum mismatch",
	"quota exceeded",
	"throttl(ed|ing)",
	"rollback",
	"backup (started|done)",
	"node [a-z0-9-]+ (up|down)",
	"upgrade to v[0-9]+",
	"user .* locked",
};

struct stored {
	char bytes[256];
	uint32_t n_bytes;
	struct qos_cell cell[N_COLUMNS];
};

static void die(const struct qos_err *err)
{
	fprintf(stderr, "classify_lib: %s\n", err->text);
	exit(1);
}

static struct stored *generate(void)
{
	struct stored *stored = calloc(N_RECORDS, sizeof(*stored));
	struct qos_gen_options o = {
		.count = N_RECORDS, .rate = { .num = 1, .den = 1000000 }, .n_streams = 10000, .payload = true, .seed = 1
	};
	struct qos_err err;
	struct qos_gen *gen;
	struct qos_source source;
	struct qos_record *r;

	if (!stored || qos_gen_new(&gen, &o, &err))
		die(&err);
	source = qos_gen_source(gen);
	for (struct stored *s = stored; (r = source.take(source.self)); s++) {
		s->n_bytes = r->n_bytes < sizeof(s->bytes) ? r->n_bytes : sizeof(s->bytes);
		memcpy(s->bytes, r->bytes, s->n_bytes);
		for (int k = 0; k < N_COLUMNS; k++)
			s->cell[k] = r->cell[columns[k]];
	}
	qos_gen_free(gen);
	return stored;
}

static uint64_t n_put;

static void put(void *self, struct qos_record *r)
{
	n_put++;
}

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

struct setup {
	const char *name;
	int n_patterns, n_values;
	bool no_type;
	bool learned; /* no rules, but a model */
};

struct run {
	const struct setup *setup;
	struct qos_stage stage;
	struct qos_sink sink;
	struct qos_cell cell[QOS_FIELDS_MOST];
	const struct stored *stored;
};

static void classify(struct run *run, int i)
{
	const struct stored *s = &run->stored[i];
	struct qos_record r = { .bytes = s->bytes, .n_bytes = s->n_bytes, .cell = run->cell };

	for (int k = 0; k < N_COLUMNS; k++)
		run->cell[columns[k]] = s->cell[k];
	if (run->setup->no_type)
		run->cell[QOS_F_TYPE].kind = QOS_CELL_ABSENT;
	run->stage.push(run->stage.self, &r, 0, &run->sink);
}

/* The best mean of some rounds, and the 99th percentile over one more; the clock's own cost is taken off. */
static void measure(struct run *run, int rounds)
{
	double best = 1e9, *each = calloc(N_RECORDS, sizeof(*each)), clock_ns = 1e9;

	for (int round = 0; round < rounds; round++) {
		double start = now_ns(), took;

		for (int i = 0; i < N_RECORDS; i++)
			classify(run, i);
		took = (now_ns() - start) / N_RECORDS;
		best = took < best ? took : best;
	}
	for (int i = 0; each && i < N_RECORDS; i++) {
		double start = now_ns(), empty = now_ns();

		clock_ns = empty - start < clock_ns ? empty - start : clock_ns;
		classify(run, i);
		each[i] = now_ns() - empty;
	}
	if (each)
		qsort(each, N_RECORDS, sizeof(*each), by_size);
	printf("classify %-28s %7.1f ns/record  p99 %7.1f ns\n", run->setup->name, best,
	       each ? each[N_RECORDS * 99 / 100] - clock_ns : 0);
	free(each);
}

/* A model that knows the first records' types, by their places in the list of classes, and answers only. */
static void teach(struct run *run, struct qos_classifier *classifier, struct qos_config *config,
		  struct qos_fields *fields)
{
	struct qos_learner_options options = { .learn = true, .n_epochs = 1 };
	struct qos_learner *learner;
	struct qos_guess guess;
	struct qos_err err;

	config->ml_threshold = 0;
	if (qos_learner_new(&learner, config, fields, &options, &err))
		die(&err);
	for (int i = 0; i < N_RECORDS; i++) {
		const struct stored *s = &run->stored[i];
		struct qos_record r = { .bytes = s->bytes, .n_bytes = s->n_bytes, .cell = run->cell };
		struct qos_cell type = s->cell[3];

		for (int k = 0; k < N_COLUMNS; k++)
			run->cell[columns[k]] = s->cell[k];
		run->cell[QOS_F_TYPE].kind = QOS_CELL_ABSENT;
		qos_learner_guess(learner, &r, &guess);
		qos_learner_teach(learner, (int)(s->bytes[type.off] % config->n_classes));
	}
	qos_learner_stop(learner);
	if (qos_classifier_learn(classifier, learner, false, fields, &err))
		die(&err);
}

static void run_setup(const struct setup *setup, const struct stored *stored, int rounds)
{
	static const char *const classes[] = { "critical", "system", "job_execution", "data_transfer" };
	static struct run run;
	struct qos_config *config;
	struct qos_fields *fields;
	struct qos_classifier *classifier;
	struct qos_err err;
	char text[128];

	if (qos_config_load(&config, NULL, NULL, 0, &err) || qos_fields_new(&fields, &err))
		die(&err);
	if (setup->learned)
		config->n_rules = 0;
	for (int i = 0; i < setup->n_patterns + setup->n_values; i++) {
		if (i < setup->n_patterns)
			snprintf(text, sizeof(text), "r%d: payload ~ /%s/i => %s", i, words[i], classes[i % 4]);
		else
			snprintf(text, sizeof(text), "v%d: stream == \"s%d\" => %s", i, i * 7, classes[i % 4]);
		if (qos_config_add_rule(config, text, &err))
			die(&err);
	}
	if (qos_classifier_new(&classifier, config, fields, &err))
		die(&err);
	run = (struct run){
		.setup = setup, .stage = qos_classifier_stage(classifier), .sink = { .put = put }, .stored = stored
	};
	if (setup->learned)
		teach(&run, classifier, config, fields);
	measure(&run, rounds);
	qos_classifier_free(classifier);
	qos_fields_free(fields);
	qos_config_free(config);
}

int main(int argc, char **argv)
{
	static const struct setup setups[] = {
		{ "embedded rules", 0, 0, false },
		{ "embedded, no type", 0, 0, true },
		{ "embedded + 20 regex", 20, 0, false },
		{ "embedded + 20 regex, no type", 20, 0, true },
		{ "embedded + 1000 values", 0, 1000, false },
		{ "linear, no rule matches", 0, 0, true, true },
	};
	int rounds = argc > 1 ? atoi(argv[1]) : 50;
	struct stored *stored = generate();

	for (size_t i = 0; i < sizeof(setups) / sizeof(*setups); i++)
		if (argc < 3 || atoi(argv[2]) == (int)i)
			run_setup(&setups[i], stored, rounds);
	free(stored);
	return n_put == 0;
}
