/* What is done now and then by the clock: the line of --progress, the file of --metrics, what the program asked for. */
#ifndef CMD_CLI_TICK_H
#define CMD_CLI_TICK_H

#include <stdbool.h>

struct cli;

/* The clock begins to tick, for cli->on_tick alone. */
void cli_tick_start(struct cli *cli);
/* Begins what is wanted.   Fails  when the file of --metrics cannot be written. */
int cli_tick_open(struct cli *cli);
/* Does what is due.   Returns  whether it looked: four times a second. */
bool cli_tick_now(struct cli *cli);
/* Ends it: the file gets its last numbers.   Fails  when it, or an earlier one, could not be written. */
int cli_tick_close(struct cli *cli);

#endif
