/* Large pieces of memory: aligned, and the kernel is told that they may be huge pages. */
#include "base/huge.h"

#include <stdlib.h>
#include <sys/mman.h>

void *qos_huge_get(size_t bytes)
{
	void *p;

	if (bytes < QOS_HUGE_PAGE)
		return malloc(bytes ? bytes : 1);
	if (posix_memalign(&p, QOS_HUGE_PAGE, bytes))
		return NULL;
	madvise(p, bytes, MADV_HUGEPAGE); /* advice: without it all is the same but slower */
	return p;
}
