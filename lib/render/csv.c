/* csv: a header, a row for each group and one for all; times in seconds, what was not measured is empty. */
#include <math.h>

#include "render/render.h"
#include "unit/timestamp.h"

static void add_text(struct qos_buf *b, struct qos_str s)
{
	bool quote = false;

	for (size_t i = 0; i < s.n; i++)
		quote |= s.p[i] == ',' || s.p[i] == '"' || s.p[i] == '\n' || s.p[i] == '\r';
	if (!quote) {
		qos_buf_add(b, s.p, s.n);
		return;
	}
	qos_buf_puts(b, "\"");
	for (size_t i = 0; i < s.n; i++)
		qos_buf_add(b, s.p[i] == '"' ? "\"\"" : &s.p[i], s.p[i] == '"' ? 2 : 1);
	qos_buf_puts(b, "\"");
}

static void add_number(struct qos_buf *b, double x)
{
	if (isfinite(x))
		qos_buf_printf(b, ",%.12g", x);
	else
		qos_buf_puts(b, ",");
}

static void add_row(struct qos_buf *b, const struct qos_report *r, const struct qos_report_group *g)
{
	char from[QOS_TIMESTAMP_BYTES];

	if (r->interval_ns)
		qos_buf_printf(b, "%.*s,", (int)qos_timestamp_write(from, r->from_ns, QOS_TIME_S), from);
	for (int i = 0; i < r->n_by; i++) {
		qos_buf_puts(b, i ? "," : "");
		add_text(b, g->by ? g->by[i] : i ? QOS_STR("") : g->name);
	}
	if (!r->n_by)
		add_text(b, g->name);
	qos_buf_printf(b, ",%llu,%llu,%llu", (unsigned long long)g->n_records, (unsigned long long)g->out_bytes,
		       (unsigned long long)g->n_dropped);
	add_number(b, g->throughput_bps);
	add_number(b, g->mean_s);
	for (int q = 0; q < QOS_N_QUANTILES; q++)
		add_number(b, g->quantile_s[q]);
	add_number(b, g->max_s);
	add_number(b, g->target_s);
	add_number(b, g->attainment);
	qos_buf_printf(b, ",%llu", (unsigned long long)g->n_misses);
	add_number(b, g->fairness);
	qos_buf_puts(b, "\n");
}

static void add_header(struct qos_buf *b, const struct qos_report *r)
{
	qos_buf_puts(b, r->interval_ns ? "from," : "");
	for (int i = 0; i < r->n_by; i++) {
		qos_buf_puts(b, i ? "," : "");
		add_text(b, r->by[i]);
	}
	qos_buf_puts(b, r->n_by ? "" : "class");
	qos_buf_puts(b,
		     ",count,bytes,drops,throughput_bps,mean,p50,p90,p99,p99.9,max,target,attainment,deadline_misses,"
		     "fairness\n");
}

static void csv_put(const struct qos_report *r, const struct qos_look *look, struct qos_buf *b)
{
	if (!look->again)
		add_header(b, r);
	for (int i = 0; i < r->n_groups; i++)
		add_row(b, r, &r->group[i]);
	add_row(b, r, &r->all);
}

const struct qos_render qos_render_csv = {
	.name = "csv",
	.summary = "a row for each group, times in seconds",
	.intervals = true,
	.put = csv_put,
};
