/*
 * Opening and closing: configuration, fields, the questions that are answered without records, and the exit status.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "classify/classifier.h"
#include "cli/cli.h"
#include "cli/signal.h"

int cli_load_config(const struct cli *cli, struct qos_config **config, struct qos_err *err)
{
	const char *file = cli->config_file ? cli->config_file : getenv("QOS_CONFIG");

	return qos_config_load(config, file && *file ? file : NULL, cli->set, cli->n_set, err);
}

#define TS_YEAR 2000 /* of described times without one; has every date */

static int map_fields(struct cli *cli)
{
	int rc = qos_fields_new(&cli->fields, &cli->err);

	if (!rc) {
		cli->fields->ts_format = cli->ts_format;
		cli->fields->ts_year = cli->ts_year ? cli->ts_year : TS_YEAR;
	}
	for (int i = 0; !rc && cli->config && i < cli->config->n_schema; i++)
		rc = qos_fields_map(cli->fields, cli->config->schema_name[i], cli->config->schema_column[i], &cli->err);
	for (int i = 0; !rc && i < cli->n_map; i++) {
		const char *equals = strchr(cli->map[i], '=');
		struct qos_str name = { cli->map[i], (size_t)(equals - cli->map[i]) };

		rc = qos_fields_map(cli->fields, name, qos_str(equals + 1), &cli->err);
	}
	return rc;
}

static void print_warnings(const struct cli *cli)
{
	if (cli->config->n_warnings)
		fwrite(cli->config->warnings.p, 1, cli->config->warnings.n, stderr);
}

/* Rules that can never decide are no error, but hardly what their writer meant. */
static void warn_of_rules(const struct cli *cli, const struct qos_classifier *classifier)
{
	for (int i = 0; i < cli->config->n_rules; i++) {
		const struct qos_rule_config *rule = &cli->config->rules[i];
		int by = -1;
		enum qos_rule_use use = qos_classifier_rule_use(classifier, i, &by);
		struct qos_err text;

		if (use != QOS_RULE_DEAD && use != QOS_RULE_SHADOWED)
			continue;
		if (use == QOS_RULE_DEAD)
			qos_fail(&text, QOS_EUSAGE, rule->at, "warning: rule %.*s can never be true",
				 QOS_STR_ARG(rule->name));
		else
			qos_fail(&text, QOS_EUSAGE, rule->at,
				 "warning: rule %.*s never decides: %.*s always comes before it",
				 QOS_STR_ARG(rule->name), QOS_STR_ARG(cli->config->rules[by].name));
		cli_say(cli, text.text);
	}
}

/* --check-config: everything that can be wrong with it, rules included. */
static int check_config(struct cli *cli)
{
	struct qos_classifier *classifier = NULL;
	int rc = qos_classifier_new(&classifier, cli->config, cli->fields, &cli->err);

	if (!rc)
		warn_of_rules(cli, classifier);
	qos_classifier_free(classifier);
	if (rc)
		return rc;
	print_warnings(cli);
	printf("%s: ok: %d classes, %d rules, %d adapters\n", cli->config->file, cli->config->n_classes,
	       cli->config->n_rules, cli->config->n_adapters);
	return CLI_DONE;
}

static int dump_config(struct cli *cli)
{
	struct qos_buf b = { 0 };

	qos_config_dump(cli->config, &b);
	if (b.failed)
		return qos_fail_memory(&cli->err, "dump of the configuration");
	fwrite(b.p, 1, b.n, stdout);
	qos_buf_free(&b);
	return CLI_DONE;
}

int cli_open(struct cli *cli, const struct cli_program *program, void *self, int argc, char **argv)
{
	int rc;

	*cli = (struct cli){ .program = program,
			     .self = self,
			     .max_record = 1 << 20,
			     .clock = { .speed = CLI_SPEED_ONE },
			     .loop = { .n_passes = 1 },
			     .drain_timeout_ns = QOS_NEVER };
	cli->args = (const char *const *)argv;
	cli->n_args = argc;
	rc = cli_options_read(cli, argc, argv, &cli->err);
	if (!rc && program->uses & CLI_CONFIG)
		rc = cli_load_config(cli, &cli->config, &cli->err);
	return rc ? rc : map_fields(cli);
}

int cli_ready(struct cli *cli)
{
	int rc = qos_config_validate(cli->config, &cli->err);

	cli->decode.classes = &cli->config->class_names;
	if (!rc && cli->dump_config)
		rc = dump_config(cli);
	if (!rc && cli->check_config)
		rc = check_config(cli);
	return rc;
}

/* --- the end --- */

/* A reader that went away is no error: the pipe is closed and the filter ends quietly. */
static int output_status(struct cli *cli, int rc)
{
	if (cli->out.error == EPIPE)
		return rc == QOS_EIO ? 0 : rc;
	if (cli->out.error && !rc) {
		errno = cli->out.error;
		rc = qos_fail_errno(&cli->err, "cannot write to standard output");
	}
	return rc;
}

static int input_status(struct cli *cli, int rc)
{
	const struct qos_reader_counts *counts = cli->reader ? qos_reader_counts(cli->reader) : NULL;
	char text[600];

	if (!counts)
		return rc;
	cli_show_rejects(cli);
	if (!rc && counts->err.code) {
		cli->err = counts->err;
		return counts->err.code;
	}
	if (counts->n_rejected && !cli->quiet) {
		snprintf(text, sizeof(text), "%llu bad record%s of %llu; %s", (unsigned long long)counts->n_rejected,
			 counts->n_rejected == 1 ? "" : "s",
			 (unsigned long long)(counts->n_rejected + counts->n_records),
			 cli->on_error == QOS_ON_ERROR_PASS ? "passed on unchanged" : "left out");
		cli_say(cli, text);
	}
	if (cli->n_late && !cli->quiet) {
		char back[32];

		back[qos_seconds_write(back, cli->late_worst_ns)] = 0;
		snprintf(text, sizeof(text),
			 "%llu record%s came with an earlier time than the one before (up to %s s), treated as "
			 "arriving then; "
			 "sort the trace by ts to avoid it",
			 (unsigned long long)cli->n_late, cli->n_late == 1 ? "" : "s", back);
		cli_say(cli, text);
	}
	return rc ? rc : counts->n_rejected ? QOS_EINPUT : 0;
}

static void free_all(struct cli *cli)
{
	qos_writer_free(cli->writer);
	qos_reader_free(cli->reader);
	qos_out_free(&cli->out);
	qos_fields_free(cli->fields);
	qos_config_free(cli->config);
	qos_config_free(cli->first_config);
	cli_loop_free(&cli->loop);
	cli_lateness_free(&cli->lateness);
}

int cli_close(struct cli *cli, int rc)
{
	bool told = rc == CLI_DONE;

	rc = told ? 0 : output_status(cli, rc);
	rc = input_status(cli, rc);
	if (fflush(stdout) || ferror(stdout)) {
		if (errno != EPIPE)
			rc = qos_fail_errno(&cli->err, "cannot write to standard output");
	}
	if (rc && rc != QOS_ECHECK && cli->config && cli->config->problems.n)
		fwrite(cli->config->problems.p, 1, cli->config->problems.n, stderr);
	else if (rc && cli->err.text[0] && (rc == cli->err.code))
		cli_say(cli, cli->err.text);
	free_all(cli);
	if (cli_signal_stop())
		cli_signal_die(cli_signal_stop());
	return -rc;
}
