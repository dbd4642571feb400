/* What happened in the router's queues, as members of the summary and as metrics. */
#ifndef CMD_CLI_QUEUES_H
#define CMD_CLI_QUEUES_H

#include "base/buf.h"
#include "render/prom.h"
#include "route/router.h"

/* Adds "discipline", "queues" (an object a class), "room", and where they are configured "shed" and "tenants". */
void cli_queues_report(const struct qos_router *r, const struct qos_config *config, struct qos_buf *json);

/* The same for --metrics. */
void cli_queues_metrics(const struct qos_router *r, const struct qos_config *config, struct qos_prom *p);

#endif
