/*
 * A unit test is a program: TEST(name) { CHECK(...); ... } blocks and one RUN list.  It prints TAP and exits 1 on
 * failure.
 */
#ifndef TESTS_UNIT_TEST_H
#define TESTS_UNIT_TEST_H

#include <stdio.h>
#include <string.h>

static int test_failures, test_number;

#define CHECK(condition)                                                         \
	do {                                                                     \
		if (!(condition)) {                                              \
			printf("# %s:%d: %s\n", __FILE__, __LINE__, #condition); \
			test_failures++;                                         \
		}                                                                \
	} while (0)

#define CHECK_INT(got, want)                                                                              \
	do {                                                                                              \
		long long got_ = (long long)(got), want_ = (long long)(want);                             \
		if (got_ != want_) {                                                                      \
			printf("# %s:%d: %s is %lld, not %lld\n", __FILE__, __LINE__, #got, got_, want_); \
			test_failures++;                                                                  \
		}                                                                                         \
	} while (0)

#define CHECK_TEXT(got, want)                                                                                 \
	do {                                                                                                  \
		const char *got_ = (got), *want_ = (want);                                                    \
		if (strcmp(got_, want_) != 0) {                                                               \
			printf("# %s:%d: %s is \"%s\", not \"%s\"\n", __FILE__, __LINE__, #got, got_, want_); \
			test_failures++;                                                                      \
		}                                                                                             \
	} while (0)

/* a sentence that is true, and the function that checks it */
#define RUN(sentence, function)                                                                              \
	do {                                                                                                 \
		int before_ = test_failures;                                                                 \
		function();                                                                                  \
		printf("%s %d - %s\n", test_failures == before_ ? "ok" : "not ok", ++test_number, sentence); \
	} while (0)

#define DONE() (printf("1..%d\n", test_number), test_failures ? 1 : 0)

#endif
