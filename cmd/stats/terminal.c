/* ncurses over /dev/tty. */
#include "stats/terminal.h"

#define NCURSES_NOMACROS
#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

#define HELD_MOST 65536 /* bytes of what was held that are written in the end */

/* What a signal's handler needs to leave the screen. */
static struct {
	volatile sig_atomic_t open;
	int fd;
	struct termios before;
	char leave[128]; /* escape sequences */
	size_t leave_bytes;
} rescue;

static const int fatal[] = { SIGHUP, SIGQUIT, SIGUSR2, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS };

#define N_FATAL (sizeof(fatal) / sizeof(*fatal))

static void on_fatal(int signal_number)
{
	if (rescue.open) {
		rescue.open = 0;
		if (write(rescue.fd, rescue.leave, rescue.leave_bytes) >= 0)
			tcsetattr(rescue.fd, TCSANOW, &rescue.before);
	}
	raise(signal_number); /* its default, since the handler is there once */
}

static void catch_fatal(void)
{
	struct sigaction action = { .sa_handler = on_fatal, .sa_flags = (int)SA_RESETHAND | SA_NODEFER }, before;

	for (size_t i = 0; i < N_FATAL; i++)
		if (!sigaction(fatal[i], NULL, &before) && before.sa_handler == SIG_DFL)
			sigaction(fatal[i], &action, NULL);
}

static void add_leave(const char *name)
{
	const char *text = tigetstr(name);
	size_t n = text && text != (const char *)-1 ? strlen(text) : 0;

	if (rescue.leave_bytes + n > sizeof(rescue.leave))
		return;
	memcpy(rescue.leave + rescue.leave_bytes, text ? text : "", n);
	rescue.leave_bytes += n;
}

/* What would spoil the screen is held. */
static void hold_stderr(struct stats_terminal *t)
{
	t->held_fd = t->stderr_fd = -1;
	if (!isatty(STDERR_FILENO))
		return;
	t->held_fd = memfd_create("messages", MFD_CLOEXEC);
	t->stderr_fd = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
	if (t->held_fd < 0 || t->stderr_fd < 0)
		return;
	fcntl(t->held_fd, F_SETFL, O_APPEND);
	fflush(stderr);
	dup2(t->held_fd, STDERR_FILENO);
}

static void release_stderr(const struct stats_terminal *t)
{
	char *text = malloc(HELD_MOST);
	size_t n;

	if (t->stderr_fd >= 0) {
		fflush(stderr);
		dup2(t->stderr_fd, STDERR_FILENO);
		n = text ? stats_terminal_held(t, text, HELD_MOST, HELD_MOST) : 0;
		fwrite(text, 1, n, stderr);
		close(t->stderr_fd);
	}
	if (t->held_fd >= 0)
		close(t->held_fd);
	free(text);
}

size_t stats_terminal_held(const struct stats_terminal *t, char *text, size_t room, int n_lines)
{
	off_t end = t->held_fd < 0 ? 0 : lseek(t->held_fd, 0, SEEK_END),
	      from = end > (off_t)room ? end - (off_t)room : 0;
	ssize_t got = end > 0 ? pread(t->held_fd, text, (size_t)(end - from), from) : 0;
	size_t n = got > 0 ? (size_t)got : 0, at = n ? n - 1 : 0;

	while (at > 0 && (text[at - 1] != '\n' || --n_lines > 0))
		at--;
	memmove(text, text + at, n - at);
	return n - at;
}

static int fail(struct stats_terminal *t, const char *why, const char *what, struct qos_err *err)
{
	if (t->in)
		fclose(t->in);
	if (t->out)
		fclose(t->out);
	t->in = t->out = NULL;
	return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "--live: %s%s", why, what ? what : "");
}

int stats_terminal_open(struct stats_terminal *t, bool color, struct qos_err *err)
{
	t->in = fopen("/dev/tty", "re");
	t->out = fopen("/dev/tty", "we");
	rescue.fd = t->out ? fileno(t->out) : -1;
	if (!t->in || tcgetattr(rescue.fd, &rescue.before))
		return fail(t, "there is no terminal to draw on", NULL, err);
	setlocale(LC_CTYPE, "");
	if (!(t->screen = newterm(NULL, t->out, t->in)))
		return fail(t, "nothing is known of this kind of terminal: TERM=", getenv("TERM"), err);
	rescue.leave_bytes = 0;
	add_leave("sgr0");
	add_leave("cnorm");
	add_leave("rmcup");
	rescue.open = 1;
	catch_fatal();
	cbreak();
	noecho();
	curs_set(0);
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	if (color && has_colors() && start_color() == OK && use_default_colors() == OK) {
		init_pair(STATS_COLOR_BAD, COLOR_RED, -1);
		init_pair(STATS_COLOR_SPARK, COLOR_CYAN, -1);
	}
	hold_stderr(t);
	return 0;
}

void stats_terminal_close(struct stats_terminal *t)
{
	if (!t->out)
		return;
	endwin();
	rescue.open = 0;
	delscreen(t->screen);
	fclose(t->in);
	fclose(t->out);
	t->in = t->out = NULL;
	release_stderr(t);
}
