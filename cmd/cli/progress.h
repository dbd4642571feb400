/* How far is it?  A line on stderr, four times a second, that replaces itself. */
#ifndef CMD_CLI_PROGRESS_H
#define CMD_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct cli;

struct cli_progress {
	bool asked, on;
	int64_t total_bytes; /* of the inputs; 0: not known */
	int64_t begun_ns;
};

/* Begins, if it was asked for, or stderr is a terminal, stdout is none and the inputs are regular files. */
void cli_progress_open(struct cli *cli);
/* Shows it. */
void cli_progress_show(struct cli *cli);
/* Takes the line away. */
void cli_progress_close(struct cli *cli);

#endif
