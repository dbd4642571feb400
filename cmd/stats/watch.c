/* Reports of intervals. */
#include "stats/watch.h"

#include <stdio.h>

#define DEFAULT_NS 1000000000 /* of alerts without --interval */
#define EMPTY_MOST 10000      /* intervals without a record that are told one by one; a longer gap is skipped */

bool stats_watch_wanted(const struct stats_watch *w)
{
	return w->interval_ns || w->alerts.n || w->live;
}

static int renew(struct stats_watch *w)
{
	qos_tally_free(w->tally);
	return qos_tally_new(&w->tally, w->cli->config, &w->options, w->cli->fields, &w->err);
}

int stats_watch_open(struct stats_watch *w)
{
	if (!w->interval_ns)
		w->interval_ns = DEFAULT_NS;
	w->options.duration_ns = w->interval_ns;
	w->end_ns = QOS_UNSET;
	w->last_mono_ns = cli_clock_mono();
	return renew(w);
}

static void print(struct stats_watch *w, struct qos_report *r)
{
	struct qos_buf b = { 0 };

	w->print->put(r, &w->look, &b);
	if (b.failed)
		qos_fail_memory(&w->err, "report");
	fwrite(b.p, 1, b.n, w->to);
	fflush(w->to);
	qos_buf_free(&b);
	w->look.again = true;
}

/* The open interval is over. */
static void end_interval(struct stats_watch *w)
{
	struct qos_report *r;

	if (w->err.code || qos_tally_report(w->tally, 0, &r, &w->err))
		return;
	r->interval_ns = w->interval_ns;
	r->from_ns = w->end_ns - w->interval_ns;
	if (w->print)
		print(w, r);
	stats_alerts_ask(&w->alerts, w->cli, r, r->from_ns, w->end_ns);
	if (w->live)
		stats_live_take(w->live, r, &w->err);
	qos_report_free(r);
	if (!w->err.code)
		renew(w);
	w->end_ns += w->interval_ns;
}

/* End of the interval that a moment is in. */
static int64_t end_of(const struct stats_watch *w, int64_t ns)
{
	int64_t rest = ns % w->interval_ns;

	return ns - (rest < 0 ? rest + w->interval_ns : rest) + w->interval_ns;
}

static void go_to(struct stats_watch *w, int64_t ns)
{
	if (w->end_ns != QOS_UNSET && ns >= w->end_ns && (ns - w->end_ns) / w->interval_ns > EMPTY_MOST) {
		end_interval(w);
		w->end_ns = end_of(w, ns);
	}
	if (w->end_ns == QOS_UNSET)
		w->end_ns = end_of(w, ns);
	while (ns >= w->end_ns && !w->err.code)
		end_interval(w);
}

/* Of a moment by the clock, in the time of the records. */
static int64_t now_of(const struct stats_watch *w)
{
	return w->end_ns == QOS_UNSET ? cli_clock_wall() : w->last_ns + (cli_clock_mono() - w->last_mono_ns);
}

static void watch_push(void *self, struct qos_record *r, int64_t now_ns, struct qos_sink *out)
{
	struct stats_watch *w = self;
	struct qos_stage stage;
	int16_t class = r->class;
	int64_t at_ns = r->arrival_ns;

	w->whole.push(w->whole.self, r, now_ns, out);
	r->class = class; /* each counts on its own that it had none */
	if (at_ns == QOS_UNSET && w->live)
		at_ns = now_of(w);
	if (w->err.code || at_ns == QOS_UNSET || at_ns > INT64_MAX / 2 || at_ns < INT64_MIN / 2)
		return;
	go_to(w, at_ns);
	if (w->err.code)
		return;
	if (w->follow) {
		w->last_ns = at_ns;
		w->last_mono_ns = cli_clock_mono();
	}
	stage = qos_tally_stage(w->tally);
	stage.push(stage.self, r, now_ns, out);
}

static int64_t watch_due(const void *self)
{
	return QOS_NEVER;
}

struct qos_stage stats_watch_stage(struct stats_watch *w)
{
	return (struct qos_stage){ .push = watch_push, .due = watch_due, .self = w };
}

void stats_watch_look(void *self)
{
	struct stats_watch *w = self;

	if (w->follow && w->end_ns != QOS_UNSET)
		go_to(w, now_of(w));
}

int stats_watch_close(struct stats_watch *w)
{
	if (!w->err.code && w->end_ns != QOS_UNSET)
		end_interval(w);
	if (w->err.code)
		w->cli->err = w->err;
	return w->err.code;
}

void stats_watch_free(struct stats_watch *w)
{
	qos_tally_free(w->tally);
	if (w->cli)
		stats_alerts_close(&w->alerts, w->cli);
}
