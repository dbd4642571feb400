/* Pieces of a page. */
#include "render/html_text.h"

#include <math.h>
#include <stdio.h>

#include "base/utf8.h"
#include "unit/human.h"

void qos_html_text(struct qos_buf *b, struct qos_str s)
{
	static const char special[] = "&<>\"'";
	static const char *const escaped[] = { "&amp;", "&lt;", "&gt;", "&quot;", "&#39;" };
	const char *p = s.p, *end = p + s.n;

	while (p < end) {
		size_t n = qos_utf8_length(p, end);
		const char *found = n == 1 && *p ? strchr(special, *p) : NULL;

		if (found)
			qos_buf_puts(b, escaped[found - special]);
		else if (n == 0 || (qos_utf8_is_control(p, n) && *p != '\n'))
			qos_buf_puts(b, "\xef\xbf\xbd");
		else
			qos_buf_add(b, p, n);
		p += n ? n : 1;
	}
}

void qos_html_json(struct qos_buf *b, struct qos_str json)
{
	for (size_t i = 0; i < json.n; i++)
		if (json.p[i] == '<')
			qos_buf_puts(b, "\\u003c");
		else
			qos_buf_add(b, json.p + i, 1);
}

void qos_html_cell(struct qos_buf *b, const char *text, bool bad)
{
	qos_buf_puts(b, bad ? "<td class=bad>" : "<td>");
	qos_html_text(b, qos_str(text));
	qos_buf_puts(b, bad ? "!</td>" : "</td>");
}

void qos_html_count(struct qos_buf *b, uint64_t n, bool bad)
{
	char text[32];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)n);
	qos_html_cell(b, text, bad);
}

void qos_html_name(struct qos_buf *b, struct qos_str name)
{
	qos_buf_puts(b, "<td><bdi>");
	qos_html_text(b, name);
	qos_buf_puts(b, "</bdi></td>");
}

void qos_html_share(struct qos_buf *b, double x, bool bad)
{
	char text[32] = "-";

	if (isfinite(x))
		snprintf(text, sizeof(text), x >= 1 ? "100%%" : "%.2f%%", floor(x * 10000) / 100);
	qos_html_cell(b, text, bad);
}

void qos_html_seconds(struct qos_buf *b, double x, bool bad)
{
	char text[QOS_HUMAN_BYTES];

	qos_human_duration(text, x);
	qos_html_cell(b, text, bad);
}

void qos_html_table(struct qos_buf *b, const char *heading, const char *titles)
{
	qos_buf_printf(b, "<h2>%s</h2>\n<div class=wide><table>\n<thead><tr>", heading);
	while (*titles) {
		size_t n = strcspn(titles, "|");

		qos_buf_puts(b, "<th>");
		qos_html_text(b, (struct qos_str){ titles, n });
		qos_buf_puts(b, "</th>");
		titles += n + (titles[n] == '|');
	}
	qos_buf_puts(b, "</tr></thead>\n<tbody>\n");
}

void qos_html_table_end(struct qos_buf *b)
{
	qos_buf_puts(b, "</tbody></table></div>\n");
}
