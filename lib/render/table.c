/*
 * table: for people.  Columns as wide as their widest cell, units humanised, a target that is missed marked with '!'.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "render/render.h"
#include "unit/human.h"

enum column {
	C_NAME,
	C_COUNT,
	C_BYTES,
	C_DROPS,
	C_RATE,
	C_MEAN,
	C_P50,
	C_P90,
	C_P99,
	C_P999,
	C_MAX,
	C_TARGET,
	C_ATTAINED,
	C_FAIRNESS,
	N_COLUMNS
};

static const char *const titles[N_COLUMNS] = { "class", "records", "bytes", "drops", "rate",   "mean", "p50",
					       "p90",   "p99",     "p99.9", "max",   "target", "met",  "fair" };

#define CELL_BYTES 128

struct cell {
	char text[CELL_BYTES];
	bool missed;
};

/* Columns that a text takes on a terminal: characters, not bytes. */
static int width_of(const char *text)
{
	int width = 0;

	for (; *text; text++)
		width += (*text & 0xc0) != 0x80;
	return width;
}

/* C0, DEL, and C1 (U+0080 to U+009F, of which U+009B begins an escape sequence too). */
static bool is_control(const char *p, size_t step)
{
	unsigned char c = (unsigned char)p[0];

	return c < ' ' || c == 127 || (step == 2 && c == 0xc2 && (unsigned char)p[1] < 0xa0);
}

/* Names come from input: control characters and what is not UTF-8 become '?'. */
static void put_name(char *to, struct qos_str name)
{
	const char *p = name.p, *end = p + name.n;
	size_t n = 0;

	while (p < end && n < 60) {
		size_t step = qos_utf8_length(p, end);

		if (step == 0 || is_control(p, step)) {
			to[n++] = '?';
			p += step ? step : 1;
			continue;
		}
		memcpy(to + n, p, step);
		n += step;
		p += step;
	}
	to[n] = 0;
}

static void put_count(char *to, uint64_t n)
{
	snprintf(to, CELL_BYTES, "%llu", (unsigned long long)n);
}

static void put_share(char *to, double x, int decimals)
{
	if (!isfinite(x))
		snprintf(to, CELL_BYTES, "-");
	else if (x >= 1)
		snprintf(to, CELL_BYTES, "100%%");
	else /* rounded down, so that 100% means all */
		snprintf(to, CELL_BYTES, "%.*f%%", decimals, floor(x * 100 * pow(10, decimals)) / pow(10, decimals));
}

static void fill_row(struct cell *c, const struct qos_report_group *g)
{
	put_name(c[C_NAME].text, g->name);
	put_count(c[C_COUNT].text, g->n_records);
	qos_human_size(c[C_BYTES].text, (double)g->out_bytes);
	put_count(c[C_DROPS].text, g->n_dropped);
	c[C_DROPS].missed = g->n_dropped > 0;
	qos_human_bitrate(c[C_RATE].text, g->throughput_bps);
	qos_human_duration(c[C_MEAN].text, g->mean_s);
	for (int q = 0; q < QOS_N_QUANTILES; q++) {
		qos_human_duration(c[C_P50 + q].text, g->quantile_s[q]);
		c[C_P50 + q].missed = g->quantile_s[q] > g->target_s;
	}
	qos_human_duration(c[C_MAX].text, g->max_s);
	c[C_MAX].missed = g->max_s > g->target_s;
	qos_human_duration(c[C_TARGET].text, g->target_s);
	put_share(c[C_ATTAINED].text, g->attainment, 1);
	if (isfinite(g->fairness))
		snprintf(c[C_FAIRNESS].text, CELL_BYTES, "%.3f", g->fairness);
	else
		snprintf(c[C_FAIRNESS].text, CELL_BYTES, "-");
	for (int i = 0; i < N_COLUMNS; i++)
		if (c[i].missed)
			strcat(c[i].text, "!");
}

static void add_cell(struct qos_buf *b, const struct cell *c, int width, bool left, bool color)
{
	int pad = width - width_of(c->text);

	if (color && c->missed)
		qos_buf_puts(b, "\033[31m");
	qos_buf_printf(b, "%*s%s%*s", left ? 0 : pad, "", c->text, left ? pad : 0, "");
	if (color && c->missed)
		qos_buf_puts(b, "\033[0m");
}

static void add_row(struct qos_buf *b, const struct cell *c, const int *width, bool color)
{
	for (int i = 0; i < N_COLUMNS; i++) {
		qos_buf_puts(b, i ? "  " : "");
		add_cell(b, &c[i], width[i], i == C_NAME, color);
	}
	qos_buf_puts(b, "\n");
}

static void add_ledger(struct qos_buf *b, const struct qos_report *r)
{
	uint64_t n = r->all.n_records;
	char duration[QOS_HUMAN_BYTES], reason[CELL_BYTES];

	qos_human_duration(duration, r->duration_s);
	qos_buf_printf(b, "\nin %llu = out %llu + dropped %llu", (unsigned long long)(n + r->n_rejected),
		       (unsigned long long)(n - r->all.n_dropped), (unsigned long long)r->all.n_dropped);
	for (int i = 0; i < r->all.n_drops; i++) {
		put_name(reason, r->all.drop[i].reason);
		qos_buf_printf(b, "%s%s %llu%s", i ? ", " : " (", reason, (unsigned long long)r->all.drop[i].n,
			       i == r->all.n_drops - 1 ? ")" : "");
	}
	qos_buf_printf(b, " + rejected %llu; %s", (unsigned long long)r->n_rejected, duration);
	if (r->n_unclassified)
		qos_buf_printf(b, "; %llu came without a class", (unsigned long long)r->n_unclassified);
	if (r->n_streams_over)
		qos_buf_printf(b, "; %llu records of streams beyond the limit are not in the fairness",
			       (unsigned long long)r->n_streams_over);
	qos_buf_puts(b, "\n");
}

/* An error budget in a line. */
static void add_slo(struct qos_buf *b, const struct qos_slo_result *s)
{
	char text[CELL_BYTES], used[QOS_HUMAN_BYTES];

	put_name(text, s->slo->text);
	qos_buf_printf(b, "slo %s: ", text);
	if (!s->n) {
		qos_buf_puts(b, "nothing was measured\n");
		return;
	}
	put_share(text, s->attained, 3);
	qos_human_duration(used, (double)s->slo->period_ns / 1e9);
	qos_buf_printf(b, "%s, burn %.3g%s, %.3g%% of the budget of %s", text, s->burn, s->burn > 1 ? "!" : "",
		       100 * s->used, used);
	for (int i = 0; i < QOS_SLO_WINDOWS; i++)
		if (s->window[i].seconds > 0)
			qos_buf_printf(b, "; worst %s %.3g", qos_slo_window_name[i], s->window[i].worst);
	qos_buf_puts(b, "\n");
}

static void table_put(const struct qos_report *r, bool color, struct qos_buf *b)
{
	int n = r->n_groups + 2, width[N_COLUMNS] = { 0 };
	struct cell(*rows)[N_COLUMNS] = calloc((size_t)n, sizeof(*rows));

	if (!rows) {
		b->failed = true;
		return;
	}
	for (int i = 0; i < N_COLUMNS; i++)
		snprintf(rows[0][i].text, CELL_BYTES, "%s", i == C_NAME && r->n_by ? "group" : titles[i]);
	for (int i = 0; i < r->n_groups; i++)
		fill_row(rows[i + 1], &r->group[i]);
	fill_row(rows[n - 1], &r->all);
	for (int k = 0; k < n; k++)
		for (int i = 0; i < N_COLUMNS; i++)
			if (width_of(rows[k][i].text) > width[i])
				width[i] = width_of(rows[k][i].text);
	for (int k = 0; k < n; k++)
		add_row(b, rows[k], width, color);
	add_ledger(b, r);
	for (int i = 0; i < r->n_slos; i++)
		add_slo(b, &r->slo[i]);
	free(rows);
}

const struct qos_render qos_render_table = {
	.name = "table",
	.summary = "aligned columns for people; ! marks a missed target",
	.put = table_put,
};
