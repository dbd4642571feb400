/* json: the shape, and null for what was not measured. */
#include "tests/unit/render/put.h"

static void shape(void)
{
	char *p = put(&qos_render_json, true);

	CHECK(strstr(p, "{\n  \"records\": 11,\n  \"drops\": {\"tail\": 2},\n  \"duration\": 2,\n  \"classes\": [\n"));
	CHECK(strstr(p, "{\"class\": \"critical\", \"count\": 10, \"bytes\": 800, \"drops\": {\"tail\": 2}, "
			"\"throughput_bps\": 3200,\n"));
	CHECK(strstr(
		p,
		"\"latency\": {\"mean\": 0.005, \"p50\": 0.004, \"p90\": 0.009, \"p99\": 0.0123, \"p99.9\": 0.0123, "
		"\"max\": 0.0123}, \"target\": 0.01, \"attainment\": 0.75, \"deadline_misses\": 2, \"fairness\": 0.5}"));
	CHECK(strstr(p, "\"class\": \"a\\u001b[31m,\\\"b\""));
	CHECK(strstr(p, "\"mean\": null"));
	CHECK(strstr(
		p,
		"\"unclassified\": 1,\n  \"ledger\": {\"in\": 14, \"out\": 9, \"dropped\": 2, \"rejected\": 3}\n}\n"));
	free(p);
}

int main(void)
{
	RUN("json has the shape of the design", shape);
	return DONE();
}
