/*
 * Reports of intervals: --interval prints each, --alert asks each.
 *
 * Intervals begin at whole multiples of their length, in the time of the records (departure, else arrival).  One is
 * over when a record of a later one comes; with `follow`, also when so much time has passed by the clock since the last
 * record.  A record that comes too late for its interval is counted in the one that is open; one without a time belongs
 * to none, but for the live view, where it comes when it is read.
 */
#ifndef CMD_STATS_WATCH_H
#define CMD_STATS_WATCH_H

#include "render/render.h"
#include "stats/alert.h"
#include "stats/live.h"
#include "tally/tally.h"

struct stats_watch {
	/* as given */
	int64_t interval_ns; /* 0: none */
	bool follow;
	struct stats_alerts alerts;
	/* of whoever wires it */
	struct cli *cli;
	const struct qos_render *print; /* NULL: intervals are not printed */
	FILE *to;
	struct stats_live *live; /* NULL: nobody looks */
	struct qos_look look;
	struct qos_tally_options options;
	struct qos_stage whole; /* gets each record, too */
	/* state */
	struct qos_tally *tally; /* of the open interval */
	int64_t end_ns;          /* of the open interval; QOS_UNSET: none is */
	int64_t last_ns, last_mono_ns;
	struct qos_err err;
};

/* Is there anything to do by intervals? */
bool stats_watch_wanted(const struct stats_watch *w);
int stats_watch_open(struct stats_watch *w);
struct qos_stage stats_watch_stage(struct stats_watch *w);
/* By the clock: the open interval may be over (follow). */
void stats_watch_look(void *self);
/* The last interval.   Returns  0, or the first failure of any. */
int stats_watch_close(struct stats_watch *w);
void stats_watch_free(struct stats_watch *w);

#endif
