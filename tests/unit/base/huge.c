/* Large pieces of memory. */
#include "base/huge.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/test.h"

static void aligned(void)
{
	static const size_t sizes[] = { 0, 1, 4096, QOS_HUGE_PAGE - 1, QOS_HUGE_PAGE, 3 * QOS_HUGE_PAGE + 5 };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		char *p = qos_huge_get(sizes[i]);

		CHECK(p != NULL);
		if (sizes[i] >= QOS_HUGE_PAGE)
			CHECK_INT((uintptr_t)p % QOS_HUGE_PAGE, 0);
		memset(p, 'x', sizes[i]);
		free(p);
	}
}

int main(void)
{
	RUN("a piece of at least a huge page is aligned to one", aligned);
	return DONE();
}
