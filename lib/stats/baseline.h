/* A baseline: the report of another run, kept as JSON, asked by the names of measure.h. */
#ifndef QOS_STATS_BASELINE_H
#define QOS_STATS_BASELINE_H

#include "stats/measure.h"

/*
 * Reads a report as `--format json` writes it.
 *
 * file   name for messages, borrowed for as long as the tree
 * Fails  QOS_EUSAGE for what is no such report.	Owns  the arena.
 */
int qos_baseline_parse(struct qos_place **root, struct qos_arena *arena, struct qos_str json, const char *file,
		       struct qos_err *err);
/* The value of a measure; NAN when it is not there. */
double qos_baseline_value(const struct qos_measure *m, const struct qos_place *root);

#endif
