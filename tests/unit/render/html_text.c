/* Pieces of a page, with hostile text in them. */
#include "render/html_text.h"

#include <math.h>

#include "tests/unit/test.h"

static struct qos_buf b;

static const char *made(void)
{
	static char text[400];

	snprintf(text, sizeof(text), "%s", b.p ? b.p : "");
	qos_buf_free(&b);
	return text;
}

static void escaped(void)
{
	qos_html_text(&b, QOS_STR("<script>&\"'\033\xff\xc2\x9b\xe2\x80\xae\xc3\xa9\n"));
	CHECK_TEXT(made(), "&lt;script&gt;&amp;&quot;&#39;\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xc3\xa9\n");
	qos_html_name(&b, QOS_STR("<b>"));
	CHECK_TEXT(made(), "<td><bdi>&lt;b&gt;</bdi></td>");
	qos_html_json(&b, QOS_STR("[\"</script><!--\"]"));
	CHECK_TEXT(made(), "[\"\\u003c/script>\\u003c!--\"]");
}

static void cells(void)
{
	qos_html_count(&b, 18446744073709551615u, true);
	CHECK_TEXT(made(), "<td class=bad>18446744073709551615!</td>");
	qos_html_share(&b, 0.99999, false);
	CHECK_TEXT(made(), "<td>99.99%</td>");
	qos_html_share(&b, 1, false);
	CHECK_TEXT(made(), "<td>100%</td>");
	qos_html_share(&b, NAN, false);
	CHECK_TEXT(made(), "<td>-</td>");
	qos_html_seconds(&b, 0.0123, false);
	CHECK_TEXT(made(), "<td>12.3ms</td>");
	qos_html_table(&b, "H", "a|b");
	CHECK_TEXT(made(),
		   "<h2>H</h2>\n<div class=wide><table>\n<thead><tr><th>a</th><th>b</th></tr></thead>\n<tbody>\n");
}

int main(void)
{
	RUN("what HTML or a script would read is escaped", escaped);
	RUN("cells say their quantity", cells);
	return DONE();
}
