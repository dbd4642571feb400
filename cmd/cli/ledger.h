/* The ledger of a timed stage as members of the summary, and as metrics. */
#ifndef CMD_CLI_LEDGER_H
#define CMD_CLI_LEDGER_H

#include "base/buf.h"
#include "config/config.h"
#include "render/prom.h"
#include "sched/ledger.h"

/* Adds "in", "out", "drops", "unclassified" and per class counts and waits; in = out + drops + queued. */
void cli_ledger_report(const struct qos_ledger *l, const struct qos_config *config, struct qos_buf *json);

/* The same for --metrics. */
void cli_ledger_metrics(const struct qos_ledger *l, const struct qos_config *config, struct qos_prom *p);

#endif
