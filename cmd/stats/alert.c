/* Alerts, and the commands that tell of them. */
#include "stats/alert.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit/timestamp.h"

int stats_alerts_take(struct stats_alerts *a, const char *text, struct qos_err *err)
{
	if (a->n == STATS_ALERTS_MOST)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "more than %d of them", STATS_ALERTS_MOST);
	a->alert[a->n++] = (struct stats_alert){ .text = text, .since_ns = QOS_UNSET };
	return 0;
}

int stats_alerts_take_exec(struct stats_alerts *a, const char *command, struct qos_err *err)
{
	if (a->n == 0 || a->alert[a->n - 1].command)
		return qos_fail(err, QOS_EUSAGE, QOS_NOWHERE, "there is no --alert before it that lacks a command");
	a->alert[a->n - 1].command = command;
	return 0;
}

int stats_alerts_open(struct stats_alerts *a, struct cli *cli, const struct qos_measure_names *names)
{
	int rc = 0;

	for (int i = 0; !rc && i < a->n; i++)
		rc = qos_gate_new(&a->alert[i].gate, "--alert", a->alert[i].text, names, &cli->err);
	return rc;
}

/* --- commands --- */

static void reap(struct stats_alerts *a, struct cli *cli)
{
	int status = 0;

	while (waitpid(a->running[0], &status, 0) < 0 && errno == EINTR)
		;
	if (status)
		cli_say(cli, "a command of --exec failed");
	a->n_running--;
	memmove(a->running, a->running + 1, (size_t)a->n_running * sizeof(*a->running));
}

/* The command's environment is ours, and what it is told; its output goes to our stderr, beside our messages. */
static int spawn(const char *command, pid_t *pid)
{
	char *argv[] = { "sh", "-c", (char *)command, NULL };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t none, ours;
	int rc;

	sigemptyset(&none);
	sigemptyset(&ours);
	sigaddset(&ours, SIGPIPE); /* which we ignore */
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &ours);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	rc = posix_spawn(pid, "/bin/sh", &files, &attributes, argv, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&files);
	return rc;
}

static void tell(struct stats_alerts *a, struct cli *cli, const struct stats_alert *alert, const char *values,
		 int64_t when_ns)
{
	char when[QOS_TIMESTAMP_BYTES];
	struct qos_buf text = { 0 };
	pid_t pid;

	when[qos_timestamp_write(when, when_ns, QOS_TIME_RFC3339)] = 0;
	qos_buf_printf(&text, "alert %s at %s: %s: %s", alert->firing ? "firing" : "resolved", when, alert->text,
		       values);
	if (text.p)
		cli_say(cli, text.p);
	qos_buf_free(&text);
	if (!alert->command)
		return;
	setenv("QOS_ALERT", alert->text, 1);
	setenv("QOS_ALERT_STATE", alert->firing ? "firing" : "resolved", 1);
	setenv("QOS_ALERT_TIME", when, 1);
	setenv("QOS_ALERT_VALUES", values, 1);
	if (a->n_running == STATS_RUNNING_MOST)
		reap(a, cli);
	if (spawn(alert->command, &pid))
		cli_say(cli, "a command of --exec could not be run");
	else
		a->running[a->n_running++] = pid;
}

/* --- states --- */

void stats_alerts_ask(struct stats_alerts *a, struct cli *cli, const struct qos_report *r, int64_t from_ns,
		      int64_t to_ns)
{
	for (int i = 0; i < a->n; i++) {
		struct stats_alert *alert = &a->alert[i];
		enum qos_truth truth = qos_gate_ask(alert->gate, r);
		struct qos_buf values = { 0 };

		if (truth == QOS_UNKNOWN)
			continue;
		if ((truth == QOS_TRUE) == alert->firing) {
			alert->since_ns = QOS_UNSET;
			continue;
		}
		if (alert->since_ns == QOS_UNSET)
			alert->since_ns = from_ns;
		if (to_ns - alert->since_ns < a->hold_ns)
			continue;
		alert->firing = truth == QOS_TRUE;
		alert->since_ns = QOS_UNSET;
		qos_gate_explain(alert->gate, &values);
		tell(a, cli, alert, values.p ? values.p : "", to_ns);
		qos_buf_free(&values);
	}
}

void stats_alerts_close(struct stats_alerts *a, struct cli *cli)
{
	while (a->n_running)
		reap(a, cli);
	for (int i = 0; i < a->n; i++)
		qos_gate_free(a->alert[i].gate);
}
