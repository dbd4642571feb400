/* UTF-8 as RFC 3629 has it: shortest forms, no surrogates, up to U+10FFFF. */
#ifndef QOS_BASE_UTF8_H
#define QOS_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of the well-formed sequence at p, 1..4; 0 when there is none.  p < end. */
size_t qos_utf8_length(const char *p, const char *end);

/*
 * Columns that a well-formed sequence takes on a terminal: 2 of East Asian wide characters and pictures, 0 of marks
 * that join the character before, 1 of all others.   After  Unicode's East_Asian_Width, by blocks.
 */
int qos_utf8_columns(const char *p, size_t n);
/* Must it not reach a terminal?  Controls of both sets, and those that turn the direction of what follows. */
bool qos_utf8_is_control(const char *p, size_t n);

#endif
