/*
 * What varies in a log message by its looks: numbers, addresses, paths, host names, dates.
 */
#ifndef QOS_CLASSIFY_MASK_H
#define QOS_CLASSIFY_MASK_H

#include "base/str.h"

#define QOS_MASK_ROOM 512 /* bytes of a masked message; what is longer ends there */

/*
 * Writes the message with `*` for each part that looks like a value, words parted by one space.
 *
 * out	    [QOS_MASK_ROOM]
 * Returns  its bytes.	 Cost  O(bytes), about 1 ns each.
 */
size_t qos_mask(struct qos_str text, char *out);

#endif
