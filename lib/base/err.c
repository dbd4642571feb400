/* Fills in struct qos_err: place, text, cause; and finds the nearest name for "did you mean". */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Writes "file:line:column: " and gives its length. */
static size_t write_place(char *p, size_t room, struct qos_at at)
{
	int n = 0;

	if (!at.file)
		return 0;
	if (at.line > 0 && at.column > 0)
		n = snprintf(p, room, "%s:%d:%d: ", at.file, at.line, at.column);
	else if (at.line > 0)
		n = snprintf(p, room, "%s:%d: ", at.file, at.line);
	else
		n = snprintf(p, room, "%s: ", at.file);
	return n < 0 ? 0 : (size_t)n < room ? (size_t)n : room - 1;
}

int qos_fail(struct qos_err *err, enum qos_code code, struct qos_at at, const char *format, ...)
{
	va_list args;
	size_t n;

	if (!err)
		return code;
	err->code = code;
	n = write_place(err->text, sizeof(err->text), at);
	va_start(args, format);
	vsnprintf(err->text + n, sizeof(err->text) - n, format, args);
	va_end(args);
	return code;
}

int qos_fail_errno(struct qos_err *err, const char *format, ...)
{
	int cause = errno;
	va_list args;
	size_t n;

	if (!err)
		return QOS_EIO;
	err->code = QOS_EIO;
	va_start(args, format);
	vsnprintf(err->text, sizeof(err->text), format, args);
	va_end(args);
	n = strlen(err->text);
	snprintf(err->text + n, sizeof(err->text) - n, ": %s", strerror(cause));
	return QOS_EIO;
}

int qos_fail_memory(struct qos_err *err, const char *what)
{
	return qos_fail(err, QOS_EIO, QOS_NOWHERE, "out of memory: %s", what);
}

#define NEAREST_BYTES 48 /* names are short; longer ones are not compared */

/* Levenshtein's distance of two short texts, case folded, one row at a time. */
static size_t distance(const char *a, size_t n_a, const char *b, size_t n_b)
{
	size_t row[NEAREST_BYTES + 1];

	for (size_t j = 0; j <= n_b; j++)
		row[j] = j;
	for (size_t i = 1; i <= n_a; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= n_b; j++) {
			size_t change = diagonal + ((a[i - 1] | 32) != (b[j - 1] | 32));

			diagonal = row[j];
			if (row[j] + 1 < change)
				change = row[j] + 1;
			if (row[j - 1] + 1 < change)
				change = row[j - 1] + 1;
			row[j] = change;
		}
	}
	return row[n_b];
}

const char *qos_nearest(const char *wrong, size_t wrong_bytes, const char *const *names, size_t n)
{
	const char *best = NULL;
	size_t best_distance = wrong_bytes / 3 + 1;

	if (wrong_bytes > NEAREST_BYTES)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		size_t bytes = strlen(names[i]);
		size_t d = bytes > NEAREST_BYTES ? best_distance + 1 : distance(wrong, wrong_bytes, names[i], bytes);

		if (wrong_bytes >= 3 && strncmp(wrong, names[i], wrong_bytes) == 0)
			d = 1; /* the beginning of a name */

		if (d < best_distance || (d == best_distance && !best)) {
			best = names[i];
			best_distance = d;
		}
	}
	return best;
}
