/*
 * Checks come from command lines and names in them from input: TAP's # and \ and line ends, and XML's five, are
 * escaped; what neither can hold becomes '?'.
 */
#include "render/verdict.h"

#include "base/utf8.h"

/* In one line, without what would end it or begin a directive. */
static void add_line(struct qos_buf *b, struct qos_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c == '#' || c == '\\')
			qos_buf_puts(b, "\\");
		qos_buf_add(b, c < ' ' || c == 127 ? "?" : s.p + i, 1);
	}
}

void qos_verdicts_tap(const struct qos_verdict *v, int n, struct qos_buf *b)
{
	qos_buf_printf(b, "TAP version 13\n1..%d\n", n);
	for (int i = 0; i < n; i++) {
		qos_buf_printf(b, "%s %d - ", v[i].holds ? "ok" : "not ok", i + 1);
		add_line(b, v[i].text);
		qos_buf_puts(b, "\n");
		if (v[i].holds)
			continue;
		qos_buf_puts(b, "  ---\n  message: ");
		qos_buf_json(b, v[i].why); /* a JSON string is a YAML one */
		qos_buf_puts(b, "\n  ...\n");
	}
}

static void add_xml(struct qos_buf *b, struct qos_str s)
{
	static const char special[] = "&<>\"'";
	static const char *const escaped[] = { "&amp;", "&lt;", "&gt;", "&quot;", "&#39;" };
	const char *p = s.p, *end = p + s.n;

	while (p < end) {
		size_t n = qos_utf8_length(p, end);
		const char *found = n == 1 && *p ? strchr(special, *p) : NULL;
		bool none =
			n == 0 || (n == 1 && ((unsigned char)*p < ' ' || *p == 127)) ||
			(n == 3 && memcmp(p, "\xef\xbf", 2) == 0 && (unsigned char)p[2] >= 0xbe); /* U+FFFE, U+FFFF */

		if (found)
			qos_buf_puts(b, escaped[found - special]);
		else if (none)
			qos_buf_puts(b, "?");
		else
			qos_buf_add(b, p, n);
		p += n ? n : 1;
	}
}

void qos_verdicts_junit(const struct qos_verdict *v, int n, const char *suite, struct qos_buf *b)
{
	int n_failed = 0;

	for (int i = 0; i < n; i++)
		n_failed += !v[i].holds;
	qos_buf_printf(b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites tests=\"%d\" failures=\"%d\">\n", n,
		       n_failed);
	qos_buf_printf(b, "<testsuite name=\"%s\" tests=\"%d\" failures=\"%d\" errors=\"0\" skipped=\"0\">\n", suite, n,
		       n_failed);
	for (int i = 0; i < n; i++) {
		qos_buf_printf(b, "<testcase classname=\"%s\" name=\"", suite);
		add_xml(b, v[i].text);
		if (v[i].holds) {
			qos_buf_puts(b, "\"/>\n");
			continue;
		}
		qos_buf_puts(b, "\"><failure message=\"");
		add_xml(b, v[i].why);
		qos_buf_puts(b, "\"/></testcase>\n");
	}
	qos_buf_puts(b, "</testsuite>\n</testsuites>\n");
}
