/* --merge: the operands are states that --format sketch wrote, and the report is of all of them. */
#ifndef CMD_STATS_MERGE_H
#define CMD_STATS_MERGE_H

#include "cli/cli.h"
#include "tally/state.h"

struct stats_merge {
	bool wanted;
	/* of whoever goes on */
	int at;               /* next operand */
	struct qos_buf bytes; /* of the one before it; several states may stand in a file, one behind the other */
	size_t used;          /* of them */
	struct qos_buf by;    /* fields that the states are grouped by, as --by takes them */
	uint64_t n_rejected;  /* while the states were made */
};

/*
 * Reads the first state and finds what it is grouped by.
 *
 * by	 what the user asked for, NULL: nothing; set to that of the states
 */
int stats_merge_open(struct stats_merge *m, struct cli *cli, const char **by);
/* Adds all of them. */
int stats_merge_run(struct stats_merge *m, struct cli *cli, struct qos_tally *t);
/* Writes the state of t to stdout. */
int stats_merge_put(struct cli *cli, const struct qos_tally *t, uint64_t n_rejected);
void stats_merge_free(struct stats_merge *m);

#endif
