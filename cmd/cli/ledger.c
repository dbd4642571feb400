/* The ledger of a timed stage as members of the summary, and as metrics. */
#include "cli/ledger.h"

#include "unit/timestamp.h"

static void add_seconds(struct qos_buf *json, const char *name, int64_t ns)
{
	char text[QOS_TIMESTAMP_BYTES];

	qos_buf_printf(json, ",\"%s\":%.*s", name, (int)qos_seconds_write(text, ns), text);
}

static const char *reason_name(int why)
{
	return why == QOS_DROP_UPSTREAM ? "upstream" : qos_drop_name[why];
}

/* {"tail":3,...} of one class, or of all (class < 0). */
static void add_drops(struct qos_buf *json, const struct qos_ledger *l, int class)
{
	const char *comma = "";

	qos_buf_puts(json, ",\"drops\":{");
	for (int why = 1; why < QOS_N_DROP; why++) {
		uint64_t n = 0;

		for (int i = 0; i < QOS_LEDGER_CLASSES; i++)
			n += class < 0 || i == class ? l->class[i].dropped[why] : 0;
		if (!n)
			continue;
		qos_buf_printf(json, "%s\"%s\":%llu", comma, reason_name(why), (unsigned long long)n);
		comma = ",";
	}
	qos_buf_puts(json, "}");
}

static void add_class(struct qos_buf *json, const struct qos_ledger *l, const struct qos_config *config, int i)
{
	const struct qos_ledger_class *c = &l->class[i];

	qos_buf_puts(json, i ? ",{\"class\":" : "{\"class\":");
	qos_buf_json(json, config->classes[i].name);
	qos_buf_printf(json, ",\"in\":%llu,\"out\":%llu,\"in_bytes\":%llu,\"out_bytes\":%llu,\"queued_max\":%lld",
		       (unsigned long long)c->n_in, (unsigned long long)c->n_out, (unsigned long long)c->in_bytes,
		       (unsigned long long)c->out_bytes, (long long)c->n_queued_max);
	add_seconds(json, "wait_mean", c->n_out ? (int64_t)(c->wait_sum_ns / (__int128)c->n_out) : 0);
	add_seconds(json, "wait_max", c->wait_max_ns);
	add_drops(json, l, i);
	qos_buf_puts(json, "}");
}

void cli_ledger_report(const struct qos_ledger *l, const struct qos_config *config, struct qos_buf *json)
{
	uint64_t n_in = 0, n_out = 0, n_dropped = 0;

	for (int i = 0; i < config->n_classes; i++) {
		n_in += l->class[i].n_in;
		n_out += l->class[i].n_out;
		for (int why = 1; why < QOS_N_DROP; why++)
			n_dropped += l->class[i].dropped[why];
	}
	qos_buf_printf(json, ",\"in\":%llu,\"out\":%llu,\"queued\":%llu,\"unclassified\":%llu",
		       (unsigned long long)n_in, (unsigned long long)n_out,
		       (unsigned long long)(n_in - n_out - n_dropped), (unsigned long long)l->n_unclassified);
	add_drops(json, l, -1);
	qos_buf_puts(json, ",\"classes\":[");
	for (int i = 0; i < config->n_classes; i++)
		add_class(json, l, config, i);
	qos_buf_puts(json, "]");
}

/* --- metrics --- */

static const struct qos_metric
	in_records = { "qos_in_records_total", QOS_METRIC_COUNTER, "records that came, by class" },
	in_bytes = { "qos_in_bytes_total", QOS_METRIC_COUNTER, "their bytes" },
	out_records = { "qos_out_records_total", QOS_METRIC_COUNTER, "records that left, by class" },
	out_bytes = { "qos_out_bytes_total", QOS_METRIC_COUNTER, "their bytes" },
	dropped = { "qos_dropped_records_total", QOS_METRIC_COUNTER, "records that were dropped, by reason" },
	queued = { "qos_queued_records", QOS_METRIC_GAUGE, "records that wait or are in service" },
	queued_max = { "qos_queued_max_records", QOS_METRIC_GAUGE, "the deepest that the queue has been" },
	waits = { "qos_wait_seconds", QOS_METRIC_SUMMARY, "what records waited here" },
	wait_max = { "qos_wait_max_seconds", QOS_METRIC_GAUGE, "the longest wait" },
	unclassified = { "qos_unclassified_records_total", QOS_METRIC_COUNTER,
			 "records without a class, which got the default one" };

static void add_class_metrics(const struct qos_ledger_class *c, struct qos_str name, struct qos_prom *p)
{
	const struct qos_label *labels = QOS_LABELS({ "class", name });
	uint64_t n_dropped = 0;

	for (int why = 1; why < QOS_N_DROP; why++) {
		n_dropped += c->dropped[why];
		if (c->dropped[why])
			qos_prom_add(p, &dropped, (double)c->dropped[why],
				     QOS_LABELS({ "class", name }, { "reason", qos_str(reason_name(why)) }));
	}
	qos_prom_add(p, &in_records, (double)c->n_in, labels);
	qos_prom_add(p, &in_bytes, (double)c->in_bytes, labels);
	qos_prom_add(p, &out_records, (double)c->n_out, labels);
	qos_prom_add(p, &out_bytes, (double)c->out_bytes, labels);
	qos_prom_add(p, &queued, (double)(c->n_in - c->n_out - n_dropped), labels);
	qos_prom_add(p, &queued_max, (double)c->n_queued_max, labels);
	qos_prom_sum(p, &waits, (double)c->wait_sum_ns / 1e9, c->n_out, labels);
	qos_prom_add(p, &wait_max, (double)c->wait_max_ns / 1e9, labels);
}

void cli_ledger_metrics(const struct qos_ledger *l, const struct qos_config *config, struct qos_prom *p)
{
	for (int i = 0; i < config->n_classes; i++)
		add_class_metrics(&l->class[i], config -> classes[i].name, p);
	qos_prom_add(p, &unclassified, (double)l->n_unclassified, QOS_NO_LABELS);
}
