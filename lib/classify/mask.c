/*
 * A message without its values.
 *
 * White space parts words, and delimiters such as = : , ( ) part the pieces of a word.  A piece is a value if it has a
 * digit, begins with a slash, is a run of hex letters, a host name, a week day or a month.  Values beside each other
 * become one: address and port, the parts of a time, lists.  A unit behind a value goes with it (`1 sec`, `<1 sec` and
 * `00:01` are alike), and so does a word that is only a value in brackets, or empty brackets: they come and go in
 * messages that are otherwise equal.
 *
 * Cost  one look at each byte through a table.
 */
#include "classify/mask.h"

#include <stdint.h>

enum { WORD = 1, DIGIT = 2, DOT = 4, HOST = 8, HEX = 16, SPACE = 32 };

/* clang-format off */
static const uint8_t kind[256] = {
	['\t'] = SPACE, ['\n'] = SPACE, ['\v'] = SPACE, ['\f'] = SPACE, ['\r'] = SPACE, [' '] = SPACE,
	['0' ... '9'] = WORD | DIGIT,
	['A' ... 'F'] = WORD | HEX, ['G' ... 'Z'] = WORD,
	['a' ... 'f'] = WORD | HEX | HOST, ['g' ... 'z'] = WORD | HOST,
	['.'] = WORD | DOT | HOST, ['-'] = WORD | HOST,
	['_'] = WORD, ['/'] = WORD, ['\\'] = WORD, ['$'] = WORD, ['@'] = WORD, ['+'] = WORD, ['*'] = WORD, ['~'] = WORD,
	['%'] = WORD, ['&'] = WORD, ['#'] = WORD,
	[128 ... 255] = WORD,
};
/* clang-format on */

static bool is_one_of(struct qos_str s, const char *const *list)
{
	for (; *list; list++)
		if (s.n == strlen(*list) && !memcmp(s.p, *list, s.n))
			return true;
	return false;
}

/* "ns.example.com", not "org.apache.hadoop": names of packages begin where names of hosts end. */
static bool is_host(struct qos_str s)
{
	static const char *const package[] = { "org.", "com.", "net.", "java.", "javax.", NULL };
	const char *last, *end = s.p + s.n;

	for (int i = 0; package[i]; i++)
		if (qos_str_starts(s, qos_str(package[i])))
			return false;
	if (end[-1] == '.')
		end--;
	for (last = end; last > s.p && last[-1] != '.'; last--)
		;
	return last > s.p + 1 && end - last >= 2 && end - last <= 4 && !memchr(last, '-', (size_t)(end - last)) &&
	       s.p[0] != '.';
}

static bool is_value(struct qos_str s, uint8_t any, uint8_t all)
{
	static const char *const dates[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "Jan", "Feb", "Mar",
					     "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", NULL };

	if ((any & DIGIT) || (s.p[0] == '/' && s.n > 1))
		return true;
	if (s.n == 3 && s.p[0] >= 'A' && s.p[0] <= 'W')
		return is_one_of(s, dates);
	return ((all & HEX) && s.n >= 8) || ((all & HOST) && (any & DOT) && is_host(s));
}

static bool is_unit(struct qos_str s)
{
	static const char *const units[] = { "sec",          "secs", "second", "seconds", "ms",  "msec", "msecs",
					     "milliseconds", "us",   "usec",   "ns",      "min", "mins", "minutes",
					     "hours",        "KB",   "MB",     "GB",      "kB",  NULL };

	while (s.n && (s.p[s.n - 1] == ',' || s.p[s.n - 1] == '.'))
		s.n--;
	return s.n >= 2 && s.n <= 12 && is_one_of(s, units);
}

/* "*", "*," */
static bool is_star(struct qos_str s)
{
	return s.n && s.p[0] == '*' && (s.n == 1 || (s.n == 2 && s.p[1] == ','));
}

/* Does the word add nothing behind the one before it? */
static bool goes_with(struct qos_str before, struct qos_str word)
{
	char last = word.p[word.n - 1];

	if (is_star(word))
		return is_star(before);
	if (last == ')' || last == ']' || last == '}')
		return (word.n == 2 && strchr("([{", word.p[0])) ||
		       (word.n == 3 && word.p[1] == '*' && (word.p[0] == '(' || word.p[0] == '['));
	return before.p[before.n - 1] == '*' && is_unit(word);
}

/* One word from p on; *at is moved behind what was written of it.   Returns  the end of the word. */
static const char *mask_word(const char *p, const char *end, char **at, const char *room)
{
	enum { OTHER, VALUE, JOINT } last = OTHER, before = OTHER;
	char *o = *at;

	while (p < end && o < room) {
		uint8_t k = kind[(unsigned char)*p], any = 0, all = 0xff;
		const char *from = p;
		size_t n;

		if (k & SPACE)
			break;
		if (!(k & WORD)) {
			before = last;
			last = *p == ':' || *p == ',' || *p == '=' || *p == '|' ? JOINT : OTHER;
			*o++ = *p++;
			continue;
		}
		for (; p < end && ((k = kind[(unsigned char)*p]) & WORD); p++)
			any |= k, all &= k;
		n = (size_t)(p - from);
		if (!is_value((struct qos_str){ from, n }, any, all)) {
			n = n < (size_t)(room - o) ? n : (size_t)(room - o);
			memcpy(o, from, n);
			o += n;
			before = last, last = OTHER;
		} else if (last == JOINT && before == VALUE) {
			o--; /* the joint: the value before it stands for both */
			before = OTHER, last = VALUE;
		} else {
			*o++ = '*';
			before = last, last = VALUE;
		}
	}
	*at = o;
	return p;
}

size_t qos_mask(struct qos_str text, char *out)
{
	const char *p = text.p, *end = text.p + text.n, *room = &out[QOS_MASK_ROOM - 1];
	struct qos_str before = { 0 };
	char *o = out;

	while (p < end && o < room - 1) {
		char *word;

		if (kind[(unsigned char)*p] & SPACE) {
			p++;
			continue;
		}
		if (o > out)
			*o++ = ' ';
		word = o;
		p = mask_word(p, end, &o, room);
		if (before.n && goes_with(before, (struct qos_str){ word, (size_t)(o - word) }))
			o = word - 1;
		else
			before = (struct qos_str){ word, (size_t)(o - word) };
	}
	return (size_t)(o - out);
}
