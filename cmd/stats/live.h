/*
 * The live view: rates, sparklines and quantiles of each group over the last window, and alerts, on the whole terminal.
 *
 * It is drawn four times a second from the intervals that were over by then; q or Q quits, p or space stops the picture
 * (records go on), the arrow keys move the list.
 */
#ifndef CMD_STATS_LIVE_H
#define CMD_STATS_LIVE_H

#include "render/render.h"
#include "stats/alert.h"
#include "stats/recent.h"
#include "stats/terminal.h"

struct stats_live {
	bool on;           /* --live */
	int64_t window_ns; /* 0: ten intervals */
	/* of whoever wires it */
	struct cli *cli;
	struct qos_look look;
	const struct stats_alerts *alerts;
	int64_t interval_ns;
	bool by_class; /* groups are the classes, in their order; else the busiest is first */
	/* state */
	struct stats_terminal terminal;
	struct qos_recent *recent;
	struct qos_sketch_scale *scale;
	struct qos_buf values[STATS_ALERTS_MOST]; /* what each alert was asked with last */
	uint64_t n_records, n_dropped;            /* since the beginning */
	int64_t to_ns;                            /* end of the last interval; QOS_UNSET: none is over */
	bool paused;
	int top; /* first group that is shown */
};

/* Takes the screen. */
int stats_live_open(struct stats_live *v);
/* An interval is over, its alerts were asked. */
int stats_live_take(struct stats_live *v, const struct qos_report *r, struct qos_err *err);
/* Keys, and the picture.   Returns  true when it was asked to quit. */
bool stats_live_look(struct stats_live *v);
/* Gives the screen back; takes one that is not open. */
void stats_live_close(struct stats_live *v);

#endif
