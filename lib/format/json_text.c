/* JSON strings: most texts need no escape and are copied at once. */
#include "format/json_text.h"

#include "base/utf8.h"
#include "format/json_value.h"

/* Does any byte need a look? */
static bool is_plain(struct qos_str s)
{
	unsigned odd = 0;

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		odd |= (unsigned)(c < 0x20) | (unsigned)(c == '"') | (unsigned)(c == '\\') | (unsigned)(c >= 0x80);
	}
	return !odd;
}

static void add_escaped(struct qos_out *o, char c)
{
	static const char hex[] = "0123456789abcdef", letters[] = "btn\0fr";
	char text[6] = { '\\', c, '0', '0', hex[c >> 4 & 15], hex[c & 15] };

	if (c == '"' || c == '\\') {
		qos_out_add(o, text, 2);
	} else if (c >= '\b' && c <= '\r' && letters[c - '\b']) {
		text[1] = letters[c - '\b'];
		qos_out_add(o, text, 2);
	} else {
		text[1] = 'u';
		qos_out_add(o, text, 6);
	}
}

void qos_json_add_text(struct qos_out *o, struct qos_str s)
{
	const char *p = s.p, *end = p + s.n;

	qos_out_byte(o, '"');
	if (is_plain(s)) {
		qos_out_add(o, s.p, s.n);
		qos_out_byte(o, '"');
		return;
	}
	while (p < end) {
		size_t n = qos_utf8_length(p, end);

		if ((unsigned char)*p < 0x20 || *p == '"' || *p == '\\')
			add_escaped(o, *p);
		else if (n == 0)
			qos_out_add(o, "\xef\xbf\xbd", 3);
		else
			qos_out_add(o, p, n);
		p += n ? n : 1;
	}
	qos_out_byte(o, '"');
}

void qos_json_add_untyped(struct qos_out *o, struct qos_str s)
{
	if (s.n && qos_json_is_number(s.p, s.p + s.n))
		qos_out_add(o, s.p, s.n);
	else
		qos_json_add_text(o, s);
}
