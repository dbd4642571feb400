/* What the charts show. */
#include "render/html_data.h"

#include <math.h>

#define CDF_STEP 0.0005 /* points nearer than that in height are left out, but the last one */

int qos_html_charted(const struct qos_report *r, const struct qos_report_group *group[QOS_HTML_CHARTED])
{
	uint64_t least = 0;
	int n = 0, n_larger = r->n_groups;

	while (n_larger > QOS_HTML_CHARTED) { /* raise the bar until so many are above it */
		uint64_t next = UINT64_MAX;

		n_larger = 0;
		for (int i = 0; i < r->n_groups; i++)
			if (r->group[i].n_records > least && r->group[i].n_records < next)
				next = r->group[i].n_records;
		least = next;
		for (int i = 0; i < r->n_groups; i++)
			n_larger += r->group[i].n_records > least;
	}
	for (int i = 0; i < r->n_groups && n < QOS_HTML_CHARTED; i++)
		if (r->group[i].n_records > least)
			group[n++] = &r->group[i];
	return n;
}

static void add_number(struct qos_buf *b, double x)
{
	if (isfinite(x))
		qos_buf_printf(b, "%.6g", x);
	else
		qos_buf_puts(b, "null");
}

static void add_cdf(struct qos_buf *b, const struct qos_report_group *g, const struct qos_sketch_scale *scale)
{
	const char *comma = "";
	double value, before = -1;
	uint64_t n = 0;
	int i = 0;

	qos_buf_puts(b, ",\"cdf\":[");
	while (g->latency && qos_sketch_next(g->latency, scale, &i, &value, &n)) {
		double share = (double)n / (double)g->latency->n;

		if (share - before < CDF_STEP && n < g->latency->n)
			continue;
		if (value > (double)g->latency->max)
			value = (double)g->latency->max;
		/* a logarithmic axis has no place for 0 */
		qos_buf_printf(b, "%s[%.6g,%.6g]", comma, value > 1 ? value / 1e9 : 1e-9, share);
		comma = ",";
		before = share;
	}
	qos_buf_puts(b, "]");
}

enum over_time { COUNT, RATE, BACKLOG, LATENCY, DROPS };

static void add_series(struct qos_buf *b, const struct qos_report *r, const struct qos_series *s, const char *name,
		       enum over_time what)
{
	double width_s = qos_timeline_width_s(&r->timeline);
	uint64_t in = 0, out = 0;

	qos_buf_printf(b, ",\"%s\":[", name);
	for (int i = 0; s && i < r->timeline.n_bins; i++) {
		const struct qos_series_bin *bin = &s->bin[i];

		in += bin->n_in;
		out += bin->n_out + bin->n_dropped;
		qos_buf_puts(b, i ? "," : "");
		switch (what) {
		case COUNT: add_number(b, (double)bin->n_out / width_s); break;
		case RATE: add_number(b, 8 * (double)bin->out_bytes / width_s); break;
		case BACKLOG: add_number(b, in > out ? (double)(in - out) : 0); break;
		case LATENCY: add_number(b, bin->n_out ? (double)bin->latency_max_ns / 1e9 : NAN); break;
		case DROPS: add_number(b, (double)bin->n_dropped / width_s); break;
		}
	}
	qos_buf_puts(b, "]");
}

static void add_group(struct qos_buf *b, const struct qos_report *r, const struct qos_report_group *g)
{
	qos_buf_puts(b, "{\"name\":");
	qos_buf_json(b, g->name);
	qos_buf_puts(b, ",\"target\":");
	add_number(b, g->target_s);
	qos_buf_puts(b, ",\"quantiles\":");
	if (!g->n_latencies)
		qos_buf_puts(b, "null");
	for (int q = 0; g->n_latencies && q < QOS_N_QUANTILES; q++) {
		qos_buf_puts(b, q ? "," : "[");
		add_number(b, g->quantile_s[q]);
	}
	qos_buf_puts(b, g->n_latencies ? "]" : "");
	add_cdf(b, g, r->scale);
	add_series(b, r, g->series, "count", COUNT);
	add_series(b, r, g->series, "rate", RATE);
	add_series(b, r, g->series, "backlog", BACKLOG);
	add_series(b, r, g->series, "latency", LATENCY);
	add_series(b, r, g->series, "drops", DROPS);
	qos_buf_puts(b, "}");
}

void qos_html_data(const struct qos_report *r, struct qos_buf *b)
{
	const struct qos_report_group *group[QOS_HTML_CHARTED];
	int n = qos_html_charted(r, group);
	double offset = ldexp((double)r->timeline.base, r->timeline.shift) - (double)r->first_ns;

	qos_buf_printf(b, "{\"duration\":%.9g,\"offset\":", r->duration_s);
	add_number(b, r->timeline.n_bins ? offset / 1e9 : 0);
	qos_buf_puts(b, ",\"width\":");
	add_number(b, qos_timeline_width_s(&r->timeline));
	qos_buf_puts(b, ",\"quantiles\":[");
	for (int q = 0; q < QOS_N_QUANTILES; q++)
		qos_buf_printf(b, "%s\"%s\"", q ? "," : "", qos_quantile_name[q]);
	qos_buf_puts(b, "],\"groups\":[");
	for (int i = 0; i < n; i++) {
		qos_buf_puts(b, i ? "," : "");
		add_group(b, r, group[i]);
	}
	qos_buf_puts(b, "]}");
}
