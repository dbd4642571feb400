/* qos-route: per-class queues, deadline-aware scheduling, adapters.  Options and wiring. */
#include <stdio.h>

#include "cli/cli.h"
#include "adapter/adapter.h"
#include "balance/balance.h"
#include "cli/ledger.h"
#include "cli/queues.h"
#include "discipline/discipline.h"
#include "route/deliver.h"
#include "route/router.h"
#include "unit/unit.h"

struct options {
	struct qos_router_options router;
	const char *discipline, *aqm, *strategy;
	const char *adapter[64]; /* --adapter, in order */
	int n_adapters;
	int64_t queue_limit; /* 0: not given */
	int64_t max_queued, max_queued_bytes;
	const char *shed;
	bool no_output;
	struct qos_router *stage;
	struct qos_deliver *deliver; /* NULL: no adapter takes bytes */
};

static int take_discipline(void *self, const char *arg, struct qos_err *err)
{
	if (strcmp(arg, "help") == 0) {
		for (int i = 0; qos_disciplines[i]; i++)
			printf("%-10s %s\n", qos_disciplines[i]->name, qos_disciplines[i]->summary);
		return CLI_DONE;
	}
	((struct options *)self)->discipline = arg;
	return 0;
}

static int take_capacity(void *self, const char *arg, struct qos_err *err)
{
	struct options *o = self;
	struct qos_rate *rate = &o->router.capacity;
	char why[200];

	*rate = (struct qos_rate){ 0 };
	if (!qos_unit_msgrate(qos_str(arg), &rate->num, &rate->den, why))
		return 0;
	return cli_take_bitrate(arg, &rate->bps, err);
}

static int take_adapter(void *self, const char *arg, struct qos_err *err)
{
	struct options *o = self;

	if (strcmp(arg, "help") == 0) {
		printf("%-6s %s\n", "sim", "sim:?KEY=VALUE&... servers that exist in the simulation alone");
		for (int i = 0; qos_adapters[i]; i++)
			printf("%-6s %s\n", qos_adapters[i]->name, qos_adapters[i]->summary);
		return CLI_DONE;
	}
	if (o->n_adapters == 64)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "more than 64 of them; write a config file");
	o->adapter[o->n_adapters++] = arg;
	return 0;
}

static int take_queue_limit(void *self, const char *arg, struct qos_err *err)
{
	return cli_take_count(arg, 1, INT32_MAX, &((struct options *)self)->queue_limit, err);
}

static int take_max_queued(void *self, const char *arg, struct qos_err *err)
{
	return cli_take_count(arg, 1, INT64_MAX, &((struct options *)self)->max_queued, err);
}

static int take_max_queued_bytes(void *self, const char *arg, struct qos_err *err)
{
	return cli_take_size(arg, &((struct options *)self)->max_queued_bytes, err);
}

static int take_shed(void *self, const char *arg, struct qos_err *err)
{
	((struct options *)self)->shed = arg ? arg : "congested";
	return 0;
}

static int take_strategy(void *self, const char *arg, struct qos_err *err)
{
	if (strcmp(arg, "help") != 0) {
		((struct options *)self)->strategy = arg;
		return 0;
	}
	printf("%-12s %s\n", "late", "whichever adapter is free first (default)");
	for (int i = 0; qos_balances[i]; i++)
		printf("%-12s %s\n", qos_balances[i]->name, qos_balances[i]->summary);
	return CLI_DONE;
}

static int take_keep_drops(void *self, const char *arg, struct qos_err *err)
{
	((struct options *)self)->router.keep_drops = true;
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
	((struct options *)self)->router.queues.mark = true;
	return 0;
}

static int take_drop_expired(void *self, const char *arg, struct qos_err *err)
{
	((struct options *)self)->router.queues.drop_expired = true;
	return 0;
}

static int take_no_output(void *self, const char *arg, struct qos_err *err)
{
	((struct options *)self)->no_output = true;
	return 0;
}

static const struct cli_option options[] = {
	{ "discipline", 'd', "NAME", "who is served next: qos (default), or a name; help lists them", take_discipline },
	{ "capacity", 'C', "RATE",
	  "what the router can send: 100k/s, 10mbit; without one, and no adapter, nothing waits", take_capacity },
	{ "adapter", 'a', "NAME=URI",
	  "where records go: one=sim:?rate=10mbit&concurrency=4&latency=2ms, two=exec:COMMAND; help lists kinds "
	  "(repeatable)",
	  take_adapter },
	{ "strategy", 0, "NAME", "which adapter gets a record: late (default), or a name; help lists them",
	  take_strategy },
	{ "no-output", 0, NULL, "records go to the adapters alone, not to standard output", take_no_output },
	{ "queue-limit", 'l', "N", "records that may wait in each class (default router.max_queue_size)",
	  take_queue_limit },
	{ "max-queued", 0, "N", "records that may wait in all; then the lowest class makes room", take_max_queued },
	{ "max-queued-bytes", 0, "SIZE", "the same in bytes", take_max_queued_bytes },
	{ "shed", 0, "[=WHEN]",
	  "turn the lowest classes away when more comes than can be served: congested (default), always, never",
	  take_shed },
	{ "aqm", 0, "NAME,K=V",
	  "how queues are kept short: codel, fq_codel, pie, red; parameters behind it; help lists them", take_aqm },
	{ "mark", 0, NULL, "queue management marks records (field mark) instead of dropping them", take_mark },
	{ "drop-expired", 0, NULL, "drop records whose deadline has passed before they are served", take_drop_expired },
	{ "keep-drops", 0, NULL, "pass dropped records on with the reason in the field drop", take_keep_drops },
	{ 0 }
};

static const struct cli_program program = {
	.name = "qos-route",
	.summary = "Queues records by class, serves them by deadline and share, and sends them to adapters.",
	.operands = "[FILE ...]",
	.examples = "  qos-route --capacity 1k/s trace.csv\n"
		    "  qos-route -d drr --aqm fq_codel,target=10ms --capacity 10mbit trace.csv\n"
		    "  qos-route -d strict --adapter 'disk=sim:?rate=100mbit&concurrency=4' trace.csv\n"
		    "  qos-route --strategy maglev -a 'a=sim:?rate=1k/s' -a 'b=sim:?rate=2k/s,weight=2' trace.csv\n"
		    "  tail -f log.jsonl | qos-route --realtime -a 'a=tcp:db1:9000,rate=5k/s' "
		    "-a 'b=exec:gzip >b.gz,rate=5k/s' --no-output\n",
	.uses = CLI_TIMED | CLI_INPUT | CLI_OUTPUT | CLI_CONFIG,
	.options = options,
};

static int configure(struct cli *cli, const struct options *o)
{
	struct qos_config *c = cli->config;
	int rc = 0;

	if (o->discipline)
		c->discipline = qos_str(o->discipline);
	if (o->strategy)
		c->strategy = qos_str(o->strategy);
	if (o->aqm)
		c->aqm = qos_str(o->aqm);
	if (o->queue_limit) {
		c->max_queue_size = o->queue_limit;
		for (int i = 0; i < c->n_classes; i++)
			c->classes[i].queue_limit = o->queue_limit;
	}
	if (o->max_queued)
		c->max_queued = o->max_queued;
	if (o->max_queued_bytes)
		c->max_queued_bytes = o->max_queued_bytes;
	if (o->shed)
		rc = qos_config_set_shed(c, o->shed, &cli->err);
	for (int i = 0; !rc && i < o->n_adapters; i++)
		rc = qos_config_add_adapter(c, o->adapter[i], &cli->err);
	cli->no_output = o->no_output;
	if (rc || (rc = qos_balancing_check(c, &cli->err)) || (rc = qos_sites_check(c, &cli->err)))
		return rc;
	return cli_ready(cli);
}

/* --- real adapters --- */

static bool adapter_ready(const void *self, int i)
{
	const struct options *o = self;

	return !o->deliver || qos_deliver_ready(o->deliver, i);
}

/* Formats are known: what the writer says of a record goes to the adapters, too. */
static int open_adapters(void *self, struct cli *cli)
{
	struct options *o = self;
	struct qos_deliver_options d = { .output = qos_reader_output(cli->reader),
					 .input = qos_reader_format(cli->reader),
					 .reading = qos_reader_reading(cli->reader),
					 .fields = cli->fields,
					 .columns_self = o->stage,
					 .seed = 1 };
	int rc;

	if (!qos_deliver_wanted(cli->config))
		return 0;
	d.columns = qos_router_columns(o->stage, &d.n_columns);
	rc = qos_deliver_new(&o->deliver, cli->config, &d, &cli->err);
	if (rc)
		return rc;
	cli->tee = qos_deliver_sink(o->deliver);
	cli->poller = qos_deliver_poller(o->deliver);
	return 0;
}

/* What is left at the end has not arrived, as far as we know. */
static int check_delivered(struct cli *cli, const struct options *o, int rc)
{
	struct qos_str where = QOS_STR("");
	struct qos_deliver_stats s;
	uint64_t n = 0;
	int error = 0;

	for (int i = 0; o->deliver && i < cli->config->n_adapters; i++) {
		qos_deliver_stats(o->deliver, i, &s);
		if (n == 0 && s.n_left + s.n_lost) {
			where = cli->config->adapters[i].name;
			error = s.error;
		}
		n += s.n_left + s.n_lost;
	}
	if (rc || !n)
		return rc;
	return qos_fail(&cli->err, QOS_EIO, QOS_NOWHERE,
			"%llu record%s could not be delivered (adapter %.*s: %s); --summary tells more",
			(unsigned long long)n, n == 1 ? "" : "s", QOS_STR_ARG(where),
			error ? strerror(error) : "it takes nothing");
}

struct summary {
	const struct cli *cli;
	const struct qos_router *router;
	const struct options *options;
};

static void report_delivery(const struct qos_deliver *d, int i, struct qos_buf *json)
{
	struct qos_deliver_stats s;
	const struct qos_sketch_scale *scale = qos_deliver_scale(d);

	qos_deliver_stats(d, i, &s);
	qos_buf_printf(
		json,
		",\"sent\":%llu,\"bytes\":%llu,\"restarts\":%llu,\"stuck\":%llu,\"failed_over\":%llu,\"again\":%llu,"
		"\"lost\":%llu,\"left\":%llu,\"buffered\":%zu,\"buffered_max\":%zu",
		(unsigned long long)s.n_sent, (unsigned long long)s.sent_bytes,
		(unsigned long long)(s.n_opens ? s.n_opens - 1 : 0), (unsigned long long)s.n_stuck,
		(unsigned long long)s.n_failed_over, (unsigned long long)s.n_again, (unsigned long long)s.n_lost,
		(unsigned long long)s.n_left, s.held_bytes, s.held_max_bytes);
	if (s.wait->n)
		qos_buf_printf(json, ",\"wait_p50\":%.9f,\"wait_p99\":%.9f,\"wait_max\":%.9f",
			       qos_sketch_quantile(s.wait, scale, 0.5) / 1e9,
			       qos_sketch_quantile(s.wait, scale, 0.99) / 1e9, (double)s.wait->max / 1e9);
	if (s.moved_wait_max_ns)
		qos_buf_printf(json, ",\"moved_wait_max\":%.9f", (double)s.moved_wait_max_ns / 1e9);
	if (s.error) {
		qos_buf_puts(json, ",\"error\":");
		qos_buf_json(json, qos_str(strerror(s.error)));
	}
}

static void report(const void *self, struct qos_buf *json)
{
	const struct summary *s = self;
	const struct qos_config *c = s->cli->config;

	cli_ledger_report(qos_router_ledger(s->router), c, json);
	cli_queues_report(s->router, c, json);
	qos_buf_printf(json, ",\"streams_max\":%u,\"adapters\":[", qos_router_streams_max(s->router));
	for (int i = 0; i < c->n_adapters; i++) {
		const struct qos_site *site = qos_router_site(s->router, i);
		const struct qos_servers *p = &site->servers;

		qos_buf_puts(json, i ? ",{\"adapter\":" : "{\"adapter\":");
		qos_buf_json(json, c->adapters[i].name);
		qos_buf_printf(json, ",\"served\":%llu,\"busy\":%.9f,\"depth\":%lld,\"depth_max\":%lld",
			       (unsigned long long)p->n_served, (double)p->busy_ns / 1e9, (long long)site->n_waiting,
			       (long long)site->n_waiting_max);
		qos_buf_printf(json, ",\"ejections\":%llu,\"ejected\":%.9f",
			       (unsigned long long)qos_router_health_of(s->router)->member[i].n_ejections,
			       (double)qos_router_ejected_ns(s->router, i) / 1e9);
		qos_buf_printf(json, ",\"errors\":%llu,\"moved\":%llu,\"downs\":%llu,\"down\":%.9f",
			       (unsigned long long)site->n_errors, (unsigned long long)site->n_failed_over,
			       (unsigned long long)site->n_downs, (double)qos_router_down_ns(s->router, i) / 1e9);
		if (s->options->deliver && qos_deliver_is_real(s->options->deliver, i))
			report_delivery(s->options->deliver, i, json);
		qos_buf_puts(json, "}");
	}
	qos_buf_puts(json, "]");
}

static void add_delivery_metrics(const struct qos_deliver *d, int i, const struct qos_label *labels, struct qos_prom *p)
{
	static const struct qos_metric
		sent = { "qos_adapter_sent_records_total", QOS_METRIC_COUNTER, "records written whole" },
		bytes = { "qos_adapter_sent_bytes_total", QOS_METRIC_COUNTER, "their bytes" },
		opens = { "qos_adapter_opens_total", QOS_METRIC_COUNTER, "times that it was opened" },
		stuck = { "qos_adapter_stuck_total", QOS_METRIC_COUNTER, "times that it took nothing for too long" },
		moved = { "qos_adapter_failed_over_records_total", QOS_METRIC_COUNTER, "records that went elsewhere" },
		again = { "qos_adapter_repeated_records_total", QOS_METRIC_COUNTER, "records sent again" },
		lost = { "qos_adapter_lost_records_total", QOS_METRIC_COUNTER, "records begun when it broke" },
		held = { "qos_adapter_held_bytes", QOS_METRIC_GAUGE, "bytes kept for it" },
		wait = { "qos_adapter_wait_seconds", QOS_METRIC_SUMMARY, "from departure to written" };
	struct qos_deliver_stats s;

	qos_deliver_stats(d, i, &s);
	qos_prom_add(p, &sent, (double)s.n_sent, labels);
	qos_prom_add(p, &bytes, (double)s.sent_bytes, labels);
	qos_prom_add(p, &opens, (double)s.n_opens, labels);
	qos_prom_add(p, &stuck, (double)s.n_stuck, labels);
	qos_prom_add(p, &moved, (double)s.n_failed_over, labels);
	qos_prom_add(p, &again, (double)s.n_again, labels);
	qos_prom_add(p, &lost, (double)s.n_lost, labels);
	qos_prom_add(p, &held, (double)s.held_bytes, labels);
	qos_prom_summary(p, &wait, s.wait, qos_deliver_scale(d), labels);
}

static void metrics(const void *self, struct qos_prom *p)
{
	static const struct qos_metric
		streams = { "qos_route_streams_max", QOS_METRIC_GAUGE, "most streams that were active at once" },
		served = { "qos_adapter_served_records_total", QOS_METRIC_COUNTER, "services begun" },
		busy = { "qos_adapter_busy_seconds_total", QOS_METRIC_COUNTER, "sum of service times" },
		bound = { "qos_adapter_queue_records", QOS_METRIC_GAUGE, "records that wait and are bound to it" },
		errors = { "qos_adapter_errors_total", QOS_METRIC_COUNTER, "records that failed in service" },
		moved = { "qos_adapter_moved_records_total", QOS_METRIC_COUNTER,
			  "records that waited for it and went elsewhere" },
		ejections = { "qos_adapter_ejections_total", QOS_METRIC_COUNTER,
			      "times that it was left alone for its errors or its slowness" },
		up = { "qos_adapter_up", QOS_METRIC_GAUGE, "1 while it can serve" },
		down = { "qos_adapter_down_seconds_total", QOS_METRIC_COUNTER, "time for which it could not" };
	const struct summary *s = self;
	const struct qos_config *c = s->cli->config;

	cli_ledger_metrics(qos_router_ledger(s->router), c, p);
	cli_queues_metrics(s->router, c, p);
	qos_prom_add(p, &streams, qos_router_streams_max(s->router), QOS_NO_LABELS);
	for (int i = 0; i < c->n_adapters; i++) {
		const struct qos_site *site = qos_router_site(s->router, i);
		const struct qos_label *labels = QOS_LABELS({ "adapter", c->adapters[i].name });

		qos_prom_add(p, &served, (double)site->servers.n_served, labels);
		qos_prom_add(p, &busy, (double)site->servers.busy_ns / 1e9, labels);
		qos_prom_add(p, &bound, (double)site->n_waiting, labels);
		qos_prom_add(p, &errors, (double)site->n_errors, labels);
		qos_prom_add(p, &moved, (double)site->n_failed_over, labels);
		qos_prom_add(p, &up, site->up, labels);
		qos_prom_add(p, &ejections, (double)qos_router_health_of(s->router)->member[i].n_ejections, labels);
		qos_prom_add(p, &down, (double)qos_router_down_ns(s->router, i) / 1e9, labels);
		if (s->options->deliver && qos_deliver_is_real(s->options->deliver, i))
			add_delivery_metrics(s->options->deliver, i, labels, p);
	}
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	struct qos_router *router = NULL;
	struct summary summary;
	struct cli cli;
	int rc = cli_open(&cli, &program, &o, argc, argv);

	if (!rc && !(rc = configure(&cli, &o)) && cli.clock.time != CLI_VIRTUAL) {
		o.router.ready = adapter_ready; /* in virtual time records wait for room: the result is the same */
		o.router.ready_self = &o;
	}
	o.router.put_copies = !rc && qos_deliver_wanted(cli.config);
	if (!rc && !(rc = qos_router_new(&router, cli.config, &o.router, cli.fields, &cli.err))) {
		struct cli_stage s = { .stage = qos_router_stage(router),
				       .columns_self = router,
				       .timed = true,
				       .opened = open_adapters,
				       .opened_self = &o };

		o.stage = router;
		s.columns = qos_router_columns(router, &s.n_columns);
		cli.decode = (struct qos_decode){ .ts = true,
						  .depart = true,
						  .size = true,
						  .service_time = true,
						  .max_latency = true,
						  .class = true,
						  .drop = true,
						  .need_ts = true,
						  .classes = &cli.config->class_names };
		summary = (struct summary){ &cli, router, &o };
		cli.report = report;
		cli.own_metrics = metrics;
		cli.report_self = &summary;
		rc = check_delivered(&cli, &o, cli_drive(&cli, &s));
	}
	qos_deliver_free(o.deliver);
	qos_router_free(router);
	return cli_close(&cli, rc);
}
