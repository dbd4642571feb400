/*
 * Which one?  Weighted choices among names, and among numbered streams, evenly or by Zipf's law.
 */
#ifndef QOS_GEN_MIX_H
#define QOS_GEN_MIX_H

#include <stdint.h>

#include "base/rng.h"
#include "base/str.h"

#define QOS_CHOICE_MOST 16
#define QOS_TOKEN_BYTES 32 /* a name with room behind it, so that it is copied in one piece */

struct qos_token {
	char text[QOS_TOKEN_BYTES];
	uint8_t n;
};

struct qos_choice {
	int n;
	uint32_t upto[QOS_CHOICE_MOST]; /* running share of 2^32, the last one all of it */
	struct qos_token name[QOS_CHOICE_MOST];
};

/*
 * Reads `alert` or `alert:30+health_check:70`: names of letters, digits, '_', '-', '.', with weights (default 1).
 *
 * Returns  0, or -1 with why (size 160).
 */
int qos_choice_parse(struct qos_str text, struct qos_choice *c, char *why);
/* The name that 32 random bits choose. */
static inline int qos_choice_pick(const struct qos_choice *c, uint32_t bits)
{
	int i = 0;

	while (bits > c->upto[i])
		i++;
	return i;
}
/* Is text made of letters, digits, '_', '-', '.' alone and fits into a token? */
int qos_token_set(struct qos_token *t, struct qos_str text);

/* Streams 0..n-1; the k-th has weight (k + 1)^-exponent. */
struct qos_zipf {
	uint64_t n;
	double exponent; /* 0: all alike */
	double h_first, h_last, shortcut;
};

/* n in 1..2^40, 0 <= exponent <= 20. */
void qos_zipf_init(struct qos_zipf *z, uint64_t n, double exponent);
uint64_t qos_zipf_draw(const struct qos_zipf *z, struct qos_rng *r);

#endif
