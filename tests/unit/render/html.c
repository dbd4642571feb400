/* html: a whole page, whatever is in the names. */
#include "tests/unit/render/put.h"

static void whole(void)
{
	struct qos_report *r = made_report();
	struct qos_look look = { .command = QOS_STR("qos-stats '<x>'"), .config = QOS_STR("classes: \"</pre>\"") };
	struct qos_buf b = { 0 };

	r->group[1].name = QOS_STR("</script><img src=x onerror=alert(1)>");
	qos_render_html.put(r, &look, &b);
	CHECK(!b.failed && strncmp(b.p, "<!DOCTYPE html>", 15) == 0 && strstr(b.p, "</body></html>\n"));
	CHECK(!strstr(b.p, "<img") && !strstr(b.p, "'<x>'") && !strstr(b.p, "\"</pre>\""));
	CHECK(strstr(b.p, "<td class=bad>12.3ms!</td>") && strstr(b.p, "<td>75.00%</td>"));
	CHECK(strstr(b.p, "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;"));
	CHECK(strstr(b.p, "\"\\u003c/script>\\u003cimg"));
	CHECK(strstr(b.p, "qos-stats &#39;&lt;x&gt;&#39;"));
	CHECK(strstr(b.p, "<td><bdi>critical: 90% &lt; 10ms</bdi></td>") && strstr(b.p, "<td class=bad>4!</td>"));
	CHECK(strstr(b.p, "<bdi>tail</bdi>") && strstr(b.p, "disk &quot;1&quot;") && strstr(b.p, "<td>63.63%</td>"));
	qos_buf_free(&b);
	qos_report_free(r);
}

/* Each script and style that is opened is closed, and nothing is fetched. */
static void closed(void)
{
	char *p = put(&qos_render_html, false);
	int open = 0, close = 0;

	for (const char *at = p; (at = strstr(at, "<script")); at++)
		open++;
	for (const char *at = p; (at = strstr(at, "</script")); at++)
		close++;
	CHECK_INT(open, 3);
	CHECK_INT(close, 3);
	CHECK(strstr(p, "default-src 'none'"));
	CHECK(!strstr(p, " src=") && !strstr(p, "href=http") && !strstr(p, "@import") && !strstr(p, "url("));
	free(p);
}

int main(void)
{
	RUN("a page has the report's numbers and escapes its names", whole);
	RUN("a page is closed, and fetches nothing", closed);
	return DONE();
}
