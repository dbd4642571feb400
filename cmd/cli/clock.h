/*
 * What time is it?  Virtual time is the trace's own and needs no clock; real time is CLOCK_MONOTONIC, counted from one
 * fixed origin, so that nothing adds up: a moment that is served late does not make the next one late.
 *
 *   virtual   the loop jumps from moment to moment
 *   realtime  a stage's moment is the wall clock's when the filter began, plus what has passed since
 *   replay    it is the trace's first arrival, plus what has passed since, times the speed
 */
#ifndef CMD_CLI_CLOCK_H
#define CMD_CLI_CLOCK_H

#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

enum cli_time { CLI_VIRTUAL, CLI_REALTIME, CLI_REPLAY };

#define CLI_SPEED_ONE 1000000 /* speeds are in millionths */

struct cli_clock {
	enum cli_time time;
	int64_t speed;     /* of a replay; CLI_SPEED_ONE otherwise */
	int64_t origin_ns; /* CLOCK_MONOTONIC when it was started */
	int64_t base_ns;   /* the stage's time at that moment */
	bool started;
	sigset_t calm; /* signals that are let in while it waits; the others of cli_signal_catch() are held back */
};

/* CLOCK_MONOTONIC now. */
int64_t cli_clock_mono(void);
/* The wall clock now. */
int64_t cli_clock_wall(void);
/* Moments of the stage are counted from base_ns, which is now. */
void cli_clock_start(struct cli_clock *c, int64_t base_ns);
/* The stage's time at a moment of CLOCK_MONOTONIC, and the other way round (rounded up; QOS_NEVER stays). */
int64_t cli_clock_at(const struct cli_clock *c, int64_t mono_ns);
int64_t cli_clock_mono_of(const struct cli_clock *c, int64_t stage_ns);

/*
 * Waits for a moment, for one of the descriptors, or for a signal.
 *
 * A sleep is set to end CLI_CLOCK_NEAR_NS before the moment and the rest is spent looking at the clock, since a sleep
 * ends as late as that.  A moment that has passed only looks at the descriptors.
 *
 * fd		[n], with what to wait for; revents are filled in, 0 where nothing happened
 * until_ns	of CLOCK_MONOTONIC; INT64_MAX: no such moment
 *
 * Returns  true when descriptors are ready or a signal came; false at the moment.
 */
bool cli_clock_wait(const struct cli_clock *c, struct pollfd *fd, int n, int64_t until_ns);

#define CLI_CLOCK_NEAR_NS 50000

#endif
