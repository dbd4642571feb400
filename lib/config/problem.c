/* Problems of a configuration as text. */
#include "config/problem.h"

#include <stdarg.h>
#include <stdio.h>

/* The line of the source that a place stands in. */
static struct qos_str line_at(struct qos_str source, int line)
{
	const char *p = source.p, *end = p + source.n, *newline;

	for (; line > 1 && p < end; line--) {
		newline = memchr(p, '\n', (size_t)(end - p));
		p = newline ? newline + 1 : end;
	}
	newline = memchr(p, '\n', (size_t)(end - p));
	return (struct qos_str){ p, (size_t)((newline ? newline : end) - p) };
}

static void show_line(struct qos_problems *p, struct qos_at at)
{
	struct qos_str line = line_at(p->source, at.line);
	int n = line.n > 200 ? 200 : (int)line.n;

	qos_buf_puts(p->text, "    ");
	for (int i = 0; i < n; i++)
		qos_buf_printf(p->text, "%c", (unsigned char)line.p[i] < ' ' ? ' ' : line.p[i]);
	qos_buf_printf(p->text, "\n    %*s\n", at.column > 0 && at.column <= 200 ? at.column : 1, "^");
}

void qos_problem(struct qos_problems *p, struct qos_at at, const char *format, ...)
{
	struct qos_err err;
	char text[400];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	qos_fail(&err, QOS_EUSAGE, at, "%s", text);
	if (p->n++ == 0 && p->first)
		*p->first = err;
	qos_buf_printf(p->text, "%s\n", err.text);
	if (p->file && at.file == p->file && at.line > 0)
		show_line(p, at);
}
