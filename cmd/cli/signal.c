/*
 * Signals.  They are blocked while the filter works and let in only while it waits (ppoll), so none is lost between a
 * check and a wait; while it does not wait, pending ones are looked up once a block.
 */
#include "cli/signal.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static volatile sig_atomic_t stop_signal, n_stops, summary_asked, hup_asked, ticked;

static void on_stop(int signal)
{
	stop_signal = signal;
	n_stops++;
}

static void on_summary(int signal)
{
	summary_asked = 1;
}

static void on_hup(int signal)
{
	hup_asked = 1;
}

static void on_tick(int signal)
{
	ticked = 1;
}

static void catch (int signal, void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler };

	sigaction(signal, &action, NULL);
}

void cli_signal_catch(void)
{
	catch (SIGINT, on_stop);
	catch (SIGTERM, on_stop);
	catch (SIGUSR1, on_summary);
	catch (SIGPIPE, SIG_IGN);
}

static void block_ours(sigset_t *before)
{
	sigset_t ours;

	sigemptyset(&ours);
	sigaddset(&ours, SIGINT);
	sigaddset(&ours, SIGTERM);
	sigaddset(&ours, SIGUSR1);
	sigaddset(&ours, SIGHUP);
	sigprocmask(SIG_BLOCK, &ours, before);
}

void cli_signal_hold(sigset_t *calm)
{
	block_ours(calm);
}

void cli_signal_catch_tick(void)
{
	struct sigaction action = { .sa_handler = on_tick, .sa_flags = SA_RESTART };

	sigaction(SIGALRM, &action, NULL);
}

bool cli_signal_tick(void)
{
	bool was = ticked;

	if (was)
		ticked = 0;
	return was;
}

void cli_signal_catch_hup(void)
{
	catch (SIGHUP, on_hup);
}

bool cli_signal_hup(void)
{
	bool asked = hup_asked;

	hup_asked = 0;
	return asked;
}

int cli_signal_stop(void)
{
	return stop_signal;
}

bool cli_signal_hurry(void)
{
	return n_stops > 1;
}

bool cli_signal_summary(void)
{
	bool asked = summary_asked;

	summary_asked = 0;
	return asked;
}

void cli_signal_die(int signal)
{
	catch (signal, SIG_DFL);
	raise(signal);
	_exit(128 + signal);
}

bool cli_signal_wait(int fd, int out_fd)
{
	struct pollfd p[2] = { { .fd = fd, .events = POLLIN }, { .fd = out_fd, .events = 0 } };
	sigset_t before;
	bool readable = false;

	block_ours(&before);
	while (!stop_signal && !summary_asked && !hup_asked && !ticked) {
		int n = ppoll(p, 2, NULL, &before);

		if (n < 0 && errno != EINTR)
			break;
		if (n > 0 && (p[1].revents & (POLLERR | POLLNVAL)))
			break;
		if (n > 0 && p[0].revents) {
			readable = true;
			break;
		}
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	return readable;
}
