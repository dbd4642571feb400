/*
 * The terminal, full-screen, and as it was on any way out.
 *
 * Screen and keys are /dev/tty, whatever the standard streams are.  What would be written on the terminal's stderr
 * meanwhile is held, and written when the screen is gone.  Signals that end the process at once (a fault, SIGHUP,
 * SIGQUIT ...) leave the screen first; those that ask to stop are answered by whoever closes it.
 */
#ifndef CMD_STATS_TERMINAL_H
#define CMD_STATS_TERMINAL_H

#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"

struct stats_terminal {
	FILE *in, *out; /* of the terminal; NULL: it is not open */
	void *screen;
	int held_fd, stderr_fd; /* what is held, and where it goes; -1: stderr is no terminal */
};

/* color: escape sequences for it may be used.   Fails  without a terminal, or when nothing is known of its kind. */
int stats_terminal_open(struct stats_terminal *t, bool color, struct qos_err *err);
/* Takes one that is not open. */
void stats_terminal_close(struct stats_terminal *t);
/* The last lines of what is held, at most so many.   Returns  bytes in text, whole lines where there is room. */
size_t stats_terminal_held(const struct stats_terminal *t, char *text, size_t room, int n_lines);

enum { STATS_COLOR_BAD = 1, STATS_COLOR_SPARK };

#endif
