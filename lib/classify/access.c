/*
 * Access sets, from the tree up: an equality or a pattern is its own set; of `a && b` either set will do, the cheaper
 * one (without patterns, then the shorter); `a || b` needs both.  What is negated gives none.
 */
#include "classify/access.h"

static bool of_node(const struct qos_expr *e, int i, struct qos_access *a);

static bool add(struct qos_access *a, int field, int literal, int regex)
{
	if (a->n == QOS_ACCESS_MOST)
		return false;
	a->condition[a->n].field = field;
	a->condition[a->n].literal = literal;
	a->condition[a->n++].regex = regex;
	return true;
}

static bool is_plain(const struct qos_expr_node *literal)
{
	return literal->kind == QOS_NODE_LITERAL &&
	       (literal->value.type == QOS_EXPR_TEXT || literal->value.type == QOS_EXPR_NUMBER);
}

static bool of_equality(const struct qos_expr *e, const struct qos_expr_node *n, struct qos_access *a)
{
	int field = n->a, literal = n->b;

	if (e->node[field].kind != QOS_NODE_FIELD) {
		field = n->b;
		literal = n->a;
	}
	return e->node[field].kind == QOS_NODE_FIELD && is_plain(&e->node[literal]) && add(a, field, literal, -1);
}

static int cost(const struct qos_access *a)
{
	int cost = a->n;

	for (int i = 0; i < a->n; i++)
		if (a->condition[i].literal < 0)
			cost += 1000;
	return cost;
}

static bool of_and(const struct qos_expr *e, const struct qos_expr_node *n, struct qos_access *a)
{
	struct qos_access x = { .exact = true }, y = { .exact = true };
	bool has_x = of_node(e, n->a, &x), has_y = of_node(e, n->b, &y);

	if (!has_x && !has_y)
		return false;
	*a = has_x && (!has_y || cost(&x) <= cost(&y)) ? x : y;
	a->exact = false;
	return true;
}

static bool of_or(const struct qos_expr *e, const struct qos_expr_node *n, struct qos_access *a)
{
	struct qos_access y = { .exact = true };

	if (!of_node(e, n->a, a) || !of_node(e, n->b, &y))
		return false;
	a->exact &= y.exact;
	for (int i = 0; i < y.n; i++)
		if (!add(a, y.condition[i].field, y.condition[i].literal, y.condition[i].regex))
			return false;
	return true;
}

static bool of_node(const struct qos_expr *e, int i, struct qos_access *a)
{
	const struct qos_expr_node *n = &e->node[i];

	if (n->kind == QOS_NODE_BINARY && n->op == QOS_OP_EQ)
		return of_equality(e, n, a);
	if (n->kind == QOS_NODE_BINARY && n->op == QOS_OP_AND)
		return of_and(e, n, a);
	if (n->kind == QOS_NODE_BINARY && n->op == QOS_OP_OR)
		return of_or(e, n, a);
	if (n->kind == QOS_NODE_MATCH && n->op == QOS_OP_MATCH && e->node[n->a].kind == QOS_NODE_FIELD)
		return add(a, n->a, -1, n->b);
	if (n->kind != QOS_NODE_IN || e->node[n->a].kind != QOS_NODE_FIELD)
		return false;
	for (int k = 0; k < n->n; k++)
		if (!add(a, n->a, n->b + k, -1))
			return false;
	return true;
}

bool qos_access_of(const struct qos_expr *e, struct qos_access *a)
{
	*a = (struct qos_access){ .exact = true };
	return !e->scope && of_node(e, e->n_nodes - 1, a);
}
