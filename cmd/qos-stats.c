/* qos-stats: what happened to the records, and was it good enough?  Options and wiring. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "io/replace.h"
#include "render/prom.h"
#include "render/render.h"
#include "stats/forecast.h"
#include "stats/gates.h"
#include "stats/live.h"
#include "stats/look.h"
#include "stats/merge.h"
#include "stats/watch.h"
#include "tally/tally.h"
#include "unit/unit.h"

/* what --metrics looks at */
struct so_far {
	const struct cli *cli;
	const struct qos_tally *tally;
};

struct options {
	const struct qos_render *render; /* NULL: the state, as --merge reads it */
	struct stats_merge merge;
	const char *by;
	struct stats_gates gates;
	const char *html;
	int64_t ahead_ns;    /* --forecast; 0: none */
	struct qos_str unit; /* --scale */
	double unit_rate;
	struct stats_watch watch;
	struct stats_live live;
	struct qos_stage counting; /* of --tee */
	bool tee;                  /* records go on to stdout, the report to stderr */
	struct qos_buf made_by;    /* texts of the look */
	bool ascii;
	const char *where_text;
	struct qos_expr *where;
	int64_t streams_most;
	struct so_far so_far;
};

static int take_format(void *self, const char *arg, struct qos_err *err)
{
	struct options *o = self;

	if (strcmp(arg, "help") == 0) {
		for (int i = 0; qos_renders[i]; i++)
			printf("%-10s %s\n", qos_renders[i]->name, qos_renders[i]->summary);
		printf("%-10s %s\n", "sketch", "all that was counted, for --merge");
		return CLI_DONE;
	}
	o->render = qos_render_find(qos_str(arg));
	return o->render || strcmp(arg, "sketch") == 0
		       ? 0
		       : qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "there is no format \"%s\"; help lists them", arg);
}

static int take_merge(void *self, const char *arg, struct qos_err *err)
{
	((struct options *)self)->merge.wanted = true;
	return 0;
}

static int take_by(void *self, const char *arg, struct qos_err *err)
{
	((struct options *)self)->by = arg;
	return 0;
}

static int take_check(void *self, const char *arg, struct qos_err *err)
{
	return stats_gates_take_check(&((struct options *)self)->gates, arg, err);
}

static int take_slo(void *self, const char *arg, struct qos_err *err)
{
	return stats_gates_take_slo(&((struct options *)self)->gates, arg, err);
}

static int take_baseline(void *self, const char *arg, struct qos_err *err)
{
	((struct options *)self)->gates.baseline = arg;
	return 0;
}

static int take_tap(void *self, const char *arg, struct qos_err *err)
{
	((struct options *)self)->gates.tap = true;
	return 0;
}

static int take_junit(void *self, const char *arg, struct qos_err *err)
{
	((struct options *)self)->gates.junit = arg;
	return 0;
}

static int take_where(void *self, const char *arg, struct qos_err *err)
{
	((struct options *)self)->where_text = arg;
	return 0;
}

static int take_html(void *self, const char *arg, struct qos_err *err)
{
	((struct options *)self)->html = arg;
	return 0;
}

static int take_ascii(void *self, const char *arg, struct qos_err *err)
{
	((struct options *)self)->ascii = true;
	return 0;
}

/* A span of time of at least so much, which sums of may be taken. */
static int take_span(const char *arg, int64_t least_ns, const char *example, int64_t *ns, struct qos_err *err)
{
	int rc = cli_take_duration(arg, 1000000000, ns, err);

	if (!rc && (*ns < least_ns || *ns > INT64_MAX / 4))
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "\"%s\" is out of range; write for example %s", arg,
				example);
	return rc;
}

static int take_interval(void *self, const char *arg, struct qos_err *err)
{
	return take_span(arg, 1000, "1s", &((struct options *)self)->watch.interval_ns, err);
}

static int take_follow(void *self, const char *arg, struct qos_err *err)
{
	((struct options *)self)->watch.follow = true;
	return 0;
}

static int take_alert(void *self, const char *arg, struct qos_err *err)
{
	return stats_alerts_take(&((struct options *)self)->watch.alerts, arg, err);
}

static int take_exec(void *self, const char *arg, struct qos_err *err)
{
	return stats_alerts_take_exec(&((struct options *)self)->watch.alerts, arg, err);
}

static int take_hold(void *self, const char *arg, struct qos_err *err)
{
	return cli_take_duration(arg, 1000000000, &((struct options *)self)->watch.alerts.hold_ns, err);
}

static int take_live(void *self, const char *arg, struct qos_err *err)
{
	((struct options *)self)->live.on = true;
	return 0;
}

static int take_window(void *self, const char *arg, struct qos_err *err)
{
	return take_span(arg, 1, "10s", &((struct options *)self)->live.window_ns, err);
}

static int take_tee(void *self, const char *arg, struct qos_err *err)
{
	((struct options *)self)->tee = true;
	return 0;
}

static int take_forecast(void *self, const char *arg, struct qos_err *err)
{
	int64_t *ns = &((struct options *)self)->ahead_ns;
	int rc = cli_take_duration(arg, 1000000000, ns, err);

	if (!rc && *ns == 0)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "0 is now; write for example 1h");
	return rc;
}

static int take_scale(void *self, const char *arg, struct qos_err *err)
{
	struct options *o = self;
	const char *rate = strchr(arg, '=');
	int64_t num, den;

	if (!rate || rate == arg || qos_unit_msgrate(qos_str(rate + 1), &num, &den, NULL) || num == 0)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE,
				"\"%s\" is not what one of something serves; write for example adapter=100/s", arg);
	o->unit = (struct qos_str){ arg, (size_t)(rate - arg) };
	o->unit_rate = 1e9 * (double)num / (double)den;
	return 0;
}

static int take_streams(void *self, const char *arg, struct qos_err *err)
{
	return cli_take_count(arg, 1, 100000000, &((struct options *)self)->streams_most, err);
}

static const struct cli_option options[] = {
	{ "format", 'F', "NAME", "how the report looks: table (default), or a name; help lists them", take_format },
	{ "merge", 'm', NULL, "read what --format sketch wrote, here and elsewhere, and report all of it as one",
	  take_merge },
	{ "by", 'b', "FIELD,...", "group by these fields instead of the class", take_by },
	{ "where", 'w', "EXPR", "only records for which this is true: 'size > 1MiB && tenant == \"a\"'", take_where },
	{ "check", 'k', "EXPR", "exit 1 unless this holds: 'critical.p99 < 10ms', 'drops == 0' (repeatable)",
	  take_check },
	{ "slo", 0, "OBJECTIVE",
	  "an error budget, exit 1 if it is overspent: 'critical: 99.9% < 10ms' [over 30d] (repeatable)", take_slo },
	{ "baseline", 0, "FILE", "a report kept as JSON: its numbers are baseline.critical.p99 ... in checks",
	  take_baseline },
	{ "tap", 0, NULL, "print how the checks came out as TAP, instead of the report", take_tap },
	{ "junit", 0, "FILE", "write how the checks came out as JUnit's XML", take_junit },
	{ "interval", 0, "TIME", "a report of each such time, instead of one of all", take_interval },
	{ "follow", 0, NULL, "intervals end by the clock as well, while a live input is silent", take_follow },
	{ "alert", 0, "EXPR", "tell once when this begins to hold in an interval (default 1s), and once when it ends",
	  take_alert },
	{ "exec", 0, "COMMAND", "the shell command that tells of the alert before it; see ALERTS in the manual",
	  take_exec },
	{ "hold", 0, "TIME", "a change counts for an alert when it has lasted so long (default 0)", take_hold },
	{ "live", 0, NULL, "show the last window on the whole terminal while records come; q quits", take_live },
	{ "window", 0, "TIME", "what --live shows rates and quantiles of: the last such time (default 10 intervals)",
	  take_window },
	{ "tee", 0, NULL, "pass the records on to standard output; the report goes to standard error", take_tee },
	{ "forecast", 0, "TIME", "say how many records will come in the time ahead, and how right that would have been",
	  take_forecast },
	{ "scale", 0, "NAME=RATE", "with --forecast: how many of what serves this many will be needed: adapter=100/s",
	  take_scale },
	{ "html", 0, "FILE", "write the report as a page with charts, too", take_html },
	{ "ascii", 0, NULL, "no characters beyond ASCII in the table (default: as the locale says)", take_ascii },
	{ "streams-limit", 0, "N", "streams that are told apart for the fairness (default 1M)", take_streams },
	{ 0 }
};

static const struct cli_program program = {
	.name = "qos-stats",
	.summary = "Counts records, measures latency, throughput and fairness by class, and checks what you expect.",
	.operands = "[FILE ...]",
	.examples = "  qos-shape --rate 10mbit trace.csv | qos-stats\n"
		    "  qos-stats --check 'critical.p99 < 10ms' --check 'drops == 0' out.csv\n"
		    "  tail -f log.csv | qos-stats --interval 10s --follow --alert 'drops > 0' --exec ./page-me\n"
		    "  tail -f log.csv | qos-stats --live --tee >copy.csv\n",
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

static int compile_where(struct cli *cli, struct options *o)
{
	struct qos_at at = { "--where", 1, 1 };
	int rc = o->where_text ? qos_expr_compile(&o->where, qos_str(o->where_text), at, cli->fields, NULL, &cli->err)
			       : 0;

	return rc || !o->where ? rc : qos_expr_need_truth(o->where, &cli->err);
}

static FILE *report_stream(const struct options *o)
{
	return o->tee ? stderr : stdout;
}

static struct qos_look look_of(const struct cli *cli, struct options *o)
{
	return stats_look(cli, fileno(report_stream(o)), o->ascii, &o->made_by);
}

/* To a file, or to a stream (file NULL). */
static int put_report(struct cli *cli, const struct qos_render *render, const struct qos_look *look,
		      const struct qos_report *r, const char *file, FILE *to)
{
	struct qos_buf b = { 0 };
	int rc = 0;

	render->put(r, look, &b);
	if (b.failed)
		rc = qos_fail_memory(&cli->err, "report");
	else if (file)
		rc = qos_replace(file, (struct qos_str){ b.p, b.n }, &cli->err);
	else
		fwrite(b.p, 1, b.n, to);
	qos_buf_free(&b);
	return rc;
}

static int print_report(struct cli *cli, const struct options *o, const struct qos_look *look,
			const struct qos_report *r)
{
	bool shown = o->gates.tap || o->watch.print || !o->render;
	int rc = shown ? 0 : put_report(cli, o->render, look, r, NULL, report_stream(o));

	return !rc && o->html ? put_report(cli, &qos_render_html, look, r, o->html, NULL) : rc;
}

static int open_live(struct cli *cli, struct options *o)
{
	struct stats_live *v = &o->live;

	v->cli = cli;
	v->alerts = &o->watch.alerts;
	v->interval_ns = o->watch.interval_ns;
	v->by_class = !o->by;
	v->look = o->watch.look;
	return stats_live_open(v);
}

static void tick(void *self)
{
	struct options *o = self;

	stats_watch_look(&o->watch);
	if (o->live.on && stats_live_look(&o->live))
		o->watch.cli->enough = true;
}

/* What is done by intervals, in front of the tally of all. */
static int open_watch(struct cli *cli, struct options *o, const struct qos_tally_options *to, struct qos_stage *stage)
{
	struct stats_watch *w = &o->watch;
	int rc = stats_alerts_open(&w->alerts, cli, &o->gates.names);

	w->live = o->live.on ? &o->live : NULL;
	if (rc || !stats_watch_wanted(w))
		return rc;
	if (w->interval_ns && !w->live && (!o->render || !o->render->intervals))
		return qos_fail(&cli->err, QOS_EUSAGE, QOS_NOWHERE, "--interval: write table, json or csv, not %s",
				o->render ? o->render->name : "sketch");
	w->cli = cli;
	w->print = w->interval_ns && !o->gates.tap && !w->live ? o->render : NULL;
	w->to = report_stream(o);
	w->look = look_of(cli, o);
	w->follow = w->follow || w->live;
	w->options = *to;
	w->whole = *stage;
	if ((rc = stats_watch_open(w)))
		return qos_fail_memory(&cli->err, "intervals");
	*stage = stats_watch_stage(w);
	if (w->follow) {
		cli->on_tick = tick;
		cli->on_tick_self = o;
	}
	return w->live ? open_live(cli, o) : 0;
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

static int64_t never(const void *self)
{
	return QOS_NEVER;
}

/* Counts each record and passes it on. */
static void tee_push(void *self, struct qos_record *r, int64_t now_ns, struct qos_sink *out)
{
	const struct qos_stage *counting = &((struct options *)self)->counting;

	counting->push(counting->self, r, now_ns, out);
	out->put(out->self, r);
}

static int open_tee(struct cli *cli, struct options *o, struct cli_stage *s)
{
	static const struct qos_column none[1];

	if (o->gates.tap)
		return qos_fail(&cli->err, QOS_EUSAGE, QOS_NOWHERE,
				"--tee: standard output is for the records; write --junit FILE instead of --tap");
	o->counting = s->stage;
	s->stage.push = tee_push;
	s->stage.due = never;
	s->stage.self = o;
	s->columns = none;
	return 0;
}

/* Which of the options cannot be together? */
static int agree(struct cli *cli, const struct options *o)
{
	bool by_record = stats_watch_wanted(&o->watch) || o->live.on || o->tee || o->where_text || cli->summary ||
			 cli->metrics.file;

	if (o->merge.wanted && by_record)
		return qos_fail(&cli->err, QOS_EUSAGE, QOS_NOWHERE,
				"--merge: single records are not seen any more; leave out --where, --interval, "
				"--alert, --live, --tee, --summary and --metrics");
	if (!o->render && (o->gates.tap || o->tee))
		return qos_fail(&cli->err, QOS_EUSAGE, QOS_NOWHERE, "--%s and --format sketch both write to stdout",
				o->tee ? "tee" : "tap");
	if (o->unit.n && !o->ahead_ns)
		return qos_fail(&cli->err, QOS_EUSAGE, QOS_NOWHERE, "--scale: of when? add --forecast TIME");
	if (!o->render && isatty(STDOUT_FILENO))
		return qos_fail(&cli->err, QOS_EUSAGE, QOS_NOWHERE,
				"--format sketch is nothing to look at; send it to a file");
	return 0;
}

/* All records through the tally. */
static int count(struct cli *cli, struct options *o, const struct qos_tally_options *to, struct qos_tally *tally)
{
	struct cli_stage s = { .stage = qos_tally_stage(tally) };
	int rc;

	cli->decode = (struct qos_decode){ .ts = true,
					   .depart = true,
					   .size = true,
					   .max_latency = true,
					   .class = true,
					   .drop = true,
					   .classes = &cli->config->class_names };
	if ((rc = open_watch(cli, o, to, &s.stage)))
		return rc;
	if (o->tee && (rc = open_tee(cli, o, &s)))
		return rc;
	o->so_far = (struct so_far){ cli, tally };
	cli->own_metrics = metrics;
	cli->report_self = &o->so_far;
	rc = cli_drive(cli, &s);
	return rc || !o->watch.cli ? rc : stats_watch_close(&o->watch);
}

static int show(struct cli *cli, struct options *o, const struct qos_tally *tally, uint64_t n_rejected)
{
	struct qos_report *report;
	struct qos_look look;
	int rc = o->render ? 0 : stats_merge_put(cli, tally, n_rejected);

	if (rc || (rc = qos_tally_report(tally, n_rejected, &report, &cli->err)))
		return rc;
	if (o->ahead_ns &&
	    (rc = qos_forecast_add(report, (double)o->ahead_ns / 1e9, o->unit, o->unit_rate, &cli->err))) {
		qos_report_free(report);
		return rc;
	}
	stats_live_close(&o->live);
	look = look_of(cli, o);
	rc = print_report(cli, o, &look, report);
	if (!o->render)
		report->n_slos = 0; /* judged by whoever merges it */
	if (!rc)
		rc = stats_gates_run(&o->gates, cli, report);
	qos_report_free(report);
	return rc;
}

static int run(struct cli *cli, struct options *o, struct qos_tally **tally)
{
	struct qos_tally_options to = { .streams_most = (uint32_t)o->streams_most };
	int rc;

	if ((rc = agree(cli, o)) || (o->merge.wanted && (rc = stats_merge_open(&o->merge, cli, &o->by))) ||
	    (rc = choose_groups(cli, o->by, &to)) || (rc = compile_where(cli, o)) || (rc = cli_ready(cli)) ||
	    (rc = stats_gates_open(&o->gates, cli, !o->by)))
		return rc;
	to.slo = o->gates.slo;
	to.n_slos = o->gates.n_slos;
	to.where = o->where;
	if ((rc = qos_tally_new(tally, cli->config, &to, cli->fields, &cli->err)))
		return rc;
	if (o->merge.wanted)
		rc = stats_merge_run(&o->merge, cli, *tally);
	else
		rc = count(cli, o, &to, *tally);
	return rc ? rc
		  : show(cli, o, *tally,
			 o->merge.wanted ? o->merge.n_rejected : qos_reader_counts(cli->reader)->n_rejected);
}

int main(int argc, char **argv)
{
	struct options o = { .render = &qos_render_table, .streams_most = 1000000 };
	struct qos_tally *tally = NULL;
	struct cli cli;
	int rc = cli_open(&cli, &program, &o, argc, argv);

	if (!rc)
		rc = run(&cli, &o, &tally);
	stats_live_close(&o.live);
	stats_watch_free(&o.watch);
	stats_merge_free(&o.merge);
	qos_buf_free(&o.made_by);
	qos_tally_free(tally);
	stats_gates_free(&o.gates);
	qos_expr_free(o.where);
	return cli_close(&cli, rc);
}
