/* How checks came out, for CI: TAP (version 13) and JUnit's XML. */
#ifndef QOS_RENDER_VERDICT_H
#define QOS_RENDER_VERDICT_H

#include "base/buf.h"

struct qos_verdict {
	struct qos_str text; /* the check, as it was given */
	bool holds;
	struct qos_str why; /* if it does not: the values */
};

/* A line for each, and why below those that failed. */
void qos_verdicts_tap(const struct qos_verdict *v, int n, struct qos_buf *b);
/* One suite named after the program. */
void qos_verdicts_junit(const struct qos_verdict *v, int n, const char *suite, struct qos_buf *b);

#endif
