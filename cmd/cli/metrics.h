/* --metrics FILE: the numbers of the summary as Prometheus reads them, replaced as a whole every metrics_interval. */
#ifndef CMD_CLI_METRICS_H
#define CMD_CLI_METRICS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct cli;

struct cli_metrics {
	const char *file;          /* NULL: none */
	int64_t every_ns, next_ns; /* CLOCK_MONOTONIC */
	struct qos_err err;        /* of a write that failed */
};

/* Writes the first one.   Fails  when that cannot be done; what comes later is told and remembered. */
int cli_metrics_open(struct cli *cli);
/* Writes it again, when it is time. */
void cli_metrics_look(struct cli *cli);
/* Writes it for the last time.   Fails  when this or an earlier one could not be written. */
int cli_metrics_close(struct cli *cli);

#endif
