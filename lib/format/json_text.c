/* JSON strings: most texts need no escape and are copied at once. */
#include "format/json_text.h"

#include "base/utf8.h"
#include "format/json_value.h"

/* High bit of some byte of x if any of its bytes needs a look: a control character, quote, backslash or no ASCII. */
static inline uint64_t odd8(uint64_t x)
{
	const uint64_t ones = 0x0101010101010101, high = 0x8080808080808080;
	uint64_t quote = x ^ ones * '"', backslash = x ^ ones * '\\';

	return ((x - ones * 0x20) | (quote - ones) | (backslash - ones) | x) & high;
}

/* Does any byte need a look?  Some others are taken for such ones; they only cost time. */
static bool is_plain(struct qos_str s)
{
	uint64_t odd = 0, x = 0;
	size_t i = 0;

	for (; i + 8 <= s.n; i += 8) {
		memcpy(&x, s.p + i, 8);
		odd |= odd8(x);
	}
	x = 0x2020202020202020;
	memcpy(&x, s.p + i, s.n - i);
	return !(odd | odd8(x));
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
