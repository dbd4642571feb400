/*
 * No model file breaks the learner: it is refused, or guesses, learns and is saved.
 *
 * Checksums are set right first, else nothing behind them would ever be reached.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xxhash.h>

#include "classify/learner.h"

#define HEAD_BYTES    16
#define SECTION_BYTES 24

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void mend(uint8_t *p, size_t n)
{
	for (size_t at = HEAD_BYTES; at + SECTION_BYTES <= n;) {
		uint64_t length, sum;
		uint32_t name;

		memcpy(&name, p + at, 4);
		memcpy(&length, p + at + 8, 8);
		if (length > n - at - SECTION_BYTES)
			return;
		sum = XXH3_64bits_withSeed(p + at + SECTION_BYTES, length, name);
		memcpy(p + at + 16, &sum, 8);
		at += SECTION_BYTES + length;
	}
}

static void use(struct qos_learner *l)
{
	static const char text[] = "health_check 1500 a message with some words";
	struct qos_cell cell[QOS_N_KNOWN] = { 0 };
	struct qos_record r = { .bytes = text, .n_bytes = sizeof(text) - 1, .cell = cell, .class = -1, .adapter = -1 };
	struct qos_guess g;

	cell[QOS_F_TYPE] = (struct qos_cell){ 0, 12, QOS_CELL_TEXT };
	cell[QOS_F_SIZE] = (struct qos_cell){ 13, 4, QOS_CELL_TEXT };
	cell[QOS_F_PAYLOAD] = (struct qos_cell){ 18, sizeof(text) - 19, QOS_CELL_TEXT };
	qos_learner_guess(l, &r, &g);
	qos_learner_why(l, &r, &g);
	qos_learner_teach(l, 0);
	qos_learner_guess(l, &r, &g);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static struct qos_config *config;
	static int file = -1;
	struct qos_learner_options options = { .learn = true, .explain = true, .n_epochs = 1 };
	struct qos_fields *fields = NULL;
	struct qos_learner *l = NULL;
	struct qos_buf text = { 0 };
	uint8_t *copy = malloc(n + 1);
	struct qos_err err;
	char name[32];

	if (file < 0) {
		file = memfd_create("fuzz", 0);
		if (qos_config_load(&config, NULL, NULL, 0, &err))
			abort();
	}
	memcpy(copy, bytes, n);
	mend(copy, n);
	snprintf(name, sizeof(name), "/proc/self/fd/%d", file);
	if (ftruncate(file, 0) != 0 || pwrite(file, copy, n, 0) != (ssize_t)n)
		abort();
	options.file = name;
	qos_learner_describe(name, &text, &err);
	qos_fields_new(&fields, &err);
	if (qos_learner_new(&l, config, fields, &options, &err) == 0)
		use(l);
	qos_learner_free(l);
	qos_fields_free(fields);
	qos_buf_free(&text);
	free(copy);
	return 0;
}
