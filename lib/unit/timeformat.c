/*
 * strptime does the work between the fractions, which it does not know.
 *
 * It is given what stands between two %f as one format; a day that the text does not tell is recognised by a mark that
 * no conversion sets.
 *
 * Cost   strptime's, 100 to 300 ns.
 */
#include "unit/timeformat.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define TEXT_BYTES   128 /* of a time stamp */
#define FORMAT_BYTES 128
#define NS_PER_S     1000000000LL
#define NOT_TOLD     INT32_MIN

static const char conversions[] = "%aAbBcCdDeFgGhHIjklmMnpPrRsStTuUVwWxXyYzZf";

int qos_timeformat_check(const char *format, char *why)
{
	int n = 0;

	if (strlen(format) >= FORMAT_BYTES) {
		snprintf(why, 120, "is longer than %d bytes", FORMAT_BYTES - 1);
		return -1;
	}
	for (const char *p = format; *p; p++) {
		if (*p != '%')
			continue;
		const char *of = ++p;

		p += *p == 'E' || *p == 'O';
		if (!*p || !strchr(conversions, *p) || (p > of && (*p == '%' || *p == 'f'))) {
			snprintf(why, 120, "%%%.2s is no conversion of strptime(3), and not %%f for a fraction", of);
			return -1;
		}
		n += *p != '%';
	}
	if (!n)
		snprintf(why, 120, "has no conversion; write for example %%d.%%m.%%Y %%H:%%M:%%S.%%f");
	return n ? 0 : -1;
}

/* Digits at p as ns.   Returns  what stands behind them, NULL when there is none. */
static const char *take_fraction(const char *p, int64_t *ns)
{
	int64_t unit = NS_PER_S / 10;
	const char *start = p;

	*ns = 0;
	for (; *p >= '0' && *p <= '9'; p++, unit /= 10)
		*ns += (*p - '0') * unit;
	return p > start ? p : NULL;
}

/* The next %f of a checked format, no %%f. */
static const char *find_fraction(const char *format)
{
	for (const char *p = format; *p; p++)
		if (*p == '%' && *++p == 'f')
			return p - 1;
	return NULL;
}

static const char *take_part(const char *text, const char *format, size_t n, struct tm *tm)
{
	char part[FORMAT_BYTES];

	memcpy(part, format, n);
	part[n] = '\0';
	return n ? strptime(text, part, tm) : text;
}

static int64_t seconds_of(struct tm *tm, int year)
{
	bool has_day = tm->tm_mday != NOT_TOLD, has_month = tm->tm_mon != NOT_TOLD;
	bool has_day_of_year = tm->tm_yday != NOT_TOLD;
	long east_s = tm->tm_gmtoff;

	if (tm->tm_year == NOT_TOLD)
		tm->tm_year = has_day || has_month || has_day_of_year ? year - 1900 : 70;
	if (!has_month)
		tm->tm_mon = 0;
	if (!has_day)
		tm->tm_mday = 1;
	if (!has_month && has_day_of_year) /* timegm takes a 200th of January */
		tm->tm_mday = tm->tm_yday + 1;
	return timegm(tm) - east_s;
}

int qos_timeformat_parse(const char *format, int year, struct qos_str text, int64_t *ns)
{
	struct tm tm = { .tm_year = NOT_TOLD, .tm_mon = NOT_TOLD, .tm_mday = NOT_TOLD, .tm_yday = NOT_TOLD };
	char copy[TEXT_BYTES];
	const char *p = copy, *fraction;
	int64_t fraction_ns = 0;
	__int128 exact;

	if (text.n >= sizeof(copy) || memchr(text.p, '\0', text.n))
		return -1;
	memcpy(copy, text.p, text.n);
	copy[text.n] = '\0';
	while ((fraction = find_fraction(format)) && p) {
		p = take_part(p, format, (size_t)(fraction - format), &tm);
		p = p ? take_fraction(p, &fraction_ns) : NULL;
		format = fraction + 2;
	}
	p = p ? take_part(p, format, strlen(format), &tm) : NULL;
	if (!p || p[strspn(p, " \t\r")])
		return -1;
	exact = (__int128)seconds_of(&tm, year) * NS_PER_S + fraction_ns;
	*ns = (int64_t)exact;
	return *ns == exact ? 0 : -1;
}
