/* The router's queues as members of the summary and as metrics. */
#include "cli/queues.h"

#include "record/stage.h"

static void add_seconds(struct qos_buf *json, const char *name, int64_t ns)
{
	if (ns == QOS_NEVER)
		qos_buf_printf(json, ",\"%s\":null", name);
	else
		qos_buf_printf(json, ",\"%s\":%.9f", name, (double)ns / 1e9);
}

struct shedding {
	bool active;
	double load, capacity;
	uint64_t n_windows, n_moves;
	const struct qos_queues *one; /* the only queues there are; else NULL */
};

/* The sum over the queues of each adapter, or of all of them together where no adapter was chosen. */
static struct shedding shedding_of(const struct qos_router *r, const struct qos_config *config, int tenant)
{
	struct shedding sum = { .one = qos_router_queues(r, -1, tenant) };

	for (int i = -1; i < config->n_adapters; i++) {
		const struct qos_queues *q = qos_router_queues(r, i, tenant);

		if (!q)
			continue;
		if (i >= 0 && sum.one)
			sum = (struct shedding){ 0 }; /* where adapters are chosen nobody waits for all of them */
		sum.active = sum.active || qos_queues_sheds(q);
		sum.load += q->shed.load;
		sum.capacity += q->shed.capacity;
		sum.n_windows += q->shed.n_windows;
		sum.n_moves += q->shed.n_moves;
	}
	return sum;
}

/* Where the cut is: the class that it falls in, and the part of its cohorts that is admitted. */
static void report_shed(const struct shedding *sum, const struct qos_config *config, struct qos_buf *json)
{
	const struct qos_queues *q = sum->one;

	qos_buf_printf(json, ",\"shed\":{\"active\":%s,\"load\":%.6f,\"capacity\":%.6f,\"windows\":%llu,\"moves\":%llu",
		       sum->active ? "true" : "false", sum->load, sum->capacity, (unsigned long long)sum->n_windows,
		       (unsigned long long)sum->n_moves);
	if (q && q->shed.cut < q->shed.n_ranks * QOS_SHED_COHORTS) {
		qos_buf_puts(json, ",\"class\":");
		qos_buf_json(json, config->classes[q->queue[q->shed.cut / QOS_SHED_COHORTS].class].name);
		qos_buf_printf(json, ",\"admitted\":%.6f", (double)(q->shed.cut % QOS_SHED_COHORTS) / QOS_SHED_COHORTS);
	}
	qos_buf_puts(json, "}");
}

/* What waits for a tenant, and waited at most, before all adapters; most streams at one of them. */
static void add_depth(const struct qos_router *r, const struct qos_config *config, int tenant, struct qos_buf *json)
{
	int64_t n = 0, n_max = 0;
	uint32_t n_streams = 0;

	for (int i = -1; i < config->n_adapters; i++) {
		const struct qos_queues *q = qos_router_queues(r, i, tenant);

		if (!q)
			continue;
		n += q->n_records;
		n_max += q->n_records_max;
		n_streams = q->n_streams_max > n_streams ? q->n_streams_max : n_streams;
	}
	qos_buf_printf(json, ",\"queued\":%lld,\"queued_max\":%lld,\"streams_max\":%u", (long long)n, (long long)n_max,
		       n_streams);
}

static void report_tenant(const struct qos_tenant *one, const struct qos_sketch_scale *scale, struct qos_buf *json)
{
	const struct qos_ledger_class *c = &one->counts;
	const char *comma = "";

	qos_buf_json(json, one->name);
	qos_buf_printf(json, ",\"share\":%.6f,\"in\":%llu,\"out\":%llu,\"in_bytes\":%llu,\"out_bytes\":%llu",
		       one->share, (unsigned long long)c->n_in, (unsigned long long)c->n_out,
		       (unsigned long long)c->in_bytes, (unsigned long long)c->out_bytes);
	if (one->wait.n)
		qos_buf_printf(json, ",\"wait_mean\":%.9f,\"wait_p50\":%.9f,\"wait_p99\":%.9f,\"wait_max\":%.9f",
			       qos_sketch_mean(&one->wait) / 1e9, qos_sketch_quantile(&one->wait, scale, 0.5) / 1e9,
			       qos_sketch_quantile(&one->wait, scale, 0.99) / 1e9, (double)one->wait.max / 1e9);
	qos_buf_puts(json, ",\"drops\":{");
	for (int why = 1; why < QOS_N_DROP; why++) {
		if (!c->dropped[why])
			continue;
		qos_buf_printf(json, "%s\"%s\":%llu", comma, qos_drop_name[why], (unsigned long long)c->dropped[why]);
		comma = ",";
	}
	qos_buf_puts(json, "}");
}

static void report_tenants(const struct qos_router *r, const struct qos_config *config, struct qos_buf *json)
{
	const struct qos_tenants *t = qos_router_tenants(r);

	qos_buf_puts(json, ",\"tenants\":[");
	for (int i = 0; i < t->n; i++) {
		qos_buf_puts(json, i ? ",{\"tenant\":" : "{\"tenant\":");
		report_tenant(&t->tenant[i], t->scale, json);
		add_depth(r, config, i, json);
		if (config->shed) {
			struct shedding sum = shedding_of(r, config, i);

			report_shed(&sum, config, json);
		}
		qos_buf_puts(json, "}");
	}
	qos_buf_puts(json, "]");
}

/* What happened in the queues: beside the longest time without service the bound that the discipline gives for it. */
void cli_queues_report(const struct qos_router *r, const struct qos_config *config, struct qos_buf *json)
{
	const struct qos_room *room = qos_router_room(r);

	qos_buf_puts(json, ",\"discipline\":");
	qos_buf_json(json, config->discipline);
	qos_buf_puts(json, ",\"strategy\":");
	qos_buf_json(json, config->strategy.n ? config->strategy : QOS_STR("late"));
	qos_buf_puts(json, ",\"queues\":[");
	for (int i = 0; i < config->n_classes; i++) {
		struct qos_router_class c = qos_router_class(r, i);

		qos_buf_puts(json, i ? ",{\"class\":" : "{\"class\":");
		qos_buf_json(json, config->classes[i].name);
		qos_buf_printf(json, ",\"depth\":%lld,\"marked\":%llu,\"inversions\":%llu,\"congestions\":%llu",
			       (long long)c.depth, (unsigned long long)c.n_marked, (unsigned long long)c.n_inversions,
			       (unsigned long long)c.n_congestions);
		add_seconds(json, "congested", c.congested_ns);
		add_seconds(json, "gap_max", c.gap_max_ns);
		add_seconds(json, "gap_bound", c.gap_bound_ns);
		add_seconds(json, "retry_after", c.retry_ns);
		add_seconds(json, "retry_after_max", c.retry_max_ns);
		qos_buf_puts(json, "}");
	}
	qos_buf_printf(json, "],\"room\":{\"depth\":%lld,\"depth_max\":%lld,\"bytes_max\":%lld,\"congestions\":%llu",
		       (long long)room->n_records, (long long)room->n_records_max, (long long)room->n_bytes_max,
		       (unsigned long long)room->congestion.n);
	add_seconds(json, "congested", room->congestion.ns);
	qos_buf_puts(json, "}");
	if (qos_tenants_are_shared(qos_router_tenants(r))) {
		report_tenants(r, config, json);
	} else if (config->shed) {
		struct shedding sum = shedding_of(r, config, 0);

		report_shed(&sum, config, json);
	}
}

static void add_room_metrics(const struct qos_room *room, struct qos_prom *p)
{
	static const struct qos_metric depth = { "qos_route_room_records", QOS_METRIC_GAUGE, "records in all queues" },
				       bytes = { "qos_route_room_bytes", QOS_METRIC_GAUGE, "bytes in all queues" },
				       congestions = { "qos_route_room_congestions_total", QOS_METRIC_COUNTER,
						       "times that all queues together were congested" };

	qos_prom_add(p, &depth, (double)room->n_records, QOS_NO_LABELS);
	qos_prom_add(p, &bytes, (double)room->n_bytes, QOS_NO_LABELS);
	qos_prom_add(p, &congestions, (double)room->congestion.n, QOS_NO_LABELS);
}

static void add_shed_metrics(const struct shedding *sum, const struct qos_label *labels, struct qos_prom *p)
{
	static const struct qos_metric active = { "qos_route_shed_active", QOS_METRIC_GAUGE,
						  "1 while some records are turned away" },
				       load = { "qos_route_shed_load", QOS_METRIC_GAUGE,
						"servers that the last window's arrivals need" },
				       capacity = { "qos_route_shed_capacity", QOS_METRIC_GAUGE,
						    "servers that are busy while records wait" },
				       moves = { "qos_route_shed_moves_total", QOS_METRIC_COUNTER,
						 "times that the cut has moved" };

	qos_prom_add(p, &active, sum->active, labels);
	qos_prom_add(p, &load, sum->load, labels);
	qos_prom_add(p, &capacity, sum->capacity, labels);
	qos_prom_add(p, &moves, (double)sum->n_moves, labels);
}

static void add_tenant_metrics(const struct qos_tenant *one, const struct qos_sketch_scale *scale,
			       const struct qos_label *labels, struct qos_prom *p)
{
	static const struct qos_metric in = { "qos_tenant_in_records_total", QOS_METRIC_COUNTER,
					      "records of the tenant that came" },
				       out = { "qos_tenant_out_records_total", QOS_METRIC_COUNTER,
					       "records of it that left" },
				       dropped = { "qos_tenant_dropped_records_total", QOS_METRIC_COUNTER,
						   "records of it that were dropped, by reason" },
				       wait = { "qos_tenant_wait_seconds", QOS_METRIC_SUMMARY,
						"time that its records waited" };

	qos_prom_add(p, &in, (double)one->counts.n_in, labels);
	qos_prom_add(p, &out, (double)one->counts.n_out, labels);
	for (int why = 1; why < QOS_N_DROP; why++)
		if (one->counts.dropped[why])
			qos_prom_add(p, &dropped, (double)one->counts.dropped[why],
				     QOS_LABELS(labels[0], { "reason", qos_str(qos_drop_name[why]) }));
	qos_prom_summary(p, &wait, &one->wait, scale, labels);
}

void cli_queues_metrics(const struct qos_router *r, const struct qos_config *config, struct qos_prom *p)
{
	static const struct qos_metric depth = { "qos_route_queue_records", QOS_METRIC_GAUGE, "records in the queue" },
				       marked = { "qos_route_marked_records_total", QOS_METRIC_COUNTER,
						  "records marked by queue management" },
				       inversions = { "qos_route_inversions_total", QOS_METRIC_COUNTER,
						      "records served while a more urgent one waited" },
				       congestions = { "qos_route_congestions_total", QOS_METRIC_COUNTER,
						       "times that the queue was congested" },
				       congested = { "qos_route_congested_seconds_total", QOS_METRIC_COUNTER,
						     "time for which it was" },
				       gap = { "qos_route_gap_max_seconds", QOS_METRIC_GAUGE,
					       "longest wait without service" },
				       retry = { "qos_route_retry_after_seconds", QOS_METRIC_GAUGE,
						 "what a record that is refused now is told" };
	const struct qos_tenants *t = qos_router_tenants(r);

	for (int i = 0; i < config->n_classes; i++) {
		struct qos_router_class c = qos_router_class(r, i);
		struct qos_str name = config->classes[i].name;
		const struct qos_label *labels = QOS_LABELS({ "class", name });

		qos_prom_add(p, &depth, (double)c.depth, labels);
		qos_prom_add(p, &marked, (double)c.n_marked, labels);
		qos_prom_add(p, &inversions, (double)c.n_inversions, labels);
		qos_prom_add(p, &congestions, (double)c.n_congestions, labels);
		qos_prom_add(p, &congested, (double)c.congested_ns / 1e9, labels);
		qos_prom_add(p, &gap, (double)c.gap_max_ns / 1e9, labels);
		qos_prom_add(p, &retry, (double)c.retry_ns / 1e9, labels);
	}
	add_room_metrics(qos_router_room(r), p);
	for (int i = 0; i < t->n; i++) {
		struct qos_str name = t->tenant[i].name;
		const struct qos_label *labels =
			qos_tenants_are_shared(t) ? QOS_LABELS({ "tenant", name }) : QOS_NO_LABELS;

		if (qos_tenants_are_shared(t))
			add_tenant_metrics(&t->tenant[i], t->scale, labels, p);
		if (config->shed) {
			struct shedding sum = shedding_of(r, config, i);

			add_shed_metrics(&sum, labels, p);
		}
	}
}
