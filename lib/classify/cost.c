/* Expected costs: see cost.h.  The matrix is filled in as labels appear, since names may come with the data. */
#include "classify/cost.h"

#include <stdio.h>
#include <stdlib.h>

#include "unit/unit.h"

static struct qos_str trim(struct qos_str s)
{
	while (s.n && s.p[0] == ' ')
		s.p++, s.n--;
	while (s.n && s.p[s.n - 1] == ' ')
		s.n--;
	return s;
}

/* Takes the first part of s up to a mark; s becomes what is behind it. */
static struct qos_str part(struct qos_str *s, char mark)
{
	const char *p = s->n ? memchr(s->p, mark, s->n) : NULL;
	struct qos_str first = { s->p, p ? (size_t)(p - s->p) : s->n };

	s->p += p ? first.n + 1 : s->n;
	s->n -= p ? first.n + 1 : s->n;
	return trim(first);
}

/* "A=COST" or "A>B=COST"; b.n == 0: any.  -1 when it is neither. */
static int item(struct qos_str text, struct qos_str *a, struct qos_str *b, double *cost)
{
	struct qos_str names = part(&text, '=');

	*a = part(&names, '>');
	*b = trim(names);
	return !a->n || qos_unit_number(trim(text), cost) || !(*cost >= 0 && *cost <= 1e6) ? -1 : 0;
}

int qos_costs_check(struct qos_str text, char *why)
{
	struct qos_str a, b;
	double cost;

	if (qos_str_is(text, "equal") || qos_str_is(text, "urgent") || qos_str_is(text, "balanced"))
		return 0;
	while (text.n) {
		struct qos_str one = part(&text, ',');

		if (item(one, &a, &b, &cost)) {
			snprintf(why, 200,
				 "\"%.*s\" is no cost; write equal, urgent, balanced, or for example critical=5, "
				 "critical>system=2",
				 (int)(one.n < 60 ? one.n : 60), one.p);
			return -1;
		}
	}
	return 0;
}

/* How urgent is a label: the rank of its class among the priorities; -1: it is no class. */
static int rank(const struct qos_config *config, struct qos_str name)
{
	int class = qos_names_find(&config->class_names, name), n = 0;

	for (int i = 0; class >= 0 && i < config->n_classes; i++)
		n += config->classes[i].priority < config->classes[class].priority;
	return class < 0 ? -1 : n;
}

static double cost_of(const struct qos_config *config, bool labels_are_classes, struct qos_str truth,
		      struct qos_str answer)
{
	struct qos_str rest = config->costs, a, b;
	double cost = 1, x;
	bool exact = false;

	if (qos_str_equal(truth, answer))
		return 0;
	if (qos_str_is(rest, "equal") || qos_str_is(rest, "balanced") || !rest.n)
		return 1;
	if (qos_str_is(rest, "urgent")) {
		int t = rank(config, truth), g = rank(config, answer);

		return labels_are_classes && (t < 0 || g < 0) ? 1 : g > t ? 1 + (g - t) : 1;
	}
	while (rest.n) {
		if (item(part(&rest, ','), &a, &b, &x) || !qos_str_equal(a, truth))
			continue;
		if (b.n ? qos_str_equal(b, answer) : !exact) {
			cost = x;
			exact = b.n > 0;
		}
	}
	return cost;
}

static int grow(struct qos_costs *k)
{
	int room = k->room ? 2 * k->room : 16;
	float *of = calloc((size_t)room * (size_t)room, sizeof(*of));
	double *expected = realloc(k->expected, (size_t)room * sizeof(*expected));
	struct qos_str *name;

	if (expected)
		k->expected = expected;
	if (!of || !expected || !(name = realloc(k->name, (size_t)room * sizeof(*name)))) {
		free(of);
		return -1;
	}
	k->name = name;
	for (int i = 0; i < k->n; i++)
		memcpy(of + (size_t)i * (size_t)room, k->of + (size_t)i * (size_t)k->room, (size_t)k->n * sizeof(*of));
	free(k->of);
	k->of = of;
	k->room = room;
	return 0;
}

int qos_costs_label(struct qos_costs *k, const struct qos_config *config, bool labels_are_classes, int label,
		    struct qos_str name)
{
	if (label >= k->room && grow(k))
		return -1;
	k->name[label] = name;
	k->n = label + 1;
	for (int i = 0; i < label; i++) {
		float there = (float)cost_of(config, labels_are_classes, k->name[i], name),
		      back = (float)cost_of(config, labels_are_classes, name, k->name[i]);

		k->of[(size_t)i * (size_t)k->room + (size_t)label] = there;
		k->of[(size_t)label * (size_t)k->room + (size_t)i] = back;
		k->unequal |= there != 1 || back != 1;
	}
	return 0;
}

int qos_costs_choose(struct qos_costs *k, const double *p, int n)
{
	int best = 0;

	if (!k->unequal) {
		for (int i = 1; i < n; i++)
			best = p[i] > p[best] ? i : best;
		return best;
	}
	for (int answer = 0; answer < n; answer++)
		k->expected[answer] = 0;
	for (int truth = 0; truth < n; truth++)
		for (int answer = 0; p[truth] > 0 && answer < n; answer++)
			k->expected[answer] +=
				p[truth] * (double)k->of[(size_t)truth * (size_t)k->room + (size_t)answer];
	for (int i = 1; i < n; i++)
		best = k->expected[i] < k->expected[best] ? i : best;
	return best;
}

void qos_costs_free(struct qos_costs *k)
{
	free(k->of);
	free(k->expected);
	free(k->name);
	*k = (struct qos_costs){ 0 };
}
