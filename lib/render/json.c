/* json: one object, in the shape that the design gives, indented by two. */
#include <math.h>

#include "render/json_number.h"
#include "render/outlook.h"
#include "render/render.h"
#include "unit/timestamp.h"

static void add_drops(struct qos_buf *b, const struct qos_report_group *g)
{
	qos_buf_puts(b, "{");
	for (int i = 0; i < g->n_drops; i++) {
		qos_buf_puts(b, i ? ", " : "");
		qos_buf_json(b, g->drop[i].reason);
		qos_buf_printf(b, ": %llu", (unsigned long long)g->drop[i].n);
	}
	qos_buf_puts(b, "}");
}

static void add_latency(struct qos_buf *b, const struct qos_report_group *g)
{
	qos_buf_puts(b, ",\n     \"latency\": {\"mean\": ");
	qos_json_number(b, g->mean_s);
	for (int q = 0; q < QOS_N_QUANTILES; q++)
		qos_json_member(b, qos_quantile_name[q], g->quantile_s[q]);
	qos_json_member(b, "max", g->max_s);
	qos_buf_puts(b, "}");
}

static void add_names(struct qos_buf *b, const struct qos_report *r, const struct qos_report_group *g)
{
	if (!g->by) {
		qos_buf_puts(b, r->n_by ? "\"group\": " : "\"class\": ");
		qos_buf_json(b, g->name);
	}
	for (int i = 0; g->by && i < r->n_by; i++) {
		qos_buf_puts(b, i ? ", " : "");
		qos_buf_json(b, r->by[i]);
		qos_buf_puts(b, ": ");
		qos_buf_json(b, g->by[i]);
	}
}

static void add_group(struct qos_buf *b, const struct qos_report *r, const struct qos_report_group *g)
{
	qos_buf_puts(b, "    {");
	add_names(b, r, g);
	qos_buf_printf(b, ", \"count\": %llu, \"bytes\": %llu, \"drops\": ", (unsigned long long)g->n_records,
		       (unsigned long long)g->out_bytes);
	add_drops(b, g);
	qos_json_member(b, "throughput_bps", g->throughput_bps);
	add_latency(b, g);
	qos_json_member(b, "target", g->target_s);
	qos_json_member(b, "attainment", g->attainment);
	qos_buf_printf(b, ", \"deadline_misses\": %llu", (unsigned long long)g->n_misses);
	qos_json_member(b, "fairness", g->fairness);
	qos_buf_printf(b, ", \"streams\": %llu, \"backlog_max\": %llu}", (unsigned long long)g->n_streams,
		       (unsigned long long)g->backlog_max);
}

/* Members that are there only where records have such fields. */
static void add_adapters(struct qos_buf *b, const struct qos_report *r)
{
	qos_buf_puts(b, ",\n  \"adapters\": [");
	for (int i = 0; i < r->n_adapters; i++) {
		const struct qos_report_group *g = &r->adapter[i];

		qos_buf_puts(b, i ? ",\n    {\"adapter\": " : "\n    {\"adapter\": ");
		qos_buf_json(b, g->name);
		qos_buf_printf(b, ", \"count\": %llu, \"bytes\": %llu, \"dropped\": %llu",
			       (unsigned long long)g->n_records, (unsigned long long)g->out_bytes,
			       (unsigned long long)g->n_dropped);
		qos_json_member(b, "throughput_bps", g->throughput_bps);
		add_latency(b, g);
		qos_json_member(b, "attainment", g->attainment);
		qos_buf_puts(b, "}");
	}
	qos_buf_puts(b, r->n_adapters ? "\n  ]" : "]");
}

static void add_decisions(struct qos_buf *b, const struct qos_report *r)
{
	qos_buf_puts(b, ",\n  \"class_by\": {");
	for (int i = 0; i < r->n_decisions; i++) {
		qos_buf_puts(b, i ? ", " : "");
		qos_buf_json(b, r->by_decision[i].reason);
		qos_buf_printf(b, ": %llu", (unsigned long long)r->by_decision[i].n);
	}
	qos_buf_puts(b, "}");
}

static void add_label(struct qos_buf *b, const struct qos_report_score *s, int i)
{
	const char *comma = "";

	qos_buf_json(b, s->label[i].name);
	qos_buf_printf(b, ": {\"count\": %llu", (unsigned long long)s->label[i].n);
	qos_json_member(b, "precision", s->label[i].precision);
	qos_json_member(b, "recall", s->label[i].recall);
	qos_buf_puts(b, ", \"answered\": {");
	for (int k = 0; k < s->n_labels; k++) {
		uint64_t n = s->answer[(size_t)i * (size_t)s->n_labels + (size_t)k];

		if (!n)
			continue;
		qos_buf_puts(b, comma);
		qos_buf_json(b, s->label[k].name);
		qos_buf_printf(b, ": %llu", (unsigned long long)n);
		comma = ", ";
	}
	qos_buf_puts(b, "}}");
}

static void add_accuracy(struct qos_buf *b, const struct qos_report_score *s)
{
	qos_buf_printf(b, ",\n  \"accuracy\": {\"records\": %llu", (unsigned long long)s->n);
	qos_json_member(b, "accuracy", s->n ? (double)s->n_right / (double)s->n : NAN);
	qos_json_member(b, "macro_f1", s->n ? s->macro_f1 : NAN);
	qos_buf_puts(b, ", \"labels\": {");
	for (int i = 0; i < s->n_labels; i++) {
		qos_buf_puts(b, i ? ",\n     " : "\n     ");
		add_label(b, s, i);
	}
	qos_buf_puts(b, "}}");
}

static void add_slos(struct qos_buf *b, const struct qos_report *r)
{
	qos_buf_puts(b, ",\n  \"slo\": [");
	for (int i = 0; i < r->n_slos; i++) {
		const struct qos_slo_result *s = &r->slo[i];
		const char *comma = "";

		qos_buf_puts(b, i ? ",\n    {\"slo\": " : "\n    {\"slo\": ");
		qos_buf_json(b, s->slo->text);
		qos_buf_puts(b, ", \"class\": ");
		qos_buf_json(b, s->slo->group);
		qos_json_member(b, "objective", s->slo->objective);
		qos_json_member(b, "within", (double)s->slo->within_ns / 1e9);
		qos_json_member(b, "period", (double)s->slo->period_ns / 1e9);
		qos_buf_printf(b, ", \"records\": %llu, \"bad\": %llu", (unsigned long long)s->n,
			       (unsigned long long)s->n_bad);
		qos_json_member(b, "attained", s->attained);
		qos_json_member(b, "burn", s->burn);
		qos_json_member(b, "used", s->used);
		qos_buf_puts(b, ", \"worst\": {");
		for (int k = 0; k < QOS_SLO_WINDOWS; k++) {
			if (!(s->window[k].seconds > 0))
				continue;
			qos_buf_printf(b, "%s\"%s\": %.12g", comma, qos_slo_window_name[k], s->window[k].worst);
			comma = ", ";
		}
		qos_buf_puts(b, "}}");
	}
	qos_buf_puts(b, r->n_slos ? "\n  ]" : "]");
}

static void json_put(const struct qos_report *r, const struct qos_look *look, struct qos_buf *b)
{
	char from[QOS_TIMESTAMP_BYTES];

	qos_buf_puts(b, "{\n");
	if (r->interval_ns) {
		from[qos_timestamp_write(from, r->from_ns, QOS_TIME_S)] = 0;
		qos_buf_printf(b, "  \"from\": %s,\n  \"interval\": %.12g,\n", from, (double)r->interval_ns / 1e9);
	}
	qos_buf_printf(b, "  \"records\": %llu,\n  \"drops\": ", (unsigned long long)r->all.n_records);
	add_drops(b, &r->all);
	qos_buf_puts(b, ",\n  \"duration\": ");
	qos_json_number(b, r->duration_s);
	qos_buf_printf(b, ",\n  \"%s\": [", r->n_by ? "groups" : "classes");
	for (int i = 0; i < r->n_groups; i++) {
		qos_buf_puts(b, i ? ",\n" : "\n");
		add_group(b, r, &r->group[i]);
	}
	qos_buf_puts(b, "\n  ],\n  \"all\":\n");
	add_group(b, r, &r->all);
	qos_buf_printf(b, ",\n  \"streams\": {\"count\": %llu, \"uncounted_records\": %llu, \"fairness\": ",
		       (unsigned long long)r->all.n_streams, (unsigned long long)r->n_streams_over);
	qos_json_number(b, r->all.fairness);
	qos_buf_puts(b, "}");
	add_adapters(b, r);
	add_decisions(b, r);
	add_accuracy(b, &r->score);
	add_slos(b, r);
	if (r->outlook) {
		qos_buf_puts(b, ",\n  \"forecast\": ");
		qos_outlook_json(r->outlook, b);
	}
	qos_buf_printf(b,
		       ",\n  \"backlog_max\": %llu,\n  \"unclassified\": %llu,\n  "
		       "\"ledger\": {\"in\": %llu, \"out\": %llu, \"dropped\": %llu, "
		       "\"rejected\": %llu, \"left_out\": %llu}\n}\n",
		       (unsigned long long)r->all.backlog_max, (unsigned long long)r->n_unclassified,
		       (unsigned long long)(r->all.n_records + r->n_rejected + r->n_left_out),
		       (unsigned long long)(r->all.n_records - r->all.n_dropped), (unsigned long long)r->all.n_dropped,
		       (unsigned long long)r->n_rejected, (unsigned long long)r->n_left_out);
}

const struct qos_render qos_render_json = {
	.name = "json",
	.summary = "one JSON object, times in seconds",
	.intervals = true,
	.put = json_put,
};
