/*
 * Alerts: a condition over the report of each interval, told once when it begins to hold and once when it no longer
 * does.
 *
 * A change counts when it has lasted for the hold time.  What was not measured changes nothing.
 */
#ifndef CMD_STATS_ALERT_H
#define CMD_STATS_ALERT_H

#include <sys/types.h>

#include "cli/cli.h"
#include "stats/gate.h"

#define STATS_ALERTS_MOST  16
#define STATS_RUNNING_MOST 16 /* commands at a time; one more waits for the first of them */

struct stats_alert {
	const char *text;
	const char *command; /* NULL: it is told on stderr alone */
	struct qos_gate *gate;
	bool firing;      /* the state that was told last */
	int64_t since_ns; /* since when the other state has lasted; QOS_UNSET: it has not begun */
};

struct stats_alerts {
	struct stats_alert alert[STATS_ALERTS_MOST];
	int n;
	int64_t hold_ns;
	pid_t running[STATS_RUNNING_MOST];
	int n_running;
};

/* Takes for the option table; --exec is that of the --alert before it. */
int stats_alerts_take(struct stats_alerts *a, const char *text, struct qos_err *err);
int stats_alerts_take_exec(struct stats_alerts *a, const char *command, struct qos_err *err);
/* What cannot be asked is refused before the first record. */
int stats_alerts_open(struct stats_alerts *a, struct cli *cli, const struct qos_measure_names *names);
/* The report of an interval that ended at this moment. */
void stats_alerts_ask(struct stats_alerts *a, struct cli *cli, const struct qos_report *r, int64_t from_ns,
		      int64_t to_ns);
/* Waits for commands that still run; gives back what it owns. */
void stats_alerts_close(struct stats_alerts *a, struct cli *cli);

#endif
