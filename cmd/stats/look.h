/* Where the report will be looked at: a terminal, its width, the locale. */
#ifndef CMD_STATS_LOOK_H
#define CMD_STATS_LOOK_H

#include "cli/cli.h"
#include "render/render.h"

/*
 * fd        of where it goes
 * ascii     nothing beyond it, whatever the locale says
 * made_by   written: what the texts of the look are slices of; the caller frees it
 */
struct qos_look stats_look(const struct cli *cli, int fd, bool ascii, struct qos_buf *made_by);

#endif
