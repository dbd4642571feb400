/* A growing byte buffer: doubles, keeps a zero byte behind its text, remembers that memory ran out. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"

/* Room for n more bytes and the zero byte. */
static bool grow(struct qos_buf *b, size_t n)
{
	size_t room = b->room ? b->room : 256;
	char *p;

	if (b->failed || n > SIZE_MAX / 4 - b->n) {
		b->failed = true;
		return false;
	}
	while (room < b->n + n + 1)
		room *= 2;
	if (room == b->room)
		return true;
	p = realloc(b->p, room);
	if (!p) {
		b->failed = true;
		return false;
	}
	b->p = p;
	b->room = room;
	return true;
}

void qos_buf_add(struct qos_buf *b, const char *p, size_t n)
{
	if (!grow(b, n))
		return;
	if (n)
		memcpy(b->p + b->n, p, n);
	b->n += n;
	b->p[b->n] = 0;
}

void qos_buf_puts(struct qos_buf *b, const char *c_string)
{
	qos_buf_add(b, c_string, strlen(c_string));
}

void qos_buf_printf(struct qos_buf *b, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (n < 0 || !grow(b, (size_t)n))
		return;
	va_start(args, format);
	vsnprintf(b->p + b->n, (size_t)n + 1, format, args);
	va_end(args);
	b->n += (size_t)n;
}

void qos_buf_json(struct qos_buf *b, struct qos_str s)
{
	const char *p = s.p, *end = p + s.n;

	qos_buf_add(b, "\"", 1);
	while (p < end) {
		size_t n = qos_utf8_length(p, end);

		if (*p == '"' || *p == '\\')
			qos_buf_printf(b, "\\%c", *p);
		else if (*p == '\n')
			qos_buf_puts(b, "\\n");
		else if (*p == '\t')
			qos_buf_puts(b, "\\t");
		else if ((unsigned char)*p < 0x20)
			qos_buf_printf(b, "\\u%04x", (unsigned char)*p);
		else if (n == 0)
			qos_buf_puts(b, "\xef\xbf\xbd");
		else
			qos_buf_add(b, p, n);
		p += n ? n : 1;
	}
	qos_buf_add(b, "\"", 1);
}

void qos_buf_free(struct qos_buf *b)
{
	free(b->p);
	*b = (struct qos_buf){ 0 };
}
