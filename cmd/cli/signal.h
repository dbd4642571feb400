/*
 * SIGINT and SIGTERM: stop reading, drain, summary, exit by that signal.  A closed output: end quietly.
 */
#ifndef CMD_CLI_SIGNAL_H
#define CMD_CLI_SIGNAL_H

#include <signal.h>
#include <stdbool.h>

/* From now on SIGINT and SIGTERM only ask to stop, SIGUSR1 asks for the summary so far, and SIGPIPE is ignored. */
void cli_signal_catch(void);
/* Holds them back from now on.   Returns  in *calm the mask that lets them in, for ppoll. */
void cli_signal_hold(sigset_t *calm);
/* The signal that asks to stop, or 0. */
int cli_signal_stop(void);
/* Was it asked for more than once?  Then draining ends too. */
bool cli_signal_hurry(void);
/* Was the summary asked for since the last call? */
bool cli_signal_summary(void);
/* From now on SIGHUP does not end the filter.  Did one come since the last call? */
void cli_signal_catch_hup(void);
bool cli_signal_hup(void);
/* The same for SIGALRM. */
void cli_signal_catch_tick(void);
bool cli_signal_tick(void);
/* Ends the process by this signal, so that the shell sees what happened; does not return. */
void cli_signal_die(int signal);

/*
 * Waits until fd can be read, without missing a signal that comes just before the wait.
 *
 * out_fd	watched too: its reader may go away while the input is silent; -1: not watched
 *
 * Returns  true when fd can be read or is at its end; false when it is time to stop, or another signal asks for
 *	    something.
 */
bool cli_signal_wait(int fd, int out_fd);

#endif
