/* The report's names of quantiles, and its end. */
#include "tests/unit/stats/made.h"

#include "tests/unit/test.h"

static void names(void)
{
	for (int q = 0; q < QOS_N_QUANTILES; q++)
		CHECK(fabs(atof(qos_quantile_name[q] + 1) / 100 - qos_quantile_part[q]) < 1e-12);
}

static void ends(void)
{
	qos_report_free(made_report());
	qos_report_free(NULL);
}

int main(void)
{
	RUN("each quantile is called by its part", names);
	RUN("a report gives all of its memory back", ends);
	return DONE();
}
