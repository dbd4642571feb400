/* Sparklines: counts over time as a line of small bars. */
#ifndef QOS_RENDER_SPARK_H
#define QOS_RENDER_SPARK_H

#include <stddef.h>

#include "stats/series.h"

#define QOS_SPARK_CELLS 12
#define QOS_SPARK_BYTES (3 * QOS_SPARK_CELLS + 1)

/*
 * Departures over time, the busiest cell full, a cell without any empty.
 *
 * utf8   eighths of blocks; else " .:-=+*#"
 *
 * Returns  its length; a C string of at most QOS_SPARK_CELLS characters, none when fewer than two bins were used.
 */
size_t qos_spark(char *p, const struct qos_series *s, int n_bins, bool utf8);
/* The same for any numbers, a character each.   p   [3 * n + 1] */
size_t qos_spark_cells(char *p, const double *cell, int n, bool utf8);

#endif
