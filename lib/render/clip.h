/* Names from input, safe on a terminal and no wider than a column. */
#ifndef QOS_RENDER_CLIP_H
#define QOS_RENDER_CLIP_H

#include <stdbool.h>

#include "base/str.h"

#define QOS_CLIP_BYTES 256

/*
 * Control characters and what is not UTF-8 become '?'.  What is longer than so many columns is cut, and shows it.
 *
 * to     [QOS_CLIP_BYTES] written: a C string
 * utf8   the mark of a cut may be beyond ASCII
 *
 * Returns  columns that it takes.
 */
int qos_clip(char *to, struct qos_str name, int most_columns, bool utf8);

#endif
