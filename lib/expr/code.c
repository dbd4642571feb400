/*
 * Nodes to code.
 *
 * Code is made from the end: each node is given where to go on when it is true and when it is false, and gives back
 * where it begins.  So every target is known when an instruction is made, negation is an exchange of targets, and what
 * a constant decides is never made at all.
 *
 * Cost   one instruction a node at most, 48 bytes each.
 */
#include "expr/code.h"

#include <stdlib.h>

struct generator {
	struct qos_expr *e;
	bool failed; /* memory ran out */
};

/* Both give the instruction to begin with, and use registers from `reg` on; what stands in those below it stays. */
static int condition(struct generator *g, int node, int reg, int yes, int no);
static int value(struct generator *g, int node, int reg, int next);

static int emit(struct generator *g, struct qos_instruction i)
{
	struct qos_expr *e = g->e;

	if (e->n_code == e->code_room) {
		int room = e->code_room ? 2 * e->code_room : 8;
		struct qos_instruction *code = realloc(e->code, (size_t)room * sizeof(*code));

		if (!code) {
			g->failed = true;
			return QOS_STOP_FALSE;
		}
		e->code = code;
		e->code_room = room;
	}
	e->code[e->n_code] = i;
	return e->n_code++;
}

/* A register's number; remembers how many there have to be. */
static uint16_t use(struct generator *g, int reg)
{
	if (reg >= g->e->n_regs)
		g->e->n_regs = reg + 1;
	return (uint16_t)reg;
}

/* a < b is b > a */
static enum qos_op mirrored(enum qos_op op)
{
	switch (op) {
	case QOS_OP_LT: return QOS_OP_GT;
	case QOS_OP_LE: return QOS_OP_GE;
	case QOS_OP_GT: return QOS_OP_LT;
	case QOS_OP_GE: return QOS_OP_LE;
	default: return op;
	}
}

static bool is_priority(const struct qos_expr *e, int i)
{
	const struct qos_expr_node *n = &e->node[i];

	return !e->scope && n->kind == QOS_NODE_FIELD && e->slots->slot[n->slot].field == QOS_F_PRIORITY;
}

/* A field beside a constant: the slot's value is tested where it is. */
static int field_test(struct generator *g, enum qos_op op, int field, int literal, int yes, int no)
{
	const struct qos_expr_value *v = &g->e->node[literal].value;
	struct qos_instruction i = {
		.what = QOS_DO_NUMBER, .op = (uint8_t)op, .a = (uint16_t)g->e->node[field].slot, .yes = yes, .no = no
	};

	if (v->type == QOS_EXPR_NUMBER) {
		i.number = v->number;
	} else {
		i.what = QOS_DO_TEXT;
		i.text = v->text;
		i.urgencies = is_priority(g->e, field);
	}
	return emit(g, i);
}

static int comparison(struct generator *g, const struct qos_expr_node *n, int reg, int yes, int no)
{
	struct qos_expr *e = g->e;
	const struct qos_expr_node *a = &e->node[n->a], *b = &e->node[n->b];
	struct qos_instruction i = { .what = QOS_DO_COMPARE, .op = (uint8_t)n->op, .yes = yes, .no = no };
	int at;

	if (a->kind == QOS_NODE_LITERAL && b->kind == QOS_NODE_LITERAL)
		return qos_expr_compare(n->op, &a->value, &b->value, false) ? yes : no;
	if (!e->scope && a->kind == QOS_NODE_FIELD && b->kind == QOS_NODE_LITERAL)
		return field_test(g, n->op, n->a, n->b, yes, no);
	if (!e->scope && b->kind == QOS_NODE_FIELD && a->kind == QOS_NODE_LITERAL)
		return field_test(g, mirrored(n->op), n->b, n->a, yes, no);
	i.a = use(g, reg);
	i.b = use(g, reg + 1);
	i.urgencies = is_priority(e, n->a) || is_priority(e, n->b);
	at = emit(g, i);
	return value(g, n->a, reg, value(g, n->b, reg + 1, at));
}

static int in_list(struct generator *g, const struct qos_expr_node *n, int reg, int yes, int no)
{
	struct qos_instruction i = { .what = QOS_DO_IN, .a = use(g, reg), .n = n->n, .yes = yes, .no = no };

	i.items = &g->e->node[n->b];
	return value(g, n->a, reg, emit(g, i));
}

static int match(struct generator *g, const struct qos_expr_node *n, int reg, int yes, int no)
{
	struct qos_instruction i = { .what = QOS_DO_MATCH, .op = (uint8_t)n->op, .b = n->b, .yes = yes, .no = no };

	if (g->e->regex[n->b].slot >= 0) {
		i.a = (uint16_t)g->e->regex[n->b].slot;
		return emit(g, i);
	}
	i.what = QOS_DO_SEARCH;
	i.a = use(g, reg);
	return value(g, n->a, reg, emit(g, i));
}

static int has(struct generator *g, const struct qos_expr_node *n, int reg, int yes, int no)
{
	struct qos_instruction i = { .what = QOS_DO_HAS, .a = (uint16_t)g->e->node[n->args[0]].slot };

	i.yes = n->n ? no : yes; /* n: negated */
	i.no = n->n ? yes : no;
	if (!g->e->scope)
		return emit(g, i);
	i.what = QOS_DO_PRESENT;
	i.a = use(g, reg);
	return value(g, n->args[0], reg, emit(g, i));
}

/* Anything else that may be true. */
static int truth(struct generator *g, int node, int reg, int yes, int no)
{
	struct qos_instruction i = { .what = QOS_DO_TRUE, .a = use(g, reg), .yes = yes, .no = no };

	return value(g, node, reg, emit(g, i));
}

static int chain(struct generator *g, const struct qos_expr_node *n, int reg, int yes, int no)
{
	int at = n->op == QOS_OP_AND ? yes : no;

	for (int i = n->b; i >= 0; i = g->e->node[i].before)
		at = n->op == QOS_OP_AND ? condition(g, i, reg, at, no) : condition(g, i, reg, yes, at);
	return at;
}

static int condition(struct generator *g, int node, int reg, int yes, int no)
{
	const struct qos_expr_node *n = &g->e->node[node];

	if (yes == no)
		return yes;
	switch (n->kind) {
	case QOS_NODE_CHAIN: return chain(g, n, reg, yes, no);
	case QOS_NODE_IN: return in_list(g, n, reg, yes, no);
	case QOS_NODE_MATCH: return match(g, n, reg, yes, no);
	case QOS_NODE_LITERAL:
		if (n->value.type == QOS_EXPR_BOOL)
			return n->value.number != 0 ? yes : no;
		break;
	case QOS_NODE_UNARY:
		if (n->op == QOS_OP_NOT)
			return condition(g, n->a, reg, no, yes);
		break;
	case QOS_NODE_BINARY:
		if (n->op <= QOS_OP_GE)
			return comparison(g, n, reg, yes, no);
		break;
	case QOS_NODE_CALL:
		if (n->b == QOS_FN_HAS)
			return has(g, n, reg, yes, no);
		break;
	default: break;
	}
	return truth(g, node, reg, yes, no);
}

/* A truth value that is wanted as a value: true and false are put into the register at its two ends. */
static int truth_value(struct generator *g, int node, int reg, int next)
{
	static const struct qos_expr_value truths[] = { { QOS_EXPR_BOOL, 0, { "false", 5 } },
							{ QOS_EXPR_BOOL, 1, { "true", 4 } } };
	struct qos_instruction i = { .what = QOS_DO_CONSTANT, .a = use(g, reg), .yes = next };
	int yes, no;

	i.value = &truths[0];
	no = emit(g, i);
	i.value = &truths[1];
	yes = emit(g, i);
	return condition(g, node, reg, yes, no);
}

static int arithmetic(struct generator *g, const struct qos_expr_node *n, int reg, int next)
{
	struct qos_instruction i = { .what = QOS_DO_COUNT, .op = (uint8_t)n->op, .a = use(g, reg), .yes = next };

	i.b = use(g, reg + 1);
	return value(g, n->a, reg, value(g, n->b, reg + 1, emit(g, i)));
}

/* cidr(): its network is read here, once */
static int cidr(struct generator *g, const struct qos_expr_node *n, int reg, int next)
{
	struct qos_instruction i = { .what = QOS_DO_CIDR, .a = use(g, reg), .yes = next };
	struct qos_network *network = qos_arena_get(&g->e->arena, sizeof(*network));

	if (!network) {
		g->failed = true;
		return next;
	}
	qos_network_read(network, g->e->node[n->args[1]].value.text);
	i.network = network;
	return value(g, n->args[0], reg, emit(g, i));
}

static int call(struct generator *g, const struct qos_expr_node *n, int reg, int next)
{
	struct qos_instruction i = {
		.what = QOS_DO_CALL, .op = (uint8_t)n->b, .n = n->n, .a = use(g, reg), .yes = next
	};

	if (n->b == QOS_FN_CIDR)
		return cidr(g, n, reg, next);
	if (n->b == QOS_FN_LOWER || n->b == QOS_FN_UPPER || n->b == QOS_FN_TEXT)
		i.b = g->e->n_rooms++;
	next = emit(g, i);
	if (n->n > 1)
		next = value(g, n->args[1], reg + 1, next);
	use(g, reg + 1);
	return value(g, n->args[0], reg, next);
}

static int value(struct generator *g, int node, int reg, int next)
{
	const struct qos_expr_node *n = &g->e->node[node];
	struct qos_instruction i = { .a = use(g, reg), .yes = next };

	switch (n->kind) {
	case QOS_NODE_LITERAL:
		i.what = QOS_DO_CONSTANT;
		i.value = &n->value;
		return emit(g, i);
	case QOS_NODE_FIELD:
		i.what = g->e->scope ? QOS_DO_SCOPE : QOS_DO_FIELD;
		i.b = n->slot;
		return emit(g, i);
	case QOS_NODE_UNARY:
		if (n->op == QOS_OP_NOT)
			return truth_value(g, node, reg, next);
		i.what = QOS_DO_NEGATE;
		return value(g, n->a, reg, emit(g, i));
	case QOS_NODE_BINARY: return n->op <= QOS_OP_GE ? truth_value(g, node, reg, next) : arithmetic(g, n, reg, next);
	case QOS_NODE_CALL: return n->b == QOS_FN_HAS ? truth_value(g, node, reg, next) : call(g, n, reg, next);
	default: return truth_value(g, node, reg, next);
	}
}

static bool is_truth(const struct qos_expr_node *root)
{
	return root->value.type == QOS_EXPR_BOOL;
}

int qos_expr_generate(struct qos_expr *e, struct qos_err *err)
{
	struct generator g = { .e = e };
	int root = e->n_nodes - 1;

	for (int i = QOS_STOP_FALSE; i <= QOS_STOP_VALUE; i++)
		emit(&g, (struct qos_instruction){ .what = QOS_DO_STOP });
	e->start = condition(&g, root, 0, QOS_STOP_TRUE, QOS_STOP_FALSE);
	e->value_start = is_truth(&e->node[root]) ? e->start : value(&g, root, 0, QOS_STOP_VALUE);
	if (e->n_regs > UINT16_MAX || e->slots->n > UINT16_MAX)
		return qos_fail(err, QOS_EUSAGE, e->node[root].at, "the expression is too large");
	e->reg = calloc((size_t)e->n_regs + 1, sizeof(*e->reg));
	e->rooms = calloc((size_t)e->n_rooms + 1, sizeof(*e->rooms));
	return g.failed || !e->reg || !e->rooms ? qos_fail_memory(err, "expression") : 0;
}

int qos_expr_constant(const struct qos_expr *e)
{
	return e->start == QOS_STOP_FALSE ? 0 : e->start == QOS_STOP_TRUE ? 1 : -1;
}
