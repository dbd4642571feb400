/* qos-route: per-class queues, deadline-aware scheduling, adapters.  Options and wiring. */
#include <stdio.h>

#include "cli/cli.h"
#include "cli/ledger.h"
#include "discipline/discipline.h"
#include "route/router.h"
#include "unit/unit.h"

struct options {
	struct qos_router_options router;
	const char *discipline;
	const char *adapter[64]; /* --adapter, in order */
	int n_adapters;
	int64_t queue_limit; /* 0: not given */
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

	if (o->n_adapters == 64)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "more than 64 of them; write a config file");
	o->adapter[o->n_adapters++] = arg;
	return 0;
}

static int take_queue_limit(void *self, const char *arg, struct qos_err *err)
{
	return cli_take_count(arg, 1, INT32_MAX, &((struct options *)self)->queue_limit, err);
}

static int take_keep_drops(void *self, const char *arg, struct qos_err *err)
{
	((struct options *)self)->router.keep_drops = true;
	return 0;
}

static const struct cli_option options[] = {
	{ "discipline", 'd', "NAME", "who is served next: qos (default), or a name; help lists them", take_discipline },
	{ "capacity", 'C', "RATE",
	  "what the router can send: 100k/s, 10mbit; without one, and no adapter, nothing waits", take_capacity },
	{ "adapter", 'a', "NAME=URI",
	  "where records are served: one=sim:?rate=10mbit&concurrency=4&latency=2ms (repeatable)", take_adapter },
	{ "queue-limit", 'l', "N", "records that may wait in each class (default router.max_queue_size)",
	  take_queue_limit },
	{ "keep-drops", 0, NULL, "pass dropped records on with the reason in the field drop", take_keep_drops },
	{ 0 }
};

static const struct cli_program program = {
	.name = "qos-route",
	.summary = "Queues records by class, serves them by deadline and share, and sends them to adapters.",
	.operands = "[FILE ...]",
	.examples = "  qos-route --capacity 1k/s trace.csv\n"
		    "  qos-route -d strict --adapter 'disk=sim:?rate=100mbit&concurrency=4' trace.csv\n",
	.uses = CLI_TIMED | CLI_INPUT | CLI_OUTPUT | CLI_CONFIG,
	.options = options,
};

static int configure(struct cli *cli, const struct options *o)
{
	struct qos_config *c = cli->config;
	int rc = 0;

	if (o->discipline)
		c->discipline = qos_str(o->discipline);
	if (o->queue_limit) {
		c->max_queue_size = o->queue_limit;
		for (int i = 0; i < c->n_classes; i++)
			c->classes[i].queue_limit = o->queue_limit;
	}
	for (int i = 0; !rc && i < o->n_adapters; i++)
		rc = qos_config_add_adapter(c, o->adapter[i], &cli->err);
	return rc ? rc : cli_ready(cli);
}

struct summary {
	const struct cli *cli;
	const struct qos_router *router;
};

static void report(const void *self, struct qos_buf *json)
{
	const struct summary *s = self;
	const struct qos_config *c = s->cli->config;

	cli_ledger_report(qos_router_ledger(s->router), c, json);
	qos_buf_printf(json, ",\"streams_max\":%u,\"adapters\":[", qos_router_streams_max(s->router));
	for (int i = 0; i < c->n_adapters; i++) {
		const struct qos_servers *p = qos_router_adapter(s->router, i);

		qos_buf_puts(json, i ? ",{\"adapter\":" : "{\"adapter\":");
		qos_buf_json(json, c->adapters[i].name);
		qos_buf_printf(json, ",\"served\":%llu,\"busy\":%.9f}", (unsigned long long)p->n_served,
			       (double)p->busy_ns / 1e9);
	}
	qos_buf_puts(json, "]");
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	struct qos_router *router = NULL;
	struct summary summary;
	struct cli cli;
	int rc = cli_open(&cli, &program, &o, argc, argv);

	if (!rc && !(rc = configure(&cli, &o)) &&
	    !(rc = qos_router_new(&router, cli.config, &o.router, cli.fields, &cli.err))) {
		struct cli_stage s = { .stage = qos_router_stage(router), .columns_self = router, .timed = true };

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
		summary = (struct summary){ &cli, router };
		cli.report = report;
		cli.report_self = &summary;
		rc = cli_drive(&cli, &s);
	}
	qos_router_free(router);
	return cli_close(&cli, rc);
}
