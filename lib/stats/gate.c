/*
 * Gates over a report: names become measures when the check is compiled, values when the report is there.
 *
 * The expression is parsed and checked by expr/; its tree is evaluated here, node by node, since what is not known
 * needs a third truth value.  A check is asked once a report, so that costs nothing.
 */
#include "stats/gate.h"

#include <math.h>
#include <stdlib.h>

#include "expr/tree.h"
#include "unit/human.h"

#define SLOTS_MOST 64

struct qos_gate {
	char *text;
	struct qos_expr *expr;
	struct qos_expr_scope scope;
	const struct qos_measure_names *names;
	const struct qos_report *report;
	double *value; /* [n_nodes] of the expression; truth: 0, 1; NAN: unknown */
	struct slot {
		struct qos_measure measure;
		char *name;
	} slot[SLOTS_MOST];
	int n_slots;
};

static int resolve(void *self, struct qos_str name, enum qos_expr_type *type)
{
	struct qos_gate *g = self;
	struct slot *s = &g->slot[g->n_slots];

	if (g->n_slots == SLOTS_MOST || !(s->name = strndup(name.p, name.n)))
		return -1;
	if (!qos_measure_find(&s->measure, qos_str(s->name), g->names)) {
		free(s->name);
		return -1;
	}
	*type = QOS_EXPR_NUMBER;
	return g->n_slots++;
}

static double value_of(const struct qos_gate *g, int slot)
{
	return qos_measure_value(&g->slot[slot].measure, g->names, g->report);
}

static struct qos_expr_value get(const void *self, int slot)
{
	return (struct qos_expr_value){ .type = QOS_EXPR_NUMBER, .number = value_of(self, slot) };
}

/* --- evaluation --- */

static double compare(enum qos_op op, double a, double b)
{
	if (isnan(a) || isnan(b))
		return NAN;
	switch (op) {
	case QOS_OP_EQ: return a == b;
	case QOS_OP_NE: return a != b;
	case QOS_OP_LT: return a < b;
	case QOS_OP_LE: return a <= b;
	case QOS_OP_GT: return a > b;
	case QOS_OP_GE: return a >= b;
	case QOS_OP_ADD: return a + b;
	case QOS_OP_SUB: return a - b;
	case QOS_OP_MUL: return a * b;
	case QOS_OP_DIV: return b == 0 ? NAN : a / b;
	default: return b == 0 ? NAN : fmod(a, b);
	}
}

/* && and ||: one operand decides, else one that is unknown leaves it open. */
static double chain(const struct qos_gate *g, const struct qos_expr_node *n)
{
	double deciding = n->op == QOS_OP_OR, result = !deciding;

	for (int i = n->b; i >= 0; i = g->expr->node[i].before) {
		if (g->value[i] == deciding)
			return deciding;
		if (isnan(g->value[i]))
			result = NAN;
	}
	return result;
}

static double in_list(const struct qos_gate *g, const struct qos_expr_node *n)
{
	for (int i = 0; i < n->n; i++)
		if (isnan(g->value[n->a]) || g->value[n->a] == g->value[n->b + i])
			return isnan(g->value[n->a]) ? NAN : 1;
	return 0;
}

static double call(const struct qos_gate *g, const struct qos_expr_node *n)
{
	double x = g->value[n->args[0]], y = n->n > 1 ? g->value[n->args[1]] : 0;

	if (n->b == QOS_FN_HAS)
		return !isnan(x);
	if (isnan(x) || isnan(y))
		return NAN;
	switch (n->b) {
	case QOS_FN_MIN: return fmin(x, y);
	case QOS_FN_MAX: return fmax(x, y);
	case QOS_FN_ABS: return fabs(x);
	case QOS_FN_NUMBER: return x;
	default: return NAN; /* of texts, which no measure is */
	}
}

static double evaluate(const struct qos_gate *g, const struct qos_expr_node *n)
{
	switch (n->kind) {
	case QOS_NODE_LITERAL: return n->value.type == QOS_EXPR_TEXT ? NAN : n->value.number;
	case QOS_NODE_FIELD: return value_of(g, n->slot);
	case QOS_NODE_UNARY: return n->op == QOS_OP_NOT ? compare(QOS_OP_EQ, g->value[n->a], 0) : -g->value[n->a];
	case QOS_NODE_BINARY: return compare(n->op, g->value[n->a], g->value[n->b]);
	case QOS_NODE_CHAIN: return chain(g, n);
	case QOS_NODE_IN: return in_list(g, n);
	case QOS_NODE_CALL: return call(g, n);
	default: return NAN;
	}
}

enum qos_truth qos_gate_ask(struct qos_gate *g, const struct qos_report *r)
{
	int n = g->expr->n_nodes;

	g->report = r;
	for (int i = 0; i < n; i++) /* children stand before their parents */
		g->value[i] = evaluate(g, &g->expr->node[i]);
	return isnan(g->value[n - 1]) ? QOS_UNKNOWN : g->value[n - 1] != 0 ? QOS_TRUE : QOS_FALSE;
}

/* --- set-up --- */

int qos_gate_new(struct qos_gate **out, const char *option, const char *text, const struct qos_measure_names *names,
		 struct qos_err *err)
{
	struct qos_gate *g = calloc(1, sizeof(*g));
	int rc;

	*out = NULL;
	if (!g || !(g->text = strdup(text))) {
		free(g);
		return qos_fail_memory(err, "check");
	}
	g->names = names;
	g->scope = (struct qos_expr_scope){ resolve, get, g };
	rc = qos_expr_compile(&g->expr, qos_str(text), (struct qos_at){ option, 1, 1 }, NULL, &g->scope, err);
	if (!rc)
		rc = qos_expr_need_truth(g->expr, err);
	if (!rc && !(g->value = calloc((size_t)g->expr->n_nodes, sizeof(*g->value))))
		rc = qos_fail_memory(err, "check");
	if (rc)
		qos_gate_free(g);
	else
		*out = g;
	return rc;
}

void qos_gate_free(struct qos_gate *g)
{
	if (!g)
		return;
	qos_expr_free(g->expr);
	for (int i = 0; i < g->n_slots; i++)
		free(g->slot[i].name);
	free(g->value);
	free(g->text);
	free(g);
}

const char *qos_gate_text(const struct qos_gate *g)
{
	return g->text;
}

/* --- why --- */

static void add_number(struct qos_buf *b, double x, bool time)
{
	char text[QOS_HUMAN_BYTES];

	if (!time) {
		qos_buf_printf(b, "%.6g", x);
		return;
	}
	qos_human_duration(text, x);
	qos_buf_puts(b, text);
}

/* For NAME < something and the like: by how much it missed. */
static void add_margin(struct qos_buf *b, const struct qos_gate *g, int slot)
{
	const struct qos_expr_node *root = &g->expr->node[g->expr->n_nodes - 1];
	const struct qos_expr_node *left = &g->expr->node[root->a];
	double over;

	if (root->kind != QOS_NODE_BINARY || left->kind != QOS_NODE_FIELD || left->slot != slot)
		return;
	over = g->value[root->a] - g->value[root->b];
	if (over == 0 || isnan(over))
		return;
	qos_buf_puts(b, " (");
	add_number(b, fabs(over), g->slot[slot].measure.is_time);
	qos_buf_puts(b, over > 0 ? " over)" : " under)");
}

void qos_gate_explain(const struct qos_gate *g, struct qos_buf *b)
{
	for (int i = 0; i < g->n_slots; i++) {
		double x = value_of(g, i);

		qos_buf_printf(b, "%s%s ", i ? ", " : "", g->slot[i].name);
		if (isnan(x)) {
			qos_buf_puts(b, "was not measured");
			continue;
		}
		qos_buf_puts(b, "is ");
		add_number(b, x, g->slot[i].measure.is_time);
		add_margin(b, g, i);
	}
}

bool qos_gate_holds(struct qos_gate *g, const struct qos_report *r, struct qos_buf *why)
{
	if (qos_gate_ask(g, r) == QOS_TRUE)
		return true;
	qos_buf_printf(why, "%s: ", g->text);
	qos_gate_explain(g, why);
	return false;
}
