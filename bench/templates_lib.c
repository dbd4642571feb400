/* Messages mined for templates a second, in the library: lines of a file, or some made here, in memory. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "classify/miner.h"

static size_t make_lines(char *p, size_t room)
{
	static const char *const user[] = { "ann", "bob", "eve", "joe", "kim", "lea" };
	size_t n = 0;

	for (int i = 0; i < 50000 && n < room - 400; i++) {
		n += (size_t)sprintf(p + n, "Failed password for invalid user %s from 10.0.%d.%d port %d ssh2\n",
				     user[i % 6], i % 250, i % 83, 1024 + i);
		n += (size_t)sprintf(p + n, "Received block blk_%d of size %d from /10.251.%d.7:50010\n", i * 977,
				     i % 4096, i % 200);
		n += (size_t)sprintf(p + n, "readiness probe of session on gw-%d: timed out after %d ms\n", i % 9,
				     i % 5000);
	}
	return n;
}

int main(int argc, char **argv)
{
	static char bytes[64 << 20];
	struct qos_str line[1 << 16];
	struct qos_miner *m;
	struct qos_miner_counts counts;
	FILE *f = argc > 1 ? fopen(argv[1], "r") : NULL;
	size_t n = f ? fread(bytes, 1, sizeof(bytes), f) : make_lines(bytes, sizeof(bytes)), n_lines = 0;
	struct timespec a, b;
	double s;

	for (char *p = bytes, *end = bytes + n, *nl; n_lines < 1 << 16 && (nl = memchr(p, '\n', (size_t)(end - p)));
	     p = nl + 1)
		line[n_lines++] = (struct qos_str){ p, (size_t)(nl - p) };
	if (!n_lines || qos_miner_new(&m, 100000, 1, NULL))
		return 1;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
	for (size_t done = 0; done < 2000000; done += n_lines)
		for (size_t i = 0; i < n_lines; i++)
			qos_miner_add(m, line[i]);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
	qos_miner_counts(m, &counts);
	s = (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec) / 1e9;
	printf("templates: %.0f lines/s, %llu forms, %zu bytes a line\n", (double)counts.n_messages / s,
	       (unsigned long long)counts.n_forms, n / n_lines);
	qos_miner_free(m);
	return 0;
}
