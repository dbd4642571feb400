/* The effective configuration as YAML that loads back to the same. */
#include "config/config.h"
#include "unit/human.h"

static void text(struct qos_buf *b, const char *key, struct qos_str value)
{
	qos_buf_printf(b, "%s: ", key);
	qos_buf_json(b, value); /* a JSON string is a YAML string */
	qos_buf_puts(b, "\n");
}

/* "    key: value" in its exact unit, or a comment that says what the default is. */
static void quantity(struct qos_buf *b, const char *key, int64_t value, size_t (*write)(char *, int64_t),
		     const char *otherwise)
{
	char p[QOS_HUMAN_BYTES];

	if (value == QOS_DEFAULT) {
		qos_buf_printf(b, "    # %s: %s\n", key, otherwise);
		return;
	}
	write(p, value);
	qos_buf_printf(b, "    %s: %s\n", key, p);
}

static void add_class(struct qos_buf *b, const struct qos_class_config *k)
{
	text(b, "  - name", k->name);
	qos_buf_printf(b, "    priority: %d\n", k->priority);
	quantity(b, "latency_target", k->latency_target_ns, qos_exact_duration, "");
	qos_buf_printf(b, "    share: %.15g\n", k->share);
	if (k->rate_bps == 0)
		qos_buf_puts(b, "    rate: 0\n");
	else
		quantity(b, "rate", k->rate_bps, qos_exact_bitrate, "share of bandwidth.total_bandwidth");
	quantity(b, "ceil", k->ceil_bps, qos_exact_bitrate, "the link");
	quantity(b, "burst", k->burst_bytes, qos_exact_size, "bandwidth.burst_multiplier x rate x 100ms");
	quantity(b, "cburst", k->cburst_bytes, qos_exact_size, "one largest record");
	if (k->queue_limit == QOS_DEFAULT)
		qos_buf_puts(b, "    # queue_limit: router.max_queue_size\n");
	else
		qos_buf_printf(b, "    queue_limit: %lld\n", (long long)k->queue_limit);
	qos_buf_printf(b, "    prio: %d\n", k->shape_prio);
	quantity(b, "quantum", k->quantum_bytes, qos_exact_size, "by rate, the least one is one largest record");
	if (k->shed == QOS_DEFAULT)
		qos_buf_puts(b, "    # shed: all but the most urgent class\n");
	else
		qos_buf_printf(b, "    shed: %s\n", k->shed ? "yes" : "no");
	if (k->aqm.n)
		text(b, "    aqm", k->aqm);
	else
		qos_buf_puts(b, "    # aqm: router.aqm\n");
	if (k->strategy.n)
		text(b, "    strategy", k->strategy);
	else
		qos_buf_puts(b, "    # strategy: router.strategy\n");
	if (k->police.n)
		text(b, "    police", k->police);
	else
		qos_buf_puts(b, "    # police: none\n");
}

static void add_rules(struct qos_buf *b, const struct qos_config *c)
{
	qos_buf_puts(b, c->n_rules ? "rules:\n" : "rules: []\n");
	for (int i = 0; i < c->n_rules; i++) {
		const struct qos_rule_config *r = &c->rules[i];

		text(b, "  - name", r->name);
		text(b, "    when", r->when);
		text(b, "    class", c->classes[r->class].name);
		qos_buf_printf(b, "    weight: %.15g\n    priority: %d\n    enabled: %s\n", r->weight,
			       r->priority < 0 ? 0 : r->priority, r->enabled ? "true" : "false");
	}
}

static void add_adapters(struct qos_buf *b, const struct qos_config *c)
{
	qos_buf_puts(b, c->n_adapters ? "adapters:\n" : "adapters: []\n");
	for (int i = 0; i < c->n_adapters; i++) {
		text(b, "  - name", c->adapters[i].name);
		text(b, "    uri", c->adapters[i].uri);
		quantity(b, "rate", c->adapters[i].rate_bps, qos_exact_bitrate, "as in uri, or none");
		qos_buf_printf(b, "    concurrency: %d\n", c->adapters[i].concurrency);
		text(b, "    latency", c->adapters[i].latency.n ? c->adapters[i].latency : QOS_STR("0"));
		qos_buf_puts(b, "    faults: \"");
		for (int k = 0; k < c->adapters[i].n_faults; k++)
			qos_buf_printf(b, "%s%.*s", k ? "," : "", QOS_STR_ARG(c->adapters[i].fault[k]));
		qos_buf_puts(b, "\"\n");
		qos_buf_printf(b, "    delivery: %s\n",
			       c->adapters[i].at_least_once ? "at_least_once" : "at_most_once");
		quantity(b, "buffer", c->adapters[i].buffer_bytes, qos_exact_size, "");
		quantity(b, "window", c->adapters[i].window_bytes, qos_exact_size, "");
		quantity(b, "stuck", c->adapters[i].stuck_ns, qos_exact_duration, "");
		qos_buf_printf(b, "    weight: %.15g\n", c->adapters[i].weight);
		text(b, "    region", c->adapters[i].region);
		text(b, "    services", c->adapters[i].services);
	}
}

static void add_tenants(struct qos_buf *b, const struct qos_config *c)
{
	qos_buf_puts(b, c->n_tenants ? "tenants:\n" : "tenants: []\n");
	for (int i = 0; i < c->n_tenants; i++) {
		text(b, "  - name", c->tenants[i].name);
		if (c->tenants[i].share > 0)
			qos_buf_printf(b, "    share: %.15g\n", c->tenants[i].share);
		if (c->tenants[i].rate.bps)
			text(b, "    rate", c->tenants[i].rate.text);
		if (c->tenants[i].ceil.bps)
			text(b, "    ceil", c->tenants[i].ceil.text);
		if (c->tenants[i].n_streams)
			qos_buf_printf(b, "    streams: %lld\n", (long long)c->tenants[i].n_streams);
		if (c->tenants[i].max_class >= 0)
			text(b, "    max_class", c->classes[c->tenants[i].max_class].name);
	}
}

static void add_tests(struct qos_buf *b, const struct qos_config *c)
{
	qos_buf_puts(b, c->n_tests ? "tests:\n" : "tests: []\n");
	for (int i = 0; i < c->n_tests; i++) {
		qos_buf_printf(b, "  - record: %.*s\n", QOS_STR_ARG(c->tests[i].record));
		text(b, "    class", c->classes[c->tests[i].class].name);
		if (c->tests[i].by.n)
			text(b, "    by", c->tests[i].by);
	}
}

void qos_config_dump(const struct qos_config *c, struct qos_buf *b)
{
	char p[QOS_HUMAN_BYTES];

	qos_buf_printf(b, "# %s, with every default\nclasses:\n", c->file);
	for (int i = 0; i < c->n_classes; i++)
		add_class(b, &c->classes[i]);
	add_rules(b, c);
	qos_buf_puts(b, "classifier:\n");
	text(b, "    default_class", c->classes[c->default_class].name);
	qos_buf_printf(
		b, "    enable_ml: %s\n    learning_rate: %.15g\n    ml_threshold: %.15g\n    adaptive_learning: %s\n",
		c->enable_ml ? "true" : "false", c->learning_rate, c->ml_threshold,
		c->adaptive_learning ? "true" : "false");
	qos_buf_printf(b, "    enable_patterns: %s\n    pattern_threshold: %.15g\n",
		       c->enable_patterns ? "true" : "false", c->pattern_threshold);
	text(b, "    model", c->model);
	text(b, "    costs", c->costs);
	qos_buf_printf(b, "router:\n    max_queue_size: %lld\n", (long long)c->max_queue_size);
	if (!c->max_queued)
		qos_buf_puts(b, "    # max_queued: no limit\n");
	else
		qos_buf_printf(b, "    max_queued: %lld\n", (long long)c->max_queued);
	quantity(b, "max_queued_bytes", c->max_queued_bytes ? c->max_queued_bytes : QOS_DEFAULT, qos_exact_size,
		 "no limit");
	text(b, "    shed", qos_str(qos_shed_name[c->shed]));
	quantity(b, "shed_window", c->shed_window_ns, qos_exact_duration, "");
	text(b, "    discipline", c->discipline);
	text(b, "    strategy", c->strategy.n ? c->strategy : QOS_STR("late"));
	quantity(b, "processing_interval", c->processing_interval_ns, qos_exact_duration, "");
	qos_buf_printf(b, "    outlier_errors: %d\n    outlier_latency: %.15g\n", c->outlier_errors,
		       c->outlier_latency);
	quantity(b, "ejection_time", c->ejection_time_ns, qos_exact_duration, "");
	quantity(b, "slow_start", c->slow_start_ns, qos_exact_duration, "");
	qos_buf_printf(b, "    adaptive_routing: %s\n", c->adaptive_routing ? "true" : "false");
	qos_buf_printf(b, "    load_balancing: %s\n", c->load_balancing ? "true" : "false");
	qos_buf_printf(b, "    max_concurrent_streams: %lld\n    congestion_threshold: %.15g\n",
		       (long long)c->max_concurrent_streams, c->congestion_threshold);
	text(b, "    aqm", c->aqm);
	quantity(b, "metrics_interval", c->metrics_interval_ns, qos_exact_duration, "");
	add_adapters(b, c);
	add_tenants(b, c);
	add_tests(b, c);
	qos_exact_bitrate(p, c->total_bandwidth_bps);
	qos_buf_printf(b, "bandwidth:\n    total_bandwidth: %s\n", p);
	quantity(b, "burst", c->link_burst_bytes, qos_exact_size, "one largest record");
	qos_buf_printf(b, "    burst_multiplier: %.15g\n", c->burst_multiplier);
	if (c->police.n)
		text(b, "    police", c->police);
	else
		qos_buf_puts(b, "    # police: none\n");
	qos_buf_puts(b, c->n_schema ? "schema:\n" : "schema: {}\n");
	for (int i = 0; i < c->n_schema; i++) {
		qos_buf_puts(b, "    ");
		qos_buf_json(b, c->schema_name[i]);
		text(b, "", c->schema_column[i]);
	}
}
