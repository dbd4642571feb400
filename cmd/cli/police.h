/* What the meters saw, as members of the summary and as metrics. */
#ifndef CMD_CLI_POLICE_H
#define CMD_CLI_POLICE_H

#include "base/buf.h"
#include "render/prom.h"
#include "shape/police.h"

/* Adds "police", a list with an object a meter; nothing where there is none. */
void cli_police_report(const struct qos_police *p, const struct qos_config *config, struct qos_buf *json);

/* The same for --metrics. */
void cli_police_metrics(const struct qos_police *p, const struct qos_config *config, struct qos_prom *prom);

#endif
