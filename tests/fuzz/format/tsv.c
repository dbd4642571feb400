/* No byte sequence breaks tsv. */
#include "tests/fuzz/format.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);
FUZZ_FORMAT(&qos_format_tsv)
