/* No file breaks the configuration; one that loads can be dumped and checked. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "config/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static int file = -1;
	char name[32];
	struct qos_config *config = NULL;
	struct qos_buf dump = { 0 };
	struct qos_err err;

	if (file < 0)
		file = memfd_create("fuzz", 0);
	snprintf(name, sizeof(name), "/proc/self/fd/%d", file);
	if (ftruncate(file, 0) != 0 || pwrite(file, bytes, n, 0) != (ssize_t)n)
		abort();
	if (qos_config_load(&config, name, NULL, 0, &err) == 0) {
		qos_config_validate(config, &err);
		qos_config_dump(config, &dump);
	}
	qos_buf_free(&dump);
	qos_config_free(config);
	return 0;
}
