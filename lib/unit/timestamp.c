/*
 * Time stamps: epoch numbers told by magnitude, RFC 3339, CLF; days counted by the civil calendar.
 *
 * Cost   some 15 ns for epoch numbers, 25 ns for dates while the day stays the same, 20 to 40 ns to write one.
 * After  RFC 3339; days from civil as in Hinnant's "chrono-compatible low-level date algorithms" (proleptic Gregorian).
 */
#include "unit/timestamp.h"

#include <stdbool.h>
#include <stdio.h>

#include "unit/digits.h"
#include "unit/number.h"

#define NS_S   1000000000LL
#define NS_DAY (86400 * NS_S)

static int refuse(char *why, struct qos_str text)
{
	if (why)
		snprintf(why, 120,
			 "\"%.*s\" is no time stamp; write epoch seconds (1431857103.25) or 2015-05-17T10:05:03Z",
			 text.n > 30 ? 30 : (int)text.n, text.p);
	return -1;
}

/* Days since 1970-01-01 of a date of the proleptic Gregorian calendar. */
static int64_t days_of(int64_t year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year, era = (y >= 0 ? y : y - 399) / 400, of_era = y - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static void date_of(int64_t days, int *year, int *month, int *day)
{
	int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097, of_era = z - era * 146097;
	int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * y + y / 4 - y / 100), m = (5 * of_year + 2) / 153;

	*day = (int)(of_year - (153 * m + 2) / 5 + 1);
	*month = (int)(m < 10 ? m + 3 : m - 9);
	*year = (int)(y + era * 400 + (*month <= 2));
}

static int month_days(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

/* n digits at p as a number, -1 when one is none. */
static int digits(const char *p, int n)
{
	int x = 0;

	for (int i = 0; i < n; i++) {
		unsigned c = (unsigned char)(p[i] - '0');

		if (c > 9)
			return -1;
		x = x * 10 + (int)c;
	}
	return x;
}

/* hh:mm:ss at p as seconds of the day, -1 when it is none.  A 60th second is the one after; *leap tells. */
static int clock_of(const char *p, bool *leap)
{
	uint64_t v = qos_digits_load(p) ^ 0x30303a30303a3030; /* "00:00:00": digits become their values, colons 0 */
	unsigned h, m, s;

	if ((v & 0xf0f0fff0f0fff0f0) | ((v + 0x0606000606000606) & 0xf0f0fff0f0fff0f0))
		return -1;
	h = (unsigned)(v & 15) * 10 + (unsigned)(v >> 8 & 15);
	m = (unsigned)(v >> 24 & 15) * 10 + (unsigned)(v >> 32 & 15);
	s = (unsigned)(v >> 48 & 15) * 10 + (unsigned)(v >> 56);
	if (h > 23 || m > 59 || s > 60)
		return -1;
	*leap = s == 60;
	return (int)((h * 60 + m) * 60 + s);
}

/* A fraction at p ('.' or ',' and digits) as ns; digits past the ninth are cut.   Returns  its bytes. */
static size_t fraction_of(const char *p, const char *end, int64_t *ns)
{
	static const int64_t units[] = { 1000000000, 100000000, 10000000, 1000000, 100000, 10000, 1000, 100, 10, 1 };
	const char *start = p;
	int64_t x = 0;
	int n = 0;

	*ns = 0;
	if (p == end || (*p != '.' && *p != ','))
		return 0;
	for (p++; p < end && (unsigned char)(*p - '0') < 10; p++)
		if (n < 9) {
			x = x * 10 + (*p - '0');
			n++;
		}
	*ns = x * units[n];
	return p - start > 1 ? (size_t)(p - start) : 0;
}

/* Z, +hh:mm, +hhmm or +hh at p, to the end of the text, as seconds east.   Returns  false when it is none. */
static bool offset_of(const char *p, const char *end, int *seconds)
{
	size_t n = (size_t)(end - p);
	int h, m = 0;

	*seconds = 0;
	if (n == 0 || (n == 1 && (*p | 32) == 'z'))
		return true; /* no zone at all is read as UTC */
	if ((*p != '+' && *p != '-') || (n != 3 && n != 5 && n != 6))
		return false;
	h = digits(p + 1, 2);
	if (n > 3)
		m = digits(end - 2, 2);
	if (h < 0 || h > 23 || m < 0 || m > 59 || (n == 6 && p[3] != ':'))
		return false;
	*seconds = (*p == '-' ? -1 : 1) * (h * 3600 + m * 60);
	return true;
}

/* A moment, in and out of range alike, in 128 bits first: the first day of the range is not whole. */
struct moment {
	int64_t days;
	int clock_s, east_s;
	int64_t fraction_ns;
	bool leap; /* the clock said :60 */
};

static int compose(const struct moment *m, int64_t *ns)
{
	int64_t s = m->days * 86400 + m->clock_s - m->east_s;
	__int128 exact = (__int128)s * NS_S + m->fraction_ns;

	if (m->clock_s < 0 || (m->leap && s % 86400 != 0))
		return -1; /* leap seconds are inserted at the end of a UTC day and nowhere else */
	*ns = (int64_t)exact;
	return *ns == exact ? 0 : -1;
}

/* The last four bytes of a day of ten or eleven bytes, in the upper half. */
static inline uint64_t tail_of(const char *p, size_t n)
{
	uint32_t tail;

	memcpy(&tail, p + n - 4, 4);
	return (uint64_t)tail << 32;
}

/* cache[0] is the first eight bytes of the day seen last, cache[1] its last four above its number of days. */
static inline bool cached_day(const char *p, size_t n, const int64_t cache[2], int64_t *days)
{
	int64_t head;

	memcpy(&head, p, 8);
	*days = (int32_t)cache[1];
	return head == cache[0] && tail_of(p, n) == ((uint64_t)cache[1] & 0xffffffff00000000);
}

static void remember_day(const char *p, size_t n, int64_t cache[2], int64_t days)
{
	memcpy(&cache[0], p, 8);
	cache[1] = (int64_t)(tail_of(p, n) | (uint32_t)days);
}

/* yyyy-mm-dd */
static bool iso_day(const char *p, int64_t cache[2], int64_t *days)
{
	int y, m, d;

	if (cached_day(p, 10, cache, days))
		return true;
	y = digits(p, 4);
	m = digits(p + 5, 2);
	d = digits(p + 8, 2);
	if (y < 0 || m < 1 || m > 12 || d < 1 || d > month_days(y, m) || p[4] != '-' || p[7] != '-')
		return false;
	*days = days_of(y, m, d);
	remember_day(p, 10, cache, *days);
	return true;
}

static int parse_iso(struct qos_str t, int64_t *ns, int64_t cache[2])
{
	const char *p = t.p, *end = p + t.n;
	struct moment m;

	if (!iso_day(p, cache, &m.days) || ((p[10] | 32) != 't' && p[10] != ' '))
		return -1;
	m.clock_s = clock_of(p + 11, &m.leap);
	p += 19;
	p += fraction_of(p, end, &m.fraction_ns);
	return offset_of(p, end, &m.east_s) ? compose(&m, ns) : -1;
}

static int month_of(const char *p)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

	for (int i = 0; i < 12; i++)
		if ((p[0] | 32) == names[3 * i] && (p[1] | 32) == names[3 * i + 1] && (p[2] | 32) == names[3 * i + 2])
			return i + 1;
	return -1;
}

/* dd/Mon/yyyy */
static bool clf_day(const char *p, int64_t cache[2], int64_t *days)
{
	int y, m, d;

	if (cached_day(p, 11, cache, days))
		return true;
	d = digits(p, 2);
	m = month_of(p + 3);
	y = digits(p + 7, 4);
	if (y < 0 || m < 1 || d < 1 || d > month_days(y, m) || p[2] != '/' || p[6] != '/')
		return false;
	*days = days_of(y, m, d);
	remember_day(p, 11, cache, *days);
	return true;
}

/* dd/Mon/yyyy:hh:mm:ss +hhmm */
static int parse_clf(struct qos_str t, int64_t *ns, int64_t cache[2])
{
	const char *p = t.p, *end = p + t.n;
	struct moment m;

	if (!clf_day(p, cache, &m.days) || p[11] != ':')
		return -1;
	m.clock_s = clock_of(p + 12, &m.leap);
	p += 20;
	p += fraction_of(p, end, &m.fraction_ns);
	if (p < end && *p == ' ')
		p++;
	return offset_of(p, end, &m.east_s) ? compose(&m, ns) : -1;
}

static const int64_t unit_ns[] = {
	[QOS_TIME_S] = NS_S, [QOS_TIME_MS] = 1000000, [QOS_TIME_US] = 1000, [QOS_TIME_NS] = 1
};

/* Told by the whole part's magnitude. */
static enum qos_time_form form_of(int64_t whole)
{
	return whole < 100000000000LL         ? QOS_TIME_S
	       : whole < 100000000000000LL    ? QOS_TIME_MS
	       : whole < 100000000000000000LL ? QOS_TIME_US
					      : QOS_TIME_NS;
}

/* Digits at p as a whole number.   Returns  its bytes; 0 for more than 19, which may not fit. */
static size_t whole_of(const char *p, const char *end, uint64_t *whole)
{
	const char *start = p;
	uint32_t eight;

	*whole = 0;
	while (end - p >= 8 && p - start <= 8 && qos_digits_read8(p, &eight)) {
		*whole = *whole * 100000000 + eight;
		p += 8;
	}
	for (; p < end && (unsigned char)(*p - '0') < 10; p++)
		if (p - start < 19)
			*whole = *whole * 10 + (uint64_t)(*p - '0');
	return p - start > 19 ? 0 : (size_t)(p - start);
}

/* Decimals from p to end, of a unit of unit ns, those past the ns cut.   Returns  false if one is no digit. */
static bool decimals_of(const char *p, const char *end, int64_t unit, int64_t *ns)
{
	uint32_t eight;

	*ns = 0;
	if (unit == NS_S && end - p >= 8 && qos_digits_read8(p, &eight)) {
		*ns = eight * 10LL;
		unit = 10;
		p += 8;
	}
	for (unit /= 10; p < end && (unsigned char)(*p - '0') < 10; p++, unit /= 10)
		*ns += (*p - '0') * unit;
	return p == end;
}

/* What most traces have: ten digits of seconds, a point, decimals. */
static inline bool parse_seconds(struct qos_str t, int64_t *ns)
{
	unsigned tens, ones;
	uint32_t eight;
	int64_t part;

	if (t.n < 12 || t.p[10] != '.' || !qos_digits_read8(t.p, &eight))
		return false;
	tens = (unsigned char)(t.p[8] - '0');
	ones = (unsigned char)(t.p[9] - '0');
	if (tens > 9 || ones > 9 || !decimals_of(t.p + 11, t.p + t.n, NS_S, &part))
		return false;
	eight = eight > 92233719 ? 0 : eight; /* near the end of the range the careful way decides */
	*ns = (eight * 100LL + tens * 10 + ones) * NS_S + part;
	return eight != 0;
}

/* Epoch numbers of the usual kind: perhaps a minus, digits, perhaps a point and digits. */
static bool parse_plain(struct qos_str t, int64_t *ns, enum qos_time_form *form)
{
	const char *p = t.p, *end = p + t.n;
	bool negative = t.n > 1 && *p == '-';
	uint64_t whole;
	int64_t part = 0, result;
	size_t n;

	p += negative;
	n = whole_of(p, end, &whole);
	p += n;
	if (n == 0 || whole > INT64_MAX)
		return false;
	*form = form_of((int64_t)whole);
	if (p < end && (*p != '.' || !decimals_of(p + 1, end, unit_ns[*form], &part)))
		return false;
	if (__builtin_mul_overflow((int64_t)whole, unit_ns[*form], &result) ||
	    __builtin_add_overflow(result, part, &result))
		return false;
	*ns = negative ? -result : result;
	return true;
}

/* The rare ones: a plus, exponents. */
static int parse_epoch(struct qos_str t, int64_t *ns, enum qos_time_form *form)
{
	struct qos_decimal d;
	bool negative;
	int64_t whole;

	if (t.n == 0 || qos_decimal_read(t, &d) != t.n)
		return -1;
	negative = d.negative;
	d.negative = false;
	if (!qos_decimal_scale(&d, 1, 1, &whole))
		return -1;
	*form = form_of(whole);
	if (!qos_decimal_scale(&d, unit_ns[*form], 1, ns))
		return -1;
	if (negative)
		*ns = -*ns;
	return 0;
}

int qos_timestamp_parse(struct qos_str t, int64_t *ns, enum qos_time_form *form, int64_t cache[2], char *why)
{
	if (parse_seconds(t, ns)) {
		*form = QOS_TIME_S;
		return 0;
	}
	if (parse_plain(t, ns, form))
		return 0;
	if (t.n >= 19 && t.p[4] == '-') {
		*form = QOS_TIME_RFC3339;
		return parse_iso(t, ns, cache) ? refuse(why, t) : 0;
	}
	if (t.n >= 20 && t.p[2] == '/') {
		*form = QOS_TIME_CLF;
		return parse_clf(t, ns, cache) ? refuse(why, t) : 0;
	}
	return parse_epoch(t, ns, form) ? refuse(why, t) : 0;
}

/* --- back to text --- */

static char *two(char *p, unsigned x)
{
	qos_digits_write2(p, x);
	return p + 2;
}

/* The last n decimals of a fraction x < 10^n, trailing zeros left out. */
static char *decimals(char *p, uint32_t x, int n)
{
	for (; n < 9; n++)
		x *= 10;
	return qos_digits_fraction(p, x);
}

static char *write_iso(char *p, int64_t ns)
{
	int64_t days = ns / NS_DAY, rest = ns % NS_DAY;
	int year, month, day;
	unsigned s;

	if (rest < 0) {
		rest += NS_DAY;
		days--;
	}
	date_of(days, &year, &month, &day);
	s = (unsigned)(rest / NS_S);
	p = two(p, (unsigned)year / 100);
	p = two(p, (unsigned)year % 100);
	*p++ = '-';
	p = two(p, (unsigned)month);
	*p++ = '-';
	p = two(p, (unsigned)day);
	*p++ = 'T';
	p = two(p, s / 3600);
	*p++ = ':';
	p = two(p, s / 60 % 60);
	*p++ = ':';
	p = two(p, s % 60);
	p = decimals(p, (uint32_t)(rest % NS_S), 9);
	*p++ = 'Z';
	return p;
}

/* ns in units of unit ns, with n decimals; inlined, since a division by a constant is a multiplication. */
static inline __attribute__((always_inline)) char *write_number(char *p, int64_t ns, int64_t unit, int n)
{
	uint64_t x = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;

	if (ns < 0)
		*p++ = '-';
	p = qos_digits_write(p, x / (uint64_t)unit);
	return decimals(p, (uint32_t)(x % (uint64_t)unit), n);
}

size_t qos_timestamp_write(char *p, int64_t ns, enum qos_time_form form)
{
	char *end;

	switch (form) {
	case QOS_TIME_MS: end = write_number(p, ns, 1000000, 6); break;
	case QOS_TIME_US: end = write_number(p, ns, 1000, 3); break;
	case QOS_TIME_NS: end = write_number(p, ns, 1, 0); break;
	case QOS_TIME_RFC3339:
	case QOS_TIME_CLF: end = write_iso(p, ns); break;
	default: end = write_number(p, ns, NS_S, 9); break;
	}
	return (size_t)(end - p);
}

size_t qos_seconds_write(char *p, int64_t ns)
{
	return (size_t)(write_number(p, ns, NS_S, 9) - p);
}
