/* What-if studies of qos-shape: a trace is read once, and tried with many policies. */
#ifndef CMD_CLI_WHATIF_H
#define CMD_CLI_WHATIF_H

#include "cli/cli.h"
#include "shape/shaper.h"

#define CLI_POLICIES 8

struct cli_whatif {
	const char *condition;            /* --solve; NULL: not that */
	const char *policy[CLI_POLICIES]; /* --compare: configurations */
	int n_policies;
	/* What the command line says of a configuration. */
	int (*apply)(void *self, struct qos_config *config, struct qos_err *err);
	void *self;
	bool vary_shares;
	const struct qos_shaper_options *shaper;
};

static inline bool cli_whatif_is_asked(const struct cli_whatif *w)
{
	return w->condition || w->n_policies;
}

/* Reads all of the input, tries, prints a table, or JSON with -o jsonl.   Returns  QOS_ECHECK when nothing meets it. */
int cli_whatif(struct cli *cli, const struct cli_whatif *w);

#endif
