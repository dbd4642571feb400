/* A file that is replaced as a whole or not at all. */
#ifndef QOS_IO_REPLACE_H
#define QOS_IO_REPLACE_H

#include "base/err.h"
#include "base/str.h"

/*
 * Writes bytes beside the file, to disk, and renames: who reads it sees the old bytes or the new ones.  What is no
 * regular file (/dev/stdout, a pipe) is written into as it is.
 *
 * Fails  QOS_EIO; then the old file stands, and what was written beside it is gone.
 */
int qos_replace(const char *file, struct qos_str bytes, struct qos_err *err);

#endif
