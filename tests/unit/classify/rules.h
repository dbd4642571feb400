/* Sets of rules for tests: a config made by hand, and what the rules say when each is evaluated by itself. */
#ifndef TESTS_UNIT_CLASSIFY_RULES_H
#define TESTS_UNIT_CLASSIFY_RULES_H

#include "classify/rule.h"
#include "expr/expr.h"
#include "tests/unit/expr/sample.h"

#define RULES_MOST 200

struct rules {
	struct qos_config config;
	struct qos_class_config class[4];
	struct qos_rule_config rule[RULES_MOST];
	struct qos_expr *expr[RULES_MOST]; /* compiled by themselves */
	char when[RULES_MOST][256];
};

/* Four classes a, b, c, d; the last is the default. */
static inline void rules_new(struct rules *s)
{
	memset(s, 0, sizeof(*s));
	for (int i = 0; i < 4; i++)
		s->class[i].name = (struct qos_str){ &"abcd"[i], 1 };
	s->config.classes = s->class;
	s->config.n_classes = 4;
	s->config.default_class = 3;
	s->config.rules = s->rule;
}

static inline void rules_add(struct rules *s, int priority, const char *when, int class, double weight)
{
	int i = s->config.n_rules++;

	snprintf(s->when[i], sizeof(s->when[i]), "%s", when);
	s->rule[i] = (struct qos_rule_config){ .name = { &"0123456789"[i % 10], 1 },
					       .when = qos_str(s->when[i]),
					       .when_at = { "r", i + 1, 1 },
					       .class = class,
					       .weight = weight,
					       .priority = priority,
					       .enabled = true };
}

static inline void rules_clear(struct rules *s)
{
	for (int i = 0; i < s->config.n_rules; i++)
		qos_expr_free(s->expr[i]);
	memset(s->expr, 0, sizeof(s->expr));
	s->config.n_rules = 0;
}

/* The winner among the rules of one priority that match: the greatest sum of weights, the first class among equals. */
static inline struct qos_verdict rules_decide(const struct rules *s, const bool *match, int priority)
{
	struct qos_verdict v = { -1, -1, 0 };
	double weight[4] = { 0 }, total = 0, most = -1;
	bool has[4] = { false };

	for (int i = 0; i < s->config.n_rules; i++)
		if (match[i] && s->rule[i].priority == priority) {
			weight[s->rule[i].class] += s->rule[i].weight;
			total += s->rule[i].weight;
			has[s->rule[i].class] = true;
		}
	for (int c = 0; c < 4; c++)
		if (has[c] && (v.class < 0 || weight[c] > weight[v.class]))
			v.class = c;
	for (int i = 0; i < s->config.n_rules; i++)
		if (match[i] && s->rule[i].priority == priority && s->rule[i].class == v.class &&
		    s->rule[i].weight > most) {
			most = s->rule[i].weight;
			v.rule = i;
		}
	v.confidence = total > 0 ? weight[v.class] / total : 1;
	return v;
}

/* Every rule evaluated by itself, with searches of its own. */
static inline struct qos_verdict rules_plainly(struct rules *s, struct sample *sample)
{
	bool match[RULES_MOST] = { false }, any = false;
	int lowest = 0;

	for (int i = 0; i < s->config.n_rules; i++) {
		if (!s->rule[i].enabled)
			continue;
		if (!s->expr[i])
			CHECK_INT(qos_expr_compile(&s->expr[i], s->rule[i].when, QOS_NOWHERE, sample->fields, NULL,
						   &sample->err),
				  0);
		match[i] = qos_expr_true(s->expr[i], &sample->r);
		if (match[i] && (!any || s->rule[i].priority < lowest))
			lowest = s->rule[i].priority;
		any |= match[i];
	}
	return any ? rules_decide(s, match, lowest) : (struct qos_verdict){ -1, s->config.default_class, 0 };
}

#endif
