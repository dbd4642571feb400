/* No text breaks the parsers of durations, sizes, rates, shares and numbers. */
#include "unit/unit.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	char *copy = malloc(n + 1), why[200]; /* exactly as long: reading behind it is found */
	struct qos_str text = { copy, n };
	int64_t a, b;
	double x;

	memcpy(copy, bytes, n);
	qos_unit_duration(text, 1, &a, why);
	qos_unit_size(text, &a, why);
	qos_unit_bitrate(text, &a, why);
	qos_unit_msgrate(text, &a, &b, why);
	if (qos_unit_share(text, &x, why) == 0 && !(x >= 0))
		abort();
	qos_unit_count(text, &a, why);
	qos_unit_number(text, &x);
	qos_unit_seconds(text, &a);
	qos_unit_bytes(text, &a);
	free(copy);
	return 0;
}
