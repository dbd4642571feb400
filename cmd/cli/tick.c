/* What is done now and then.  A timer's signal says when to look; while records flow that costs one test of a flag. */
#include "cli/tick.h"

#include <sys/time.h>

#include "cli/cli.h"
#include "cli/signal.h"

#define EVERY_US 250000

void cli_tick_start(struct cli *cli)
{
	struct itimerval every = { { 0, EVERY_US }, { 0, EVERY_US } };

	cli->ticks = true;
	cli_signal_catch_tick();
	setitimer(ITIMER_REAL, &every, NULL);
}

int cli_tick_open(struct cli *cli)
{
	int rc = cli_metrics_open(cli);

	cli_progress_open(cli);
	if (cli->progress.on || cli->metrics.file || cli->on_tick)
		cli_tick_start(cli);
	return rc;
}

bool cli_tick_now(struct cli *cli)
{
	if (!cli_signal_tick())
		return false;
	if (cli->progress.on)
		cli_progress_show(cli);
	if (cli->metrics.file && cli->reader) /* else its input is being opened */
		cli_metrics_look(cli);
	if (cli->on_tick)
		cli->on_tick(cli->on_tick_self);
	return true;
}

int cli_tick_close(struct cli *cli)
{
	static const struct itimerval never;

	if (!cli->ticks)
		return 0;
	setitimer(ITIMER_REAL, &never, NULL);
	cli->ticks = false;
	if (cli->progress.on)
		cli_progress_close(cli);
	return cli->metrics.file ? cli_metrics_close(cli) : 0;
}
