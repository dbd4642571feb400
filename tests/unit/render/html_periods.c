/* The worst periods. */
#include "render/html_periods.h"

#include <stdlib.h>

#include "tests/unit/test.h"

/* Two groups over 300 bins of 1.07 s; in every tenth bin one is late, the more the later. */
static void worst(void)
{
	static struct qos_series series[2];
	struct qos_report_group group[2] = { { .name = QOS_STR("a"), .series = &series[0] },
					     { .name = QOS_STR("b<"), .series = &series[1] } };
	struct qos_report r = { .group = group, .n_groups = 2 };
	struct qos_buf b = { 0 };
	const char *p;
	int n = 0;

	r.timeline.n_bins = 300;
	r.timeline.shift = 30;
	for (int i = 0; i < 300; i += 10)
		for (int k = 0; k < 2; k++)
			series[k].bin[i] = (struct qos_series_bin){ .n_in = 1000,
								    .n_out = 1000,
								    .n_missed = (uint64_t)(200 + i + k) };
	qos_html_periods(&r, &b);
	for (p = b.p; (p = strstr(p, "<tr><td>")); p++)
		n++;
	CHECK_INT(n, QOS_HTML_PERIODS);
	CHECK(strstr(b.p, "the worst 20 of 60 such periods"));
	p = strstr(b.p, "<tr><td>"); /* 20 .. 29 of each group, the first of them at bin 200 */
	CHECK(p &&
	      strncmp(p, "<tr><td><bdi>a</bdi></td><td>215s</td><td>1.07s</td><td>1000</td><td>400</td>", 77) == 0);
	CHECK(strstr(b.p, "<bdi>b&lt;</bdi></td><td>311s</td><td>1.07s</td><td>1000</td><td>491</td>"));
	CHECK(!strstr(b.p, "<td>391</td>"));
	qos_buf_free(&b);
}

static void none(void)
{
	struct qos_report r = { 0 };
	struct qos_buf b = { 0 };

	qos_html_periods(&r, &b);
	CHECK(b.n == 0 && !b.failed);
	qos_buf_free(&b);
}

int main(void)
{
	RUN("the worst periods are shown, the earliest first", worst);
	RUN("without any there is no table", none);
	return DONE();
}
