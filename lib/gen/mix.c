/*
 * Weighted choices.
 *
 * Zipf's law is drawn by rejection-inversion: x^-s is integrated from k - 1/2 to k + 1/2, the integral is inverted in
 * closed form, and the few draws that fall between the curve and its steps are thrown again.  No table, so the number
 * of streams costs nothing.
 *
 * Cost   two or three powers a draw, 1.1 draws on average.
 * After  Hoermann and Derflinger, "Rejection-inversion to generate variates from monotone discrete distributions", ACM
 *	  TOMACS 6(3), 1996.
 */
#include "gen/mix.h"

#include <math.h>
#include <stdio.h>

#include "unit/unit.h"

static bool is_plain(char c)
{
	return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_' || c == '-' || c == '.';
}

int qos_token_set(struct qos_token *t, struct qos_str text)
{
	*t = (struct qos_token){ .n = (uint8_t)text.n };
	if (text.n == 0 || text.n > QOS_TOKEN_BYTES)
		return -1;
	for (size_t i = 0; i < text.n; i++) {
		if (!is_plain(text.p[i]))
			return -1;
		t->text[i] = text.p[i];
	}
	return 0;
}

static int refuse(char *why, struct qos_str text, const char *wrong)
{
	snprintf(why, 160, "\"%.*s\" %s; write for example alert or alert:30+health_check:70",
		 text.n > 40 ? 40 : (int)text.n, text.p, wrong);
	return -1;
}

/* NAME[:WEIGHT] off the front of *rest. */
static int next_choice(struct qos_str *rest, struct qos_token *name, double *weight)
{
	const char *plus = memchr(rest->p, '+', rest->n), *colon;
	struct qos_str piece = { rest->p, plus ? (size_t)(plus - rest->p) : rest->n };

	*weight = 1;
	*rest = plus ? (struct qos_str){ plus + 1, rest->n - piece.n - 1 } : (struct qos_str){ rest->p + rest->n, 0 };
	colon = piece.n ? memchr(piece.p, ':', piece.n) : NULL;
	if (colon) {
		struct qos_str number = { colon + 1, piece.n - (size_t)(colon + 1 - piece.p) };

		if (qos_unit_number(number, weight) || !(*weight >= 0 && *weight <= 1e12))
			return -1;
		piece.n = (size_t)(colon - piece.p);
	}
	return qos_token_set(name, piece);
}

int qos_choice_parse(struct qos_str text, struct qos_choice *c, char *why)
{
	double weight[QOS_CHOICE_MOST], total = 0, sum = 0;
	struct qos_str rest = text;

	*c = (struct qos_choice){ 0 };
	if (qos_str_ends(text, QOS_STR("+")))
		return refuse(why, text, "ends without a name");
	do {
		if (c->n == QOS_CHOICE_MOST)
			return refuse(why, text, "has more than 16 names");
		if (rest.n == 0 || next_choice(&rest, &c->name[c->n], &weight[c->n]))
			return refuse(why, text, "is no list of names of letters, digits, _ - .");
		total += weight[c->n++];
	} while (rest.n);
	if (!(total > 0))
		return refuse(why, text, "has no weight above 0");
	for (int i = 0; i < c->n; i++) {
		double edge = (sum += weight[i]) / total * 0x1p32;

		c->upto[i] = edge < 1 ? 0 : edge >= 0x1p32 ? UINT32_MAX : (uint32_t)(edge - 1);
	}
	for (int i = c->n - 1; i >= 0 && weight[i] == 0; i--)
		c->n--; /* nothing may choose a name of weight 0 at the end */
	c->upto[c->n - 1] = UINT32_MAX;
	return 0;
}

/* Integral of x^-s from 1 to x. */
static double integral(const struct qos_zipf *z, double x)
{
	double t = (1 - z->exponent) * log(x);

	return fabs(t) < 1e-8 ? log(x) * (1 + t / 2) : expm1(t) / (1 - z->exponent);
}

static double inverse(const struct qos_zipf *z, double y)
{
	double t = y * (1 - z->exponent);

	if (t <= -1)
		return INFINITY; /* rounding at the far end of a steep law; the caller keeps it in range */
	return fabs(t) < 1e-8 ? exp(y * (1 - t / 2)) : exp(log1p(t) / (1 - z->exponent));
}

static double density(const struct qos_zipf *z, double x)
{
	return exp(-z->exponent * log(x));
}

void qos_zipf_init(struct qos_zipf *z, uint64_t n, double exponent)
{
	*z = (struct qos_zipf){ .n = n, .exponent = exponent };
	if (exponent == 0)
		return;
	z->h_first = integral(z, 1.5) - 1; /* the first step is one wide and density(1) = 1 high */
	z->h_last = integral(z, (double)n + 0.5);
	z->shortcut =
		2 - inverse(z, integral(z, 2.5) - density(z, 2)); /* this near to its integer every draw is right */
}

uint64_t qos_zipf_draw(const struct qos_zipf *z, struct qos_rng *r)
{
	if (z->exponent == 0)
		return qos_rng_below(r, z->n);
	for (;;) {
		double y = z->h_last + qos_rng_uniform(r) * (z->h_first - z->h_last), x = inverse(z, y),
		       k = floor(x + 0.5);

		k = !(k >= 1) ? 1 : k > (double)z->n ? (double)z->n : k;
		if (k - x <= z->shortcut || y >= integral(z, k + 0.5) - density(z, k))
			return (uint64_t)k - 1;
	}
}
