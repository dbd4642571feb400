/*
 * table: for people.  Columns as wide as their widest cell, units humanised, a target that is missed marked with '!'.
 *
 * Where the terminal is too narrow, long names are cut first, then columns go, those first that are missed the least.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "render/clip.h"
#include "render/outlook.h"
#include "render/render.h"
#include "render/spark.h"
#include "unit/human.h"
#include "unit/timestamp.h"

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
	C_SPARK,
	N_COLUMNS
};

static const char *const titles[N_COLUMNS] = { "class", "records", "bytes", "drops",  "rate", "mean", "p50",      "p90",
					       "p99",   "p99.9",   "max",   "target", "met",  "fair", "over time" };
/* what goes first where there is no room */
static const enum column least_missed[] = { C_MEAN,  C_P999, C_BYTES,  C_FAIRNESS, C_P90,   C_RATE,
					    C_SPARK, C_MAX,  C_TARGET, C_P50,      C_DROPS, C_COUNT };

#define CELL_BYTES   QOS_CLIP_BYTES
#define NAME_COLUMNS 60 /* of a name, at most */
#define NAME_ENOUGH  24 /* longer ones are cut before columns go */
#define NAME_LEAST   12 /* shorter ones are never cut */
#define GAP          2

struct cell {
	char text[CELL_BYTES];
	int width; /* columns that it takes on a terminal */
	bool missed;
};

struct table {
	struct cell (*row)[N_COLUMNS]; /* [n_rows] */
	int n_rows;
	int width[N_COLUMNS]; /* 0: hidden */
	const struct qos_look *look;
};

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

static void fill_row(struct cell *c, const struct qos_report *r, const struct qos_report_group *g,
		     const struct qos_look *look)
{
	c[C_NAME].width = qos_clip(c[C_NAME].text, g->name, NAME_COLUMNS, look->utf8);
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
	qos_spark(c[C_SPARK].text, g->series, r->timeline.n_bins, look->utf8);
	for (int i = 0; i < N_COLUMNS; i++)
		if (c[i].missed)
			strcat(c[i].text, "!");
}

/* --- widths --- */

static int width_of(const char *text)
{
	const char *end = text + strlen(text);
	int width = 0;

	for (; text < end; text += qos_utf8_length(text, end))
		width += qos_utf8_columns(text, qos_utf8_length(text, end));
	return width;
}

static void measure(struct table *t)
{
	for (int k = 0; k < t->n_rows; k++)
		for (int i = 0; i < N_COLUMNS; i++) {
			struct cell *c = &t->row[k][i];

			if (i != C_NAME || k == 0)
				c->width = width_of(c->text);
			if (c->width > t->width[i])
				t->width[i] = c->width;
		}
	for (int k = 1; k < t->n_rows; k++)
		if (t->row[k][C_SPARK].width)
			return;
	t->width[C_SPARK] = 0; /* nothing was followed over time */
}

/* Columns of what no record told are left out. */
static void leave_out(struct table *t, const struct qos_report *r)
{
	for (int i = C_MEAN; i <= C_MAX && !r->all.n_latencies; i++)
		t->width[i] = 0;
	for (int i = C_TARGET; i <= C_ATTAINED && !isfinite(r->all.attainment); i++)
		t->width[i] = 0;
	if (!r->all.n_streams)
		t->width[C_FAIRNESS] = 0;
}

static int total(const struct table *t)
{
	int n = -GAP;

	for (int i = 0; i < N_COLUMNS; i++)
		n += t->width[i] ? t->width[i] + GAP : 0;
	return n;
}

/* Cuts names down to what they may be, but not below `least`. */
static void cut_names(struct table *t, const struct qos_report *r, int least)
{
	int most = t->look->columns - total(t) + t->width[C_NAME];

	most = most > least ? most : least;
	if (most >= t->width[C_NAME])
		return;
	t->width[C_NAME] = most;
	for (int i = 0; i < r->n_groups; i++) {
		struct cell *c = &t->row[i + 1][C_NAME];

		c->width = qos_clip(c->text, r->group[i].name, most, t->look->utf8);
	}
}

/* Makes it fit.   Returns  columns that were hidden. */
static int fit(struct table *t, const struct qos_report *r)
{
	int n_hidden = 0;

	if (!t->look->columns)
		return 0;
	cut_names(t, r, NAME_ENOUGH);
	for (size_t i = 0; i < sizeof(least_missed) / sizeof(*least_missed) && total(t) > t->look->columns; i++)
		if (t->width[least_missed[i]]) {
			t->width[least_missed[i]] = 0;
			n_hidden++;
		}
	cut_names(t, r, NAME_LEAST);
	return n_hidden;
}

/* --- text --- */

static void add_cell(struct qos_buf *b, const struct cell *c, int width, bool left, const char *color)
{
	int pad = width - c->width;

	qos_buf_puts(b, color);
	qos_buf_printf(b, "%*s%s%*s", left ? 0 : pad, "", c->text, left ? pad : 0, "");
	qos_buf_puts(b, *color ? "\033[0m" : "");
}

static void add_row(struct qos_buf *b, const struct table *t, int k)
{
	const char *gap = "";

	for (int i = 0; i < N_COLUMNS; i++) {
		const struct cell *c = &t->row[k][i];
		const char *color = c->missed ? "\033[31m" : k == 0 ? "\033[1m" : i == C_SPARK ? "\033[36m" : "";

		if (!t->width[i])
			continue;
		qos_buf_puts(b, gap);
		add_cell(b, c, i == C_SPARK ? c->width : t->width[i], i == C_NAME, t->look->color ? color : "");
		gap = "  ";
	}
	qos_buf_puts(b, "\n");
}

static void add_ledger(struct qos_buf *b, const struct qos_report *r, const struct qos_look *look)
{
	uint64_t n = r->all.n_records;
	char duration[QOS_HUMAN_BYTES], reason[CELL_BYTES];

	qos_human_duration(duration, r->duration_s);
	qos_buf_printf(b, "\nin %llu = out %llu + dropped %llu",
		       (unsigned long long)(n + r->n_rejected + r->n_left_out),
		       (unsigned long long)(n - r->all.n_dropped), (unsigned long long)r->all.n_dropped);
	for (int i = 0; i < r->all.n_drops; i++) {
		qos_clip(reason, r->all.drop[i].reason, NAME_COLUMNS, look->utf8);
		qos_buf_printf(b, "%s%s %llu%s", i ? ", " : " (", reason, (unsigned long long)r->all.drop[i].n,
			       i == r->all.n_drops - 1 ? ")" : "");
	}
	qos_buf_printf(b, " + rejected %llu", (unsigned long long)r->n_rejected);
	if (r->n_left_out)
		qos_buf_printf(b, " + left out %llu", (unsigned long long)r->n_left_out);
	qos_buf_printf(b, "; %s", duration);
	if (r->n_unclassified)
		qos_buf_printf(b, "; %llu came without a class", (unsigned long long)r->n_unclassified);
	if (r->n_streams_over)
		qos_buf_printf(b, "; %llu records of streams beyond the limit are not in the fairness",
			       (unsigned long long)r->n_streams_over);
	qos_buf_puts(b, "\n");
}

/* An error budget in a line. */
static void add_slo(struct qos_buf *b, const struct qos_slo_result *s, const struct qos_look *look)
{
	char text[CELL_BYTES], used[QOS_HUMAN_BYTES];

	qos_clip(text, s->slo->text, 2 * NAME_COLUMNS, look->utf8);
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

/* The line above an interval's table. */
static void add_interval(struct qos_buf *b, const struct qos_report *r, const struct qos_look *look)
{
	char from[QOS_TIMESTAMP_BYTES], length[QOS_HUMAN_BYTES];

	from[qos_timestamp_write(from, r->from_ns, QOS_TIME_RFC3339)] = 0;
	qos_human_duration(length, (double)r->interval_ns / 1e9);
	qos_buf_printf(b, "%s== %s, %s\n", look->again ? "\n" : "", from, length);
}

static void table_put(const struct qos_report *r, const struct qos_look *look, struct qos_buf *b)
{
	struct table t = { .n_rows = r->n_groups + 2, .look = look };
	int n_hidden;

	t.row = calloc((size_t)t.n_rows, sizeof(*t.row));
	if (!t.row) {
		b->failed = true;
		return;
	}
	for (int i = 0; i < N_COLUMNS; i++)
		snprintf(t.row[0][i].text, CELL_BYTES, "%s", i == C_NAME && r->n_by ? "group" : titles[i]);
	for (int i = 0; i < r->n_groups; i++)
		fill_row(t.row[i + 1], r, &r->group[i], look);
	fill_row(t.row[t.n_rows - 1], r, &r->all, look);
	measure(&t);
	leave_out(&t, r);
	n_hidden = fit(&t, r);
	if (r->interval_ns)
		add_interval(b, r, look);
	for (int k = 0; k < t.n_rows; k++)
		add_row(b, &t, k);
	add_ledger(b, r, look);
	for (int i = 0; i < r->n_slos; i++)
		add_slo(b, &r->slo[i], look);
	if (r->outlook)
		qos_outlook_table(r->outlook, look->utf8, b);
	if (n_hidden)
		qos_buf_printf(b, "(%d columns have no room in %d; --format csv has all)\n", n_hidden, look->columns);
	free(t.row);
}

const struct qos_render qos_render_table = {
	.name = "table",
	.summary = "aligned columns for people; ! marks a missed target",
	.intervals = true,
	.put = table_put,
};
