/* UTF-8 as RFC 3629 has it: shortest forms, no surrogates, up to U+10FFFF. */
#ifndef QOS_BASE_UTF8_H
#define QOS_BASE_UTF8_H

#include <stddef.h>

/* Bytes of the well-formed sequence at p, 1..4; 0 when there is none.  p < end. */
size_t qos_utf8_length(const char *p, const char *end);

#endif
