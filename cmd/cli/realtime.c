/*
 * The loop by the clock: what would happen next in virtual time happens when its moment has come.
 *
 * The stage is told the moment at which something was due, not the one at which we got there, so that being late never
 * adds up and never changes what is decided.  While the input is silent, time goes on in cli_realtime_wait().
 */
#include <errno.h>
#include <unistd.h>

#include "base/bits.h"
#include "cli/drive.h"
#include "cli/signal.h"

#define WATCHED_MOST 256     /* descriptors of a poller */
#define LOOK_NS      1000000 /* while there is work, signals and descriptors are looked at this often */
#define UNWRITTEN_NS 100000  /* output waits no longer than this for company */

int cli_realtime_open(struct cli_drive *d)
{
	struct cli *cli = d->cli;

	cli_signal_hold(&cli->clock.calm);
	if (cli->clock.time == CLI_REALTIME)
		cli_clock_start(&cli->clock, cli_clock_wall());
	if (cli->poller.self) {
		cli_signal_catch_hup();
		cli->poller.handle(cli->poller.self, NULL, 0, cli_clock_mono());
	}
	cli->lateness.begun_ns = cli_clock_mono();
	return cli_lateness_open(&cli->lateness, &cli->err);
}

void cli_realtime_flush(struct cli_drive *d)
{
	const struct qos_poller *p = &d->cli->poller;

	if (p->self)
		p->handle(p->self, NULL, 0, cli_clock_mono());
	qos_out_flush(&d->cli->out);
	cli_lateness_written(&d->cli->lateness, &d->cli->clock);
	d->unwritten_ns = 0;
}

void cli_realtime_left(struct cli_drive *d, const struct qos_record *r)
{
	if (r->depart_ns != QOS_UNSET && !cli_lateness_add(&d->cli->lateness, r->depart_ns))
		cli_realtime_flush(d);
}

/* Waits for a moment of CLOCK_MONOTONIC, for input on fd (-1: none) or a signal.   Returns  whether fd can be read. */
static bool rest(struct cli_drive *d, int fd, int64_t until_ns)
{
	struct cli *cli = d->cli;
	const struct qos_poller *poller = &cli->poller;
	struct pollfd p[2 + WATCHED_MOST] = { { .fd = fd, .events = POLLIN },
					      { .fd = cli->writer ? STDOUT_FILENO : -1 } };
	int n = poller->self ? poller->fds(poller->self, p + 2, WATCHED_MOST) : 0;

	cli_clock_wait(&cli->clock, p, 2 + n, until_ns);
	if (poller->self)
		poller->handle(poller->self, p + 2, n, cli_clock_mono());
	if (poller->self && cli_signal_hup())
		poller->reopen(poller->self);
	if (p[1].revents & (POLLERR | POLLNVAL))
		cli->out.error = EPIPE; /* whoever read us has gone */
	if (cli_signal_summary())
		cli_show_summary(cli);
	if (cli->ticks)
		cli_tick_now(cli);
	d->looked_ns = cli_clock_mono();
	return p[0].revents != 0;
}

static bool busy(const struct cli_drive *d)
{
	return d->cli->poller.self && d->cli->poller.busy(d->cli->poller.self);
}

/* What must not wait while there is work.   Returns  CLOCK_MONOTONIC. */
static int64_t look_around(struct cli_drive *d)
{
	int64_t now_ns = cli_clock_mono();

	if (d->cli->out.at == d->cli->out.block && d->cli->lateness.n == 0 && !busy(d))
		d->unwritten_ns = 0;
	else if (d->unwritten_ns == 0)
		d->unwritten_ns = now_ns;
	else if (now_ns - d->unwritten_ns > UNWRITTEN_NS)
		cli_realtime_flush(d);
	if (now_ns - d->looked_ns > LOOK_NS)
		rest(d, -1, 0);
	return now_ns;
}

/* Has the time come to stop reading?  The end of draining is counted from then. */
static bool stopping(struct cli_drive *d)
{
	if (!cli_signal_stop())
		return false;
	if (!d->drained_ns)
		d->drained_ns = qos_add_clamped(cli_clock_mono(), d->cli->drain_timeout_ns);
	return true;
}

static bool drained(const struct cli_drive *d)
{
	return d->drained_ns && (cli_signal_hurry() || cli_clock_mono() >= d->drained_ns);
}

static bool full(const struct cli_drive *d)
{
	const struct qos_poller *p = &d->cli->poller;

	return d->cli->backpressure &&
	       ((d->s->stage.full && d->s->stage.full(d->s->stage.self)) || (p->self && p->full(p->self)));
}

/* The moment of CLOCK_MONOTONIC to wake up for. */
static int64_t wake_ns(const struct cli_drive *d, int64_t stage_ns)
{
	int64_t until_ns = cli_clock_mono_of(&d->cli->clock, stage_ns);
	const struct qos_poller *p = &d->cli->poller;
	int64_t poller_ns = p->self ? p->due(p->self) : INT64_MAX;

	if (poller_ns < until_ns)
		until_ns = poller_ns;
	return d->drained_ns && d->drained_ns < until_ns ? d->drained_ns : until_ns;
}

bool cli_realtime_wait(struct cli_drive *d, int fd)
{
	struct cli *cli = d->cli;

	cli_show_rejects(cli);
	while (!cli->out.error && !stopping(d)) {
		int64_t due_ns = cli_drive_due(d);

		if (cli->clock.started && due_ns <= cli_clock_at(&cli->clock, cli_clock_mono())) {
			cli_drive_go_to(d, due_ns);
			d->s->stage.advance(d->s->stage.self, d->now_ns, &d->out);
			continue;
		}
		cli_realtime_flush(d);
		if (rest(d, fd, wake_ns(d, due_ns)))
			return true;
	}
	return false;
}

/* Do records wait for what the poller does? */
static bool holds(const struct cli_drive *d)
{
	return d->cli->poller.self && d->s->stage.holds && d->s->stage.holds(d->s->stage.self);
}

/* A live record arrives when it is read. */
static void stamp(struct qos_record *r, int64_t now_ns)
{
	r->arrival_ns = now_ns;
	if (r->ts_ns == QOS_UNSET)
		r->ts_ns = now_ns;
}

/* Sleeps until the stage's time has come; wakes up early for signals, and to look again. */
static void sleep_until(struct cli_drive *d, int64_t stage_ns, int64_t now_ns)
{
	int64_t until_ns = wake_ns(d, stage_ns);

	if (until_ns - now_ns > CLI_CLOCK_NEAR_NS)
		cli_realtime_flush(d);
	rest(d, -1, until_ns);
}

static enum cli_step next_live(struct cli_drive *d, struct qos_record *r, int64_t due_ns)
{
	int64_t now_ns = cli_clock_at(&d->cli->clock, cli_clock_mono());

	if (due_ns <= now_ns) {
		cli_drive_go_to(d, due_ns);
		return CLI_STEP_DUE;
	}
	if (r) {
		stamp(r, now_ns);
		return CLI_STEP_RECORD;
	}
	return CLI_STEP_END; /* nothing yet */
}

/* Of a replay: the earlier one of what arrives and what is due, arrivals first, if it has come. */
static enum cli_step next_replayed(struct cli_drive *d, const struct qos_record *r, int64_t *when_ns)
{
	struct cli_clock *clock = &d->cli->clock;
	bool arrives = r && r->arrival_ns <= *when_ns;

	if (arrives && !clock->started)
		cli_clock_start(clock, r->arrival_ns);
	if (arrives)
		*when_ns = r->arrival_ns;
	if (cli_clock_mono_of(clock, *when_ns) > cli_clock_mono())
		return CLI_STEP_END;
	if (!arrives)
		cli_drive_go_to(d, *when_ns);
	return arrives ? CLI_STEP_RECORD : CLI_STEP_DUE;
}

enum cli_step cli_realtime_next(struct cli_drive *d)
{
	const struct cli *cli = d->cli;

	while (!cli->out.error) {
		int64_t now_ns = look_around(d), when_ns = cli_drive_due(d);
		bool live = cli->clock.time == CLI_REALTIME,
		     late = live && cli_clock_at(&cli->clock, now_ns) >= when_ns;
		struct qos_record *r = late || stopping(d) || full(d) ? NULL : d->in.peek(d->in.self);
		enum cli_step step;

		if (r && r->bad)
			return CLI_STEP_RECORD;
		when_ns = cli_drive_due(d); /* while the input was waited for, things were done */
		step = live ? next_live(d, r, when_ns) : next_replayed(d, r, &when_ns);
		if (step != CLI_STEP_END)
			return step;
		if ((when_ns == QOS_NEVER && !holds(d)) || drained(d))
			break;
		sleep_until(d, when_ns, now_ns);
	}
	return CLI_STEP_END;
}

bool cli_realtime_pause(struct cli_drive *d)
{
	if (!stopping(d) || !drained(d)) {
		cli_realtime_flush(d);
		rest(d, -1, wake_ns(d, QOS_NEVER));
	}
	return !drained(d) && !d->cli->out.error;
}

bool cli_realtime_room(struct cli_drive *d)
{
	const struct qos_poller *p = &d->cli->poller;

	look_around(d);
	while (p->full(p->self))
		if (!cli_realtime_pause(d) || p->dead(p->self))
			return false;
	return true;
}

void cli_realtime_finish(struct cli_drive *d)
{
	const struct qos_poller *p = &d->cli->poller;

	p->finish(p->self);
	while (p->busy(p->self) && !drained(d)) {
		rest(d, -1, wake_ns(d, QOS_NEVER));
		stopping(d);
	}
}
