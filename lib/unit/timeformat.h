/*
 * Time stamps in a form that the user describes, as strptime(3) does, with %f for the fraction.
 */
#ifndef QOS_UNIT_TIMEFORMAT_H
#define QOS_UNIT_TIMEFORMAT_H

#include <stdint.h>

#include "base/str.h"

/*
 * Is it a description of a moment?
 *
 * format	conversions of strptime(3), and %f: digits of a fraction of a second, any number of them
 *
 * Returns  0; -1 with why (size 120) saying what is wrong with it.
 */
int qos_timeformat_check(const char *format, char *why);
/*
 * A moment by its description; the whole text must be of that form, spaces around it aside.
 *
 * Without a zone (%z) it is UTC; without a date it is of 1970-01-01 and, where a month or a day is told, of `year`.
 * Decimals past the ninth are cut.
 *
 * format	one that was checked
 *
 * Returns  0; -1 when the text is of another form, or outside of 1678 to 2262.
 */
int qos_timeformat_parse(const char *format, int year, struct qos_str text, int64_t *ns);

#endif
