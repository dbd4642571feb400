/*
 * Types: every name resolved, every node given a static type, what cannot be right refused before the first record.
 */
#include <stdio.h>
#include <stdlib.h>

#include "expr/match.h"
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

/* How the known fields are read; all others are told from the value at hand. */
static enum qos_reading_as reading_of(int id)
{
	switch (id) {
	case QOS_F_TS:
	case QOS_F_DEPART: return QOS_AS_TIME;
	case QOS_F_SIZE: return QOS_AS_BYTES;
	case QOS_F_SERVICE_TIME:
	case QOS_F_MAX_LATENCY:
	case QOS_F_QUEUE_WAIT:
	case QOS_F_SHAPE_WAIT: return QOS_AS_SECONDS;
	case QOS_F_RELIABILITY:
	case QOS_F_CONFIDENCE: return QOS_AS_NUMBER;
	case QOS_F_RATE: return QOS_AS_BPS;
	default: return id < QOS_N_KNOWN ? QOS_AS_TEXT : QOS_AS_ANY;
	}
}

static int resolve(struct qos_expr *e, struct qos_expr_node *n, struct qos_err *err)
{
	struct qos_str name = n->value.text;

	if (e->scope) {
		n->field = e->scope->resolve(e->scope->self, name, &n->value.type);
		return n->field >= 0
			       ? 0
			       : qos_fail(err, QOS_EUSAGE, n->at, "there is no value \"%.*s\"", QOS_STR_ARG(name));
	}
	n->field = qos_fields_id(e->fields, name);
	if (n->field < 0)
		return qos_fail(err, QOS_EUSAGE, n->at, "more than %d fields are named", QOS_FIELDS_MOST);
	qos_fields_want(e->fields, n->field);
	n->as = reading_of(n->field);
	n->value.type = n->as == QOS_AS_ANY ? QOS_EXPR_ANY : n->as == QOS_AS_TEXT ? QOS_EXPR_TEXT : QOS_EXPR_NUMBER;
	return 0;
}

static const char *describe(const struct qos_expr *e, int i, char *p)
{
	const struct qos_expr_node *n = &e->node[i];

	if (n->kind == QOS_NODE_FIELD)
		snprintf(p, 80, "%.*s is %s", n->value.text.n > 40 ? 40 : (int)n->value.text.n, n->value.text.p,
			 type_names[n->value.type]);
	else
		snprintf(p, 80, "this is %s", type_names[n->value.type]);
	return p;
}

/* Node i must be of a type (or tell it at run time). */
static int need(const struct qos_expr *e, int i, enum qos_expr_type type, const char *where, struct qos_err *err)
{
	const struct qos_expr_node *n = &e->node[i];
	char text[80];

	if (n->value.type == type || n->value.type == QOS_EXPR_ANY || type == QOS_EXPR_ANY)
		return 0;
	if (type == QOS_EXPR_BOOL && n->kind == QOS_NODE_FIELD)
		return qos_fail(err, QOS_EUSAGE, n->at,
				"%s, and %s needs a truth value; write has(%.*s) or a comparison", describe(e, i, text),
				where, QOS_STR_ARG(n->value.text));
	return qos_fail(err, QOS_EUSAGE, n->at, "%s, and %s needs %s", describe(e, i, text), where, type_names[type]);
}

static const char *const op_names[] = {
	[QOS_OP_EQ] = "==", [QOS_OP_NE] = "!=",  [QOS_OP_LT] = "<",  [QOS_OP_LE] = "<=", [QOS_OP_GT] = ">",
	[QOS_OP_GE] = ">=", [QOS_OP_AND] = "&&", [QOS_OP_OR] = "||", [QOS_OP_NOT] = "!", [QOS_OP_ADD] = "+",
	[QOS_OP_SUB] = "-", [QOS_OP_MUL] = "*",  [QOS_OP_DIV] = "/", [QOS_OP_MOD] = "%"
};

static int comparable(const struct qos_expr *e, int a, int b, struct qos_at at, struct qos_err *err)
{
	enum qos_expr_type x = e->node[a].value.type, y = e->node[b].value.type;
	char one[80], two[80];

	if (x == y || x == QOS_EXPR_ANY || y == QOS_EXPR_ANY)
		return 0;
	return qos_fail(err, QOS_EUSAGE, at, "%s and %s: they never compare%s", describe(e, a, one),
			describe(e, b, two),
			x == QOS_EXPR_NUMBER && y == QOS_EXPR_TEXT && e->node[b].kind == QOS_NODE_LITERAL
				? "; write the number without quotes"
				: "");
}

static int check_binary(struct qos_expr *e, struct qos_expr_node *n, struct qos_err *err)
{
	int rc;

	if (n->op == QOS_OP_AND || n->op == QOS_OP_OR) {
		n->value.type = QOS_EXPR_BOOL;
		rc = need(e, n->a, QOS_EXPR_BOOL, op_names[n->op], err);
		return rc ? rc : need(e, n->b, QOS_EXPR_BOOL, op_names[n->op], err);
	}
	if (n->op >= QOS_OP_EQ && n->op <= QOS_OP_GE) {
		n->value.type = QOS_EXPR_BOOL;
		return comparable(e, n->a, n->b, n->at, err);
	}
	n->value.type = QOS_EXPR_NUMBER;
	rc = need(e, n->a, QOS_EXPR_NUMBER, op_names[n->op], err);
	return rc ? rc : need(e, n->b, QOS_EXPR_NUMBER, op_names[n->op], err);
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
	const struct qos_expr_node *a = &e->node[n->a];
	int rc = need(e, n->a, QOS_EXPR_TEXT, "~", err);

	n->value.type = QOS_EXPR_BOOL;
	if (a->kind == QOS_NODE_FIELD && !e->scope)
		r->field = a->field;
	return rc ? rc : qos_pcre_new(&r->pcre, r->pattern, r->flags, n->at, err);
}

static int check_call(struct qos_expr *e, struct qos_expr_node *n, struct qos_err *err)
{
	const struct qos_function_info *f = &qos_functions[n->b];

	n->value.type = f->result;
	if (n->b == QOS_FN_HAS && e->node[n->args[0]].kind != QOS_NODE_FIELD)
		return qos_fail(err, QOS_EUSAGE, n->at, "has() asks for a field; write has(meta.env)");
	if (n->b == QOS_FN_CIDR &&
	    !qos_cidr_valid(e->node[n->args[1]].kind == QOS_NODE_LITERAL ? e->node[n->args[1]].value.text
									 : QOS_STR("")))
		return qos_fail(err, QOS_EUSAGE, e->node[n->args[1]].at,
				"cidr() needs a network; write \"10.0.0.0/8\"");
	for (int i = 0; i < n->n; i++) {
		int rc = need(e, n->args[i], f->arg, f->name, err);

		if (rc)
			return rc;
	}
	return 0;
}

static int check_node(struct qos_expr *e, struct qos_expr_node *n, struct qos_err *err)
{
	switch (n->kind) {
	case QOS_NODE_FIELD: return resolve(e, n, err);
	case QOS_NODE_UNARY:
		n->value.type = n->op == QOS_OP_NOT ? QOS_EXPR_BOOL : QOS_EXPR_NUMBER;
		return need(e, n->a, n->value.type, op_names[n->op], err);
	case QOS_NODE_BINARY: return check_binary(e, n, err);
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
