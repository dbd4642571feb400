/*
 * exec: a command (of /bin/sh) that reads records from its standard input.
 *
 * It is a process group of its own, so that an interrupt from the terminal leaves it alone while we drain.  Its end is
 * seen at the pipe; it is done when it has ended with status 0 after its input has.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "adapter/descriptor.h"

extern char **environ;

#define OLDER_MOST 16 /* of more than these the rest stay zombies until we end */

struct child {
	struct qos_descriptor d;
	char *command;
	pid_t pid;               /* 0: none */
	pid_t older[OLDER_MOST]; /* that stopped reading, were told to end, and are not buried yet; 0: free */
};

static int exec_init(void *state, struct qos_str target, struct qos_err *err)
{
	struct child *c = state;

	c->command = malloc(target.n + 1);
	if (!c->command)
		return qos_fail_memory(err, "exec:");
	return qos_target_copy(target, c->command, target.n + 1, "exec:gzip >records.gz", err);
}

static void exec_free(void *state)
{
	free(((struct child *)state)->command);
}

static int spawn(struct child *c, int input)
{
	char *const argv[] = { (char *)"sh", (char *)"-c", c->command, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, defaults;
	int rc;

	sigemptyset(&none);
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &defaults);
	posix_spawnattr_setpgroup(&attributes, 0);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
	rc = posix_spawn(&c->pid, "/bin/sh", &actions, &attributes, argv, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	if (rc)
		c->pid = 0;
	return -rc;
}

static void bury_older(struct child *c)
{
	for (int i = 0; i < OLDER_MOST; i++)
		if (c->older[i] && waitpid(c->older[i], NULL, WNOHANG) != 0)
			c->older[i] = 0;
}

static void remember_older(struct child *c, pid_t pid)
{
	bury_older(c);
	for (int i = 0; i < OLDER_MOST; i++)
		if (!c->older[i]) {
			c->older[i] = pid;
			return;
		}
}

static int exec_open(void *state)
{
	struct child *c = state;
	int fd[2], rc;

	bury_older(c);
	if (pipe2(fd, O_CLOEXEC) != 0)
		return -errno;
	rc = spawn(c, fd[0]);
	close(fd[0]);
	if (rc) {
		close(fd[1]);
		return rc;
	}
	fcntl(fd[1], F_SETFL, O_NONBLOCK); /* this end alone: the child's is another open file */
	return qos_descriptor_take(&c->d, fd[1]);
}

/* Did it end?   Returns  1: no; 0: with status 0; -EPIPE: otherwise. */
static int ended(struct child *c)
{
	int status;

	if (c->pid == 0)
		return -EPIPE;
	if (waitpid(c->pid, &status, WNOHANG) == 0)
		return 1;
	c->pid = 0;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -EPIPE;
}

static int exec_check(void *state)
{
	return ended(state) == 1 ? 0 : -EPIPE;
}

static int exec_finish(void *state)
{
	qos_descriptor_close(state);
	return ended(state);
}

static void exec_close(void *state)
{
	struct child *c = state;

	qos_descriptor_close(&c->d);
	if (c->pid && ended(c) == 1) {
		kill(-c->pid, SIGTERM);
		remember_older(c, c->pid);
	}
	c->pid = 0;
}

extern const struct qos_adapter qos_adapter_exec;
const struct qos_adapter qos_adapter_exec = {
	.name = "exec",
	.summary = "exec:COMMAND a command of the shell that reads its standard input",
	.state_bytes = sizeof(struct child),
	.init = exec_init,
	.free = exec_free,
	.open = exec_open,
	.fd = qos_descriptor_fd,
	.write = qos_descriptor_write,
	.unread = qos_descriptor_unread,
	.check = exec_check,
	.finish = exec_finish,
	.close = exec_close,
};
