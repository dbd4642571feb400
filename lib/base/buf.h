/* A growing byte buffer, for reports and messages (not for the path of records, which has io/out.h). */
#ifndef QOS_BASE_BUF_H
#define QOS_BASE_BUF_H

#include "base/str.h"

struct qos_buf {
	char *p;     /* owned; zero byte kept behind the text, so that p is a C string once anything was added */
	size_t n;    /* bytes used */
	size_t room; /* bytes allocated */
	bool failed; /* memory ran out; text was lost; ask once at the end */
};

/* Adds bytes, a C string, or printf text.  After a failure nothing more is added and `failed` is set. */
void qos_buf_add(struct qos_buf *b, const char *p, size_t n);
void qos_buf_puts(struct qos_buf *b, const char *c_string);
void qos_buf_printf(struct qos_buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Adds s as a JSON string with its quotes; bytes that are not UTF-8 become U+FFFD. */
void qos_buf_json(struct qos_buf *b, struct qos_str s);
/* Gives the memory back; the buffer is empty and usable again. */
void qos_buf_free(struct qos_buf *b);

#endif
