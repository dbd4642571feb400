/* qos-gen: traces with known statistics.  Options and wiring. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/signal.h"
#include "gen/gen.h"
#include "unit/unit.h"

#define DEFAULT_COUNT 1000
#define DEFAULT_START 1735689600000000000 /* 2025-01-01T00:00:00Z */

struct options {
	struct qos_gen_options gen;
	struct qos_gen_class class[QOS_GEN_CLASSES]; /* --class, in order */
};

static int usage(struct qos_err *err, const char *why)
{
	return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "%s", why);
}

static struct qos_gen_options *gen_of(void *self)
{
	return &((struct options *)self)->gen;
}

static int take_count(void *self, const char *arg, struct qos_err *err)
{
	return cli_take_count(arg, 1, INT64_MAX, &gen_of(self)->count, err);
}

static int take_duration(void *self, const char *arg, struct qos_err *err)
{
	int rc = cli_take_duration(arg, 1000000000, &gen_of(self)->duration_ns, err);

	return !rc && gen_of(self)->duration_ns == 0 ? usage(err, "0 leaves no time; write for example 10s") : rc;
}

static int take_rate(void *self, const char *arg, struct qos_err *err)
{
	char why[200];

	return qos_gen_rate_parse(qos_str(arg), &gen_of(self)->rate, why) ? usage(err, why) : 0;
}

static int take_arrivals(void *self, const char *arg, struct qos_err *err)
{
	char why[200];

	return qos_arrival_parse(qos_str(arg), &gen_of(self)->arrivals, why) ? usage(err, why) : 0;
}

static int take_size(void *self, const char *arg, struct qos_err *err)
{
	char why[200];

	return qos_size_parse(qos_str(arg), QOS_LAW_BYTES, &gen_of(self)->size, why) ? usage(err, why) : 0;
}

static int take_service(void *self, const char *arg, struct qos_err *err)
{
	char why[200];

	return qos_size_parse(qos_str(arg), QOS_LAW_SPAN, &gen_of(self)->service, why) ? usage(err, why) : 0;
}

static int take_streams(void *self, const char *arg, struct qos_err *err)
{
	return cli_take_count(arg, 1, 1000000000000, &gen_of(self)->n_streams, err);
}

static int take_zipf(void *self, const char *arg, struct qos_err *err)
{
	double *x = &gen_of(self)->zipf;

	if (qos_unit_number(qos_str(arg), x) || !(*x >= 0 && *x <= 20))
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "\"%s\" is no exponent; write 0 to 20, for example 1.1",
				arg);
	return 0;
}

static int take_tenants(void *self, const char *arg, struct qos_err *err)
{
	return cli_take_count(arg, 1, 1000000000, &gen_of(self)->n_tenants, err);
}

static int take_class(void *self, const char *arg, struct qos_err *err)
{
	struct options *o = self;
	char why[200];

	if (o->gen.n_classes == QOS_GEN_CLASSES)
		return usage(err, "more than 64 of them");
	if (qos_gen_class_parse(qos_str(arg), &o->class[o->gen.n_classes], why))
		return usage(err, why);
	o->gen.n_classes++;
	return 0;
}

static int take_payload(void *self, const char *arg, struct qos_err *err)
{
	gen_of(self)->payload = true;
	return 0;
}

static int take_labels(void *self, const char *arg, struct qos_err *err)
{
	gen_of(self)->labels = true;
	return 0;
}

static int take_with_class(void *self, const char *arg, struct qos_err *err)
{
	gen_of(self)->with_class = true;
	return 0;
}

static int take_start(void *self, const char *arg, struct qos_err *err)
{
	enum qos_time_form form;
	int64_t cache[2] = { 0 };
	char why[200];

	return qos_timestamp_parse(qos_str(arg), &gen_of(self)->start_ns, &form, cache, why) ? usage(err, why) : 0;
}

static int take_seed(void *self, const char *arg, struct qos_err *err)
{
	int64_t seed;
	int rc = cli_take_count(arg, 0, INT64_MAX, &seed, err);

	gen_of(self)->seed = rc ? 0 : (uint64_t)seed;
	return rc;
}

static int take_output(void *self, const char *arg, struct qos_err *err)
{
	gen_of(self)->json = strcmp(arg, "jsonl") == 0;
	if (strcmp(arg, "help") == 0) {
		printf("%-10s %s\n%-10s %s\n", "csv", "comma-separated values with a header line", "jsonl",
		       "one JSON object a line");
		return CLI_DONE;
	}
	if (!gen_of(self)->json && strcmp(arg, "csv") != 0)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "\"%s\" is none of csv, jsonl", arg);
	return 0;
}

static int take_fields(void *self, const char *arg, struct qos_err *err)
{
	gen_of(self)->fields = arg;
	return 0;
}

static const struct cli_option options[] = {
	{ "count", 'n', "N", "number of records (default 1000, unless --duration is given)", take_count },
	{ "duration", 'd', "TIME", "end before this much time has passed in the trace", take_duration },
	{ "rate", 'r', "RATE", "of all classes: messages (5k/s) or load (10mbit); default 1k/s", take_rate },
	{ "arrivals", 'a', "LAW",
	  "poisson (default), constant, onoff:ON,OFF[,RATE], mmpp:W,TIME,W,TIME..., pareto:ON,OFF,SHAPE[,N], "
	  "daily:DEPTH[,PERIOD[,PEAK]]",
	  take_arrivals },
	{ "size", 's', "LAW",
	  "sizes: 1500, uniform:A:B, exp:MEAN, pareto:EXPONENT:A:B, lognormal:MEDIAN:SIGMA, 60%:A,40%:B", take_size },
	{ "service-time", 0, "LAW", "write service_time: const:10ms, exp:10ms, or any other law of sizes",
	  take_service },
	{ "streams", 0, "N", "number of streams (default 100)", take_streams },
	{ "zipf", 0, "S", "the k-th stream is k^S times rarer than the first (default 0: all alike)", take_zipf },
	{ "tenants", 0, "N", "write tenant: streams belong to N tenants in turn", take_tenants },
	{ "class", 0, "NAME:KEY=V,...",
	  "share, rate, arrivals, size, service, type or priority of a class (repeatable)", take_class },
	{ "payload", 'p', NULL, "write payload: log lines as messages of the type have them", take_payload },
	{ "labels", 0, NULL, "write label: the true class", take_labels },
	{ "with-class", 0, NULL, "write class, as qos-classify would", take_with_class },
	{ "start", 0, "TIME", "moment at which the trace begins (default 2025-01-01T00:00:00Z)", take_start },
	{ "seed", 0, "N", "same seed, same bytes (default 1)", take_seed },
	{ "output", 'o', "FORMAT", "csv (default) or jsonl", take_output },
	{ "fields", 0, "A,B,C", "write these fields in this order", take_fields },
	{ 0 }
};

static const struct cli_program program = {
	.name = "qos-gen",
	.summary = "Makes traces with known statistics, to test and measure the other filters with.",
	.operands = "",
	.examples =
		"  qos-gen --count 1M --streams 10k --seed 7 >trace.csv\n"
		"  qos-gen --duration 60s --rate 80/s --service-time exp:10ms | qos-route\n"
		"  qos-gen --class critical:rate=100/s --class bulk:rate=8mbit,size=1500,arrivals=onoff:100ms,900ms\n",
	.options = options,
};

struct summary {
	const struct cli *cli;
	const struct qos_gen *gen;
};

static void report(const void *self, struct qos_buf *json)
{
	const struct summary *s = self;
	struct qos_gen_counts c;

	qos_buf_printf(json, ",\"written_bytes\":%llu,\"classes\":[", (unsigned long long)s->cli->out.written_bytes);
	for (int i = 0; qos_gen_counted(s->gen, i, &c); i++) {
		qos_buf_puts(json, i ? ",{\"class\":" : "{\"class\":");
		qos_buf_json(json, c.name);
		qos_buf_printf(json, ",\"count\":%llu,\"bytes\":%llu}", (unsigned long long)c.n_records,
			       (unsigned long long)c.bytes);
	}
	qos_buf_puts(json, "]");
}

static void metrics(const void *self, struct qos_prom *p)
{
	static const struct qos_metric records = { "qos_out_records_total", QOS_METRIC_COUNTER,
						   "records that left, by class" },
				       bytes = { "qos_out_bytes_total", QOS_METRIC_COUNTER, "their bytes" };
	const struct summary *s = self;
	struct qos_gen_counts c;

	for (int i = 0; qos_gen_counted(s->gen, i, &c); i++) {
		qos_prom_add(p, &records, (double)c.n_records, QOS_LABELS({ "class", c.name }));
		qos_prom_add(p, &bytes, (double)c.bytes, QOS_LABELS({ "class", c.name }));
	}
}

static void put_line(struct qos_out *out, const char *p, size_t n)
{
	if ((size_t)(out->end - out->at) <= n)
		qos_out_room(out, n + 1);
	if ((size_t)(out->end - out->at) <= n)
		return; /* out->error says why */
	memcpy(out->at, p, n);
	out->at[n] = '\n';
	out->at += n + 1;
}

static int generate(struct cli *cli, struct qos_gen *gen)
{
	struct qos_source source = qos_gen_source(gen);
	struct qos_str header = qos_gen_header(gen);
	struct qos_record *r;
	int rc;

	cli_signal_catch();
	if ((rc = qos_out_open(&cli->out, STDOUT_FILENO, &cli->err)) || (rc = cli_tick_open(cli)))
		return rc;
	if (header.n)
		put_line(&cli->out, header.p, header.n);
	while (!cli->out.error && !cli_signal_stop() && (r = source.take(source.self))) {
		put_line(&cli->out, r->bytes, r->n_bytes);
		if (cli->ticks)
			cli_tick_now(cli);
		if (cli_signal_summary())
			cli_show_summary(cli);
	}
	qos_out_flush(&cli->out);
	rc = cli_tick_close(cli);
	if (cli->summary)
		cli_show_summary(cli);
	return rc;
}

int main(int argc, char **argv)
{
	struct options *o = calloc(1, sizeof(*o));
	struct summary summary;
	struct qos_gen *gen = NULL;
	struct cli cli;
	int rc;

	if (!o) {
		fprintf(stderr, "qos-gen: out of memory\n");
		return -QOS_EIO;
	}
	o->gen = (struct qos_gen_options){ .rate = { .num = 1, .den = 1000000 },
					   .n_streams = 100,
					   .start_ns = DEFAULT_START,
					   .seed = 1,
					   .classes = o->class };
	rc = cli_open(&cli, &program, o, argc, argv);
	if (!rc && cli.n_files)
		rc = qos_fail(&cli.err, QOS_EUSAGE, QOS_NOWHERE, "%s: there is nothing to read; see qos-gen --help",
			      cli.files[0]);
	if (!rc) {
		if (!o->gen.count && !o->gen.duration_ns)
			o->gen.count = DEFAULT_COUNT;
		rc = qos_gen_new(&gen, &o->gen, &cli.err);
	}
	if (!rc) {
		summary = (struct summary){ &cli, gen };
		cli.report = report;
		cli.own_metrics = metrics;
		cli.report_self = &summary;
		rc = generate(&cli, gen);
	}
	qos_gen_free(gen);
	free(o);
	return cli_close(&cli, rc);
}
