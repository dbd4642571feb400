/* A description and a text: neither breaks the parser. */
#include "unit/timeformat.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	char *copy = malloc(n + 1), why[120];
	int64_t ns;
	size_t n_format;

	memcpy(copy, bytes, n);
	copy[n] = '\0';
	n_format = strlen(copy);
	if (qos_timeformat_check(copy, why) == 0 && n_format < n)
		qos_timeformat_parse(copy, 2000, (struct qos_str){ copy + n_format + 1, n - n_format - 1 }, &ns);
	free(copy);
	return 0;
}
