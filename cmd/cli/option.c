/*
 * Options: the common table and the program's own one become getopt_long's, the help, the mdoc list and the completion.
 */
#include "cli/option.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/cli.h"
#include "format/format.h"
#include "unit/timeformat.h"
#include "unit/unit.h"

#define OPTIONS_MOST 96

/* --- helpers for take --- */

static int fail_unit(struct qos_err *err, const char *why)
{
	return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "%s", why);
}

int cli_take_size(const char *arg, int64_t *bytes, struct qos_err *err)
{
	char why[200];

	return qos_unit_size(qos_str(arg), bytes, why) ? fail_unit(err, why) : 0;
}

int cli_take_duration(const char *arg, int64_t bare_ns, int64_t *ns, struct qos_err *err)
{
	char why[200];

	return qos_unit_duration(qos_str(arg), bare_ns, ns, why) ? fail_unit(err, why) : 0;
}

int cli_take_bitrate(const char *arg, int64_t *bps, struct qos_err *err)
{
	char why[200];

	return qos_unit_bitrate(qos_str(arg), bps, why) ? fail_unit(err, why) : 0;
}

int cli_take_count(const char *arg, int64_t least, int64_t most, int64_t *n, struct qos_err *err)
{
	char why[200];

	if (qos_unit_count(qos_str(arg), n, why))
		return fail_unit(err, why);
	if (*n < least || *n > most)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "\"%s\" is out of range; write %lld to %lld", arg,
				(long long)least, (long long)most);
	return 0;
}

/* --- the common options --- */

static int check_format(const char *arg, bool writes, struct qos_err *err)
{
	const struct qos_format *f = qos_format_find(qos_str(arg));
	const char *names[32], *near;
	size_t n = 0;

	if (f && (!writes || f->put))
		return 0;
	if (f)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE,
				"format \"%s\" cannot be written; write jsonl, logfmt or csv", arg);
	for (int i = 0; qos_formats[i]; i++)
		names[n++] = qos_formats[i]->name;
	near = qos_nearest(arg, strlen(arg), names, n);
	return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "there is no format \"%s\"; %s%s%s", arg,
			near ? "did you mean \"" : "--input help lists them", near ? near : "", near ? "\"?" : "");
}

static int list_formats(bool writes)
{
	for (int i = 0; qos_formats[i]; i++)
		if (!writes || qos_formats[i]->put)
			printf("%-10s %s\n", qos_formats[i]->name, qos_formats[i]->summary);
	return CLI_DONE;
}

static int take_input(void *self, const char *arg, struct qos_err *err)
{
	struct cli *cli = self;

	if (strcmp(arg, "help") == 0)
		return list_formats(false);
	cli->input = strcmp(arg, "auto") == 0 ? NULL : arg;
	return cli->input ? check_format(arg, false, err) : 0;
}

static int take_output(void *self, const char *arg, struct qos_err *err)
{
	struct cli *cli = self;

	if (strcmp(arg, "help") == 0)
		return list_formats(true);
	cli->output = strcmp(arg, "auto") == 0 ? NULL : arg;
	return cli->output ? check_format(arg, true, err) : 0;
}

static int take_field(void *self, const char *arg, struct qos_err *err)
{
	struct cli *cli = self;
	const char *equals = strchr(arg, '=');

	if (!equals || equals == arg || !equals[1])
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE,
				"\"%s\" is not NAME=COLUMN; write for example ts=timestamp", arg);
	if (cli->n_map == 64)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "more than 64 fields are mapped");
	cli->map[cli->n_map++] = arg;
	return 0;
}

static int take_ts_year(void *self, const char *arg, struct qos_err *err)
{
	char *end;
	long year = strtol(arg, &end, 10);

	if (*end || year < 1970 || year > 2261)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "--ts-year %s is no year from 1970 to 2261", arg);
	((struct cli *)self)->ts_year = (int)year;
	return 0;
}

static int take_ts_format(void *self, const char *arg, struct qos_err *err)
{
	char why[120];

	if (qos_timeformat_check(arg, why))
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "--ts-format \"%s\" %s", arg, why);
	((struct cli *)self)->ts_format = arg;
	return 0;
}

static int take_csv_safe(void *self, const char *arg, struct qos_err *err)
{
	((struct cli *)self)->csv_safe = true;
	return 0;
}

static int take_decap(void *self, const char *arg, struct qos_err *err)
{
	((struct cli *)self)->decap = true;
	return 0;
}

static int take_remark(void *self, const char *arg, struct qos_err *err)
{
	((struct cli *)self)->remark = arg ? arg : "";
	return 0;
}

static int take_no_header(void *self, const char *arg, struct qos_err *err)
{
	((struct cli *)self)->no_header = arg;
	return 0;
}

static int take_on_error(void *self, const char *arg, struct qos_err *err)
{
	static const char *const names[] = { "skip", "fail", "pass" };

	for (int i = 0; i < 3; i++)
		if (strcmp(arg, names[i]) == 0) {
			((struct cli *)self)->on_error = (enum qos_on_error)i;
			return 0;
		}
	return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "\"%s\" is none of skip, fail, pass", arg);
}

static int take_max_record(void *self, const char *arg, struct qos_err *err)
{
	struct cli *cli = self;
	int rc = cli_take_size(arg, &cli->max_record, err);

	if (!rc && (cli->max_record < 64 || cli->max_record > 128 << 20))
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "\"%s\" is out of range; write 64 to 128MiB", arg);
	return rc;
}

static int take_progress(void *self, const char *arg, struct qos_err *err)
{
	((struct cli *)self)->progress.asked = true;
	return 0;
}

static int take_explain(void *self, const char *arg, struct qos_err *err)
{
	((struct cli *)self)->explain_format = true;
	return 0;
}

static int take_config(void *self, const char *arg, struct qos_err *err)
{
	((struct cli *)self)->config_file = arg;
	return 0;
}

static int take_set(void *self, const char *arg, struct qos_err *err)
{
	struct cli *cli = self;

	if (cli->n_set == 64)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "more than 64 of them; write a config file");
	cli->set[cli->n_set++] = arg;
	return 0;
}

static int take_check_config(void *self, const char *arg, struct qos_err *err)
{
	((struct cli *)self)->check_config = true;
	return 0;
}

static int take_dump_config(void *self, const char *arg, struct qos_err *err)
{
	((struct cli *)self)->dump_config = true;
	return 0;
}

static int take_summary(void *self, const char *arg, struct qos_err *err)
{
	((struct cli *)self)->summary = true;
	return 0;
}

static int take_quiet(void *self, const char *arg, struct qos_err *err)
{
	((struct cli *)self)->quiet = true;
	return 0;
}

static int take_verbose(void *self, const char *arg, struct qos_err *err)
{
	((struct cli *)self)->verbose = true;
	return 0;
}

static int take_metrics(void *self, const char *arg, struct qos_err *err)
{
	((struct cli *)self)->metrics.file = arg;
	return 0;
}

static int choose_time(struct cli *cli, enum cli_time time, struct qos_err *err)
{
	if (cli->clock.time != CLI_VIRTUAL && cli->clock.time != time)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "time is either real or replayed; give one of the two");
	cli->clock.time = time;
	return 0;
}

static int take_realtime(void *self, const char *arg, struct qos_err *err)
{
	return choose_time(self, CLI_REALTIME, err);
}

static int take_replay(void *self, const char *arg, struct qos_err *err)
{
	struct cli *cli = self;
	double speed = 1;

	if (arg && strcmp(arg, "max") == 0)
		return 0; /* virtual time */
	if (arg && (qos_unit_number(qos_str(arg), &speed) || !(speed >= 0.001 && speed <= 1e6)))
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE,
				"\"%s\" is no speed; write 0.001 to 1000000 (2 is twice as fast), or max", arg);
	cli->clock.speed = (int64_t)(speed * CLI_SPEED_ONE + 0.5);
	return choose_time(cli, CLI_REPLAY, err);
}

static int take_loop(void *self, const char *arg, struct qos_err *err)
{
	return cli_take_count(arg, 1, CLI_LOOP_MOST, &((struct cli *)self)->loop.n_passes, err);
}

static int take_backpressure(void *self, const char *arg, struct qos_err *err)
{
	((struct cli *)self)->backpressure = true;
	return 0;
}

static int take_drain_timeout(void *self, const char *arg, struct qos_err *err)
{
	return cli_take_duration(arg, 1000000000, &((struct cli *)self)->drain_timeout_ns, err);
}

static const struct cli_option timed_options[] = {
	{ "realtime", 0, NULL, "records arrive when they are read and leave when they are due", take_realtime },
	{ "replay", 0, "[=SPEED]",
	  "records arrive as their times say, SPEED times as fast (default 1); max: virtual time", take_replay },
	{ "loop", 0, "N", "read the files N times, as if the trace went on", take_loop },
	{ "backpressure", 0, NULL, "in real time: stop reading while a queue is full, instead of dropping",
	  take_backpressure },
	{ "drain-timeout", 0, "TIME", "after SIGINT or SIGTERM: how long what is queued may still take (default: all)",
	  take_drain_timeout },
	{ 0 }
};
static const struct cli_option input_options[] = {
	{ "input", 'i', "FORMAT", "format of the input: auto (default), or a name; help lists them", take_input },
	{ "field", 'f', "NAME=COLUMN", "the input's COLUMN is our field NAME (repeatable)", take_field },
	{ "ts-format", 0, "FORMAT", "the form of ts, as strptime(3) takes it, with %f for a fraction", take_ts_format },
	{ "ts-year", 0, "YEAR", "syslog times without a year begin in this one (2000)", take_ts_year },
	{ "decap", 0, NULL, "captures: fields are those of the packet inside of tunnels (GRE, VXLAN, IP in IP ...)",
	  take_decap },
	{ "no-header", 0, "A,B,C", "csv or tsv without a header line: these are its columns", take_no_header },
	{ "on-error", 0, "HOW", "bad records: skip (default), fail at the first, pass them on", take_on_error },
	{ "max-record", 0, "SIZE", "refuse larger records (default 1MiB)", take_max_record },
	{ "progress", 0, NULL, "show on stderr how far it is; on by itself for files when stderr alone is a terminal",
	  take_progress },
	{ "explain-format", 0, NULL, "say on stderr which format was found, and why", take_explain },
	{ 0 }
};
static const struct cli_option output_options[] = {
	{ "output", 'o', "FORMAT",
	  "format of the output: that of the input if it can carry fields (default), else jsonl", take_output },
	{ "remark", 0, "[=CLASS:DSCP,...]",
	  "captures: write each packet with the DSCP of its class (46, 34, 26, 10, 8)", take_remark },
	{ "csv-safe", 0, NULL, "csv, tsv: make a cell that a spreadsheet would run text, with an apostrophe",
	  take_csv_safe },
	{ 0 }
};
static const struct cli_option config_options[] = {
	{ "config", 'c', "FILE", "configuration (YAML); default $QOS_CONFIG, else the embedded one", take_config },
	{ "set", 0, "KEY=VALUE", "override one key: router.max_queue_size=5000 (repeatable)", take_set },
	{ "check-config", 0, NULL, "check all of the configuration and exit", take_check_config },
	{ "dump-config", 0, NULL, "print the effective configuration with every default and exit", take_dump_config },
	{ 0 }
};
static const struct cli_option common_options[] = {
	{ "summary", 0, NULL, "print a summary as JSON on stderr at the end", take_summary },
	{ "metrics", 0, "FILE",
	  "write the numbers of the summary for Prometheus, replaced every router.metrics_interval (10s)",
	  take_metrics },
	{ "quiet", 'q', NULL, "no messages about single records", take_quiet },
	{ "verbose", 'v', NULL, "say on stderr which format was found, and how much was read and written",
	  take_verbose },
	{ "help", 'h', NULL, "this help and exit", NULL },
	{ "version", 'V', NULL, "the version and exit", NULL },
	{ 0 }
};

/* --- all tables of a program as one --- */

struct entry {
	const struct cli_option *option;
	bool own; /* the program's, else a common one */
};

static int gather(const struct cli_program *p, struct entry *entries)
{
	const struct cli_option *tables[] = {
		p->options,
		p->uses & CLI_TIMED ? timed_options : NULL,
		p->uses & CLI_INPUT ? input_options : NULL,
		p->uses & CLI_OUTPUT ? output_options : NULL,
		p->uses & CLI_CONFIG ? config_options : NULL,
		common_options,
	};
	int n = 0;

	for (size_t t = 0; t < sizeof(tables) / sizeof(*tables); t++)
		for (const struct cli_option *o = tables[t]; o && o->name && n < OPTIONS_MOST; o++)
			entries[n++] = (struct entry){ o, t == 0 };
	return n;
}

static bool may_lack_arg(const struct cli_option *o)
{
	return o->arg && o->arg[0] == '[';
}

/* --- help --- */

static void help_text(const struct cli_program *p, const struct entry *e, int n)
{
	printf("Usage: %s [OPTION ...] %s\n%s\n\nOptions:\n", p->name, p->operands, p->summary);
	for (int i = 0; i < n; i++) {
		const struct cli_option *o = e[i].option;
		char left[64];
		int width = snprintf(left, sizeof(left), "  %c%c%c --%s%s%s", o->letter ? '-' : ' ',
				     o->letter ? o->letter : ' ', o->letter ? ',' : ' ', o->name,
				     o->arg && !may_lack_arg(o) ? " " : "", o->arg ? o->arg : "");

		printf(width > 29 ? "%s\n%31s%s\n" : "%-29s  %s%s\n", left, width > 29 ? "" : o->help,
		       width > 29 ? o->help : "");
	}
	if (p->examples)
		printf("\nExamples:\n%s", p->examples);
	printf("\nExit status: 0 done, 1 a check failed, 2 usage or config, "
	       "3 bad input was met, 4 I/O error, 5 damaged file.\n"
	       "The manual: man %s, man qos-config.\n",
	       p->name);
}

/* mdoc's own characters in running text */
static void print_mdoc(const char *text)
{
	for (; *text; text++) {
		if (*text == '\\')
			printf("\\e");
		else if (*text == '-')
			printf("\\-");
		else
			putchar(*text);
	}
}

static void help_mdoc(const struct entry *e, int n)
{
	printf(".Bl -tag -width Ds\n");
	for (int i = 0; i < n; i++) {
		const struct cli_option *o = e[i].option;

		printf(".It ");
		if (o->letter)
			printf("Fl %c , ", o->letter);
		printf("Fl Fl %s", o->name);
		if (may_lack_arg(o))
			printf(" Ns Ar %s", o->arg);
		else if (o->arg)
			printf(" Ar %s", o->arg);
		printf("\n");
		print_mdoc(o->help);
		printf(".\n");
	}
	printf(".El\n");
}

static void help_bash(const struct cli_program *p, const struct entry *e, int n)
{
	printf("complete -o default -W '");
	for (int i = 0; i < n; i++)
		printf("%s--%s", i ? " " : "", e[i].option->name);
	printf("' %s\n", p->name);
}

static int answer_help(const struct cli_program *p, const char *how, const struct entry *e, int n, struct qos_err *err)
{
	if (!how)
		help_text(p, e, n);
	else if (strcmp(how, "mdoc") == 0)
		help_mdoc(e, n);
	else if (strcmp(how, "bash") == 0)
		help_bash(p, e, n);
	else
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "--help=%s: write mdoc or bash, or nothing", how);
	return CLI_DONE;
}

/* --- reading --- */

#define LONG_FIRST 256 /* getopt's value of the first long option: beyond every letter */

static const char *nearest_option(const char *arg, const struct entry *e, int n)
{
	const char *names[OPTIONS_MOST];

	for (int i = 0; i < n; i++)
		names[i] = e[i].option->name;
	return qos_nearest(arg, strcspn(arg, "="), names, (size_t)n);
}

static int bad_option(char **argv, int c, const struct entry *e, int n, struct qos_err *err)
{
	const char *arg = argv[optind - 1], *near = strncmp(arg, "--", 2) == 0 ? nearest_option(arg + 2, e, n) : NULL;

	if (c == ':') {
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "%s needs an argument; see --help", arg);
	} else if (optopt >= LONG_FIRST) {
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "--%s takes no argument",
				e[optopt - LONG_FIRST].option->name);
	} else if (optopt) {
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "there is no option -%c; see --help", optopt);
	}
	return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "there is no option %s, or it is not unique; %s%s%s", arg,
			near ? "did you mean --" : "see --help", near ? near : "", near ? "?" : "");
}

static int take_one(struct cli *cli, const struct entry *e, const char *arg, struct qos_err *err)
{
	struct qos_err why = { 0 };
	int rc = e->option->take(e->own ? cli->self : cli, arg, &why);

	if (rc < 0)
		qos_fail(err, why.code, QOS_NOWHERE, "--%s: %s", e->option->name, why.text);
	return rc;
}

int cli_options_read(struct cli *cli, int argc, char **argv, struct qos_err *err)
{
	struct entry e[OPTIONS_MOST];
	struct option longs[OPTIONS_MOST + 1] = { 0 };
	char shorts[2 * OPTIONS_MOST + 2] = ":";
	size_t n_shorts = 1;
	int n = gather(cli->program, e), c, rc = 0;

	for (int i = 0; i < n; i++) {
		const struct cli_option *o = e[i].option;
		bool help = strcmp(o->name, "help") == 0;

		longs[i] = (struct option){ o->name,
					    help || may_lack_arg(o) ? optional_argument
					    : o->arg                ? required_argument
								    : no_argument,
					    NULL, LONG_FIRST + i };
		if (o->letter) {
			shorts[n_shorts++] = o->letter;
			if (o->arg)
				shorts[n_shorts++] = ':';
		}
	}
	shorts[n_shorts] = 0;
	opterr = 0;
	while (!rc && (c = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		int i = c - LONG_FIRST;

		if (c == '?' || c == ':')
			return bad_option(argv, c, e, n, err);
		for (int k = 0; c < LONG_FIRST && k < n; k++)
			if (e[k].option->letter == c)
				i = k;
		if (strcmp(e[i].option->name, "help") == 0)
			return answer_help(cli->program, c < LONG_FIRST ? NULL : optarg, e, n, err);
		if (strcmp(e[i].option->name, "version") == 0) {
			printf("%s (qosutils) %s\n", cli->program->name, QOS_VERSION);
			return CLI_DONE;
		}
		rc = take_one(cli, &e[i], optarg, err);
	}
	cli->files = (const char *const *)(argv + optind);
	cli->n_files = argc - optind;
	return rc;
}
