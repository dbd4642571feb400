/*
 * Problems of a configuration: all of them at once, each with its place, the line, and a caret under the place.
 */
#ifndef QOS_CONFIG_PROBLEM_H
#define QOS_CONFIG_PROBLEM_H

#include "config/config.h"

struct qos_problems {
	struct qos_buf *text; /* where they are gathered */
	int n;
	struct qos_str source; /* of the user's file, for the line shown */
	const char *file;      /* its name: only places in it show their line */
	struct qos_err *first; /* gets the first one */
};

/* Adds one. */
void qos_problem(struct qos_problems *p, struct qos_at at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
