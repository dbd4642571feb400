/* csv: rows, quotes, and nothing for what was not measured. */
#include "tests/unit/render/put.h"

static void rows(void)
{
	char *p = put(&qos_render_csv, true);

	CHECK_TEXT(
		p,
		"class,count,bytes,drops,throughput_bps,mean,p50,p90,p99,p99.9,max,target,attainment,deadline_misses,"
		"fairness\n"
		"critical,10,800,2,3200,0.005,0.004,0.009,0.0123,0.0123,0.0123,0.01,0.75,2,0.5\n"
		"\"a\033[31m,\"\"b\",1,5,0,20,,,,,,,,,0,\n"
		"all,11,805,2,3200,0.005,0.004,0.009,0.0123,0.0123,0.0123,,0.75,2,0.5\n");
	free(p);
}

int main(void)
{
	RUN("csv has a row for each group and one for all, quoted where needed", rows);
	return DONE();
}
