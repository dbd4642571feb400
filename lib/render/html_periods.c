/* Congestion. */
#include "render/html_periods.h"

#include <math.h>
#include <stdlib.h>

#include "render/html_text.h"
#include "stats/period.h"

#define PERIODS_MOST (QOS_SERIES_BINS / 2) /* of a group: one does not follow another at once */

struct found {
	const struct qos_report_group *group;
	struct qos_period period;
};

double qos_html_bin_s(const struct qos_report *r, int bin)
{
	double s = (ldexp((double)(r->timeline.base + bin), r->timeline.shift) - (double)r->first_ns) / 1e9;

	return s > 0 ? s : 0; /* the first bin begins before the first record */
}

static uint64_t harm(const struct found *f)
{
	return f->period.sum.n_missed + f->period.sum.n_dropped;
}

static int worst_first(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	return (harm(x) < harm(y)) - (harm(x) > harm(y));
}

static int earliest_first(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	if (x->period.first != y->period.first)
		return x->period.first - y->period.first;
	return (x->group > y->group) - (x->group < y->group);
}

static void add_period(struct qos_buf *b, const struct qos_report *r, const struct found *f)
{
	const struct qos_period *p = &f->period;

	qos_buf_puts(b, "<tr>");
	qos_html_name(b, f->group->name);
	qos_html_seconds(b, qos_html_bin_s(r, p->first), false);
	qos_html_seconds(b, qos_html_bin_s(r, p->last + 1) - qos_html_bin_s(r, p->first), false);
	qos_html_count(b, p->sum.n_out, false);
	qos_html_count(b, p->sum.n_missed, false);
	qos_html_count(b, p->sum.n_dropped, false);
	qos_html_seconds(b, (double)p->sum.latency_max_ns / 1e9, false);
	qos_html_count(b, p->backlog_max, false);
	qos_buf_puts(b, "</tr>\n");
}

/* All of them into found[n_groups * PERIODS_MOST].   Returns  how many. */
static int find(const struct qos_report *r, struct found *found)
{
	struct qos_period period[PERIODS_MOST];
	int n = 0;

	for (int i = 0; i < r->n_groups; i++) {
		const struct qos_report_group *g = &r->group[i];
		int n_here = g->series ? qos_periods(g->series, r->timeline.n_bins, period, PERIODS_MOST) : 0;

		for (int k = 0; k < n_here; k++)
			found[n++] = (struct found){ g, period[k] };
	}
	return n;
}

void qos_html_periods(const struct qos_report *r, struct qos_buf *b)
{
	size_t n_followed = 0;
	struct found *found;
	int n, n_shown;

	for (int i = 0; i < r->n_groups; i++)
		n_followed += r->group[i].series != NULL;
	found = malloc((n_followed * PERIODS_MOST + 1) * sizeof(*found));
	if (!found) {
		b->failed = true;
		return;
	}
	n = find(r, found);
	n_shown = n < QOS_HTML_PERIODS ? n : QOS_HTML_PERIODS;
	qsort(found, (size_t)n, sizeof(*found), worst_first);
	qsort(found, (size_t)n_shown, sizeof(*found), earliest_first);
	if (n)
		qos_html_table(b, "Congestion: drops, or more than a tenth late",
			       r->n_by ? "group|from|for|departed|late|dropped|worst latency|in the system"
				       : "class|from|for|departed|late|dropped|worst latency|in the system");
	for (int i = 0; i < n_shown; i++)
		add_period(b, r, &found[i]);
	if (n)
		qos_html_table_end(b);
	if (n > n_shown)
		qos_buf_printf(b, "<p class=sub>the worst %d of %d such periods, by records late or dropped</p>\n",
			       n_shown, n);
	free(found);
}
