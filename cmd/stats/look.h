/* Where the report will be looked at: a terminal, its width, the locale. */
#ifndef CMD_STATS_LOOK_H
#define CMD_STATS_LOOK_H

#include "cli/cli.h"
#include "render/render.h"

/* ascii: nothing beyond it, whatever the locale says. */
struct qos_look stats_look(const struct cli *cli, bool ascii);

#endif
