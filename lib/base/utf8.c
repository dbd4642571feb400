/* UTF-8, one sequence at a time. */
#include "base/utf8.h"

size_t qos_utf8_length(const char *text, const char *end)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t n = *p < 0x80 ? 1 : *p < 0xc2 ? 0 : *p < 0xe0 ? 2 : *p < 0xf0 ? 3 : *p < 0xf5 ? 4 : 0;

	if (n == 0 || (size_t)(end - text) < n)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if ((*p == 0xe0 && p[1] < 0xa0) || (*p == 0xed && p[1] > 0x9f) || (*p == 0xf0 && p[1] < 0x90) ||
	    (*p == 0xf4 && p[1] > 0x8f))
		return 0;
	return n;
}

static uint32_t code_of(const char *text, size_t n)
{
	const unsigned char *p = (const unsigned char *)text;
	uint32_t code = n == 1 ? p[0] : p[0] & (0x7fu >> n);

	for (size_t i = 1; i < n; i++)
		code = code << 6 | (p[i] & 0x3f);
	return code;
}

struct range {
	uint32_t first, last;
};

static bool in_ranges(uint32_t code, const struct range *r, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (code >= r[i].first && code <= r[i].last)
			return true;
	return false;
}

int qos_utf8_columns(const char *p, size_t n)
{
	static const struct range wide[] = { { 0x1100, 0x115f },   { 0x2e80, 0x303e },   { 0x3041, 0xa4cf },
					     { 0xa960, 0xa97f },   { 0xac00, 0xd7a3 },   { 0xf900, 0xfaff },
					     { 0xfe30, 0xfe6f },   { 0xff00, 0xff60 },   { 0xffe0, 0xffe6 },
					     { 0x1f300, 0x1f64f }, { 0x1f680, 0x1f6ff }, { 0x1f900, 0x1f9ff },
					     { 0x20000, 0x3fffd } };
	static const struct range none[] = { { 0x300, 0x36f },   { 0x483, 0x489 },   { 0x591, 0x5bd },
					     { 0x610, 0x61a },   { 0x64b, 0x65f },   { 0x1ab0, 0x1aff },
					     { 0x1dc0, 0x1dff }, { 0x200b, 0x200d }, { 0x20d0, 0x20ff },
					     { 0xfe00, 0xfe0f }, { 0xfe20, 0xfe2f }, { 0xfeff, 0xfeff } };
	uint32_t code = code_of(p, n);

	if (code < 0x300)
		return 1;
	if (in_ranges(code, none, sizeof(none) / sizeof(*none)))
		return 0;
	return in_ranges(code, wide, sizeof(wide) / sizeof(*wide)) ? 2 : 1;
}

bool qos_utf8_is_control(const char *p, size_t n)
{
	static const struct range turning[] = { { 0x200e, 0x200f }, { 0x2028, 0x202e }, { 0x2066, 0x2069 } };
	uint32_t code = code_of(p, n);

	return code < ' ' || (code >= 0x7f && code < 0xa0) ||
	       in_ranges(code, turning, sizeof(turning) / sizeof(*turning));
}
