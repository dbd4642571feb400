/* What time is it?  One origin, from which every moment is counted. */
#include "cli/clock.h"

#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>

#include "record/stage.h"

#define NS_PER_S 1000000000

static int64_t read_clock(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (int64_t)t.tv_sec * NS_PER_S + t.tv_nsec;
}

int64_t cli_clock_mono(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

int64_t cli_clock_wall(void)
{
	return read_clock(CLOCK_REALTIME);
}

void cli_clock_start(struct cli_clock *c, int64_t base_ns)
{
	prctl(PR_SET_TIMERSLACK,
	      1UL); /* the kernel may else end a sleep 50 us late; without it we are only less exact */
	c->base_ns = base_ns;
	c->origin_ns = cli_clock_mono();
	c->started = true;
}

int64_t cli_clock_at(const struct cli_clock *c, int64_t mono_ns)
{
	int64_t passed_ns = mono_ns - c->origin_ns;

	if (c->speed != CLI_SPEED_ONE)
		passed_ns = (int64_t)((__int128)passed_ns * c->speed / CLI_SPEED_ONE);
	return c->base_ns + passed_ns;
}

int64_t cli_clock_mono_of(const struct cli_clock *c, int64_t stage_ns)
{
	__int128 span_ns;

	if (stage_ns == QOS_NEVER || !c->started)
		return INT64_MAX;
	span_ns = (__int128)stage_ns - c->base_ns;
	if (c->speed != CLI_SPEED_ONE)
		span_ns = (span_ns * CLI_SPEED_ONE + (span_ns > 0 ? c->speed - 1 : 0)) / c->speed;
	span_ns += c->origin_ns;
	return span_ns > INT64_MAX ? INT64_MAX : (int64_t)span_ns;
}

static bool look(const struct cli_clock *c, struct pollfd *fd, int n, const struct timespec *span)
{
	int ready = ppoll(fd, (nfds_t)n, span, &c->calm);

	if (ready >= 0)
		return ready > 0;
	for (int i = 0; i < n; i++)
		fd[i].revents = 0;
	return errno == EINTR;
}

bool cli_clock_wait(const struct cli_clock *c, struct pollfd *fd, int n, int64_t until_ns)
{
	int64_t left_ns = until_ns == INT64_MAX ? INT64_MAX : until_ns - cli_clock_mono() - CLI_CLOCK_NEAR_NS;
	struct timespec span = { 0 };

	if (left_ns > 0)
		span = (struct timespec){ left_ns / NS_PER_S, left_ns % NS_PER_S };
	if (look(c, fd, n, left_ns == INT64_MAX ? NULL : &span))
		return true;
	while (cli_clock_mono() < until_ns)
		continue;
	return false;
}
