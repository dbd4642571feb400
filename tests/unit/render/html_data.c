/* What the charts show. */
#include "render/html_data.h"

#include "tests/unit/stats/made.h"
#include "tests/unit/test.h"

static void data(void)
{
	struct qos_report *r = made_report();
	struct qos_sketch_scale *scale = qos_sketch_scale_new();
	struct qos_sketch latency = { 0 };
	struct qos_series series = { .bin = { { 3, 1, 0, 0, 1000, 5, 5000000 }, { 0, 0, 1 } } };
	struct qos_buf b = { 0 };

	qos_sketch_add(&latency, scale, 0);
	qos_sketch_add(&latency, scale, 1000000);
	r->scale = scale;
	r->timeline.shift = 30;
	r->timeline.base = 1;
	r->timeline.n_bins = 2;
	r->first_ns = 1500000000;
	r->group[0].latency = &latency;
	r->group[0].series = &series;
	qos_html_data(r, &b);
	CHECK(strstr(
		b.p,
		"{\"duration\":2,\"offset\":-0.426258,\"width\":1.07374,\"quantiles\":[\"p50\",\"p90\",\"p99\",\"p99.9\"]"));
	CHECK(strstr(b.p, "{\"name\":\"critical\",\"target\":0.01,\"quantiles\":[0.004,0.009,0.0123,0.0123],"
			  "\"cdf\":[[1e-09,0.5],[0.001,1]],\"count\":[0.931323,0],"
			  "\"rate\":[7450.58,0],\"backlog\":[2,1],\"latency\":[0.005,null],"
			  "\"drops\":[0,0.931323]}"));
	CHECK(strstr(b.p, "\"target\":null,\"quantiles\":null,\"cdf\":[],\"count\":[],\"rate\":[],"));
	qos_buf_free(&b);
	qos_sketch_free(&latency);
	qos_sketch_scale_free(scale);
	qos_report_free(r);
}

static void charted(void)
{
	struct qos_report r = { 0 };
	struct qos_report_group group[40] = { 0 };
	const struct qos_report_group *chosen[QOS_HTML_CHARTED];

	r.group = group;
	r.n_groups = 40;
	for (int i = 0; i < 40; i++)
		group[i].n_records = (uint64_t)(i * 7 % 40 + 1); /* 1 .. 40, each once */
	CHECK_INT(qos_html_charted(&r, chosen), QOS_HTML_CHARTED);
	for (int i = 0; i < QOS_HTML_CHARTED; i++)
		CHECK(chosen[i]->n_records > 28 && (i == 0 || chosen[i] > chosen[i - 1]));
	r.n_groups = 3;
	CHECK_INT(qos_html_charted(&r, chosen), 3);
}

int main(void)
{
	RUN("the charts' numbers are those of the report", data);
	RUN("the largest groups are charted, in their order", charted);
	return DONE();
}
