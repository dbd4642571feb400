/*
 * prom: Prometheus text exposition format, version 0.0.4.
 *
 * Label values come from input: backslash, quote and line feed are escaped as the format wants it, other control
 * characters and what is not UTF-8 become \xHH, so that the text stays UTF-8 and a terminal stays safe.
 */
#include "render/prom.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "render/render.h"

/* --- the writer --- */

static struct qos_buf *family_of(struct qos_prom *p, const struct qos_metric *m)
{
	struct qos_prom_family *f = p->family;

	for (int i = 0; i < p->n_families; i++, f++)
		if (f->metric.name == m->name || strcmp(f->metric.name, m->name) == 0)
			return &f->samples;
	if (p->n_families == QOS_PROM_FAMILIES) {
		p->failed = true;
		return NULL;
	}
	p->n_families++;
	f->metric = *m;
	return &f->samples;
}

static void add_escaped(struct qos_buf *b, struct qos_str s)
{
	const char *at = s.p, *end = at + s.n;

	while (at < end) {
		size_t step = qos_utf8_length(at, end);
		unsigned char c = (unsigned char)*at;
		bool control = c < ' ' || c == 127 || (step == 2 && c == 0xc2 && (unsigned char)at[1] < 0xa0);

		if (c == '\n')
			qos_buf_puts(b, "\\n");
		else if (c == '"' || c == '\\')
			qos_buf_printf(b, "\\%c", c);
		else if (step == 0 || control)
			for (size_t i = 0; i < (step ? step : 1); i++)
				qos_buf_printf(b, "\\\\x%02x", (unsigned char)at[i]);
		else
			qos_buf_add(b, at, step);
		at += step ? step : 1;
	}
}

static void add_label(struct qos_buf *b, const char *name, struct qos_str value, const char **before)
{
	qos_buf_printf(b, "%s%s=\"", *before, name);
	add_escaped(b, value);
	qos_buf_puts(b, "\"");
	*before = ",";
}

/* NAME[SUFFIX]{labels[,MORE="..."]} VALUE */
static void add_sample(struct qos_prom *p, const struct qos_metric *m, const char *suffix,
		       const struct qos_label *labels, const struct qos_label *more, double value)
{
	struct qos_buf *b = family_of(p, m);
	const char *before = "{";

	if (!b || isnan(value))
		return;
	qos_buf_printf(b, "%s%s", m->name, suffix);
	if (p->common.name)
		add_label(b, p->common.name, p->common.value, &before);
	for (; labels->name; labels++)
		add_label(b, labels->name, labels->value, &before);
	if (more)
		add_label(b, more->name, more->value, &before);
	qos_buf_puts(b, *before == ',' ? "} " : " ");
	if (isinf(value))
		qos_buf_puts(b, value > 0 ? "+Inf\n" : "-Inf\n");
	else if (fabs(value) < 1e15 && value == floor(value))
		qos_buf_printf(b, "%.0f\n", value); /* a count: all of its digits */
	else
		qos_buf_printf(b, "%.12g\n", value);
}

void qos_prom_add(struct qos_prom *p, const struct qos_metric *m, double value, const struct qos_label *labels)
{
	add_sample(p, m, "", labels, NULL, value);
}

void qos_prom_quantile(struct qos_prom *p, const struct qos_metric *m, double part, double value,
		       const struct qos_label *labels)
{
	char text[32];
	struct qos_label more = { "quantile", { text, (size_t)snprintf(text, sizeof(text), "%g", part) } };

	add_sample(p, m, "", labels, &more, value);
}

void qos_prom_sum(struct qos_prom *p, const struct qos_metric *m, double sum, uint64_t n,
		  const struct qos_label *labels)
{
	add_sample(p, m, "_sum", labels, NULL, sum);
	add_sample(p, m, "_count", labels, NULL, (double)n);
}

void qos_prom_summary(struct qos_prom *p, const struct qos_metric *m, const struct qos_sketch *s,
		      const struct qos_sketch_scale *scale, const struct qos_label *labels)
{
	for (int q = 0; s->n && q < QOS_N_QUANTILES; q++)
		qos_prom_quantile(p, m, qos_quantile_part[q], qos_sketch_quantile(s, scale, qos_quantile_part[q]) / 1e9,
				  labels);
	qos_prom_sum(p, m, (double)s->sum / 1e9, s->n, labels);
}

void qos_prom_histogram(struct qos_prom *p, const struct qos_metric *m, const struct qos_sketch *s,
			const struct qos_sketch_scale *scale, const struct qos_label *labels)
{
	static const int64_t steps[] = { 100000, 250000, 500000 }; /* ns: 100, 250, 500 us, then times ten */
	struct qos_label more = { "le", QOS_STR("+Inf") };
	char text[32];

	for (int64_t decade = 1; decade <= 1000000; decade *= 10)
		for (int i = 0; i < 3; i++) {
			int64_t bound_ns = steps[i] * decade;

			more.value.p = text;
			more.value.n = (size_t)snprintf(text, sizeof(text), "%g", (double)bound_ns / 1e9);
			add_sample(p, m, "_bucket", labels, &more, (double)qos_sketch_count_to(s, scale, bound_ns));
		}
	more.value = QOS_STR("+Inf");
	add_sample(p, m, "_bucket", labels, &more, (double)s->n);
	qos_prom_sum(p, m, (double)s->sum / 1e9, s->n, labels);
}

void qos_prom_write(struct qos_prom *p, struct qos_buf *b)
{
	static const char *const types[] = { "counter", "gauge", "summary", "histogram" };

	for (int i = 0; i < p->n_families; i++) {
		struct qos_prom_family *f = &p->family[i];

		if (f->samples.n) {
			qos_buf_printf(b, "# HELP %s %s\n# TYPE %s %s\n", f->metric.name, f->metric.help,
				       f->metric.name, types[f->metric.type]);
			qos_buf_add(b, f->samples.p, f->samples.n);
		}
		b->failed |= f->samples.failed;
		qos_buf_free(&f->samples);
	}
	b->failed |= p->failed;
	p->n_families = 0;
}

/* --- a report --- */

static const struct qos_metric
	records = { "qos_records_total", QOS_METRIC_COUNTER, "records, dropped ones too" },
	bytes = { "qos_bytes_total", QOS_METRIC_COUNTER, "bytes of the records that were not dropped" },
	dropped = { "qos_dropped_records_total", QOS_METRIC_COUNTER, "records that were dropped, by reason" },
	missed = { "qos_deadline_missed_records_total", QOS_METRIC_COUNTER, "records later than their target" },
	throughput = { "qos_throughput_bytes_per_second", QOS_METRIC_GAUGE,
		       "bytes over the time from the first arrival to the last departure" },
	latency = { "qos_latency_seconds", QOS_METRIC_SUMMARY, "departure less arrival at the system" },
	buckets = { "qos_latency_bucketed_seconds", QOS_METRIC_HISTOGRAM,
		    "the same in buckets, which may be added up over machines" },
	latency_max = { "qos_latency_max_seconds", QOS_METRIC_GAUGE, "the greatest latency" },
	target = { "qos_latency_target_seconds", QOS_METRIC_GAUGE, "latency target of the class" },
	attainment = { "qos_attainment_ratio", QOS_METRIC_GAUGE, "part of the latencies within their target" },
	fairness = { "qos_fairness_ratio", QOS_METRIC_GAUGE, "Jain's index over the bytes of the streams" },
	streams = { "qos_streams", QOS_METRIC_GAUGE, "streams that were told apart" },
	all_latency = { "qos_overall_latency_seconds", QOS_METRIC_SUMMARY, "latency of the records of all groups" },
	all_attainment = { "qos_overall_attainment_ratio", QOS_METRIC_GAUGE,
			   "part of all latencies within their target" },
	all_fairness = { "qos_overall_fairness_ratio", QOS_METRIC_GAUGE, "Jain's index over the bytes of all streams" },
	duration = { "qos_duration_seconds", QOS_METRIC_GAUGE, "first arrival to last departure" },
	rejected = { "qos_rejected_records_total", QOS_METRIC_COUNTER, "records refused as bad input" },
	unclassified = { "qos_unclassified_records_total", QOS_METRIC_COUNTER,
			 "records without a class, which got the default one" };

#define LABELS_MOST 16

/* A field's name as a label: meta.env becomes meta_env; what is taken already gets its number behind it. */
static void name_label(char *to, size_t room, struct qos_str field, int number, const struct qos_label *before)
{
	size_t n = 0;

	if (field.n && field.p[0] >= '0' && field.p[0] <= '9')
		to[n++] = '_';
	for (size_t i = 0; i < field.n && n < room - 4; i++) {
		char c = field.p[i];
		bool ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');

		to[n++] = ok ? c : '_';
	}
	to[n] = 0;
	for (; before->name; before++)
		if (strcmp(before->name, to) == 0) {
			snprintf(to + n, room - n, "_%d", number);
			return;
		}
}

struct names {
	char name[LABELS_MOST][64]; /* of the labels, by field */
	struct qos_label label[LABELS_MOST];
	int n;
};

static void name_labels(const struct qos_report *r, struct names *to)
{
	*to = (struct names){ .label = { { "filter", QOS_STR("") }, { "reason", QOS_STR("") } } };
	for (int i = 0; i < r->n_by && i < LABELS_MOST - 4; i++) {
		name_label(to->name[i], sizeof(to->name[i]), r->by[i], i + 1, to->label);
		to->label[i + 2].name = to->name[i];
	}
	to->n = r->n_by;
}

/* The labels of a group, and the reason behind them if there is one. */
static void label_group(const struct names *names, const struct qos_report_group *g, struct qos_str reason,
			struct qos_label *to)
{
	int n = 0;

	for (int i = 0; i < names->n; i++)
		to[n++] = (struct qos_label){ names->name[i], g->by[i] };
	if (names->n == 0)
		to[n++] = (struct qos_label){ "class", g->name };
	if (reason.p)
		to[n++] = (struct qos_label){ "reason", reason };
	to[n] = (struct qos_label){ 0 };
}

static void add_group(struct qos_prom *p, const struct names *names, const struct qos_report *r,
		      const struct qos_report_group *g)
{
	struct qos_label labels[LABELS_MOST];

	label_group(names, g, (struct qos_str){ 0 }, labels);
	qos_prom_add(p, &records, (double)g->n_records, labels);
	qos_prom_add(p, &bytes, (double)g->out_bytes, labels);
	qos_prom_add(p, &missed, (double)g->n_misses, labels);
	qos_prom_add(p, &throughput, g->throughput_bps / 8, labels);
	if (g->latency) {
		qos_prom_summary(p, &latency, g->latency, r->scale, labels);
		qos_prom_histogram(p, &buckets, g->latency, r->scale, labels);
	}
	qos_prom_add(p, &latency_max, g->max_s, labels);
	qos_prom_add(p, &target, g->target_s, labels);
	qos_prom_add(p, &attainment, g->attainment, labels);
	qos_prom_add(p, &fairness, g->fairness, labels);
	qos_prom_add(p, &streams, (double)g->n_streams, labels);
	for (int i = 0; i < g->n_drops; i++) {
		label_group(names, g, g->drop[i].reason, labels);
		qos_prom_add(p, &dropped, (double)g->drop[i].n, labels);
	}
}

void qos_prom_report(struct qos_prom *p, const struct qos_report *r)
{
	struct names names;

	name_labels(r, &names);
	for (int i = 0; i < r->n_groups; i++)
		add_group(p, &names, r, &r->group[i]);
	if (r->all.latency)
		qos_prom_summary(p, &all_latency, r->all.latency, r->scale, QOS_NO_LABELS);
	qos_prom_add(p, &all_attainment, r->all.attainment, QOS_NO_LABELS);
	qos_prom_add(p, &all_fairness, r->all.fairness, QOS_NO_LABELS);
	qos_prom_add(p, &duration, r->duration_s, QOS_NO_LABELS);
	qos_prom_add(p, &rejected, (double)r->n_rejected, QOS_NO_LABELS);
	qos_prom_add(p, &unclassified, (double)r->n_unclassified, QOS_NO_LABELS);
}

static void prom_put(const struct qos_report *r, const struct qos_look *look, struct qos_buf *b)
{
	struct qos_prom *p = calloc(1, sizeof(*p));

	if (!p) {
		b->failed = true;
		return;
	}
	p->common = (struct qos_label){ "filter", QOS_STR("qos-stats") };
	qos_prom_report(p, r);
	qos_prom_write(p, b);
	free(p);
}

const struct qos_render qos_render_prom = {
	.name = "prom",
	.summary = "metrics as Prometheus reads them, times in seconds",
	.put = prom_put,
};
