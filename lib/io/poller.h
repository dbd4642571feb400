/*
 * What a loop must watch for somebody else: descriptors, and moments of CLOCK_MONOTONIC, which are the loop's to wait
 * for.  The library never waits and never asks the time.
 */
#ifndef QOS_IO_POLLER_H
#define QOS_IO_POLLER_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

struct qos_poller {
	/* What to wait for, at most `most` descriptors.   Returns  how many. */
	int (*fds)(void *self, struct pollfd *fd, int most);
	/* They were waited for ([n], of the last fds(); n = 0: without a wait), and it is now_ns: goes on with all. */
	void (*handle)(void *self, const struct pollfd *fd, int n, int64_t now_ns);
	int64_t (*due)(const void *self); /* when to come back without an event; INT64_MAX */
	bool (*full)(const void *self);   /* it has no room: give it no more before a handle() */
	bool (*dead)(const void *self);   /* nothing has worked for so long that there is no hope */
	bool (*busy)(const void *self);   /* it still has something to do */
	void (*finish)(void *self);       /* nothing more will come: ends what it has, until it is no longer busy */
	void (*reopen)(void *self);       /* files were renamed: begins new ones */
	void *self;
};

#endif
