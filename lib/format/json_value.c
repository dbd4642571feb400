/*
 * Numbers and escapes by RFC 8259.
 *
 * Cost   about 5 ns for a time stamp; eight digits at once.
 */
#include "format/json_value.h"

#include <string.h>

#include "unit/digits.h"

static inline bool is_digit(char c)
{
	return (unsigned char)(c - '0') < 10;
}

static inline const char *skip_digits(const char *p)
{
	uint32_t ignored;

	while (is_digit(p[0]) && is_digit(p[1]) && qos_digits_read8(p, &ignored))
		p += 8;
	while (is_digit(*p))
		p++;
	return p;
}

const char *qos_json_number_end(const char *p)
{
	const char *end;

	p += *p == '-';
	if (!is_digit(*p))
		return NULL;
	p = *p == '0' ? p + 1 : skip_digits(p);
	if (*p == '.') {
		if (!is_digit(p[1]))
			return NULL;
		p = skip_digits(p + 1);
	}
	if ((*p | 32) != 'e')
		return p;
	p++;
	p += *p == '-' || *p == '+';
	end = skip_digits(p);
	return end > p ? end : NULL;
}

bool qos_json_is_number(const char *p, const char *end)
{
	size_t n = (size_t)(end - p);
	char copy[64 + 16]; /* what has more digits is no number that anybody can compute with */

	if (n == 0 || n > 64 || (*p != '-' && !is_digit(*p)))
		return false;
	memcpy(copy, p, n);
	memset(copy + n, 0, 16);
	return qos_json_number_end(copy) == copy + n;
}

/* Four hexadecimal digits, or -1. */
static int hex4(const char *p, const char *end)
{
	int x = 0;

	if (end - p < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		char c = (char)(p[i] | 32);

		if (is_digit(p[i]))
			x = x * 16 + p[i] - '0';
		else if (c >= 'a' && c <= 'f')
			x = x * 16 + c - 'a' + 10;
		else
			return -1;
	}
	return x;
}

/* Behind a backslash and u.   Returns  what is wrong, or NULL, with *p behind it. */
static const char *check_unicode(const char **p, const char *end)
{
	int code = hex4(*p, end), low;

	if (code < 0)
		return "\\u needs four hexadecimal digits";
	*p += 4;
	if (code < 0xd800 || code > 0xdfff)
		return NULL;
	if (code > 0xdbff || end - *p < 6 || (*p)[0] != '\\' || (*p)[1] != 'u')
		return "a lone surrogate";
	low = hex4(*p + 2, end);
	if (low < 0xdc00 || low > 0xdfff)
		return "a lone surrogate";
	*p += 6;
	return NULL;
}

const char *qos_json_check_escapes(const char *p, const char *end, const char **wrong)
{
	while ((p = memchr(p, '\\', (size_t)(end - p)))) {
		const char *why;

		*wrong = p++;
		if (p == end || !*p || !strchr("\"\\/bfnrtu", *p))
			return "an escape that JSON does not have";
		if (*p++ == 'u' && (why = check_unicode(&p, end)))
			return why;
	}
	return NULL;
}
