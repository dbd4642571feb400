/* qos-classify: gives every record one of the QoS classes.  Options and wiring. */
#include "classify/classifier.h"
#include "cli/cli.h"

struct options {
	const char *rule[64]; /* --rule, in order */
	int n_rules;
};

static int take_rule(void *self, const char *arg, struct qos_err *err)
{
	struct options *o = self;

	if (o->n_rules == 64)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "more than 64 of them; write a config file");
	o->rule[o->n_rules++] = arg;
	return 0;
}

static const struct cli_option options[] = { { "rule", 'r', "'NAME: EXPR => CLASS'",
					       "one more rule, tried before those of the config (repeatable)",
					       take_rule },
					     { 0 } };

static const struct cli_program program = {
	.name = "qos-classify",
	.summary = "Gives every record one of the QoS classes, by rules.",
	.operands = "[FILE ...]",
	.examples = "  qos-classify -i clf access.log\n"
		    "  qos-classify --rule 'big: size > 1MiB => data_transfer' trace.csv\n",
	.uses = CLI_INPUT | CLI_OUTPUT | CLI_CONFIG,
	.options = options,
};

struct summary {
	const struct cli *cli;
	const struct qos_classifier *classifier;
};

static void report(const void *self, struct qos_buf *json)
{
	const struct summary *s = self;
	const struct cli *cli = s->cli;
	struct qos_classifier_counts counts;
	const char *comma = "";

	qos_classifier_counts(s->classifier, &counts);
	qos_buf_printf(json, ",\"records\":%llu,\"default\":%llu,\"classes\":{", (unsigned long long)counts.n_records,
		       (unsigned long long)counts.n_default);
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
}

static int add_rules(struct cli *cli, const struct options *o)
{
	int rc = 0;

	for (int i = 0; !rc && i < o->n_rules; i++)
		rc = qos_config_add_rule(cli->config, o->rule[i], &cli->err);
	return rc;
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	struct qos_classifier *classifier = NULL;
	struct summary summary;
	struct cli cli;
	int rc = cli_open(&cli, &program, &o, argc, argv);

	if (!rc && !(rc = add_rules(&cli, &o)) && !(rc = cli_ready(&cli)) &&
	    !(rc = qos_classifier_new(&classifier, cli.config, cli.fields, &cli.err))) {
		struct cli_stage s = { .stage = qos_classifier_stage(classifier), .columns_self = classifier };

		s.columns = qos_classifier_columns(classifier, &s.n_columns);
		summary = (struct summary){ &cli, classifier };
		cli.report = report;
		cli.report_self = &summary;
		rc = cli_drive(&cli, &s);
	}
	qos_classifier_free(classifier);
	return cli_close(&cli, rc);
}
