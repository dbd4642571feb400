/* Text that came from input: a pointer and a length, never ended by a zero byte. */
#ifndef QOS_BASE_STR_H
#define QOS_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct qos_str {
	const char *p;
	size_t n; /* bytes */
};

#define QOS_STR(literal) ((struct qos_str){ literal, sizeof(literal) - 1 })
/* for printf's %.*s */
#define QOS_STR_ARG(s)   (int)(s).n, (s).p

static inline struct qos_str qos_str(const char *c_string)
{
	return (struct qos_str){ c_string, strlen(c_string) };
}

static inline bool qos_str_equal(struct qos_str a, struct qos_str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool qos_str_is(struct qos_str a, const char *c_string)
{
	return qos_str_equal(a, qos_str(c_string));
}

/* Byte order, shorter first among equal prefixes; <0, 0, >0 as memcmp. */
static inline int qos_str_compare(struct qos_str a, struct qos_str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n ? memcmp(a.p, b.p, n) : 0;

	return c ? c : (a.n > b.n) - (a.n < b.n);
}

static inline bool qos_str_starts(struct qos_str s, struct qos_str prefix)
{
	return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

static inline bool qos_str_ends(struct qos_str s, struct qos_str suffix)
{
	return s.n >= suffix.n && (suffix.n == 0 || memcmp(s.p + s.n - suffix.n, suffix.p, suffix.n) == 0);
}

#endif
