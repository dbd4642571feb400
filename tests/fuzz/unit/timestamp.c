/* What is read as a time is written as one, and read back as the same. */
#include "unit/timestamp.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	char *copy = malloc(n + 32), why[200], text[64]; /* the record block has readable bytes behind its end */
	int64_t ns, again, cache[2] = { 0, 0 };
	enum qos_time_form form, form2;

	memcpy(copy, bytes, n);
	memset(copy + n, 0, 32);
	if (qos_timestamp_parse((struct qos_str){ copy, n }, &ns, &form, cache, why) == 0 && form == QOS_TIME_RFC3339) {
		n = qos_timestamp_write(text, ns, form);
		if (qos_timestamp_parse((struct qos_str){ text, n }, &again, &form2, cache, why) != 0 || again != ns)
			abort();
	}
	free(copy);
	return 0;
}
