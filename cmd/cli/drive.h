/*
 * The state of the loop, shared by its two ways to tell what happens next: drive.c in virtual time, realtime.c by the
 * clock.
 */
#ifndef CMD_CLI_DRIVE_H
#define CMD_CLI_DRIVE_H

#include "cli/cli.h"

enum cli_step { CLI_STEP_RECORD, CLI_STEP_DUE, CLI_STEP_END };

struct cli_drive {
	struct cli *cli;
	const struct cli_stage *s;
	struct qos_source in;
	struct qos_sink out;
	int64_t now_ns; /* the stage's time; it only goes forward */
	/* by the clock only, all of CLOCK_MONOTONIC */
	int64_t looked_ns;    /* when descriptors and signals were looked at */
	int64_t unwritten_ns; /* since when output waits to be written; 0: none does */
	int64_t drained_ns;   /* when draining ends; 0: it has not begun */
};

static inline int64_t cli_drive_due(const struct cli_drive *d)
{
	return d->s->timed ? d->s->stage.due(d->s->stage.self) : QOS_NEVER;
}

static inline void cli_drive_go_to(struct cli_drive *d, int64_t ns)
{
	if (ns > d->now_ns)
		d->now_ns = ns;
}

/* Is there a clock to follow, or somebody to watch?  Else the input is all that is waited for. */
static inline bool cli_drive_watches(const struct cli_drive *d)
{
	return d->cli->clock.time != CLI_VIRTUAL || d->cli->poller.self;
}

/* Starts the clock, and holds signals back but while it waits.   Fails  when memory runs out. */
int cli_realtime_open(struct cli_drive *d);
/* What happens next, when its moment has come; d->now_ns is that moment when something is due. */
enum cli_step cli_realtime_next(struct cli_drive *d);
/* The input would block: what is due meanwhile is served.   Returns  true when fd can be read, false to stop. */
bool cli_realtime_wait(struct cli_drive *d, int fd);
/* A record leaves: remembered until it is written. */
void cli_realtime_left(struct cli_drive *d, const struct qos_record *r);
/* Writes what waits. */
void cli_realtime_flush(struct cli_drive *d);
/* In virtual time: lets the poller go on, waits for its room.   Returns  false when it is time to end. */
bool cli_realtime_room(struct cli_drive *d);
/* The poller has something to do: waits for it.   Returns  false when it is time to end. */
bool cli_realtime_pause(struct cli_drive *d);
/* Nothing more comes: waits until the poller is done, or the time to drain is over. */
void cli_realtime_finish(struct cli_drive *d);

#endif
