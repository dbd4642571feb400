/* Rates in records a second, as they are counted. */
#include "render/outlook.h"

#include <stdio.h>

#include "render/clip.h"
#include "render/json_number.h"
#include "unit/human.h"

#define NAME_COLUMNS 24

static void add_line(struct qos_buf *b, const struct qos_forecast *f, bool utf8)
{
	char name[QOS_CLIP_BYTES], period[QOS_HUMAN_BYTES];
	int width = qos_clip(name, f->name, NAME_COLUMNS, utf8);

	qos_buf_printf(b, "  %s%*s ", name, NAME_COLUMNS - width, "");
	if (!f->known) {
		qos_buf_puts(b, "too little time to say\n");
		return;
	}
	qos_buf_printf(b, "%10.4g/s now %10.4g/s mean %10.4g/s peak %10.4g/s in the worst of 20; error %.3g%%", f->rate,
		       f->mean, f->peak, f->high, 100 * f->error);
	qos_buf_printf(b, " (of the mean %.3g%%)", 100 * f->error_of_mean);
	if (f->period_s > 0) {
		qos_human_duration(period, f->period_s);
		qos_buf_printf(b, ", season %s", period);
	}
	qos_buf_puts(b, "\n");
}

void qos_outlook_table(const struct qos_outlook *o, bool utf8, struct qos_buf *b)
{
	char time[QOS_HUMAN_BYTES];

	qos_human_duration(time, o->ahead_s);
	qos_buf_printf(b, "\nforecast of arrivals, %s ahead\n", time);
	for (int i = 0; i < o->n; i++)
		add_line(b, &o->of[i], utf8);
	for (int i = 0; i < o->n_needs; i++) {
		qos_human_duration(time, o->need[i].from_s);
		if (i)
			qos_buf_printf(b, "; %lld from %s on", (long long)o->need[i].n, time);
		else
			qos_buf_printf(b, "  %.*s: %lld from now on", (int)o->unit.n, o->unit.p,
				       (long long)o->need[i].n);
	}
	qos_buf_puts(b, o->more ? "; and more changes\n" : o->n_needs ? "\n" : "");
}

void qos_outlook_json(const struct qos_outlook *o, struct qos_buf *b)
{
	qos_buf_printf(b, "{\"ahead\": %.12g, \"arrivals\": [", o->ahead_s);
	for (int i = 0; i < o->n; i++) {
		const struct qos_forecast *f = &o->of[i];

		qos_buf_puts(b, i ? ",\n    {\"of\": " : "\n    {\"of\": ");
		qos_buf_json(b, f->name);
		qos_json_member(b, "rate", f->rate);
		qos_json_member(b, "mean", f->mean);
		qos_json_member(b, "peak", f->peak);
		qos_json_member(b, "high", f->high);
		qos_json_member(b, "error", f->error);
		qos_json_member(b, "error_of_mean", f->error_of_mean);
		qos_json_member(b, "season", f->period_s);
		qos_buf_puts(b, "}");
	}
	qos_buf_puts(b, "]");
	if (o->unit.n) {
		qos_buf_puts(b, ", \"scale\": {\"unit\": ");
		qos_buf_json(b, o->unit);
		qos_json_member(b, "rate", o->unit_rate);
		qos_buf_puts(b, ", \"needs\": [");
		for (int i = 0; i < o->n_needs; i++)
			qos_buf_printf(b, "%s{\"from\": %.12g, \"count\": %lld}", i ? ", " : "", o->need[i].from_s,
				       (long long)o->need[i].n);
		qos_buf_printf(b, "], \"more\": %s}", o->more ? "true" : "false");
	}
	qos_buf_puts(b, "}");
}
