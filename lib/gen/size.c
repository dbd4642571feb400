/*
 * How large is a record, how long does it take?  Values by inversion of the distribution function.
 *
 * Bounded Pareto: u uniform, low * (1 - u * (1 - (low/high)^a))^(-1/a).  Lognormal: median * exp(sigma * z), z normal
 * by the polar method.  A value is rounded to the nearest whole unit.
 *
 * After  Devroye, "Non-Uniform Random Variate Generation", 1986 (II.2 inversion, V.4.4 polar method).
 */
#include "gen/size.h"

#include <math.h>
#include <stdio.h>

#include "unit/unit.h"

#define VALUE_MOST (1LL << 60) /* a lognormal or exponential tail ends here */

static const char *const kinds[] = { "const", "uniform", "exp", "pareto", "lognormal" };
static const int n_parameters[] = { 1, 2, 1, 3, 2 };

static int refuse(char *why, struct qos_str text, const char *wrong, enum qos_law_unit unit)
{
	snprintf(why, 160, "\"%.*s\" %s; write for example %s", text.n > 30 ? 30 : (int)text.n, text.p, wrong,
		 unit == QOS_LAW_BYTES ? "1500, exp:500, uniform:64:1500, pareto:1.3:4KiB:1MiB or 60%:200,40%:1500"
				       : "10ms, exp:10ms, uniform:1ms:5ms, lognormal:2ms:0.5 or 90%:1ms,10%:50ms");
	return -1;
}

/* Cuts the text up to `end` off the front of *rest. */
static struct qos_str cut(struct qos_str *rest, char end)
{
	const char *p = rest->n ? memchr(rest->p, end, rest->n) : NULL;
	struct qos_str piece = { rest->p, p ? (size_t)(p - rest->p) : rest->n };

	*rest = p ? (struct qos_str){ p + 1, rest->n - piece.n - 1 } : (struct qos_str){ rest->p + rest->n, 0 };
	return piece;
}

static int kind_of(struct qos_str name)
{
	if (qos_str_is(name, "constant"))
		return QOS_LAW_CONSTANT;
	if (qos_str_is(name, "exponential"))
		return QOS_LAW_EXPONENTIAL;
	for (int i = 0; i < 5; i++)
		if (qos_str_is(name, kinds[i]))
			return i;
	return -1;
}

static int value_of(struct qos_str text, enum qos_law_unit unit, int64_t *value)
{
	return unit == QOS_LAW_BYTES ? qos_unit_size(text, value, NULL)
				     : qos_unit_duration(text, 1000000000, value, NULL);
}

/* What must hold between the parameters. */
static const char *check(struct qos_law *law)
{
	switch (law->kind) {
	case QOS_LAW_UNIFORM: return law->high < law->low ? "has its bounds in the wrong order" : NULL;
	case QOS_LAW_PARETO:
		if (law->low < 1 || law->high <= law->low)
			return "needs 0 < lower < upper bound";
		if (!(law->shape >= 0.01 && law->shape <= 100))
			return "needs an exponent of 0.01 to 100";
		law->tail_share = 1 - pow((double)law->low / (double)law->high, law->shape);
		return NULL;
	case QOS_LAW_LOGNORMAL: return !(law->shape >= 0 && law->shape <= 10) ? "needs a deviation of 0 to 10" : NULL;
	default: return NULL;
	}
}

/* [KIND:]A[:B[:C]] */
static int parse_law(struct qos_str text, enum qos_law_unit unit, struct qos_law *law, char *why)
{
	struct qos_str rest = text, piece[4], name = cut(&rest, ':');
	int kind = kind_of(name), n = 0;
	const char *wrong;

	if (kind < 0) {
		rest = text; /* a number alone is a constant */
		kind = QOS_LAW_CONSTANT;
	}
	*law = (struct qos_law){ .kind = (enum qos_law_kind)kind };
	do
		piece[n++] = cut(&rest, ':');
	while (rest.n && n < 4);
	if (rest.n || n != n_parameters[kind])
		return refuse(why, text, kind_of(name) < 0 ? "is no law" : "has the wrong number of parameters", unit);
	if (kind == QOS_LAW_PARETO && qos_unit_number(piece[0], &law->shape))
		return refuse(why, text, "has no number as its exponent", unit);
	if (kind == QOS_LAW_LOGNORMAL && qos_unit_number(piece[1], &law->shape))
		return refuse(why, text, "has no number as its deviation", unit);
	if (value_of(piece[kind == QOS_LAW_PARETO], unit, &law->low) ||
	    (kind == QOS_LAW_UNIFORM && value_of(piece[1], unit, &law->high)) ||
	    (kind == QOS_LAW_PARETO && value_of(piece[2], unit, &law->high)))
		return refuse(why, text, "is no law", unit);
	if (law->low > VALUE_MOST || law->high > VALUE_MOST)
		return refuse(why, text, "is too large", unit);
	wrong = check(law);
	return wrong ? refuse(why, text, wrong, unit) : 0;
}

/* SHARE%:LAW,SHARE%:LAW... */
static int parse_mixture(struct qos_str text, enum qos_law_unit unit, struct qos_size *s, char *why)
{
	struct qos_str rest = text;
	double sum = 0, share;

	while (rest.n) {
		struct qos_str law = cut(&rest, ','), head = cut(&law, ':');

		if (s->n == QOS_LAW_PARTS)
			return refuse(why, text, "has more than 16 parts", unit);
		if (!qos_str_ends(head, QOS_STR("%")) || qos_unit_share(head, &share, NULL))
			return refuse(why, text, "has a part without its share", unit);
		if (parse_law(law, unit, &s->part[s->n], why))
			return -1;
		sum += share;
		s->upto[s->n++] = sum;
	}
	if (fabs(sum - 1) > 1e-9)
		return refuse(why, text, "has shares that do not add up to 100%", unit);
	s->upto[s->n - 1] = 1;
	return 0;
}

int qos_size_parse(struct qos_str text, enum qos_law_unit unit, struct qos_size *s, char *why)
{
	struct qos_str rest = text, head = cut(&rest, ':');

	*s = (struct qos_size){ .least = unit == QOS_LAW_BYTES };
	if (qos_str_ends(text, QOS_STR(":")) || qos_str_ends(text, QOS_STR(",")))
		return refuse(why, text, "ends too early", unit);
	if (qos_str_ends(head, QOS_STR("%")))
		return parse_mixture(text, unit, s, why);
	s->n = 1;
	s->upto[0] = 1;
	return parse_law(text, unit, &s->part[0], why);
}

static double normal(struct qos_rng *r)
{
	double x, y, square;

	do {
		x = 2 * qos_rng_uniform(r) - 1;
		y = 2 * qos_rng_uniform(r) - 1;
		square = x * x + y * y;
	} while (square >= 1 || square == 0);
	return x * sqrt(-2 * log(square) / square);
}

static double draw_law(const struct qos_law *law, struct qos_rng *r)
{
	double low = (double)law->low;

	switch (law->kind) {
	case QOS_LAW_UNIFORM: return low + (double)qos_rng_below(r, (uint64_t)(law->high - law->low) + 1);
	case QOS_LAW_EXPONENTIAL: return low * qos_rng_exponential(r);
	case QOS_LAW_PARETO: return low * pow(1 - qos_rng_uniform(r) * law->tail_share, -1 / law->shape);
	case QOS_LAW_LOGNORMAL: return low * exp(law->shape * normal(r));
	default: return low;
	}
}

int64_t qos_size_draw(const struct qos_size *s, struct qos_rng *r)
{
	const struct qos_law *law = s->part;
	int64_t value;
	double x;

	if (s->n > 1) {
		double u = qos_rng_uniform(r);

		for (int i = 0; u >= s->upto[i]; i++)
			law++;
	}
	if (law->kind == QOS_LAW_CONSTANT)
		return law->low > s->least ? law->low : s->least;
	x = draw_law(law, r);
	value = x >= (double)VALUE_MOST ? VALUE_MOST : (int64_t)(x + 0.5);
	return value > s->least ? value : s->least;
}

static double mean_of(const struct qos_law *law)
{
	double low = (double)law->low, high = (double)law->high, a = law->shape;

	switch (law->kind) {
	case QOS_LAW_UNIFORM: return (low + high) / 2;
	case QOS_LAW_PARETO:
		if (fabs(a - 1) < 1e-9)
			return low * log(high / low) / law->tail_share;
		return a / (a - 1) * low * (1 - pow(low / high, a - 1)) / law->tail_share;
	case QOS_LAW_LOGNORMAL: return low * exp(a * a / 2);
	default: return low;
	}
}

double qos_size_mean(const struct qos_size *s)
{
	double mean = 0, before = 0;

	for (int i = 0; i < s->n; i++) {
		mean += (s->upto[i] - before) * mean_of(&s->part[i]);
		before = s->upto[i];
	}
	return mean > (double)s->least ? mean : (double)s->least;
}
