/*
 * How late do records leave?  In real time a record is due at a moment and is written a little after it.  What is
 * measured is the end of the write that carries it.
 */
#ifndef CMD_CLI_LATENESS_H
#define CMD_CLI_LATENESS_H

#include "base/buf.h"
#include "cli/clock.h"
#include "record/stage.h"
#include "stats/sketch.h"

#define CLI_LATENESS_MOST 1024 /* records between two writes */

struct cli_lateness {
	int n;
	int64_t due_ns[CLI_LATENESS_MOST]; /* of records that are not written yet, in the stage's time */
	struct qos_sketch sketch;
	struct qos_sketch_scale *scale;
	int64_t begun_ns, ended_ns; /* CLOCK_MONOTONIC of the start and of the last write */
};

/* Fails  when memory runs out. */
int cli_lateness_open(struct cli_lateness *l, struct qos_err *err);
void cli_lateness_free(struct cli_lateness *l);

/* A record goes out.   Returns  false when no more fit in before cli_lateness_written(). */
static inline bool cli_lateness_add(struct cli_lateness *l, int64_t due_ns)
{
	l->due_ns[l->n++] = due_ns;
	return l->n < CLI_LATENESS_MOST;
}

/* All of them are written now. */
void cli_lateness_written(struct cli_lateness *l, const struct cli_clock *clock);
/* Adds "elapsed" and "lateness" to the summary. */
void cli_lateness_report(const struct cli_lateness *l, struct qos_buf *json);

#endif
