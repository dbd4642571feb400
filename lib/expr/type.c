/*
 * Can it be right?  Every name resolved, every node given a static type, what can never be true refused before the
 * first record.
 *
 * Types are told from the fields' own (size is a number) and from literals; a field that we do not know may be anything
 * and is told from the value at hand.  Beside its type a number has a dimension, which settles what a unit means: `size
 * > 5m` is megabytes, `max_latency < 5m` minutes, and `size > 10ms` is refused.
 */
#include <stdio.h>
#include <stdlib.h>

#include "expr/network.h"
#include "expr/tree.h"

const struct qos_function_info qos_functions[QOS_N_FN] = {
	[QOS_FN_HAS] = { "has", 1, QOS_EXPR_ANY, QOS_EXPR_BOOL },
	[QOS_FN_STARTSWITH] = { "startswith", 2, QOS_EXPR_TEXT, QOS_EXPR_BOOL },
	[QOS_FN_ENDSWITH] = { "endswith", 2, QOS_EXPR_TEXT, QOS_EXPR_BOOL },
	[QOS_FN_CONTAINS] = { "contains", 2, QOS_EXPR_TEXT, QOS_EXPR_BOOL },
	[QOS_FN_LOWER] = { "lower", 1, QOS_EXPR_TEXT, QOS_EXPR_TEXT },
	[QOS_FN_UPPER] = { "upper", 1, QOS_EXPR_TEXT, QOS_EXPR_TEXT },
	[QOS_FN_LENGTH] = { "length", 1, QOS_EXPR_TEXT, QOS_EXPR_NUMBER },
	[QOS_FN_NUMBER] = { "number", 1, QOS_EXPR_ANY, QOS_EXPR_NUMBER },
	[QOS_FN_TEXT] = { "text", 1, QOS_EXPR_ANY, QOS_EXPR_TEXT },
	[QOS_FN_CIDR] = { "cidr", 2, QOS_EXPR_TEXT, QOS_EXPR_BOOL },
	[QOS_FN_MIN] = { "min", 2, QOS_EXPR_NUMBER, QOS_EXPR_NUMBER },
	[QOS_FN_MAX] = { "max", 2, QOS_EXPR_NUMBER, QOS_EXPR_NUMBER },
	[QOS_FN_ABS] = { "abs", 1, QOS_EXPR_NUMBER, QOS_EXPR_NUMBER },
};

static const char *const type_names[] = { "a truth value", "a number", "a text", "any value" };
static const char *const dimension_names[] = { "a number", "a time in seconds", "a size in bytes", "a rate in bit/s" };

static const char *const op_names[] = {
	[QOS_OP_EQ] = "==", [QOS_OP_NE] = "!=",  [QOS_OP_LT] = "<",  [QOS_OP_LE] = "<=", [QOS_OP_GT] = ">",
	[QOS_OP_GE] = ">=", [QOS_OP_AND] = "&&", [QOS_OP_OR] = "||", [QOS_OP_NOT] = "!", [QOS_OP_ADD] = "+",
	[QOS_OP_SUB] = "-", [QOS_OP_MUL] = "*",  [QOS_OP_DIV] = "/", [QOS_OP_MOD] = "%",
};

static const enum qos_dimension dimension_of[] = {
	[QOS_AS_SECONDS] = QOS_DIMENSION_SECONDS, [QOS_AS_TIME] = QOS_DIMENSION_SECONDS,
	[QOS_AS_BYTES] = QOS_DIMENSION_BYTES,     [QOS_AS_BPS] = QOS_DIMENSION_BPS,
	[QOS_AS_ANY] = QOS_DIMENSION_NONE,
};

static int resolve_in_scope(struct qos_expr *e, struct qos_expr_node *n, struct qos_err *err)
{
	n->slot = e->scope->resolve(e->scope->self, n->name, &n->value.type);
	return n->slot >= 0 ? 0 : qos_fail(err, QOS_EUSAGE, n->at, "there is no value \"%.*s\"", QOS_STR_ARG(n->name));
}

static int resolve(struct qos_expr *e, struct qos_expr_node *n, struct qos_err *err)
{
	enum qos_reading_as as;
	int field;

	if (n->name.n == 0)
		return qos_fail(err, QOS_EUSAGE, n->at, "a field without a name");
	if (e->scope)
		return resolve_in_scope(e, n, err);
	field = qos_fields_id(e->fields, n->name);
	if (field < 0)
		return qos_fail(err, QOS_EUSAGE, n->at, "more than %d fields are named", QOS_FIELDS_MOST);
	qos_fields_want(e->fields, field);
	if (field == QOS_F_DEPART)
		qos_fields_want(e->fields, QOS_F_TS); /* which stands for it when it is absent */
	as = qos_slot_reading(field, n->name);
	e->slots->fields = e->fields;
	n->slot = qos_slots_add(e->slots, field, as);
	n->value.type = as == QOS_AS_ANY ? QOS_EXPR_ANY : as == QOS_AS_TEXT ? QOS_EXPR_TEXT : QOS_EXPR_NUMBER;
	n->dimension = dimension_of[as];
	return n->slot < 0 ? qos_fail_memory(err, "expression") : 0;
}

static const char *describe(const struct qos_expr_node *n, char *p, size_t room)
{
	const char *what = n->value.type == QOS_EXPR_NUMBER ? dimension_names[n->dimension] : type_names[n->value.type];

	if (n->kind == QOS_NODE_FIELD)
		snprintf(p, room, "%.*s is %s", n->name.n > 40 ? 40 : (int)n->name.n, n->name.p, what);
	else
		snprintf(p, room, "this is %s", what);
	return p;
}

/* Node i must be of a type (or tell it at run time). */
static int need(const struct qos_expr *e, int i, enum qos_expr_type type, const char *where, struct qos_err *err)
{
	const struct qos_expr_node *n = &e->node[i];
	char text[80];

	if (n->value.type == type || n->value.type == QOS_EXPR_ANY || type == QOS_EXPR_ANY)
		return 0;
	describe(n, text, sizeof(text));
	if (type == QOS_EXPR_BOOL && n->kind == QOS_NODE_FIELD)
		return qos_fail(err, QOS_EUSAGE, n->at,
				"%s, and %s needs a truth value; write has(%.*s) or a comparison", text, where,
				QOS_STR_ARG(n->name));
	if (type == QOS_EXPR_NUMBER && n->value.type == QOS_EXPR_TEXT && n->kind == QOS_NODE_FIELD)
		return qos_fail(err, QOS_EUSAGE, n->at, "%s, and %s needs a number; write number(%.*s)", text, where,
				QOS_STR_ARG(n->name));
	if (type == QOS_EXPR_TEXT && n->kind == QOS_NODE_FIELD)
		return qos_fail(err, QOS_EUSAGE, n->at, "%s, and %s needs a text; write text(%.*s)", text, where,
				QOS_STR_ARG(n->name));
	return qos_fail(err, QOS_EUSAGE, n->at, "%s, and %s needs %s", text, where, type_names[type]);
}

/* A number with a unit beside something of a known dimension: it is read as one of that. */
static int settle(struct qos_expr_node *n, const struct qos_expr_node *other, struct qos_err *err)
{
	char text[80];
	double x;

	if (!n->has_unit || n->value.type != QOS_EXPR_NUMBER || other->value.type != QOS_EXPR_NUMBER ||
	    other->kind == QOS_NODE_LITERAL || other->dimension == QOS_DIMENSION_NONE)
		return 0;
	if (!qos_lex_unit(n->name, other->dimension, &x))
		return qos_fail(err, QOS_EUSAGE, n->at, "%s; %.*s is none", describe(other, text, sizeof(text)),
				QOS_STR_ARG(n->name));
	n->value.number = n->negative ? -x : x;
	n->dimension = other->dimension;
	return 0;
}

static int settle_both(struct qos_expr *e, int a, int b, struct qos_err *err)
{
	int rc = settle(&e->node[a], &e->node[b], err);

	return rc ? rc : settle(&e->node[b], &e->node[a], err);
}

static int comparable(struct qos_expr *e, int a, int b, struct qos_at at, struct qos_err *err)
{
	const struct qos_expr_node *x = &e->node[a], *y = &e->node[b];
	const char *hint = "";
	char one[80], two[80];

	if (x->value.type == y->value.type || x->value.type == QOS_EXPR_ANY || y->value.type == QOS_EXPR_ANY)
		return settle_both(e, a, b, err);
	if (x->value.type == QOS_EXPR_NUMBER && y->value.type == QOS_EXPR_TEXT && y->kind == QOS_NODE_LITERAL)
		hint = "; write the number without quotes";
	else if (x->value.type == QOS_EXPR_TEXT && y->value.type == QOS_EXPR_NUMBER && y->kind == QOS_NODE_LITERAL)
		hint = "; write the text in quotes";
	return qos_fail(err, QOS_EUSAGE, at, "%s and %s: they never compare%s", describe(x, one, sizeof(one)),
			describe(y, two, sizeof(two)), hint);
}

static bool is_null(const struct qos_expr *e, int i)
{
	return e->node[i].kind == QOS_NODE_LITERAL && e->node[i].value.type == QOS_EXPR_ANY;
}

/* x == null, x != null: is the field there?  They become !has(x) and has(x). */
static int check_null(struct qos_expr *e, struct qos_expr_node *n, struct qos_err *err)
{
	int field = is_null(e, n->b) ? n->a : n->b;

	if (e->node[field].kind != QOS_NODE_FIELD || (n->op != QOS_OP_EQ && n->op != QOS_OP_NE))
		return qos_fail(err, QOS_EUSAGE, n->at, "null compares with fields, by == and !=; write has(meta.env)");
	n->n = n->op == QOS_OP_EQ; /* negated */
	n->kind = QOS_NODE_CALL;
	n->b = QOS_FN_HAS;
	n->args[0] = field;
	return 0;
}

static int check_binary(struct qos_expr *e, struct qos_expr_node *n, struct qos_err *err)
{
	bool sum = n->op == QOS_OP_ADD || n->op == QOS_OP_SUB;
	int rc;

	if (n->op >= QOS_OP_EQ && n->op <= QOS_OP_GE) {
		n->value.type = QOS_EXPR_BOOL;
		if (is_null(e, n->a) || is_null(e, n->b))
			return check_null(e, n, err);
		return comparable(e, n->a, n->b, n->at, err);
	}
	n->value.type = QOS_EXPR_NUMBER;
	if ((rc = need(e, n->a, QOS_EXPR_NUMBER, op_names[n->op], err)) ||
	    (rc = need(e, n->b, QOS_EXPR_NUMBER, op_names[n->op], err)) ||
	    (sum && (rc = settle_both(e, n->a, n->b, err))))
		return rc;
	if (sum)
		n->dimension = e->node[n->a].dimension ? e->node[n->a].dimension : e->node[n->b].dimension;
	return 0;
}

static int check_chain(struct qos_expr *e, struct qos_expr_node *n, struct qos_err *err)
{
	n->value.type = QOS_EXPR_BOOL;
	for (int i = n->b; i >= 0; i = e->node[i].before) {
		int rc = need(e, i, QOS_EXPR_BOOL, op_names[n->op], err);

		if (rc)
			return rc;
	}
	return 0;
}

static int check_in(struct qos_expr *e, struct qos_expr_node *n, struct qos_err *err)
{
	n->value.type = QOS_EXPR_BOOL;
	for (int i = 0; i < n->n; i++) {
		int rc = comparable(e, n->a, n->b + i, e->node[n->b + i].at, err);

		if (rc)
			return rc;
	}
	return 0;
}

static int check_match(struct qos_expr *e, struct qos_expr_node *n, struct qos_err *err)
{
	struct qos_regex *r = &e->regex[n->b];
	int rc = need(e, n->a, QOS_EXPR_TEXT, op_names[n->op] ? op_names[n->op] : "~", err);

	n->value.type = QOS_EXPR_BOOL;
	if (e->node[n->a].kind == QOS_NODE_FIELD && !e->scope)
		r->slot = e->node[n->a].slot;
	return rc ? rc : qos_pcre_new(&r->pcre, r->pattern, r->flags, n->at, err);
}

static int check_cidr(const struct qos_expr *e, const struct qos_expr_node *n, struct qos_err *err)
{
	const struct qos_expr_node *network = &e->node[n->args[1]];

	if (network->kind == QOS_NODE_LITERAL && qos_network_valid(network->value.text))
		return 0;
	return qos_fail(err, QOS_EUSAGE, network->at,
			"cidr() needs a network; write \"10.0.0.0/8\" or \"2001:db8::/32\"");
}

static int check_call(struct qos_expr *e, struct qos_expr_node *n, struct qos_err *err)
{
	const struct qos_function_info *f = &qos_functions[n->b];
	int rc = 0;

	n->value.type = f->result;
	for (int i = 0; !rc && i < n->n; i++)
		rc = need(e, n->args[i], f->arg, f->name, err);
	if (rc)
		return rc;
	if (n->b == QOS_FN_HAS && e->node[n->args[0]].kind != QOS_NODE_FIELD)
		return qos_fail(err, QOS_EUSAGE, n->at, "has() asks for a field; write has(meta.env)");
	if (n->b == QOS_FN_HAS)
		n->n = 0; /* not negated, see check_null */
	if (n->b == QOS_FN_MIN || n->b == QOS_FN_MAX)
		rc = settle_both(e, n->args[0], n->args[1], err);
	if (n->b >= QOS_FN_MIN)
		n->dimension = e->node[n->args[0]].dimension;
	return !rc && n->b == QOS_FN_CIDR ? check_cidr(e, n, err) : rc;
}

static int check_unary(struct qos_expr *e, struct qos_expr_node *n, struct qos_err *err)
{
	n->value.type = n->op == QOS_OP_NOT ? QOS_EXPR_BOOL : QOS_EXPR_NUMBER;
	n->dimension = n->op == QOS_OP_NOT ? QOS_DIMENSION_NONE : e->node[n->a].dimension;
	return need(e, n->a, n->value.type, op_names[n->op], err);
}

static int check_node(struct qos_expr *e, struct qos_expr_node *n, struct qos_err *err)
{
	switch (n->kind) {
	case QOS_NODE_FIELD: return resolve(e, n, err);
	case QOS_NODE_UNARY: return check_unary(e, n, err);
	case QOS_NODE_BINARY: return check_binary(e, n, err);
	case QOS_NODE_CHAIN: return check_chain(e, n, err);
	case QOS_NODE_IN: return check_in(e, n, err);
	case QOS_NODE_MATCH: return check_match(e, n, err);
	case QOS_NODE_CALL: return check_call(e, n, err);
	default: return 0;
	}
}

int qos_expr_check(struct qos_expr *e, struct qos_err *err)
{
	for (int i = 0; i < e->n_nodes; i++) { /* children stand before their parents */
		int rc = check_node(e, &e->node[i], err);

		if (rc)
			return rc;
	}
	return 0;
}

int qos_expr_need_truth(const struct qos_expr *e, struct qos_err *err)
{
	return need(e, e->n_nodes - 1, QOS_EXPR_BOOL, "a condition", err);
}
