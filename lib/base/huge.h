/*
 * Large pieces of memory that are visited all over: on huge pages, where the system has them to give, a visit does not
 * look its page up in memory first.
 */
#ifndef QOS_BASE_HUGE_H
#define QOS_BASE_HUGE_H

#include <stddef.h>

#define QOS_HUGE_PAGE ((size_t)2 << 20)

/*
 * Memory of `bytes`, not zeroed, aligned to a huge page if it is at least one.
 *
 * Returns  NULL when memory ran out.
 * Owns	    the caller: free() it.
 */
void *qos_huge_get(size_t bytes);

#endif
