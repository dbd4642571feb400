/*
 * SIGHUP: the configuration is read again.
 *
 * The one that the filter began with is kept to the end, since what was made of it may borrow from it; others are freed
 * when the next one takes their place.
 */
#include "cli/reread.h"

#include "cli/cli.h"

void cli_reread(struct cli *cli, const struct cli_stage *s)
{
	struct qos_config *config = NULL;
	struct qos_err err = { 0 };
	char text[600];
	int rc = cli_load_config(cli, &config, &err);

	if (!rc)
		rc = s->reread(s->opened_self, cli, config, &err);
	if (rc) {
		snprintf(text, sizeof(text), "the configuration stays as it was: %s", err.text);
		cli_say(cli, text);
		qos_config_free(config);
		return;
	}
	if (!cli->first_config)
		cli->first_config = cli->config;
	else
		qos_config_free(cli->config);
	cli->config = config;
	if (cli->verbose)
		cli_say(cli, "the configuration was read again");
}
