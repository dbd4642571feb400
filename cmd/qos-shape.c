/* qos-shape: divides a link's bandwidth among classes and streams.  Options and wiring. */
#include <stdio.h>

#include "cli/cli.h"
#include "cli/ledger.h"
#include "cli/pace.h"
#include "cli/police.h"
#include "cli/whatif.h"
#include "shape/control.h"
#include "shape/shaper.h"
#include "unit/timestamp.h"
#include "unit/unit.h"

struct options {
	const char *aqm;
	bool mark;
	bool keep_drops, limit_bytes;
	int64_t rate_bps, burst_bytes, queue_limit; /* 0: not given */
	const char *class[64];                      /* --class, in order */
	int n_classes;
	const char *stream_field;
	const char *police[65]; /* --police, in order */
	int n_police;
	struct qos_framing framing;
	int64_t latency_ns;
	const char *schedule_file;
	struct qos_schedule *schedule;
	struct cli_whatif whatif;
	bool allocate;
	struct qos_allocator_options allocator;
	struct shape_control control;
};

static int take_rate(void *self, const char *arg, struct qos_err *err)
{
	return cli_take_bitrate(arg, &((struct options *)self)->rate_bps, err);
}

static int take_burst(void *self, const char *arg, struct qos_err *err)
{
	struct options *o = self;
	int rc = cli_take_size(arg, &o->burst_bytes, err);

	if (!rc && o->burst_bytes == 0)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE,
				"0 lets nothing through; leave it out for one largest record");
	return rc;
}

static int take_class(void *self, const char *arg, struct qos_err *err)
{
	struct options *o = self;

	if (o->n_classes == 64)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "more than 64 of them; write a config file");
	o->class[o->n_classes++] = arg;
	return 0;
}

static int take_police(void *self, const char *arg, struct qos_err *err)
{
	struct options *o = self;
	struct qos_buf b = { 0 };

	if (strcmp(arg, "help") == 0) {
		qos_meters_help(&b);
		fwrite(b.p, 1, b.n, stdout);
		qos_buf_free(&b);
		return CLI_DONE;
	}
	if (o->n_police == 65)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "more than 65 of them; write a config file");
	o->police[o->n_police++] = arg;
	return 0;
}

static int take_aqm(void *self, const char *arg, struct qos_err *err)
{
	struct qos_buf b = { 0 };

	if (strcmp(arg, "help") != 0) {
		((struct options *)self)->aqm = arg;
		return 0;
	}
	qos_aqms_help(&b);
	fwrite(b.p, 1, b.n, stdout);
	qos_buf_free(&b);
	return CLI_DONE;
}

static int take_mark(void *self, const char *arg, struct qos_err *err)
{
	((struct options *)self)->mark = true;
	return 0;
}

static int take_overhead(void *self, const char *arg, struct qos_err *err)
{
	return cli_take_size(arg, &((struct options *)self)->framing.overhead_bytes, err);
}

static int take_mtu(void *self, const char *arg, struct qos_err *err)
{
	struct options *o = self;
	int rc = cli_take_size(arg, &o->framing.mtu_bytes, err);

	return rc || o->framing.mtu_bytes ? rc
					  : qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "packets of 0 bytes carry nothing");
}

static int take_latency(void *self, const char *arg, struct qos_err *err)
{
	return cli_take_duration(arg, 0, &((struct options *)self)->latency_ns, err);
}

static int take_schedule(void *self, const char *arg, struct qos_err *err)
{
	((struct options *)self)->schedule_file = arg;
	return 0;
}

static int take_solve(void *self, const char *arg, struct qos_err *err)
{
	((struct options *)self)->whatif.condition = arg;
	return 0;
}

static int take_compare(void *self, const char *arg, struct qos_err *err)
{
	struct cli_whatif *w = &((struct options *)self)->whatif;

	if (w->n_policies == CLI_POLICIES)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "more than %d of them", CLI_POLICIES);
	w->policy[w->n_policies++] = arg;
	return 0;
}

static int take_vary(void *self, const char *arg, struct qos_err *err)
{
	struct options *o = self;

	o->whatif.vary_shares = strcmp(arg, "shares") == 0;
	if (o->whatif.vary_shares || strcmp(arg, "rate") == 0)
		return 0;
	return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "\"%s\" does not vary; write rate or shares", arg);
}

static int take_allocate(void *self, const char *arg, struct qos_err *err)
{
	((struct options *)self)->allocate = true;
	return 0;
}

static int take_control(void *self, const char *arg, struct qos_err *err)
{
	struct options *o = self;

	o->control.file = arg;
	o->allocate = true;
	return 0;
}

static int take_answers(void *self, const char *arg, struct qos_err *err)
{
	((struct options *)self)->control.answers = arg;
	return 0;
}

static int take_lend(void *self, const char *arg, struct qos_err *err)
{
	char why[120];

	if (qos_unit_share(qos_str(arg), &((struct options *)self)->allocator.lendable, why))
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "%s", why);
	return 0;
}

static int take_idle(void *self, const char *arg, struct qos_err *err)
{
	return cli_take_duration(arg, 0, &((struct options *)self)->allocator.idle_ns, err);
}

static int take_allocations(void *self, const char *arg, struct qos_err *err)
{
	int64_t n;
	int rc = cli_take_count(arg, 1, 100000000, &n, err);

	if (!rc)
		((struct options *)self)->allocator.most = (uint32_t)n;
	return rc;
}

static int take_queue_limit(void *self, const char *arg, struct qos_err *err)
{
	return cli_take_count(arg, 1, INT32_MAX, &((struct options *)self)->queue_limit, err);
}

static int take_stream_field(void *self, const char *arg, struct qos_err *err)
{
	((struct options *)self)->stream_field = arg;
	return 0;
}

static int take_keep_drops(void *self, const char *arg, struct qos_err *err)
{
	((struct options *)self)->keep_drops = true;
	return 0;
}

static int take_limit_bytes(void *self, const char *arg, struct qos_err *err)
{
	((struct options *)self)->limit_bytes = true;
	return 0;
}

static const struct cli_option options[] = {
	{ "rate", 'r', "RATE", "rate of the link (default bandwidth.total_bandwidth)", take_rate },
	{ "burst", 'b', "SIZE", "depth of the link's bucket (default one largest record)", take_burst },
	{ "class", 0, "NAME:KEY=V,...",
	  "rate, ceil, burst, cburst, prio, quantum, limit or share of a class (repeatable)", take_class },
	{ "queue-limit", 'l', "N", "records that may wait in each class (default router.max_queue_size)",
	  take_queue_limit },
	{ "stream-field", 0, "NAME", "field whose values are the streams of a class (default stream)",
	  take_stream_field },
	{ "aqm", 0, "NAME,K=V",
	  "how queues are kept short: codel, fq_codel, pie, red; parameters behind it; help lists them", take_aqm },
	{ "mark", 0, NULL, "queue management marks records (field mark) instead of dropping them", take_mark },
	{ "overhead", 0, "SIZE", "framing of each packet: charged, not part of the record", take_overhead },
	{ "mtu", 0, "SIZE", "records go in packets of so many bytes, each with its overhead (default in one)",
	  take_mtu },
	{ "link-latency", 0, "TIME", "from the end of the link's wait to depart", take_latency },
	{ "schedule", 0, "FILE", "rates that change in time: lines like '10s rate=2mbit critical:ceil=1mbit'",
	  take_schedule },
	{ "police", 0, "METER,K=V",
	  "color records; for a class CLASS:METER,...: srtcm, trtcm, trtcm4115, gcra; drop: red ones; help lists them "
	  "(repeatable)",
	  take_police },
	{ "solve", 0, "EXPR", "no records: the smallest rate at which 'critical.p99 < 10ms && drops == 0' holds",
	  take_solve },
	{ "vary", 0, "WHAT", "what --solve looks for: rate (default), or shares of the classes that it names",
	  take_vary },
	{ "compare", 0, "FILE", "no records: what this configuration changes beside the first one (repeatable)",
	  take_compare },
	{ "allocate", 0, NULL, "records with op=allocate, update or release ask for a rate for their stream",
	  take_allocate },
	{ "control", 0, "FILE", "such requests from a file or pipe, merged by ts; implies --allocate", take_control },
	{ "answers", 0, "FILE", "where the answers to those of --control go", take_answers },
	{ "lend", 0, "SHARE", "part of a guarantee that more urgent classes may be promised (default 0.5)", take_lend },
	{ "allocation-idle", 0, "TIME", "allocations that are not used for so long end (default 60s; 0s: never)",
	  take_idle },
	{ "allocations", 0, "N", "allocations at once (default 1000000)", take_allocations },
	{ "limit-bytes", 0, NULL, "no records: pass plain bytes on at the rate, in real time", take_limit_bytes },
	{ "keep-drops", 0, NULL, "pass dropped records on with the reason in the field drop", take_keep_drops },
	{ 0 }
};

static const struct cli_program program = {
	.name = "qos-shape",
	.summary = "Divides a link's bandwidth among classes as HTB does, and each class's part among its streams.",
	.operands = "[FILE ...]",
	.examples = "  qos-shape --rate 100mbit trace.csv\n"
		    "  qos-shape --rate 1mbit --class 'critical:rate=200kbit,ceil=1mbit' trace.csv\n"
		    "  qos-shape --police srtcm,cir=7mbit,cbs=100kB,ebs=200kB trace.csv\n",
	.uses = CLI_TIMED | CLI_INPUT | CLI_OUTPUT | CLI_CONFIG,
	.options = options,
};

/* What the command line says of a configuration. */
static int apply(void *self, struct qos_config *c, struct qos_err *err)
{
	const struct options *o = self;
	int rc = 0;

	if (o->rate_bps)
		c->total_bandwidth_bps = o->rate_bps;
	if (o->aqm)
		c->aqm = qos_str(o->aqm);
	if (o->burst_bytes)
		c->link_burst_bytes = o->burst_bytes;
	for (int i = 0; o->queue_limit && i < c->n_classes; i++)
		c->classes[i].queue_limit = o->queue_limit;
	for (int i = 0; !rc && i < o->n_classes; i++)
		rc = qos_config_set_class(c, o->class[i], err);
	for (int i = 0; !rc && i < o->n_police; i++)
		rc = qos_config_set_police(c, o->police[i], err);
	return rc;
}

static int configure(struct cli *cli, struct options *o)
{
	int rc = apply(o, cli->config, &cli->err);

	if (!rc)
		rc = cli_ready(cli);
	if (!rc && o->allocate && cli_whatif_is_asked(&o->whatif))
		return qos_fail(&cli->err, QOS_EUSAGE, QOS_NOWHERE,
				"--allocate answers records, --solve and --compare write none; choose one");
	if (!rc && o->control.answers && !o->control.file)
		return qos_fail(&cli->err, QOS_EUSAGE, QOS_NOWHERE, "--answers: nothing is asked; add --control");
	if (!rc && o->schedule_file)
		rc = qos_schedule_read(&o->schedule, o->schedule_file, cli->config, &cli->err);
	return rc;
}

static int stream_field(struct cli *cli, const char *name)
{
	return name ? qos_fields_id(cli->fields, qos_str(name)) : QOS_F_STREAM;
}

struct summary {
	const struct cli *cli;
	const struct qos_shaper *shaper;
};

static void report_marks(const struct qos_manage *m, const struct qos_config *c, struct qos_buf *json)
{
	const char *comma = "";

	if (!m->on)
		return;
	qos_buf_puts(json, ",\"aqm\":[");
	for (int i = 0; i < c->n_classes; i++) {
		const struct qos_manage_class *k = &m->class[i];

		if (!k->use.aqm)
			continue;
		qos_buf_printf(json, "%s{\"class\":", comma);
		qos_buf_json(json, c->classes[i].name);
		qos_buf_printf(json, ",\"aqm\":\"%s%s\",\"marked\":%llu}", k->use.by_stream ? "fq_" : "",
			       k->use.aqm->name, (unsigned long long)k->n_marked);
		comma = ",";
	}
	qos_buf_puts(json, "]");
}

static void report_allocations(const struct qos_allocator *a, const struct qos_config *config, struct qos_buf *json)
{
	const struct qos_allocator_counts *n;

	if (!a)
		return;
	n = qos_allocator_counts(a);
	qos_buf_printf(json,
		       ",\"allocations\":{\"full\":%llu,\"part\":%llu,\"refused\":%llu,\"updated\":%llu,"
		       "\"released\":%llu,\"expired\":%llu,\"now\":%u,\"most\":%u,\"granted_bps\":%lld,\"classes\":[",
		       (unsigned long long)n->n_full, (unsigned long long)n->n_part, (unsigned long long)n->n_refused,
		       (unsigned long long)n->n_updates, (unsigned long long)n->n_released,
		       (unsigned long long)n->n_expired, qos_allocator_count(a), n->n_max,
		       (long long)qos_allocator_promised(a, -1));
	for (int i = 0; i < config->n_classes; i++) {
		qos_buf_puts(json, i ? ",{\"class\":" : "{\"class\":");
		qos_buf_json(json, config->classes[i].name);
		qos_buf_printf(json, ",\"granted_bps\":%lld}", (long long)qos_allocator_promised(a, i));
	}
	qos_buf_puts(json, "]}");
}

static void report_congestion(const struct qos_shaper *shaper, const struct qos_config *c, struct qos_buf *json)
{
	qos_buf_puts(json, ",\"congestion\":[");
	for (int i = 0; i < c->n_classes; i++) {
		const struct qos_congestion *k = qos_shaper_congestion(shaper, i);
		char text[QOS_TIMESTAMP_BYTES];

		qos_buf_puts(json, i ? ",{\"class\":" : "{\"class\":");
		qos_buf_json(json, c->classes[i].name);
		qos_buf_printf(json, ",\"congestions\":%llu,\"congested\":%.*s}", (unsigned long long)k->n,
			       (int)qos_seconds_write(text, k->ns), text);
	}
	qos_buf_puts(json, "]");
}

static void report(const void *self, struct qos_buf *json)
{
	const struct summary *s = self;

	cli_ledger_report(qos_shaper_ledger(s->shaper), s->cli->config, json);
	report_marks(qos_shaper_manage(s->shaper), s->cli->config, json);
	cli_police_report(qos_shaper_police(s->shaper), s->cli->config, json);
	report_allocations(qos_shaper_allocator(s->shaper), s->cli->config, json);
	report_congestion(s->shaper, s->cli->config, json);
	qos_buf_printf(json, ",\"streams_max\":%u", qos_shaper_streams_max(s->shaper));
}

static void metrics(const void *self, struct qos_prom *p)
{
	static const struct qos_metric streams = { "qos_shape_streams_max", QOS_METRIC_GAUGE,
						   "most streams that were backlogged at once" };
	static const struct qos_metric marked = { "qos_shape_marked_records_total", QOS_METRIC_COUNTER,
						  "records marked by queue management" };
	static const struct qos_metric granted = { "qos_shape_granted_bps", QOS_METRIC_GAUGE,
						   "what streams of the class are promised" };
	static const struct qos_metric allocations = { "qos_shape_allocations", QOS_METRIC_GAUGE,
						       "streams that have an allocation" };
	static const struct qos_metric congestions = { "qos_shape_congestions_total", QOS_METRIC_COUNTER,
						       "times that a class's queue became congested" };
	static const struct qos_metric congested = { "qos_shape_congested_seconds_total", QOS_METRIC_COUNTER,
						     "how long, of those that have ended" };
	const struct summary *s = self;
	const struct qos_config *config = s->cli->config;
	const struct qos_allocator *a = qos_shaper_allocator(s->shaper);
	const struct qos_manage *m = qos_shaper_manage(s->shaper);

	for (int i = 0; i < config->n_classes; i++)
		if (m->class[i].use.aqm)
			qos_prom_add(p, &marked, (double)m->class[i].n_marked,
				     QOS_LABELS({ "class", config->classes[i].name }));
	cli_ledger_metrics(qos_shaper_ledger(s->shaper), config, p);
	cli_police_metrics(qos_shaper_police(s->shaper), config, p);
	for (int i = 0; i < config->n_classes; i++) {
		const struct qos_congestion *c = qos_shaper_congestion(s->shaper, i);
		struct qos_str name = config->classes[i].name;
		const struct qos_label *labels = QOS_LABELS({ "class", name });

		qos_prom_add(p, &congestions, (double)c->n, labels);
		qos_prom_add(p, &congested, (double)c->ns / 1e9, labels);
		if (a)
			qos_prom_add(p, &granted, (double)qos_allocator_promised(a, i), labels);
	}
	if (a)
		qos_prom_add(p, &allocations, qos_allocator_count(a), QOS_NO_LABELS);
	qos_prom_add(p, &streams, qos_shaper_streams_max(s->shaper), QOS_NO_LABELS);
}

static int run(struct cli *cli, struct options *o, struct qos_shaper **shaper, struct summary *summary)
{
	struct qos_shaper_options so = { .keep_drops = o->keep_drops,
					 .mark = o->mark,
					 .framing = o->framing,
					 .latency_ns = o->latency_ns,
					 .schedule = o->schedule,
					 .allocate = o->allocate ? &o->allocator : NULL,
					 .stream_field = stream_field(cli, o->stream_field) };
	struct cli_stage s = { .timed = true };
	int rc = qos_shaper_new(shaper, cli->config, &so, cli->fields, &cli->err);

	o->whatif.shaper = &so;
	o->whatif.apply = apply;
	o->whatif.self = o;
	cli->decode = (struct qos_decode){ .ts = true,
					   .depart = true,
					   .size = true,
					   .class = true,
					   .drop = true,
					   .color = !rc && qos_shaper_police(*shaper)->aware,
					   .need_ts = true,
					   .classes = &cli->config->class_names };
	if (cli_whatif_is_asked(&o->whatif))
		return rc == QOS_EIO ? rc
				     : cli_whatif(cli, &o->whatif); /* what cannot be at this rate may be at another */
	if (rc)
		return rc;
	s.stage = qos_shaper_stage(*shaper);
	if (o->control.file && (rc = shape_control_open(&o->control, cli, *shaper, &s.stage)))
		return shape_control_close(&o->control, rc);
	s.columns_self = *shaper;
	s.columns = qos_shaper_columns(*shaper, &s.n_columns);
	*summary = (struct summary){ cli, *shaper };
	cli->report = report;
	cli->own_metrics = metrics;
	cli->report_self = summary;
	rc = cli_drive(cli, &s);
	return o->control.file ? shape_control_close(&o->control, rc) : rc;
}

int main(int argc, char **argv)
{
	struct options o = { .allocator = { .lendable = 0.5, .idle_ns = 60000000000 } };
	struct qos_shaper *shaper = NULL;
	struct summary summary;
	struct cli cli;
	int rc = cli_open(&cli, &program, &o, argc, argv);

	if (!rc && !(rc = configure(&cli, &o)) && o.limit_bytes)
		return cli_close(&cli, cli_pace(&cli, cli.config->total_bandwidth_bps, o.burst_bytes));
	if (!rc)
		rc = run(&cli, &o, &shaper, &summary);
	qos_shaper_free(shaper);
	qos_schedule_free(o.schedule);
	return cli_close(&cli, rc);
}
