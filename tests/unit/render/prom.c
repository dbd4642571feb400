/* prom: families together, labels escaped, histograms that add up, a report's numbers. */
#include "render/prom.h"

#include <stdlib.h>

#include "tests/unit/render/put.h"

static const struct qos_metric hits = { "qos_hits_total", QOS_METRIC_COUNTER, "hits" };
static const struct qos_metric depth = { "qos_depth", QOS_METRIC_GAUGE, "depth" };
static const struct qos_metric wait = { "qos_wait_seconds", QOS_METRIC_SUMMARY, "waits" };
static const struct qos_metric spread = { "qos_spread_seconds", QOS_METRIC_HISTOGRAM, "waits" };

static struct qos_prom prom;
static struct qos_buf text;

static const char *written(void)
{
	qos_buf_free(&text);
	qos_prom_write(&prom, &text);
	CHECK(!text.failed);
	return text.p ? text.p : "";
}

static void families(void)
{
	prom.common = (struct qos_label){ "filter", QOS_STR("f") };
	for (int i = 0; i < 2; i++) {
		const struct qos_label *labels = QOS_LABELS({ "class", i ? QOS_STR("b") : QOS_STR("a") });

		qos_prom_add(&prom, &hits, i ? 8796093022208 : 3, labels);
		qos_prom_add(&prom, &depth, i ? 0.25 : NAN, labels);
	}
	qos_prom_add(&prom, &depth, INFINITY, QOS_NO_LABELS);
	CHECK_TEXT(written(), "# HELP qos_hits_total hits\n# TYPE qos_hits_total counter\n"
			      "qos_hits_total{filter=\"f\",class=\"a\"} 3\n"
			      "qos_hits_total{filter=\"f\",class=\"b\"} 8796093022208\n"
			      "# HELP qos_depth depth\n# TYPE qos_depth gauge\n"
			      "qos_depth{filter=\"f\",class=\"b\"} 0.25\nqos_depth{filter=\"f\"} +Inf\n");
	prom.common.name = NULL;
	CHECK_TEXT(written(), "");
	qos_prom_add(&prom, &hits, 123456789012, QOS_NO_LABELS);
	CHECK(strstr(written(), "\nqos_hits_total 123456789012\n"));
}

static void escapes(void)
{
	qos_prom_add(&prom, &depth, 1, QOS_LABELS({ "x", QOS_STR("a\"b\\c\nd\033\177\xc2\x9b\xff\xc3\xa9") }));
	CHECK(strstr(written(), "qos_depth{x=\"a\\\"b\\\\c\\nd\\\\x1b\\\\x7f\\\\xc2\\\\x9b\\\\xff\xc3\xa9\"} 1\n"));
}

static void quantiles(void)
{
	struct qos_sketch_scale *scale = qos_sketch_scale_new();
	struct qos_sketch s = { 0 };

	qos_prom_summary(&prom, &wait, &s, scale, QOS_NO_LABELS);
	CHECK_TEXT(written(), "# HELP qos_wait_seconds waits\n# TYPE qos_wait_seconds summary\n"
			      "qos_wait_seconds_sum 0\nqos_wait_seconds_count 0\n");
	qos_sketch_add(&s, scale, -5);
	qos_sketch_add(&s, scale, 0);
	qos_sketch_add(&s, scale, 2000000);
	qos_sketch_add(&s, scale, 2000000000000);
	qos_prom_summary(&prom, &wait, &s, scale, QOS_NO_LABELS);
	qos_prom_histogram(&prom, &spread, &s, scale, QOS_LABELS({ "class", QOS_STR("c") }));
	CHECK(strstr(written(), "qos_wait_seconds{quantile=\"0.5\"} 0\n"));
	CHECK(strstr(text.p, "qos_wait_seconds{quantile=\"0.999\"} 2000\n"));
	CHECK(strstr(text.p, "qos_wait_seconds_count 4\n"));
	CHECK(strstr(text.p, "qos_spread_seconds_bucket{class=\"c\",le=\"0.0001\"} 2\n"));
	CHECK(strstr(text.p, "qos_spread_seconds_bucket{class=\"c\",le=\"0.001\"} 2\n"));
	CHECK(strstr(text.p, "qos_spread_seconds_bucket{class=\"c\",le=\"0.0025\"} 3\n"));
	CHECK(strstr(text.p, "qos_spread_seconds_bucket{class=\"c\",le=\"500\"} 3\n"));
	CHECK(strstr(text.p, "qos_spread_seconds_bucket{class=\"c\",le=\"+Inf\"} 4\n"));
	qos_sketch_free(&s);
	qos_sketch_scale_free(scale);
}

static void too_many(void)
{
	static char name[QOS_PROM_FAMILIES + 1][16];
	struct qos_buf b = { 0 };

	for (int i = 0; i <= QOS_PROM_FAMILIES; i++) {
		struct qos_metric m = { name[i], QOS_METRIC_GAUGE, "many" };

		snprintf(name[i], sizeof(name[i]), "m%d", i);
		qos_prom_add(&prom, &m, i, QOS_NO_LABELS);
	}
	qos_prom_write(&prom, &b);
	CHECK(b.failed);
	qos_buf_free(&b);
	prom.failed = false;
}

static void report(void)
{
	char *p = put(&qos_render_prom, true);

	CHECK(strstr(p, "qos_records_total{filter=\"qos-stats\",class=\"critical\"} 10\n"));
	CHECK(strstr(p, "qos_records_total{filter=\"qos-stats\",class=\"a\\\\x1b[31m,\\\"b\"} 1\n"));
	CHECK(strstr(p, "qos_dropped_records_total{filter=\"qos-stats\",class=\"critical\",reason=\"tail\"} 2\n"));
	CHECK(strstr(p, "qos_throughput_bytes_per_second{filter=\"qos-stats\",class=\"critical\"} 400\n"));
	CHECK(strstr(p, "qos_overall_attainment_ratio{filter=\"qos-stats\"} 0.75\n"));
	CHECK(strstr(p, "qos_rejected_records_total{filter=\"qos-stats\"} 3\n"));
	CHECK(!strstr(p, "nan") && !strstr(p, "\033"));
	free(p);
}

static void by_fields(void)
{
	struct qos_report *r = made_report();
	struct qos_str by[] = { QOS_STR("meta.env"), QOS_STR("meta_env"), QOS_STR("9"), QOS_STR("filter") };
	struct qos_str values[] = { QOS_STR("p"), QOS_STR("q"), QOS_STR("r"), QOS_STR("s") };
	struct qos_buf b = { 0 };

	r->by = by;
	r->n_by = 4;
	r->group[0].by = r->group[1].by = values;
	r->n_groups = 1;
	qos_render_prom.put(r, &(struct qos_look){ 0 }, &b);
	CHECK(strstr(b.p, "qos_records_total{filter=\"qos-stats\",meta_env=\"p\",meta_env_2=\"q\",_9=\"r\","
			  "filter_4=\"s\"} 10\n"));
	qos_buf_free(&b);
	qos_report_free(r);
}

int main(void)
{
	RUN("samples of a family stand together, unmeasured ones nowhere", families);
	RUN("labels are escaped", escapes);
	RUN("summaries and histograms are whole", quantiles);
	RUN("more families than there is room for is a failure", too_many);
	RUN("a report's numbers are there", report);
	RUN("field names become labels, each another one", by_fields);
	qos_buf_free(&text);
	return DONE();
}
