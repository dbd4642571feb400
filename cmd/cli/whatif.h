/* What-if studies of qos-shape: a trace is read once, and tried with many policies. */
#ifndef CMD_CLI_WHATIF_H
#define CMD_CLI_WHATIF_H

#include "cli/cli.h"
#include "shape/shaper.h"

struct cli_whatif {
	const char *condition; /* --solve; NULL: not that */
	bool vary_shares;
	const struct qos_shaper_options *shaper;
};

static inline bool cli_whatif_is_asked(const struct cli_whatif *w)
{
	return w->condition;
}

/* Reads all of the input, tries, prints a table, or JSON with -o jsonl.   Returns  QOS_ECHECK when nothing meets it. */
int cli_whatif(struct cli *cli, const struct cli_whatif *w);

#endif
