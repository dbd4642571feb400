/* qos-stats: what happened to the records, and was it good enough?  Options and wiring. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/cli.h"
#include "render/prom.h"
#include "render/render.h"
#include "stats/gate.h"
#include "tally/tally.h"

#define CHECKS_MOST 64

/* what --metrics looks at */
struct so_far {
	const struct cli *cli;
	const struct qos_tally *tally;
};

struct options {
	const struct qos_render *render;
	const char *by;
	const char *check[CHECKS_MOST];
	int n_checks;
	int64_t streams_most;
	struct so_far so_far;
};

static int take_format(void *self, const char *arg, struct qos_err *err)
{
	struct options *o = self;

	if (strcmp(arg, "help") == 0) {
		for (int i = 0; qos_renders[i]; i++)
			printf("%-10s %s\n", qos_renders[i]->name, qos_renders[i]->summary);
		return CLI_DONE;
	}
	o->render = qos_render_find(qos_str(arg));
	return o->render ? 0
			 : qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "there is no format \"%s\"; help lists them", arg);
}

static int take_by(void *self, const char *arg, struct qos_err *err)
{
	((struct options *)self)->by = arg;
	return 0;
}

static int take_check(void *self, const char *arg, struct qos_err *err)
{
	struct options *o = self;

	if (o->n_checks == CHECKS_MOST)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "more than %d of them", CHECKS_MOST);
	o->check[o->n_checks++] = arg;
	return 0;
}

static int take_streams(void *self, const char *arg, struct qos_err *err)
{
	return cli_take_count(arg, 1, 100000000, &((struct options *)self)->streams_most, err);
}

static const struct cli_option options[] = {
	{ "format", 'F', "NAME", "how the report looks: table (default), or a name; help lists them", take_format },
	{ "by", 'b', "FIELD,...", "group by these fields instead of the class", take_by },
	{ "check", 'k', "EXPR", "exit 1 unless this holds: 'critical.p99 < 10ms', 'drops == 0' (repeatable)",
	  take_check },
	{ "streams-limit", 0, "N", "streams that are told apart for the fairness (default 1M)", take_streams },
	{ 0 }
};

static const struct cli_program program = {
	.name = "qos-stats",
	.summary = "Counts records, measures latency, throughput and fairness by class, and checks what you expect.",
	.operands = "[FILE ...]",
	.examples = "  qos-shape --rate 10mbit trace.csv | qos-stats\n"
		    "  qos-stats --check 'critical.p99 < 10ms' --check 'drops == 0' out.csv\n",
	.uses = CLI_INPUT | CLI_CONFIG,
	.options = options,
};

static int choose_groups(struct cli *cli, const char *by, struct qos_tally_options *o)
{
	while (by && *by) {
		struct qos_str name = { by, strcspn(by, ",") };

		if (o->n_by == QOS_TALLY_BY_MOST)
			return qos_fail(&cli->err, QOS_EUSAGE, QOS_NOWHERE, "--by: more than %d fields",
					QOS_TALLY_BY_MOST);
		if (!name.n || (o->by[o->n_by++] = qos_fields_id(cli->fields, name)) < 0)
			return qos_fail(&cli->err, QOS_EUSAGE, QOS_NOWHERE, "--by: a name is missing in \"%s\"", by);
		by += name.n + (by[name.n] == ',');
	}
	return 0;
}

/* What cannot be asked is refused before the first record. */
static int compile_checks(struct cli *cli, const struct options *o, struct qos_gate **gates)
{
	int rc = 0;

	for (int i = 0; !rc && i < o->n_checks; i++)
		rc = qos_gate_new(&gates[i], o->check[i], o->by ? NULL : &cli->config->class_names, &cli->err);
	return rc;
}

static int print_report(struct cli *cli, const struct qos_render *render, const struct qos_report *r)
{
	struct qos_buf b = { 0 };
	bool color = isatty(STDOUT_FILENO) && !getenv("NO_COLOR");

	render->put(r, color, &b);
	if (b.failed)
		return qos_fail_memory(&cli->err, "report");
	fwrite(b.p, 1, b.n, stdout);
	qos_buf_free(&b);
	return 0;
}

static int run_checks(struct cli *cli, struct qos_gate **gates, int n, const struct qos_report *r)
{
	int rc = 0;

	for (int i = 0; i < n; i++) {
		struct qos_buf why = { 0 };

		if (!qos_gate_holds(gates[i], r, &why)) {
			struct qos_buf text = { 0 };

			qos_buf_printf(&text, "check failed: %s", why.p ? why.p : "");
			cli_say(cli, text.p ? text.p : "check failed");
			qos_buf_free(&text);
			rc = QOS_ECHECK;
		}
		qos_buf_free(&why);
	}
	return rc;
}

static void metrics(const void *self, struct qos_prom *p)
{
	const struct cli *cli = ((const struct so_far *)self)->cli;
	struct qos_report *r;
	struct qos_err err;

	if (qos_tally_report(((const struct so_far *)self)->tally, qos_reader_counts(cli->reader)->n_rejected, &r,
			     &err)) {
		p->failed = true;
		return;
	}
	qos_prom_report(p, r);
	qos_report_free(r);
}

static int run(struct cli *cli, struct options *o, struct qos_tally **tally, struct qos_gate **gates)
{
	struct qos_tally_options to = { .streams_most = (uint32_t)o->streams_most };
	struct qos_report *report = NULL;
	struct cli_stage s = { 0 };
	int rc;

	if ((rc = choose_groups(cli, o->by, &to)) || (rc = cli_ready(cli)) || (rc = compile_checks(cli, o, gates)) ||
	    (rc = qos_tally_new(tally, cli->config, &to, cli->fields, &cli->err)))
		return rc;
	cli->decode = (struct qos_decode){ .ts = true,
					   .depart = true,
					   .size = true,
					   .max_latency = true,
					   .class = true,
					   .drop = true,
					   .classes = &cli->config->class_names };
	s.stage = qos_tally_stage(*tally);
	o->so_far = (struct so_far){ cli, *tally };
	cli->own_metrics = metrics;
	cli->report_self = &o->so_far;
	if ((rc = cli_drive(cli, &s)) ||
	    (rc = qos_tally_report(*tally, qos_reader_counts(cli->reader)->n_rejected, &report, &cli->err)))
		return rc;
	rc = print_report(cli, o->render, report);
	if (!rc)
		rc = run_checks(cli, gates, o->n_checks, report);
	qos_report_free(report);
	return rc;
}

int main(int argc, char **argv)
{
	struct options o = { .render = &qos_render_table, .streams_most = 1000000 };
	struct qos_gate *gates[CHECKS_MOST] = { 0 };
	struct qos_tally *tally = NULL;
	struct cli cli;
	int rc = cli_open(&cli, &program, &o, argc, argv);

	if (!rc)
		rc = run(&cli, &o, &tally, gates);
	qos_tally_free(tally);
	for (int i = 0; i < CHECKS_MOST; i++)
		qos_gate_free(gates[i]);
	return cli_close(&cli, rc);
}
