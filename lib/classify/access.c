/*
 * Access sets, from the tree up: an equality, a pattern, has() is its own set; of `a && b` either set will do, the
 * cheaper one (values before presence before patterns, then the shorter); `a || b` needs both.  What is negated gives
 * none.
 *
 * Cost   at set-up only, linear in the expression.
 */
#include "classify/access.h"

/* One value lets fewer records through than the presence of a field; a pattern has to be searched for. */
static const int cost_of[] = {
	[QOS_CONDITION_EQUALS] = 1, [QOS_CONDITION_PRESENT] = 1000, [QOS_CONDITION_FOUND] = 100000
};

struct finder {
	const struct qos_expr *e;
	struct qos_arena *arena;
};

static bool of_node(const struct finder *f, int i, struct qos_access *a);

/* Joins two lists: one of either holds. */
static void join(struct qos_access *a, const struct qos_access *b)
{
	if (a->last)
		a->last->next = b->first;
	else
		a->first = b->first;
	if (b->last)
		a->last = b->last;
	a->cost = a->cost > INT32_MAX - b->cost ? INT32_MAX : a->cost + b->cost;
	a->exact &= b->exact;
}

static bool add(const struct finder *f, struct qos_access *a, struct qos_condition c)
{
	struct qos_condition *kept = qos_arena_get(f->arena, sizeof(*kept));

	if (!kept)
		return false;
	*kept = c;
	join(a, &(struct qos_access){ kept, kept, cost_of[c.kind], true });
	return true;
}

static bool add_value(const struct finder *f, struct qos_access *a, int field, int literal)
{
	const struct qos_expr_node *n = &f->e->node[field], *l = &f->e->node[literal];

	if (n->kind != QOS_NODE_FIELD || l->kind != QOS_NODE_LITERAL || l->value.type == QOS_EXPR_ANY)
		return false;
	return add(f, a, (struct qos_condition){ .kind = QOS_CONDITION_EQUALS, .slot = n->slot, .value = &l->value });
}

static bool of_list(const struct finder *f, const struct qos_expr_node *n, struct qos_access *a)
{
	for (int k = 0; k < n->n; k++)
		if (!add_value(f, a, n->a, n->b + k))
			return false;
	return true;
}

static bool of_and(const struct finder *f, const struct qos_expr_node *n, struct qos_access *a)
{
	bool found = false;

	for (int i = n->b; i >= 0; i = f->e->node[i].before) {
		struct qos_access x = { .exact = true };

		if (!of_node(f, i, &x) || (found && x.cost >= a->cost))
			continue;
		*a = x;
		found = true;
	}
	a->exact &= !a->first; /* one of several conditions; but an empty set is never true, whatever else there is */
	return found;
}

static bool of_or(const struct finder *f, const struct qos_expr_node *n, struct qos_access *a)
{
	for (int i = n->b; i >= 0; i = f->e->node[i].before) {
		struct qos_access x = { .exact = true };

		if (!of_node(f, i, &x))
			return false;
		join(a, &x);
	}
	return true;
}

static bool of_call(const struct finder *f, const struct qos_expr_node *n, struct qos_access *a)
{
	struct qos_condition c = { .kind = QOS_CONDITION_PRESENT, .slot = f->e->node[n->args[0]].slot };

	return n->b == QOS_FN_HAS && !n->n && add(f, a, c); /* n: negated */
}

static bool of_match(const struct finder *f, const struct qos_expr_node *n, struct qos_access *a)
{
	const struct qos_regex *regex = &f->e->regex[n->b];
	struct qos_condition c = { .kind = QOS_CONDITION_FOUND, .slot = regex->slot, .regex = regex };

	return n->op == QOS_OP_MATCH && regex->slot >= 0 && add(f, a, c);
}

/* Adds to a, which is empty and exact, the set of node i. */
static bool of_node(const struct finder *f, int i, struct qos_access *a)
{
	const struct qos_expr_node *n = &f->e->node[i];

	switch (n->kind) {
	case QOS_NODE_LITERAL: return n->value.type == QOS_EXPR_BOOL && n->value.number == 0;
	case QOS_NODE_BINARY: return n->op == QOS_OP_EQ && (add_value(f, a, n->a, n->b) || add_value(f, a, n->b, n->a));
	case QOS_NODE_CHAIN: return n->op == QOS_OP_AND ? of_and(f, n, a) : of_or(f, n, a);
	case QOS_NODE_IN: return of_list(f, n, a);
	case QOS_NODE_MATCH: return of_match(f, n, a);
	case QOS_NODE_CALL: return of_call(f, n, a);
	default: return false;
	}
}

bool qos_access_of(const struct qos_expr *e, struct qos_arena *arena, struct qos_access *a)
{
	struct finder f = { e, arena };
	int constant = qos_expr_constant(e);

	*a = (struct qos_access){ .exact = true };
	return constant == 0 || (constant < 0 && !e->scope && of_node(&f, e->n_nodes - 1, a));
}

/* --- one set and another --- */

static bool same_value(const struct qos_expr_value *a, const struct qos_expr_value *b)
{
	if (a->type == QOS_EXPR_NUMBER || b->type == QOS_EXPR_NUMBER)
		return a->type == b->type && a->number == b->number;
	return qos_str_equal(a->text, b->text);
}

/* Does b imply a? */
static bool implied(const struct qos_condition *a, const struct qos_condition *b, const struct qos_slots *slots)
{
	if (a->slot != b->slot)
		return false;
	if (a->kind == QOS_CONDITION_PRESENT && b->kind == QOS_CONDITION_EQUALS)
		return !slots->slot[b->slot].has_default && (b->value->type == QOS_EXPR_NUMBER || b->value->text.n > 0);
	if (a->kind != b->kind)
		return false;
	if (a->kind == QOS_CONDITION_FOUND)
		return a->regex->flags == b->regex->flags && qos_str_equal(a->regex->pattern, b->regex->pattern);
	return a->kind == QOS_CONDITION_PRESENT || same_value(a->value, b->value);
}

/* Does every condition of b imply one of a? */
static bool all_implied(const struct qos_access *a, const struct qos_access *b, const struct qos_slots *slots)
{
	for (const struct qos_condition *y = b->first; y; y = y->next) {
		const struct qos_condition *x = a->first;

		while (x && !implied(x, y, slots))
			x = x->next;
		if (!x)
			return false;
	}
	return true;
}

/* Is node i true only where a is?  One operand of && is enough for that, of || all are needed. */
static bool covers_node(const struct qos_access *a, const struct finder *f, int i)
{
	const struct qos_expr_node *n = &f->e->node[i];
	struct qos_access b = { .exact = true };
	bool all = n->op == QOS_OP_OR;

	if (n->kind != QOS_NODE_CHAIN)
		return of_node(f, i, &b) && all_implied(a, &b, f->e->slots);
	for (i = n->b; i >= 0; i = f->e->node[i].before)
		if (covers_node(a, f, i) != all)
			return !all;
	return all;
}

bool qos_access_covers(const struct qos_access *a, const struct qos_expr *behind)
{
	struct qos_arena arena = { 0 };
	struct finder f = { behind, &arena };
	bool covers = a->exact && covers_node(a, &f, behind->n_nodes - 1);

	qos_arena_free(&arena);
	return covers;
}
