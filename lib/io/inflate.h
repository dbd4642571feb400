/*
 * Compressed bytes back to what they were: gzip, zstd and xz, told by their magic numbers, as they arrive.
 */
#ifndef QOS_IO_INFLATE_H
#define QOS_IO_INFLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

enum qos_packing { QOS_PACKING_NONE, QOS_PACKING_UNSURE, QOS_PACKING_GZIP, QOS_PACKING_ZSTD, QOS_PACKING_XZ };

#define QOS_PACKING_HEAD_BYTES 6 /* of the longest magic number */

struct qos_inflate;

/* What do these first bytes begin?  QOS_PACKING_UNSURE: so far as they go it may be one; ask again with more. */
enum qos_packing qos_packing_of(struct qos_str head);

/* packing	one of the three that can be undone */
int qos_inflate_new(struct qos_inflate **z, enum qos_packing packing, struct qos_err *err);
/* Frees it; takes NULL. */
void qos_inflate_free(struct qos_inflate *z);

/*
 * Takes packed bytes and gives unpacked ones, as far as either goes.
 *
 * from, *n_from  what is there; *n_from becomes what is left of it, the end of the bytes
 * to, *n_to	  room; *n_to becomes what was written
 * last		  no more packed bytes will come
 *
 * Returns  NULL; or what is wrong with the bytes, in a lasting text.
 */
const char *qos_inflate_step(struct qos_inflate *z, const char *from, size_t *n_from, char *to, size_t *n_to,
			     bool last);
/* Was everything taken so far a whole number of streams? */
bool qos_inflate_whole(const struct qos_inflate *z);
/* "gzip", "zstd", "xz" */
const char *qos_inflate_name(const struct qos_inflate *z);

#endif
