/*
 * Evaluation: a recursive walk over the array of nodes; no allocation.
 *
 * A comparison with something that is absent, or that is no number where one is compared, is false, and so is its
 * opposite.
 */
#include <math.h>
#include <stdlib.h>

#include "expr/match.h"
#include "expr/tree.h"
#include "unit/timestamp.h"
#include "unit/unit.h"

static struct qos_expr_value absent(void)
{
	return (struct qos_expr_value){ .type = QOS_EXPR_ANY };
}

static struct qos_expr_value truth(bool b)
{
	return (struct qos_expr_value){ .type = QOS_EXPR_BOOL, .number = b };
}

static struct qos_expr_value number(double x)
{
	return (struct qos_expr_value){ .type = QOS_EXPR_NUMBER, .number = x };
}

static struct qos_expr_value text(struct qos_str s)
{
	return (struct qos_expr_value){ .type = QOS_EXPR_TEXT, .text = s };
}

/* Each node has its own, so that the texts of both sides of a comparison live side by side. */
static char *scratch_for(struct qos_expr_node *node, size_t n)
{
	if (n > node->scratch_bytes) {
		char *p = realloc(node->scratch, 2 * n);

		if (!p)
			return NULL;
		node->scratch = p;
		node->scratch_bytes = 2 * n;
	}
	return node->scratch;
}

static struct qos_str cell_text(struct qos_expr_node *node, const struct qos_record *r, struct qos_cell c)
{
	char *scratch;

	if (c.kind != QOS_CELL_CSV && c.kind != QOS_CELL_ESCAPED)
		return qos_cell_text(r, c, NULL);
	scratch = scratch_for(node, c.len);
	return scratch ? qos_cell_text(r, c, scratch) : QOS_STR("");
}

/* What the design says about a known field that is absent. */
static struct qos_expr_value default_of(int field, const struct qos_record *r)
{
	switch (field) {
	case QOS_F_PRIORITY: return text(QOS_STR("normal"));
	case QOS_F_TENANT: return text(QOS_STR("default"));
	case QOS_F_SIZE: return number((double)r->n_bytes);
	case QOS_F_RELIABILITY: return number(0);
	default: return absent();
	}
}

static struct qos_expr_value as_number(enum qos_reading_as as, struct qos_str s)
{
	int64_t n, cache[2] = { 0 };
	enum qos_time_form form;
	double x;

	switch (as) {
	case QOS_AS_SECONDS: return qos_unit_seconds(s, &n) ? absent() : number((double)n / 1e9);
	case QOS_AS_BYTES: return qos_unit_bytes(s, &n) ? absent() : number((double)n);
	case QOS_AS_TIME: return qos_timestamp_parse(s, &n, &form, cache, NULL) ? absent() : number((double)n / 1e9);
	case QOS_AS_BPS: return qos_unit_bitrate(s, &n, NULL) ? absent() : number((double)n);
	default: return qos_unit_number(s, &x) ? absent() : number(x);
	}
}

struct qos_expr_value qos_expr_field(struct qos_expr_node *n, const struct qos_record *r)
{
	struct qos_cell c = r->cell[n->field];

	if (c.kind == QOS_CELL_ABSENT || c.kind == QOS_CELL_NULL)
		return default_of(n->field, r);
	if (n->as == QOS_AS_TEXT || n->as == QOS_AS_ANY) {
		if (c.kind == QOS_CELL_TRUE || c.kind == QOS_CELL_FALSE)
			return n->as == QOS_AS_ANY ? truth(c.kind == QOS_CELL_TRUE) : text(cell_text(n, r, c));
		return (struct qos_expr_value){ .type = n->as == QOS_AS_TEXT ? QOS_EXPR_TEXT : QOS_EXPR_ANY,
						.number = NAN,
						.text = cell_text(n, r, c) };
	}
	if (c.len == 0)
		return default_of(n->field, r);
	return as_number(n->as, cell_text(n, r, c));
}

/* A value told at run time: its text if it has one; absent ones have none. */
static bool has_text(const struct qos_expr_value *v)
{
	return v->type == QOS_EXPR_TEXT || (v->type == QOS_EXPR_ANY && v->text.p);
}

static bool to_number(const struct qos_expr_value *v, double *x)
{
	if (v->type == QOS_EXPR_NUMBER || v->type == QOS_EXPR_BOOL) {
		*x = v->number;
		return true;
	}
	return has_text(v) && v->text.n && qos_unit_number(v->text, x) == 0;
}

static bool by_order(enum qos_op op, int order)
{
	switch (op) {
	case QOS_OP_EQ: return order == 0;
	case QOS_OP_NE: return order != 0;
	case QOS_OP_LT: return order < 0;
	case QOS_OP_LE: return order <= 0;
	case QOS_OP_GT: return order > 0;
	default: return order >= 0;
	}
}

/* low < normal < high < critical; -1 for anything else */
static int urgency(struct qos_str s)
{
	static const char *const names[] = { "low", "normal", "high", "critical" };

	for (int i = 0; i < 4; i++)
		if (qos_str_is(s, names[i]))
			return i;
	return -1;
}

static bool compare(enum qos_op op, const struct qos_expr_value *a, const struct qos_expr_value *b, bool urgencies)
{
	double x, y;

	if (a->type == QOS_EXPR_NUMBER || b->type == QOS_EXPR_NUMBER || a->type == QOS_EXPR_BOOL ||
	    b->type == QOS_EXPR_BOOL) {
		if (a->type == QOS_EXPR_BOOL && has_text(b))
			return by_order(op,
					qos_str_compare(a->number != 0 ? QOS_STR("true") : QOS_STR("false"), b->text));
		if (b->type == QOS_EXPR_BOOL && has_text(a))
			return by_order(op,
					qos_str_compare(a->text, b->number != 0 ? QOS_STR("true") : QOS_STR("false")));
		return to_number(a, &x) && to_number(b, &y) && by_order(op, (x > y) - (x < y));
	}
	if (!has_text(a) || !has_text(b))
		return false;
	if (urgencies && op >= QOS_OP_LT) {
		int u = urgency(a->text), v = urgency(b->text);

		return u >= 0 && v >= 0 && by_order(op, u - v);
	}
	if (a->type == QOS_EXPR_ANY && b->type == QOS_EXPR_ANY && to_number(a, &x) && to_number(b, &y))
		return by_order(op, (x > y) - (x < y));
	return by_order(op, qos_str_compare(a->text, b->text));
}

static struct qos_expr_value eval(struct qos_expr *e, int i, const struct qos_record *r);

static bool eval_true(struct qos_expr *e, int i, const struct qos_record *r)
{
	struct qos_expr_value v = eval(e, i, r);

	if (v.type == QOS_EXPR_BOOL || v.type == QOS_EXPR_NUMBER)
		return v.number != 0;
	return has_text(&v) && qos_str_is(v.text, "true");
}

static bool is_priority(const struct qos_expr *e, int i)
{
	return e->node[i].kind == QOS_NODE_FIELD && e->node[i].field == QOS_F_PRIORITY && !e->scope;
}

static struct qos_expr_value arithmetic(enum qos_op op, const struct qos_expr_value *a, const struct qos_expr_value *b)
{
	double x, y;

	if (!to_number(a, &x) || !to_number(b, &y))
		return absent();
	switch (op) {
	case QOS_OP_ADD: return number(x + y);
	case QOS_OP_SUB: return number(x - y);
	case QOS_OP_MUL: return number(x * y);
	case QOS_OP_DIV: return y == 0 ? absent() : number(x / y);
	default: return y == 0 ? absent() : number(fmod(x, y));
	}
}

static struct qos_expr_value binary(struct qos_expr *e, const struct qos_expr_node *n, const struct qos_record *r)
{
	struct qos_expr_value a, b;

	if (n->op == QOS_OP_AND)
		return truth(eval_true(e, n->a, r) && eval_true(e, n->b, r));
	if (n->op == QOS_OP_OR)
		return truth(eval_true(e, n->a, r) || eval_true(e, n->b, r));
	a = eval(e, n->a, r);
	b = eval(e, n->b, r);
	if (n->op >= QOS_OP_EQ && n->op <= QOS_OP_GE)
		return truth(compare(n->op, &a, &b, is_priority(e, n->a) || is_priority(e, n->b)));
	return arithmetic(n->op, &a, &b);
}

static bool in_list(struct qos_expr *e, const struct qos_expr_node *n, const struct qos_record *r)
{
	struct qos_expr_value a = eval(e, n->a, r);

	for (int i = 0; i < n->n; i++)
		if (compare(QOS_OP_EQ, &a, &e->node[n->b + i].value, false))
			return true;
	return false;
}

static bool match(struct qos_expr *e, const struct qos_expr_node *n, const struct qos_record *r)
{
	const struct qos_regex *regex = &e->regex[n->b];
	struct qos_expr_value a;

	if (regex->hit && regex->field >= 0) {
		enum qos_cell_kind kind = r->cell[regex->field].kind;

		if (kind >= QOS_CELL_TEXT && kind <= QOS_CELL_NUMBER)
			return *regex->hit == (n->op == QOS_OP_MATCH);
	}
	a = eval(e, n->a, r);
	if (!has_text(&a))
		return false;
	return qos_pcre_found(regex->pcre, a.text) == (n->op == QOS_OP_MATCH);
}

static struct qos_expr_value changed_case(struct qos_expr_node *n, struct qos_str s, char from, char to)
{
	char *p = scratch_for(n, s.n);

	if (!p)
		return absent();
	for (size_t i = 0; i < s.n; i++)
		p[i] = s.p[i] >= from && s.p[i] < from + 26 ? (char)(s.p[i] + to - from) : s.p[i];
	return text((struct qos_str){ p, s.n });
}

static bool contains(struct qos_str s, struct qos_str part)
{
	return part.n == 0 || memmem(s.p, s.n, part.p, part.n) != NULL;
}

static struct qos_expr_value on_texts(struct qos_expr_node *n, struct qos_str a, struct qos_str b)
{
	switch (n->b) {
	case QOS_FN_STARTSWITH: return truth(qos_str_starts(a, b));
	case QOS_FN_ENDSWITH: return truth(qos_str_ends(a, b));
	case QOS_FN_CONTAINS: return truth(contains(a, b));
	case QOS_FN_LOWER: return changed_case(n, a, 'A', 'a');
	case QOS_FN_UPPER: return changed_case(n, a, 'a', 'A');
	case QOS_FN_LENGTH: return number((double)a.n);
	case QOS_FN_CIDR: return truth(qos_cidr_holds(b, a));
	default: return text(a);
	}
}

static struct qos_expr_value call(struct qos_expr *e, struct qos_expr_node *n, const struct qos_record *r)
{
	struct qos_expr_value v[3] = { { 0 } };
	double x = 0, y = 0;

	if (n->b == QOS_FN_HAS && r) {
		struct qos_cell c = r->cell[e->node[n->args[0]].field];

		return truth(c.kind != QOS_CELL_ABSENT && c.kind != QOS_CELL_NULL &&
			     (c.len > 0 || c.kind > QOS_CELL_CSV));
	}
	for (int i = 0; i < n->n; i++)
		v[i] = eval(e, n->args[i], r);
	if (n->b == QOS_FN_HAS)
		return truth(v[0].type != QOS_EXPR_ANY || has_text(&v[0]));
	if (n->b == QOS_FN_NUMBER || n->b >= QOS_FN_MIN) {
		if (!to_number(&v[0], &x) || (n->n > 1 && !to_number(&v[1], &y)))
			return absent();
		return number(n->b == QOS_FN_MIN   ? fmin(x, y)
			      : n->b == QOS_FN_MAX ? fmax(x, y)
			      : n->b == QOS_FN_ABS ? fabs(x)
						   : x);
	}
	if (!has_text(&v[0]) || (n->n > 1 && !has_text(&v[1])))
		return qos_functions[n->b].result == QOS_EXPR_BOOL ? truth(false) : absent();
	return on_texts(n, v[0].text, v[1].text);
}

static struct qos_expr_value eval(struct qos_expr *e, int i, const struct qos_record *r)
{
	struct qos_expr_node *n = &e->node[i];
	struct qos_expr_value a;
	double x;

	switch (n->kind) {
	case QOS_NODE_LITERAL: return n->value;
	case QOS_NODE_FIELD: return e->scope ? e->scope->get(e->scope->self, n->field) : qos_expr_field(n, r);
	case QOS_NODE_UNARY:
		if (n->op == QOS_OP_NOT)
			return truth(!eval_true(e, n->a, r));
		a = eval(e, n->a, r);
		return to_number(&a, &x) ? number(-x) : absent();
	case QOS_NODE_BINARY: return binary(e, n, r);
	case QOS_NODE_IN: return truth(in_list(e, n, r));
	case QOS_NODE_MATCH: return truth(match(e, n, r));
	default: return call(e, n, r);
	}
}

/* --- the public face --- */

int qos_expr_compile(struct qos_expr **out, struct qos_str source, struct qos_at at, struct qos_fields *fields,
		     const struct qos_expr_scope *scope, struct qos_err *err)
{
	struct qos_expr *e = calloc(1, sizeof(*e));
	struct qos_str kept = { NULL, source.n };
	int rc;

	*out = NULL;
	if (!e || !(kept.p = qos_arena_copy(&e->arena, source))) {
		free(e);
		return qos_fail_memory(err, "expression");
	}
	e->scope = scope;
	e->fields = fields;
	if ((rc = qos_expr_parse(e, kept, at, err)) || (rc = qos_expr_check(e, err)))
		qos_expr_free(e);
	else
		*out = e;
	return rc;
}

void qos_expr_free(struct qos_expr *e)
{
	if (!e)
		return;
	for (int i = 0; i < e->n_regexes; i++)
		qos_pcre_free(e->regex[i].pcre);
	free(e->regex);
	for (int i = 0; i < e->n_nodes; i++)
		free(e->node[i].scratch);
	free(e->node);
	qos_arena_free(&e->arena);
	free(e);
}

bool qos_expr_true(struct qos_expr *e, const struct qos_record *r)
{
	return eval_true(e, e->n_nodes - 1, r);
}

struct qos_expr_value qos_expr_value(struct qos_expr *e, const struct qos_record *r)
{
	return eval(e, e->n_nodes - 1, r);
}
