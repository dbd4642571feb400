/*
 * html: one page for people, without the network: its style, its charts and the library that draws them are inside.
 *
 * The charts are Chart.js's as Debian packages it (one file of 200 kB, maintained, with legends, tooltips and
 * logarithmic axes of its own, where d3 v3 would leave them to us); everything that they show is in plain tables as
 * well, which need no script.  A policy in the page forbids it any request.  Names come from input and are escaped.
 */
#include <math.h>
#include <stdio.h>

#include "render/html_data.h"
#include "render/html_periods.h"
#include "render/html_text.h"
#include "render/render.h"
#include "unit/human.h"
#include "unit/timestamp.h"

static const char style[] = {
#include "page/page.css.inc"
	0
};
static const char script[] = {
#include "page/page.js.inc"
	0
};
static const char library[] = {
#include "page/chart.min.js.inc" /* empty where it was not there when this was built */
	0
};

#define ROWS_MOST 1000
#define TIME_ROWS 24
#define YEAR_NS   31536000000000000

static void add_card(struct qos_buf *b, const char *value, const char *what)
{
	qos_buf_printf(b, "<div class=card><b>%s</b><span>%s</span></div>\n", value, what);
}

static void add_moment(struct qos_buf *b, int64_t ns)
{
	char text[QOS_TIMESTAMP_BYTES];

	qos_html_text(b, (struct qos_str){ text, qos_timestamp_write(text, ns, QOS_TIME_RFC3339) });
}

static void add_head(struct qos_buf *b, const struct qos_report *r, const struct qos_look *look)
{
	bool dated = r->timeline.n_bins && r->first_ns >= YEAR_NS; /* else time has a beginning of its own */
	char text[64];

	qos_buf_printf(
		b,
		"<!DOCTYPE html>\n<html lang=en><head><meta charset=utf-8>\n"
		"<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; script-src 'unsafe-inline'; "
		"style-src 'unsafe-inline'; img-src data:\">\n"
		"<meta name=viewport content=\"width=device-width, initial-scale=1\">\n"
		"<link rel=icon href=data:,>\n<title>qos-stats report</title>\n<style>\n%s</style></head>\n<body>\n"
		"<h1>qos-stats report</h1>\n<p class=sub>",
		style);
	if (dated) {
		qos_buf_puts(b, "from ");
		add_moment(b, r->first_ns);
	}
	qos_buf_puts(b, dated && look->command.n ? " &middot; <code>" : "<code>");
	qos_html_text(b, look->command);
	qos_buf_puts(b, "</code></p>\n<div class=cards>\n");
	snprintf(text, sizeof(text), "%llu", (unsigned long long)r->all.n_records);
	add_card(b, text, "records");
	snprintf(text, sizeof(text), "%llu", (unsigned long long)r->all.n_dropped);
	add_card(b, text, "dropped");
	snprintf(text, sizeof(text), "%llu", (unsigned long long)r->n_rejected);
	add_card(b, text, "rejected as bad input");
	qos_human_duration(text, r->duration_s);
	add_card(b, text, "first arrival to last departure");
	qos_human_bitrate(text, r->all.throughput_bps);
	add_card(b, text, "throughput");
	if (isfinite(r->all.attainment)) {
		snprintf(text, sizeof(text), "%.4g%%", floor(r->all.attainment * 10000) / 100);
		add_card(b, text, "of latencies within target");
	}
	if (r->score.n) {
		snprintf(text, sizeof(text), "%.4g%%", 100 * (double)r->score.n_right / (double)r->score.n);
		add_card(b, text, "classified as labelled");
	}
	qos_buf_puts(b, "</div>\n");
}

/* --- tables --- */

/* Columns of what no record told are left out. */
static void add_group(struct qos_buf *b, const struct qos_report *r, const struct qos_report_group *g)
{
	char text[QOS_HUMAN_BYTES];

	qos_html_name(b, g->name);
	qos_html_count(b, g->n_records, false);
	qos_human_size(text, (double)g->out_bytes);
	qos_html_cell(b, text, false);
	qos_html_count(b, g->n_dropped, g->n_dropped > 0);
	qos_human_bitrate(text, g->throughput_bps);
	qos_html_cell(b, text, false);
	if (r->all.n_latencies) {
		qos_html_seconds(b, g->mean_s, false);
		for (int q = 0; q < QOS_N_QUANTILES; q++)
			qos_html_seconds(b, g->quantile_s[q], g->quantile_s[q] > g->target_s);
		qos_html_seconds(b, g->max_s, g->max_s > g->target_s);
	}
	if (isfinite(r->all.attainment)) {
		qos_html_seconds(b, g->target_s, false);
		qos_html_share(b, g->attainment, false);
	}
	if (r->all.n_streams) {
		snprintf(text, sizeof(text), isfinite(g->fairness) ? "%.3f" : "-", g->fairness);
		qos_html_cell(b, text, false);
		qos_html_count(b, g->n_streams, false);
	}
}

static void add_groups(struct qos_buf *b, const struct qos_report *r)
{
	char titles[128];

	snprintf(titles, sizeof(titles), "name|records|bytes|drops|rate%s%s%s",
		 r->all.n_latencies ? "|mean|p50|p90|p99|p99.9|max" : "",
		 isfinite(r->all.attainment) ? "|target|met" : "", r->all.n_streams ? "|fair|streams" : "");
	qos_html_table(b, r->n_by ? "Groups" : "Classes", titles);
	for (int i = 0; i < r->n_groups && i < ROWS_MOST; i++) {
		qos_buf_puts(b, "<tr>");
		add_group(b, r, &r->group[i]);
		qos_buf_puts(b, "</tr>\n");
	}
	qos_buf_puts(b, "<tr class=all>");
	add_group(b, r, &r->all);
	qos_buf_puts(b, "</tr>\n");
	qos_html_table_end(b);
	if (r->n_groups > ROWS_MOST)
		qos_buf_printf(b, "<p class=sub>and %d groups more</p>\n", r->n_groups - ROWS_MOST);
}

static void add_slos(struct qos_buf *b, const struct qos_report *r)
{
	char text[64];

	if (!r->n_slos)
		return;
	qos_html_table(b, "Error budgets",
		       "objective|records|late or dropped|attained|burn rate|of the budget|worst 5m|1h|6h|3d");
	for (int i = 0; i < r->n_slos; i++) {
		const struct qos_slo_result *s = &r->slo[i];

		qos_buf_puts(b, "<tr>");
		qos_html_name(b, s->slo->text);
		qos_html_count(b, s->n, false);
		qos_html_count(b, s->n_bad, false);
		qos_html_share(b, s->attained, s->attained < s->slo->objective);
		snprintf(text, sizeof(text), "%.3g", s->burn);
		qos_html_cell(b, s->n ? text : "-", s->burn > 1);
		snprintf(text, sizeof(text), "%.3g%%", 100 * s->used);
		qos_html_cell(b, s->n ? text : "-", s->used > 1);
		for (int k = 0; k < QOS_SLO_WINDOWS; k++) {
			snprintf(text, sizeof(text), "%.3g", s->window[k].worst);
			qos_html_cell(b, s->window[k].seconds > 0 ? text : "-", false);
		}
		qos_buf_puts(b, "</tr>\n");
	}
	qos_html_table_end(b);
}

static void add_drops(struct qos_buf *b, const struct qos_report *r)
{
	if (!r->all.n_drops)
		return;
	qos_html_table(b, "Drops", "class|reason|records|of the class");
	for (int i = 0; i < r->n_groups && i < ROWS_MOST; i++)
		for (int k = 0; k < r->group[i].n_drops; k++) {
			const struct qos_report_group *g = &r->group[i];

			qos_buf_puts(b, "<tr>");
			qos_html_name(b, g->name);
			qos_buf_puts(b, "<td><bdi>");
			qos_html_text(b, g->drop[k].reason);
			qos_buf_puts(b, "</bdi></td>");
			qos_html_count(b, g->drop[k].n, false);
			qos_html_share(b, (double)g->drop[k].n / (double)g->n_records, false);
			qos_buf_puts(b, "</tr>\n");
		}
	qos_html_table_end(b);
}

static void add_adapters(struct qos_buf *b, const struct qos_report *r)
{
	char text[QOS_HUMAN_BYTES];

	if (!r->n_adapters)
		return;
	qos_html_table(b, "Adapters", "adapter|records|bytes|rate|mean|p50|p90|p99|p99.9|max|within target");
	for (int i = 0; i < r->n_adapters; i++) {
		const struct qos_report_group *g = &r->adapter[i];

		qos_buf_puts(b, "<tr>");
		qos_html_name(b, g->name);
		qos_html_count(b, g->n_records, false);
		qos_human_size(text, (double)g->out_bytes);
		qos_html_cell(b, text, false);
		qos_human_bitrate(text, g->throughput_bps);
		qos_html_cell(b, text, false);
		qos_html_seconds(b, g->mean_s, false);
		for (int q = 0; q < QOS_N_QUANTILES; q++)
			qos_html_seconds(b, g->quantile_s[q], false);
		qos_html_seconds(b, g->max_s, false);
		qos_html_share(b, g->attainment, false);
		qos_buf_puts(b, "</tr>\n");
	}
	qos_html_table_end(b);
}

static void add_decisions(struct qos_buf *b, const struct qos_report *r)
{
	if (!r->n_decisions)
		return;
	qos_html_table(b, "Classified by", "by|records|of all");
	for (int i = 0; i < r->n_decisions; i++) {
		qos_buf_puts(b, "<tr>");
		qos_html_name(b, r->by_decision[i].reason);
		qos_html_count(b, r->by_decision[i].n, false);
		qos_html_share(b, (double)r->by_decision[i].n / (double)r->all.n_records, false);
		qos_buf_puts(b, "</tr>\n");
	}
	qos_html_table_end(b);
}

/* Rows are truths, columns answers; the deeper the colour, the larger the part of the row. */
static void add_confusion(struct qos_buf *b, const struct qos_report_score *s)
{
	size_t n = (size_t)s->n_labels;

	if (!s->n)
		return;
	qos_html_table(b, "Labels (rows) and classes that were given (columns)", "label|records|precision|recall");
	b->n -= strlen("</tr></thead>\n<tbody>\n");
	for (size_t k = 0; k < n; k++) {
		qos_buf_puts(b, "<th><bdi>");
		qos_html_text(b, s->label[k].name);
		qos_buf_puts(b, "</bdi></th>");
	}
	qos_buf_puts(b, "</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < n; i++) {
		qos_buf_puts(b, "<tr>");
		qos_html_name(b, s->label[i].name);
		qos_html_count(b, s->label[i].n, false);
		qos_html_share(b, s->label[i].precision, false);
		qos_html_share(b, s->label[i].recall, false);
		for (size_t k = 0; k < n; k++) {
			uint64_t count = s->answer[i * n + k];
			double share = s->label[i].n ? (double)count / (double)s->label[i].n : 0;

			qos_buf_printf(b, "<td style=\"background:rgba(%s,%.2f)\">%llu</td>",
				       i == k ? "0,114,178" : "213,94,0", 0.6 * share, (unsigned long long)count);
		}
		qos_buf_puts(b, "</tr>\n");
	}
	qos_html_table_end(b);
}

/* --- over time --- */

static void add_time_row(struct qos_buf *b, const struct qos_report *r, const struct qos_report_group **group, int n,
			 int from, int to)
{
	char text[64];

	qos_buf_puts(b, "<tr>");
	qos_html_seconds(b, qos_html_bin_s(r, from), false);
	for (int i = 0; i < n; i++) {
		struct qos_series_bin sum = { 0 };
		uint64_t in = 0, out = 0;

		for (int k = 0; group[i]->series && k < to; k++) {
			in += group[i]->series->bin[k].n_in;
			out += group[i]->series->bin[k].n_out + group[i]->series->bin[k].n_dropped;
			if (k >= from)
				qos_series_bin_merge(&sum, &group[i]->series->bin[k]);
		}
		snprintf(text, sizeof(text), "%llu (%llu)", (unsigned long long)sum.n_out,
			 (unsigned long long)(in > out ? in - out : 0));
		qos_html_cell(b, text, false);
	}
	qos_buf_puts(b, "</tr>\n");
}

static void add_time_table(struct qos_buf *b, const struct qos_report *r)
{
	const struct qos_report_group *group[QOS_HTML_CHARTED];
	int n = qos_html_charted(r, group), n_bins = r->timeline.n_bins;
	int rows = n_bins < TIME_ROWS ? n_bins : TIME_ROWS;

	if (n_bins < 2)
		return;
	qos_buf_puts(b, "<details><summary>Over time, as a table: records departed (and in the system at the end)"
			"</summary>\n<div class=wide><table><thead><tr><th>from</th>");
	for (int i = 0; i < n; i++) {
		qos_buf_puts(b, "<th><bdi>");
		qos_html_text(b, group[i]->name);
		qos_buf_puts(b, "</bdi></th>");
	}
	qos_buf_puts(b, "</tr></thead>\n<tbody>\n");
	for (int i = 0; i < rows; i++)
		add_time_row(b, r, group, n, i * n_bins / rows, (i + 1) * n_bins / rows);
	qos_buf_puts(b, "</tbody></table></div></details>\n");
}

static void add_charts(struct qos_buf *b)
{
	static const struct {
		const char *id, *title, *more;
	} charts[] = { { "cdf", "Latency", "part of the records within it; dotted: targets" },
		       { "quantiles", "Quantiles and targets", "" },
		       { "count", "Records over time", "departed" },
		       { "rate", "Throughput over time", "" },
		       { "backlog", "In the system over time", "arrived, neither departed nor dropped" },
		       { "latency", "Worst latency over time", "by departure" },
		       { "drops", "Drops over time", "a second" } };

	qos_buf_puts(b, "<div class=charts>\n");
	for (size_t i = 0; i < sizeof(charts) / sizeof(*charts); i++)
		qos_buf_printf(b,
			       "<figure class=none><figcaption>%s <small>%s</small></figcaption><div class=plot>"
			       "<canvas id=%s></canvas></div></figure>\n",
			       charts[i].title, charts[i].more, charts[i].id);
	qos_buf_puts(b, "</div>\n");
}

/* Data that the page's script reads, the library, and the script. */
static void add_scripts(struct qos_buf *b, const struct qos_report *r)
{
	struct qos_buf data = { 0 };

	qos_html_data(r, &data);
	qos_buf_puts(b, "<script type=application/json id=data>");
	qos_html_json(b, (struct qos_str){ data.p, data.n });
	qos_buf_puts(b, "</script>\n<script>\n");
	b->failed |= data.failed;
	qos_buf_free(&data);
	qos_buf_add(b, library, sizeof(library) - 1);
	qos_buf_puts(b, "</script>\n<script>\n");
	qos_buf_add(b, script, sizeof(script) - 1);
	qos_buf_puts(b, "</script>\n");
}

static void html_put(const struct qos_report *r, const struct qos_look *look, struct qos_buf *b)
{
	add_head(b, r, look);
	add_groups(b, r);
	qos_buf_puts(b, "<h2></h2>\n");
	add_charts(b);
	add_time_table(b, r);
	add_slos(b, r);
	add_drops(b, r);
	qos_html_periods(r, b);
	add_adapters(b, r);
	add_decisions(b, r);
	add_confusion(b, &r->score);
	qos_buf_puts(b, "<h2>How it was made</h2>\n<pre>");
	qos_html_text(b, look->command);
	qos_buf_puts(b, "</pre>\n<details><summary>Configuration</summary><pre>");
	qos_html_text(b, look->config);
	qos_buf_puts(b, "</pre></details>\n");
	add_scripts(b, r);
	qos_buf_puts(b, "</body></html>\n");
}

const struct qos_render qos_render_html = {
	.name = "html",
	.summary = "one page with charts and tables, without the network",
	.put = html_put,
};
