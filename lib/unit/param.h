/*
 * Parameters of plug-ins: one table of rows feeds the parser, the defaults and the help.
 *
 * A row says where a value lives in the member's struct and, as a user would write them, its default and its limits.
 * `NAME,key=value,key=value` is how parameters are given, on the command line and in the configuration.
 */
#ifndef QOS_UNIT_PARAM_H
#define QOS_UNIT_PARAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

enum qos_param_kind {
	QOS_PARAM_DURATION, /* int64_t ns */
	QOS_PARAM_SIZE,     /* int64_t bytes */
	QOS_PARAM_BITRATE,  /* int64_t bit/s */
	QOS_PARAM_COUNT,    /* int64_t */
	QOS_PARAM_SHARE,    /* double 0..1 */
	QOS_PARAM_NUMBER,   /* double */
	QOS_PARAM_TRUTH,    /* bool: true, false, yes, no, 1, 0; the key alone is true */
};

struct qos_param {
	const char *name; /* NULL ends a table */
	enum qos_param_kind kind;
	size_t offset;
	const char *by_default;   /* NULL: zero, and the row has no default to show */
	const char *least, *most; /* NULL: no limit */
	const char *help;
};

/* Puts the defaults of a table into the struct at `base`. */
void qos_params_default(const struct qos_param *table, void *base);
/*
 * Reads `key=value,key=value` into it, on top of what is there; an empty text changes nothing.
 *
 * Fails  QOS_EUSAGE for an unknown key (with the nearest one), a value that is none, or one out of its limits.
 */
int qos_params_read(const struct qos_param *table, void *base, struct qos_str text, struct qos_err *err);
/* A line for each row: name, default, meaning; appended to b. */
void qos_params_help(const struct qos_param *table, struct qos_buf *b);

/* Splits `NAME,rest` at its first comma. */
struct qos_str qos_params_name(struct qos_str text, struct qos_str *rest);

#endif
