/* json: one object, in the shape that the design gives, indented by two. */
#include <math.h>

#include "render/render.h"

/* A number that JSON can hold; null for what was not measured. */
static void add_number(struct qos_buf *b, double x)
{
	if (!isfinite(x))
		qos_buf_puts(b, "null");
	else
		qos_buf_printf(b, "%.12g", x);
}

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

static void add_member(struct qos_buf *b, const char *name, double x)
{
	qos_buf_printf(b, ", \"%s\": ", name);
	add_number(b, x);
}

static void add_latency(struct qos_buf *b, const struct qos_report_group *g)
{
	qos_buf_puts(b, ",\n     \"latency\": {\"mean\": ");
	add_number(b, g->mean_s);
	for (int q = 0; q < QOS_N_QUANTILES; q++)
		add_member(b, qos_quantile_name[q], g->quantile_s[q]);
	add_member(b, "max", g->max_s);
	qos_buf_puts(b, "}");
}

static void add_names(struct qos_buf *b, const struct qos_report *r, const struct qos_report_group *g)
{
	if (!r->n_by) {
		qos_buf_puts(b, "\"class\": ");
		qos_buf_json(b, g->name);
	}
	for (int i = 0; i < r->n_by; i++) {
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
	add_member(b, "throughput_bps", g->throughput_bps);
	add_latency(b, g);
	add_member(b, "target", g->target_s);
	add_member(b, "attainment", g->attainment);
	qos_buf_printf(b, ", \"deadline_misses\": %llu", (unsigned long long)g->n_misses);
	add_member(b, "fairness", g->fairness);
	qos_buf_puts(b, "}");
}

static void json_put(const struct qos_report *r, bool color, struct qos_buf *b)
{
	qos_buf_printf(b, "{\n  \"records\": %llu,\n  \"drops\": ", (unsigned long long)r->all.n_records);
	add_drops(b, &r->all);
	qos_buf_puts(b, ",\n  \"duration\": ");
	add_number(b, r->duration_s);
	qos_buf_printf(b, ",\n  \"%s\": [", r->n_by ? "groups" : "classes");
	for (int i = 0; i < r->n_groups; i++) {
		qos_buf_puts(b, i ? ",\n" : "\n");
		add_group(b, r, &r->group[i]);
	}
	qos_buf_printf(b, "\n  ],\n  \"streams\": {\"count\": %llu, \"uncounted_records\": %llu, \"fairness\": ",
		       (unsigned long long)r->all.n_streams, (unsigned long long)r->n_streams_over);
	add_number(b, r->all.fairness);
	qos_buf_printf(b,
		       "},\n  \"unclassified\": %llu,\n  \"ledger\": {\"in\": %llu, \"out\": %llu, \"dropped\": %llu, "
		       "\"rejected\": %llu}\n}\n",
		       (unsigned long long)r->n_unclassified, (unsigned long long)(r->all.n_records + r->n_rejected),
		       (unsigned long long)(r->all.n_records - r->all.n_dropped), (unsigned long long)r->all.n_dropped,
		       (unsigned long long)r->n_rejected);
}

const struct qos_render qos_render_json = {
	.name = "json",
	.summary = "one JSON object, times in seconds",
	.put = json_put,
};
