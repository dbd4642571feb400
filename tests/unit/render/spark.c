/* Sparklines. */
#include "render/spark.h"

#include "tests/unit/test.h"

static void shapes(void)
{
	struct qos_series s = { 0 };
	char p[QOS_SPARK_BYTES];

	CHECK_INT(qos_spark(p, NULL, 100, true), 0);
	CHECK_INT(qos_spark(p, &s, 1, true), 0);
	CHECK_TEXT(p, "");
	qos_spark(p, &s, 4, true);
	CHECK_TEXT(p, "    ");
	for (int i = 0; i < QOS_SERIES_BINS; i++)
		s.bin[i].n_out = (uint64_t)i;
	qos_spark(p, &s, 9, true);
	CHECK_TEXT(p,
		   " \xe2\x96\x81\xe2\x96\x82\xe2\x96\x83\xe2\x96\x84\xe2\x96\x85\xe2\x96\x86\xe2\x96\x87\xe2\x96\x88");
	CHECK_INT(qos_spark(p, &s, QOS_SERIES_BINS, true), 3 * QOS_SPARK_CELLS);
	CHECK(memcmp(p, "\xe2\x96\x81", 3) == 0 && strcmp(p + 33, "\xe2\x96\x88") == 0);
	CHECK_INT(qos_spark(p, &s, 300, false), QOS_SPARK_CELLS);
	CHECK_TEXT(p, "..:--==+**##");
	CHECK_INT(qos_spark_cells(p, (double[]){ 0, 1, 7 }, 3, false), 3);
	CHECK_TEXT(p, " .#");
}

int main(void)
{
	RUN("bars grow with what departed, the most fills one", shapes);
	return DONE();
}
