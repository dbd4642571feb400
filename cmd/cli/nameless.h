/* Bytes that a reader takes for a file. */
#ifndef CMD_CLI_NAMELESS_H
#define CMD_CLI_NAMELESS_H

#include "base/str.h"

#define CLI_NAMELESS_BYTES 40

/*
 * A file in memory of these bytes, one behind the other.
 *
 * name		[CLI_NAMELESS_BYTES] written: by which it can be opened until the descriptor is closed
 *
 * Returns  its descriptor, the caller's; -1 with errno.
 */
int cli_nameless_file(struct qos_str head, struct qos_str rest, char *name);

#endif
