/*
 * The smallest parts of JSON: is this a number, are these escapes right?
 */
#ifndef QOS_FORMAT_JSON_VALUE_H
#define QOS_FORMAT_JSON_VALUE_H

#include <stdbool.h>

/*
 * Where the number at p ends that is the longest by RFC 8259.
 *
 * p	64 bytes behind the end of the text are readable and no part of a number follows it there
 *
 * Returns  NULL when there is none.
 */
const char *qos_json_number_end(const char *p);
/* Is the text a number by RFC 8259?  Needs nothing behind it. */
bool qos_json_is_number(const char *p, const char *end);

/*
 * Looks at the escapes between the quotes of a string: the eight letters, \uXXXX, surrogates in pairs.
 *
 * Returns  NULL when they are right; else what is wrong, in a lasting text, and *wrong where.
 */
const char *qos_json_check_escapes(const char *p, const char *end, const char **wrong);

#endif
