/*
 * How a failure travels: a negative code for the program, one line for the person.
 *
 * The spot that knows most fills in the error (where, what, what to do); everyone above passes it on unchanged, and the
 * command prints it.  Nothing in the library prints.
 */
#ifndef QOS_BASE_ERR_H
#define QOS_BASE_ERR_H

#include <stdbool.h>
#include <stddef.h>

/* Each code names an exit status of the filters: -code. */
enum qos_code {
	QOS_OK = 0,
	QOS_ECHECK = -1,  /* a check that the user asked for failed */
	QOS_EUSAGE = -2,  /* usage or configuration */
	QOS_EINPUT = -3,  /* bad input */
	QOS_EIO = -4,     /* I/O, memory, or another service of the system */
	QOS_EDAMAGE = -5, /* a damaged model or state file */
};

/* A place in a text: file:line:column.  line 0: no place known; column 0: the whole line. */
struct qos_at {
	const char *file;
	int line;
	int column;
};

#define QOS_NOWHERE ((struct qos_at){ NULL, 0, 0 })

struct qos_err {
	enum qos_code code;
	char text[512]; /* "file:12:14: what; what to do", one line, no newline at the end */
};

/*
 * Fills in err (may be NULL) and gives the code back, so that a caller writes `return qos_fail(...)`.
 *
 * at	place in a text, put in front as file:line:column; QOS_NOWHERE for none.
 */
int qos_fail(struct qos_err *err, enum qos_code code, struct qos_at at, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* The same for a failed call of the system: appends strerror(errno) to the text and gives QOS_EIO. */
int qos_fail_errno(struct qos_err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Out of memory while doing `what`; gives QOS_EIO. */
int qos_fail_memory(struct qos_err *err, const char *what);

/*
 * The name in names[0..n) that is nearest to `wrong` (edit distance at most a third of its length), for "did you mean".
 *
 * Returns  NULL when none is near.   Owns  nothing.   Cost  O(n * length^2); only for messages.
 */
const char *qos_nearest(const char *wrong, size_t wrong_bytes, const char *const *names, size_t n);

#endif
