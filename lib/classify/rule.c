/*
 * Which rule decides?
 *
 * Questions are asked in the order of the most urgent rule that their answer may bring; before each, the candidates of
 * the levels above it are tried.  So a record that a rule on top claims is asked little, and one that tells its type is
 * never searched for words.
 *
 * Cost   a few ns a question, about 10 ns for a value that is looked up, a search's cost where one is needed;
 *	  candidates that the index does not decide are evaluated.  No allocation.
 */
#include "classify/rule.h"

#include <stdlib.h>

#include "base/bits.h"
#include "classify/ruleset.h"

int qos_rules_new(struct qos_rules **out, const struct qos_config *config, struct qos_fields *fields,
		  struct qos_err *err)
{
	struct qos_rules *s = calloc(1, sizeof(*s));
	int rc;

	*out = NULL;
	if (!s)
		return qos_fail_memory(err, "rules");
	s->config = config;
	rc = qos_ruleset_build(s, fields, err);
	if (rc)
		qos_rules_free(s);
	else
		*out = s;
	return rc;
}

void qos_rules_free(struct qos_rules *s)
{
	if (!s)
		return;
	qos_ruleset_clear(s);
	free(s);
}

/* --- candidates --- */

static inline void add_candidate(struct qos_rules *s, int k)
{
	s->now[k >> 6] |= 1ull << (k & 63);
	if (k < s->lowest)
		s->lowest = k;
}

static void add_candidates(struct qos_rules *s, const struct qos_lookup *l, struct qos_str key)
{
	int n;
	const int *rule = qos_lookup_find(l, key, &n);

	if (!rule)
		return;
	for (const int *last = rule + n; rule < last; rule++)
		add_candidate(s, *rule);
}

/* The lowest candidate from rule k on; n when there is none. */
static int candidate_from(const struct qos_rules *s, int k)
{
	int w = k >> 6;
	uint64_t set = s->now[w] & UINT64_MAX << (k & 63);

	while (!set && ++w < s->words)
		set = s->now[w];
	return set ? w * 64 + qos_bits_first(set) : s->n;
}

static void search(struct qos_rules *s, const struct qos_question *q, const struct qos_record *r)
{
	struct qos_str text = qos_slot_value(&s->slots, q->slot, r)->text;
	const int *hits;
	int n;

	if (s->searched >> q->search & 1)
		return;
	s->searched |= 1ull << q->search;
	if (!text.p)
		return; /* no expression asks for a hit in what is absent */
	n = qos_matcher_search(q->matcher, text, &hits);
	for (int i = 0; i < n; i++)
		if (q->owner[hits[i]] >= 0)
			add_candidate(s, q->owner[hits[i]]);
}

static void ask(struct qos_rules *s, const struct qos_question *q, const struct qos_record *r)
{
	const struct qos_expr_value *v;
	double x;

	if (r->cell[q->field].kind == QOS_CELL_ABSENT && !q->has_default)
		return; /* most fields of most rules */
	switch (q->kind) {
	case QOS_ASK_TEXT:
		v = qos_slot_value(&s->slots, q->slot, r);
		if (v->text.p)
			add_candidates(s, q->lookup, v->text);
		return;
	case QOS_ASK_NUMBER:
		if (qos_slot_number(&s->slots, q->slot, r, &x))
			add_candidates(s, q->lookup, qos_lookup_number(&x));
		return;
	case QOS_ASK_PRESENT:
		if (qos_slot_has(&s->slots, q->slot, r))
			add_candidates(s, q->lookup, QOS_STR(""));
		return;
	case QOS_ASK_SEARCH: search(s, q, r); return;
	}
}

/* --- deciding --- */

static bool matches(struct qos_rules *s, const struct qos_rule *rule, const struct qos_record *r)
{
	int i;

	if (rule->exact)
		return true;
	qos_bits_each (i, rule->searches & ~s->searched)
		search(s, s->search[i], r);
	return qos_expr_holds(rule->expr, r);
}

/* Adds up the weights of n > 1 rules that match, by class.   Returns  the winning class. */
static int heaviest_class(struct qos_rules *s, int n, double *total)
{
	const struct qos_rule_config *first = s->rule[s->matched[0]].config;
	int best = first->class;

	*total = 0;
	for (int i = 0; i < n; i++)
		s->weight[s->rule[s->matched[i]].config->class] = 0;
	for (int i = 0; i < n; i++) {
		const struct qos_rule_config *c = s->rule[s->matched[i]].config;

		s->weight[c->class] += c->weight;
		*total += c->weight;
	}
	for (int i = 1; i < n; i++) {
		int class = s->rule[s->matched[i]].config->class;

		if (s->weight[class] > s->weight[best] || (class < best && s->weight[class] == s->weight[best]))
			best = class;
	}
	return best;
}

/* Of n rules that match, the one of a class with the greatest weight, the first among equals. */
static const struct qos_rule *heaviest_rule(const struct qos_rules *s, int n, int class)
{
	const struct qos_rule *best = NULL;

	for (int i = 0; i < n; i++) {
		const struct qos_rule *rule = &s->rule[s->matched[i]];

		if (rule->config->class == class && (!best || rule->config->weight > best->config->weight))
			best = rule;
	}
	return best;
}

static struct qos_verdict decide(struct qos_rules *s, int n)
{
	const struct qos_rule *first = &s->rule[s->matched[0]];
	double total;
	int class;

	if (n == 1)
		return (struct qos_verdict){ first->number, first->config->class, 1 };
	class = heaviest_class(s, n, &total);
	return (struct qos_verdict){ .rule = heaviest_rule(s, n, class)->number,
				     .class = class,
				     .confidence = total > 0 ? s->weight[class] / total : 1 };
}

/* Tries the candidates of the lowest one's level; those that are left are of later levels. */
static bool try_level(struct qos_rules *s, const struct qos_record *r, struct qos_verdict *v)
{
	int end = s->level_end[s->rule[s->lowest].level], n = 0, k;

	for (k = s->lowest; k < end; k = candidate_from(s, k + 1))
		if (matches(s, &s->rule[k], r))
			s->matched[n++] = k;
	if (n)
		*v = decide(s, n);
	else
		s->lowest = candidate_from(s, end);
	return n > 0;
}

struct qos_verdict qos_rules_match(struct qos_rules *s, const struct qos_record *r)
{
	const struct qos_question *q = s->question, *end = q + s->n_asked;
	struct qos_verdict v = { -1, s->config->default_class, 0 };

	qos_slots_next(&s->slots);
	memcpy(s->now, s->always, (size_t)s->words * sizeof(*s->now));
	s->lowest = s->first_always;
	s->searched = 0;
	for (; q < end; q++) {
		while (s->lowest < q->first && s->rule[s->lowest].level < q->level)
			if (try_level(s, r, &v))
				return v;
		ask(s, q, r);
	}
	while (s->lowest < s->n)
		if (try_level(s, r, &v))
			return v;
	return v;
}

/* --- what a check of the config asks --- */

static int rule_of(const struct qos_rules *s, int number)
{
	for (int k = 0; k < s->n; k++)
		if (s->rule[k].number == number)
			return k;
	return -1;
}

enum qos_rule_use qos_rules_use(const struct qos_rules *s, int number, int *by)
{
	int k = rule_of(s, number);

	if (k < 0)
		return QOS_RULE_DISABLED;
	if (qos_expr_constant(s->rule[k].expr) == 0 || (s->rule[k].has_access && !s->rule[k].access.first))
		return QOS_RULE_DEAD;
	for (int i = 0; i < k && s->rule[i].level < s->rule[k].level; i++) {
		const struct qos_rule *front = &s->rule[i];

		if (qos_expr_constant(front->expr) == 1 ||
		    (front->has_access && qos_access_covers(&front->access, s->rule[k].expr))) {
			*by = front->number;
			return QOS_RULE_SHADOWED;
		}
	}
	return QOS_RULE_USED;
}

uint64_t qos_rules_gave_up(const struct qos_rules *s)
{
	uint64_t n = 0;

	for (int k = 0; k < s->n; k++)
		for (int i = 0; i < s->rule[k].expr->n_regexes; i++)
			n += qos_pcre_gave_up(s->rule[k].expr->regex[i].pcre);
	return n;
}
