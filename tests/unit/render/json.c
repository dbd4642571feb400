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
		"\"max\": 0.0123}, \"target\": 0.01, \"attainment\": 0.75, \"deadline_misses\": 2, \"fairness\": 0.5, "
		"\"streams\": 2, \"backlog_max\": 6}"));
	CHECK(strstr(p, "\"class\": \"a\\u001b[31m,\\\"b\""));
	CHECK(strstr(p, "\"mean\": null"));
	CHECK(strstr(p, "\"all\":\n    {\"class\": \"all\", \"count\": 11,"));
	CHECK(strstr(p, "\"adapters\": [\n    {\"adapter\": \"disk \\\"1\\\"\", \"count\": 4, \"bytes\": 40, "));
	CHECK(strstr(p, "\"class_by\": {\"rule\": 7, \"default\": 4},"));
	CHECK(strstr(p, "\"accuracy\": {\"records\": 5, \"accuracy\": 0.8, \"macro_f1\": 0.75, \"labels\": {\n     "
			"\"critical\": {\"count\": 3, \"precision\": 0.75, \"recall\": 1, \"answered\": "
			"{\"critical\": 3}},\n     \"system\": {\"count\": 2, \"precision\": 1, \"recall\": 0.5, "
			"\"answered\": {\"critical\": 1, \"system\": 1}}}}"));
	CHECK(strstr(p, "{\"slo\": \"critical: 90% < 10ms\", \"class\": \"critical\", \"objective\": 0.9, "
			"\"within\": 0.01, \"period\": 2592000, \"records\": 10, \"bad\": 4, "));
	CHECK(strstr(p, "\"burn\": 4, \"used\": 0.001, \"worst\": {\"1h\": 6.5}}"));
	CHECK(strstr(p, "\"unclassified\": 1,\n  "
			"\"ledger\": {\"in\": 14, \"out\": 9, \"dropped\": 2, \"rejected\": 3, \"left_out\": 0}\n}\n"));
	free(p);
}

int main(void)
{
	RUN("json has the shape of the design", shape);
	return DONE();
}
