/* The live view. */
#include "stats/live.h"

#define NCURSES_NOMACROS
#include <curses.h>
#include <math.h>
#include <stdlib.h>

#include "render/clip.h"
#include "render/spark.h"
#include "unit/human.h"
#include "unit/timestamp.h"

enum column { L_RECORDS, L_RATE, L_DROPS, L_P50, L_P99, L_MAX, L_TARGET, L_MET, N_COLUMNS };

static const struct {
	const char *title;
	int width;
} columns[N_COLUMNS] = { { "rec/s", 9 }, { "rate", 12 }, { "drops", 7 },  { "p50", 8 },
			 { "p99", 8 },   { "max", 8 },   { "target", 8 }, { "met", 6 } };
/* what goes first where there is no room */
static const enum column least_missed[] = { L_MAX, L_TARGET, L_RATE, L_P50, L_DROPS, L_MET, L_P99, L_RECORDS };

#define NAME_MOST         24
#define NAME_LEAST        5
#define SPARK_LEAST       12 /* columns go before it has less */
#define N_FIXED           5  /* rows: two of the head, an empty one, the titles, all */
#define LINE_BYTES        1024
#define DEFAULT_INTERVALS 10 /* of the window */
#define N_MESSAGES        2  /* lines of what is held on stderr */

/* Where things are on a screen of this size. */
struct layout {
	int rows, columns, name, spark; /* widths; spark 0: there is none */
	bool hidden[N_COLUMNS];
	int list, messages; /* rows of the list of groups, and for what is held on stderr */
};

struct order {
	int group;
	uint64_t n;
};

int stats_live_open(struct stats_live *v)
{
	const struct qos_config *config = v->cli->config;
	const char *no_color = getenv("NO_COLOR");
	int64_t n = v->window_ns ? (v->window_ns + v->interval_ns - 1) / v->interval_ns : DEFAULT_INTERVALS;
	int rc;

	if (n > QOS_RECENT_WINDOW)
		return qos_fail(&v->cli->err, QOS_EUSAGE, QOS_NOWHERE,
				"--window: at most %d intervals (--interval) long", QOS_RECENT_WINDOW);
	v->to_ns = QOS_UNSET;
	v->look.color = !(no_color && *no_color);
	if (!(v->scale = qos_sketch_scale_new()))
		return qos_fail_memory(&v->cli->err, "window");
	rc = qos_recent_new(&v->recent, (int)n, &v->cli->err);
	for (int i = 0; !rc && v->by_class && i < config->n_classes; i++)
		rc = qos_recent_add(v->recent, config->classes[i].name,
				    (double)config->classes[i].latency_target_ns / 1e9, &v->cli->err);
	return rc ? rc : stats_terminal_open(&v->terminal, v->look.color, &v->cli->err);
}

int stats_live_take(struct stats_live *v, const struct qos_report *r, struct qos_err *err)
{
	for (int i = 0; i < v->alerts->n; i++) {
		v->values[i].n = 0;
		qos_gate_explain(v->alerts->alert[i].gate, &v->values[i]);
	}
	v->n_records += r->all.n_records;
	v->n_dropped += r->all.n_dropped;
	v->to_ns = r->from_ns + r->interval_ns;
	return qos_recent_take(v->recent, r, err);
}

void stats_live_close(struct stats_live *v)
{
	stats_terminal_close(&v->terminal);
	qos_recent_free(v->recent);
	v->recent = NULL;
	qos_sketch_scale_free(v->scale);
	v->scale = NULL;
	for (int i = 0; i < STATS_ALERTS_MOST; i++)
		qos_buf_free(&v->values[i]);
}

/* --- the layout --- */

static int longest_name(const struct stats_live *v)
{
	char text[QOS_CLIP_BYTES];
	int most = NAME_LEAST;

	for (int i = 0; i < qos_recent_groups(v->recent); i++) {
		int width = qos_clip(text, qos_recent_name(v->recent, i), NAME_MOST, v->look.utf8);

		most = width > most ? width : most;
	}
	return most;
}

static struct layout lay_out(const struct stats_live *v)
{
	struct layout l = { .rows = getmaxy(stdscr), .columns = getmaxx(stdscr), .name = longest_name(v) };
	int left = l.columns - l.name, n_alerts = v->alerts->n;
	char message[2];

	for (int c = 0; c < N_COLUMNS; c++)
		left -= columns[c].width + 1;
	for (int k = 0; k < N_COLUMNS && left - 2 < SPARK_LEAST; k++) {
		l.hidden[least_missed[k]] = true;
		left += columns[least_missed[k]].width + 1;
	}
	l.spark = left > 2 ? left - 2 : 0;
	if (l.spark > QOS_RECENT_PAST)
		l.spark = QOS_RECENT_PAST;
	l.messages = stats_terminal_held(&v->terminal, message, sizeof(message), 1) ? N_MESSAGES : 0;
	l.list = l.rows - N_FIXED - (n_alerts ? n_alerts + 1 : 0) - l.messages;
	l.list -= qos_recent_groups(v->recent) > l.list; /* tells which ones are shown */
	l.list = l.list < 1 ? 1 : l.list;
	return l;
}

/* --- rows --- */

static void cell(const struct layout *l, enum column c, int y, int *x, const char *text, bool bad)
{
	if (l->hidden[c])
		return;
	if (bad)
		attron(COLOR_PAIR(STATS_COLOR_BAD) | A_BOLD);
	mvprintw(y, *x, " %*s", columns[c].width, text);
	if (bad)
		attroff(COLOR_PAIR(STATS_COLOR_BAD) | A_BOLD);
	*x += columns[c].width + 1;
}

static void put_rate(char *to, double per_s)
{
	static const char *const unit[] = { "", "k", "M", "G" };
	int u = 0;

	for (; per_s >= 99999.5 && u < 3; u++)
		per_s /= 1000;
	snprintf(to, QOS_HUMAN_BYTES, per_s < 99.95 ? "%.1f%s" : "%.0f%s", per_s, unit[u]);
}

/* A duration, marked where it is beyond the target. */
static void duration_cell(const struct layout *l, enum column c, int y, int *x, double s, double target_s)
{
	char text[QOS_HUMAN_BYTES + 1];
	bool bad = s > target_s;

	qos_human_duration(text, s);
	if (bad)
		strcat(text, "!");
	cell(l, c, y, x, text, bad);
}

/* A line of text, cut where it has no room. */
static void put_line(const struct stats_live *v, const struct layout *l, int y, const char *line)
{
	char shown[QOS_CLIP_BYTES];

	qos_clip(shown, qos_str(line), l->columns, v->look.utf8);
	mvaddstr(y, 0, shown);
}

static void draw_spark(const struct stats_live *v, const struct layout *l, int y, int x, int group)
{
	double past[QOS_RECENT_PAST];
	char text[3 * QOS_RECENT_PAST + 1];

	qos_recent_past(v->recent, group, past, l->spark);
	qos_spark_cells(text, past, l->spark, v->look.utf8);
	attron(COLOR_PAIR(STATS_COLOR_SPARK));
	mvaddstr(y, x + 2, text);
	attroff(COLOR_PAIR(STATS_COLOR_SPARK));
}

static void draw_group(const struct stats_live *v, const struct layout *l, int y, int group)
{
	double seconds = (double)qos_recent_window(v->recent) * (double)v->interval_ns / 1e9;
	char text[QOS_CLIP_BYTES];
	struct qos_recent_sum sum;
	struct qos_err err;
	int x = l->name;

	if (qos_recent_sum(v->recent, group, v->scale, &sum, &err))
		return;
	qos_clip(text, sum.name, l->name < l->columns ? l->name : l->columns, v->look.utf8);
	mvaddstr(y, 0, text);
	put_rate(text, seconds > 0 ? (double)sum.n_records / seconds : 0);
	cell(l, L_RECORDS, y, &x, text, false);
	qos_human_bitrate(text, seconds > 0 ? 8 * (double)sum.out_bytes / seconds : 0);
	cell(l, L_RATE, y, &x, text, false);
	snprintf(text, sizeof(text), sum.n_dropped ? "%llu!" : "%llu", (unsigned long long)sum.n_dropped);
	cell(l, L_DROPS, y, &x, text, sum.n_dropped > 0);
	duration_cell(l, L_P50, y, &x, sum.quantile_s[QOS_P50], sum.target_s);
	duration_cell(l, L_P99, y, &x, sum.quantile_s[QOS_P99], sum.target_s);
	duration_cell(l, L_MAX, y, &x, sum.max_s, sum.target_s);
	duration_cell(l, L_TARGET, y, &x, sum.target_s, INFINITY);
	if (sum.n_targets) /* rounded down, so that 100% means all */
		snprintf(text, sizeof(text), "%.4g%%", floor(1000 * (double)sum.n_within / (double)sum.n_targets) / 10);
	else
		snprintf(text, sizeof(text), "-");
	cell(l, L_MET, y, &x, text, false);
	if (l->spark)
		draw_spark(v, l, y, x, group);
}

static int busiest_first(const void *a, const void *b)
{
	const struct order *x = a, *y = b;

	return x->n != y->n ? (x->n < y->n) - (x->n > y->n) : x->group - y->group;
}

/* --- the picture --- */

static void draw_head(const struct stats_live *v, const struct layout *l)
{
	const struct qos_reader_counts *counts = v->cli->reader ? qos_reader_counts(v->cli->reader) : NULL;
	char when[QOS_TIMESTAMP_BYTES] = "no interval is over yet", window[QOS_HUMAN_BYTES], each[QOS_HUMAN_BYTES];
	double window_s = (double)qos_recent_window(v->recent) * (double)v->interval_ns / 1e9;
	static const char keys[] = "q quits, p pauses";
	char line[LINE_BYTES];
	int used;

	if (v->to_ns != QOS_UNSET)
		when[qos_timestamp_write(when, v->to_ns, QOS_TIME_RFC3339)] = 0;
	qos_human_duration(window, window_s);
	qos_human_duration(each, (double)v->interval_ns / 1e9);
	attron(A_BOLD);
	used = snprintf(line, sizeof(line), "qos-stats  %s%s", when, v->paused ? "  paused" : "");
	put_line(v, l, 0, line);
	attroff(A_BOLD);
	if (l->columns > used + (int)sizeof(keys))
		mvaddstr(0, l->columns - (int)sizeof(keys) + 1, keys);
	snprintf(line, sizeof(line), "records %llu  dropped %llu  bad %llu  the last %s, a bar is %s",
		 (unsigned long long)v->n_records, (unsigned long long)v->n_dropped,
		 (unsigned long long)(counts ? counts->n_rejected : 0), window, each);
	put_line(v, l, 1, line);
}

static void draw_titles(const struct stats_live *v, const struct layout *l)
{
	int x = l->name;

	attron(A_BOLD | A_UNDERLINE);
	mvhline(3, 0, ' ', l->columns);
	mvaddstr(3, 0, v->by_class ? "class" : "group");
	for (int c = 0; c < N_COLUMNS; c++)
		cell(l, (enum column)c, 3, &x, columns[c].title, false);
	if (l->spark)
		mvaddstr(3, x + 2, "over time");
	attroff(A_BOLD | A_UNDERLINE);
}

/* Returns  the row below. */
static int draw_groups(struct stats_live *v, const struct layout *l)
{
	int n = qos_recent_groups(v->recent), y = 4, most = n - l->list;
	struct order *order = calloc((size_t)n + 1, sizeof(*order));
	char line[LINE_BYTES];

	for (int i = 0; order && i < n; i++)
		order[i] = (struct order){ i, v->by_class ? 0 : qos_recent_records(v->recent, i) };
	if (order)
		qsort(order, (size_t)n, sizeof(*order), busiest_first);
	v->top = v->top > most ? most : v->top;
	v->top = v->top < 0 ? 0 : v->top;
	for (int i = v->top; order && i < n && i < v->top + l->list; i++)
		draw_group(v, l, y++, order[i].group);
	free(order);
	attron(A_BOLD);
	draw_group(v, l, y++, -1);
	attroff(A_BOLD);
	if (n > l->list)
		snprintf(line, sizeof(line), "groups %d to %d of %d%s", v->top + 1, v->top + l->list, n,
			 qos_recent_over(v->recent) ? "; more have no room" : "");
	if (n > l->list)
		put_line(v, l, y++, line);
	return y + 1;
}

static void draw_alerts(const struct stats_live *v, const struct layout *l, int y)
{
	for (int i = 0; i < v->alerts->n; i++) {
		const struct stats_alert *a = &v->alerts->alert[i];
		char line[LINE_BYTES];

		snprintf(line, sizeof(line), "%s  %s: %s", a->firing ? "ALERT" : "quiet", a->text,
			 v->values[i].n ? v->values[i].p : "not asked yet");
		if (a->firing)
			attron(COLOR_PAIR(STATS_COLOR_BAD) | A_BOLD);
		put_line(v, l, y++, line);
		if (a->firing)
			attroff(COLOR_PAIR(STATS_COLOR_BAD) | A_BOLD);
	}
}

/* The last of what would have been written on the terminal. */
static void draw_messages(const struct stats_live *v, const struct layout *l)
{
	char text[LINE_BYTES];
	size_t n = stats_terminal_held(&v->terminal, text, sizeof(text) - 1, N_MESSAGES);
	int y = l->rows - l->messages;

	text[n] = 0;
	for (char *rest = NULL, *line = strtok_r(text, "\n", &rest); line && y < l->rows;
	     line = strtok_r(NULL, "\n", &rest))
		put_line(v, l, y++, line);
}

static void draw(struct stats_live *v)
{
	struct layout l = lay_out(v);

	erase();
	draw_head(v, &l);
	draw_titles(v, &l);
	draw_alerts(v, &l, draw_groups(v, &l));
	draw_messages(v, &l);
	refresh();
}

bool stats_live_look(struct stats_live *v)
{
	int page = lay_out(v).list, key, n_keys = 0;

	for (; (key = getch()) != ERR; n_keys++)
		switch (key) {
		case 'q':
		case 'Q': return true;
		case 'p':
		case ' ': v->paused = !v->paused; break;
		case KEY_UP: v->top--; break;
		case KEY_DOWN: v->top++; break;
		case KEY_PPAGE: v->top -= page; break;
		case KEY_NPAGE: v->top += page; break;
		case KEY_HOME: v->top = 0; break;
		default: break; /* KEY_RESIZE: it is drawn below, in the new size */
		}
	if (!v->paused || n_keys)
		draw(v);
	return false;
}
