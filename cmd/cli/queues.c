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
static struct shedding shedding_of(const struct qos_router *r, const struct qos_config *config)
{
	struct shedding sum = { .one = qos_router_queues(r, -1) };

	for (int i = -1; i < config->n_adapters; i++) {
		const struct qos_queues *q = qos_router_queues(r, i);

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
	if (config->shed) {
		struct shedding sum = shedding_of(r, config);

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

static void add_shed_metrics(const struct shedding *sum, struct qos_prom *p)
{
	static const struct qos_metric active = { "qos_route_shed_active", QOS_METRIC_GAUGE,
						  "1 while some records are turned away" },
				       load = { "qos_route_shed_load", QOS_METRIC_GAUGE,
						"servers that the last window's arrivals need" },
				       capacity = { "qos_route_shed_capacity", QOS_METRIC_GAUGE,
						    "servers that are busy while records wait" },
				       moves = { "qos_route_shed_moves_total", QOS_METRIC_COUNTER,
						 "times that the cut has moved" };

	qos_prom_add(p, &active, sum->active, QOS_NO_LABELS);
	qos_prom_add(p, &load, sum->load, QOS_NO_LABELS);
	qos_prom_add(p, &capacity, sum->capacity, QOS_NO_LABELS);
	qos_prom_add(p, &moves, (double)sum->n_moves, QOS_NO_LABELS);
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
	if (config->shed) {
		struct shedding sum = shedding_of(r, config);

		add_shed_metrics(&sum, p);
	}
}
