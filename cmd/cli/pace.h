/* Plain bytes at a rate, whatever is in them: what pv -L does. */
#ifndef CMD_CLI_PACE_H
#define CMD_CLI_PACE_H

#include "cli/cli.h"

/*
 * Copies the operands (or stdin) to stdout at rate_bps, in pieces of a millisecond or of burst_bytes (0: not given).
 * Pieces are due counted from one origin; longer stretches (10 ms) in which there was nothing to read, or
 * nobody to write to, do not count.
 *
 * Returns  0 or a negative qos_code.
 */
int cli_pace(struct cli *cli, int64_t rate_bps, int64_t burst_bytes);

#endif
