/*
 * Names of DSCP values.
 *
 * After  RFC 2474 (CS), RFC 2597 (AF), RFC 3246 (EF), RFC 5865 (VA), RFC 8622 (LE).
 */
#include "unit/dscp.h"

#include <strings.h>

static bool is(struct qos_str text, const char *name)
{
	return text.n == 2 && strncasecmp(text.p, name, 2) == 0;
}

/* The digit at p if it is one from `least` to `most`, or 0. */
static int digit(const char *p, int least, int most)
{
	int x = *p - '0';

	return x >= least && x <= most ? x : 0;
}

static int parse_number(struct qos_str text)
{
	int x = 0;

	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] < '0' || text.p[i] > '9')
			return -1;
		x = x * 10 + text.p[i] - '0';
	}
	return text.n && text.n <= 2 && x <= QOS_DSCP_MOST ? x : -1;
}

int qos_dscp_parse(struct qos_str text)
{
	if (is(text, "EF"))
		return 46;
	if (is(text, "VA"))
		return 44;
	if (is(text, "LE"))
		return 1;
	if (is(text, "DF") || is(text, "BE"))
		return 0;
	if (text.n == 3 && strncasecmp(text.p, "CS", 2) == 0 && text.p[2] >= '0' && text.p[2] <= '7')
		return 8 * (text.p[2] - '0');
	if (text.n == 4 && strncasecmp(text.p, "AF", 2) == 0) {
		int class = digit(text.p + 2, 1, 4), drop = digit(text.p + 3, 1, 3);

		return class && drop ? 8 * class + 2 * drop : -1;
	}
	return parse_number(text);
}
