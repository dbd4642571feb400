/* No byte sequence breaks the search for the format; what is packed is unpacked. */
#include "tests/fuzz/format.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);
FUZZ_FORMAT(NULL)
