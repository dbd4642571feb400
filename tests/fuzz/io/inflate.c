/* No byte sequence breaks the unpacking, whatever the sizes of its steps. */
#include "io/inflate.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	enum qos_packing packing = qos_packing_of((struct qos_str){ (const char *)bytes, n });
	struct qos_inflate *z;
	char to[997];
	size_t at = 0, given = n < 13 ? n : 13, left, n_to;

	if (packing <= QOS_PACKING_UNSURE || qos_inflate_new(&z, packing, NULL) != 0)
		return 0;
	for (int i = 0; i < 2000; i++) {
		left = given;
		n_to = sizeof(to);
		if (qos_inflate_step(z, (const char *)bytes + at, &left, to, &n_to, at + given == n))
			break;
		if (left > given || n_to > sizeof(to))
			abort();
		if (left == given && n_to == 0 && at + given == n)
			break;
		at += given - left;
		given = n - at < 13 ? n - at : 13;
	}
	qos_inflate_free(z);
	return 0;
}
