/* Sparklines. */
#include "render/spark.h"

#include <math.h>
#include <string.h>

/* Departures a bin, in each cell.   Returns  cells. */
static int cells_of(const struct qos_series *s, int n_bins, double *cell)
{
	int n = n_bins < QOS_SPARK_CELLS ? n_bins : QOS_SPARK_CELLS;

	for (int i = 0; i < n; i++) {
		int from = i * n_bins / n, to = (i + 1) * n_bins / n;
		uint64_t sum = 0;

		for (int k = from; k < to; k++)
			sum += s->bin[k].n_out;
		cell[i] = (double)sum / (to - from);
	}
	return n;
}

size_t qos_spark_cells(char *p, const double *cell, int n, bool utf8)
{
	double most = 0;
	size_t at = 0;

	for (int i = 0; i < n; i++)
		most = fmax(most, cell[i]);
	for (int i = 0; i < n; i++) {
		int level = most > 0 ? (int)ceil(cell[i] / most * (utf8 ? 8 : 7)) : 0; /* 0: empty */

		if (level == 0 || !utf8) {
			p[at++] = " .:-=+*#"[level];
			continue;
		}
		memcpy(p + at, "\xe2\x96", 2); /* U+2581 .. U+2588 */
		p[at + 2] = (char)(0x80 + level);
		at += 3;
	}
	p[at] = 0;
	return at;
}

size_t qos_spark(char *p, const struct qos_series *s, int n_bins, bool utf8)
{
	double cell[QOS_SPARK_CELLS];
	int n = s ? cells_of(s, n_bins, cell) : 0;

	return qos_spark_cells(p, cell, n > 1 ? n : 0, utf8);
}
