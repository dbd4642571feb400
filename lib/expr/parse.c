/*
 * What does an expression say?  Words to nodes, by recursive descent: or, and, not, comparison, sum, product, sign,
 * primary.
 *
 * Operands of && and of || form one chain however many there are, so that nothing that walks the nodes gets deep; depth
 * comes from parentheses alone and is limited.  Children are made before their parents.
 *
 * Cost   one pass, no look-ahead beyond the word at hand.
 */
#include <stdlib.h>

#include "expr/tree.h"

struct parser {
	struct qos_expr *e;
	struct qos_lexer lexer;
	struct qos_token t; /* the word at hand */
	struct qos_err *err;
	int depth;
};

static int parse_or(struct parser *p, int *node);

static int next(struct parser *p)
{
	return qos_lex(&p->lexer, &p->t);
}

static bool is_op(const struct parser *p, enum qos_op op)
{
	return p->t.kind == QOS_TOKEN_OP && p->t.op == op;
}

/* Adds a node, whose index goes to *node. */
static int add(struct parser *p, struct qos_expr_node n, int *node)
{
	struct qos_expr *e = p->e;

	if (n.height > QOS_EXPR_HEIGHT_MOST)
		return qos_fail(p->err, QOS_EUSAGE, n.at, "more than %d operators in a row", QOS_EXPR_HEIGHT_MOST);
	if (e->n_nodes == e->node_room) {
		int room = e->node_room ? 2 * e->node_room : 16;
		struct qos_expr_node *nodes = realloc(e->node, (size_t)room * sizeof(*nodes));

		if (!nodes)
			return qos_fail_memory(p->err, "expression");
		e->node = nodes;
		e->node_room = room;
	}
	n.before = -1;
	e->node[e->n_nodes] = n;
	*node = e->n_nodes++;
	return 0;
}

/* The height of a node above a and b (-1: none). */
static int above(const struct parser *p, int a, int b)
{
	int x = p->e->node[a].height, y = b < 0 ? 0 : p->e->node[b].height;

	return 1 + (x > y ? x : y);
}

static int deeper(struct parser *p)
{
	if (++p->depth > QOS_EXPR_NESTING_MOST)
		return qos_fail(p->err, QOS_EUSAGE, p->t.at, "nested deeper than %d", QOS_EXPR_NESTING_MOST);
	return 0;
}

static int unexpected(struct parser *p, const char *wanted)
{
	if (p->t.kind == QOS_TOKEN_END)
		return qos_fail(p->err, QOS_EUSAGE, p->t.at, "the expression ends where %s is missing", wanted);
	return qos_fail(p->err, QOS_EUSAGE, p->t.at, "here %s is missing", wanted);
}

static int expect(struct parser *p, enum qos_op op, const char *text)
{
	return is_op(p, op) ? next(p) : unexpected(p, text);
}

/* A number or a text, with its minus if it has one. */
static int literal(struct parser *p, bool negative, struct qos_at at, int *node)
{
	struct qos_expr_node n = {
		.kind = QOS_NODE_LITERAL, .at = at, .negative = negative, .has_unit = p->t.has_unit
	};
	int rc;

	if (p->t.kind == QOS_TOKEN_NUMBER) {
		n.value =
			(struct qos_expr_value){ QOS_EXPR_NUMBER, negative ? -p->t.number : p->t.number, { NULL, 0 } };
		n.name = p->t.text;
	} else {
		n.value = (struct qos_expr_value){ QOS_EXPR_TEXT, 0, p->t.text };
	}
	rc = add(p, n, node);
	return rc ? rc : next(p);
}

static int add_regex(struct parser *p, struct qos_regex r)
{
	struct qos_expr *e = p->e;

	if (e->n_regexes == e->regex_room) {
		int room = e->regex_room ? 2 * e->regex_room : 4;
		struct qos_regex *regex = realloc(e->regex, (size_t)room * sizeof(*regex));

		if (!regex)
			return qos_fail_memory(p->err, "expression");
		e->regex = regex;
		e->regex_room = room;
	}
	e->regex[e->n_regexes] = r;
	return e->n_regexes++;
}

static int find_function(struct qos_str name)
{
	for (int i = 0; i < QOS_N_FN; i++)
		if (qos_str_is(name, qos_functions[i].name))
			return i;
	return -1;
}

static int no_such_function(struct parser *p, struct qos_str name, struct qos_at at)
{
	const char *names[QOS_N_FN], *near;

	for (int i = 0; i < QOS_N_FN; i++)
		names[i] = qos_functions[i].name;
	near = qos_nearest(name.p, name.n, names, QOS_N_FN);
	return qos_fail(p->err, QOS_EUSAGE, at, "there is no function \"%.*s\"%s%s%s", QOS_STR_ARG(name),
			near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
}

static int call(struct parser *p, struct qos_str name, struct qos_at at, int *node)
{
	struct qos_expr_node n = { .kind = QOS_NODE_CALL, .b = find_function(name), .at = at };
	int rc;

	if (n.b < 0)
		return no_such_function(p, name, at);
	if ((rc = next(p)))
		return rc;
	for (n.n = 0; n.n < qos_functions[n.b].n_args; n.n++) {
		if (n.n && (rc = expect(p, QOS_OP_COMMA, "a comma")))
			return rc;
		if ((rc = parse_or(p, &n.args[n.n])))
			return rc;
	}
	if ((rc = expect(p, QOS_OP_CLOSE, "a closing parenthesis")))
		return rc;
	n.height = above(p, n.args[0], n.n > 1 ? n.args[1] : -1);
	return add(p, n, node);
}

/* A field, a function, or one of the words true, false and null. */
static int named(struct parser *p, int *node)
{
	struct qos_token t = p->t;
	struct qos_expr_node n = { .kind = QOS_NODE_FIELD, .at = t.at, .name = t.text };
	int rc = next(p);

	if (rc)
		return rc;
	if (is_op(p, QOS_OP_OPEN) && !t.quoted)
		return call(p, t.text, t.at, node);
	if (!t.quoted && (qos_str_is(t.text, "true") || qos_str_is(t.text, "false"))) {
		n.kind = QOS_NODE_LITERAL;
		n.value = (struct qos_expr_value){ QOS_EXPR_BOOL, t.text.n == 4, t.text };
	} else if (!t.quoted && qos_str_is(t.text, "null")) {
		n.kind = QOS_NODE_LITERAL;
		n.value.type = QOS_EXPR_ANY;
	}
	return add(p, n, node);
}

static int primary(struct parser *p, int *node)
{
	int rc;

	if (p->t.kind == QOS_TOKEN_NUMBER || p->t.kind == QOS_TOKEN_TEXT)
		return literal(p, false, p->t.at, node);
	if (p->t.kind == QOS_TOKEN_NAME)
		return named(p, node);
	if (p->t.kind == QOS_TOKEN_REGEX)
		return qos_fail(p->err, QOS_EUSAGE, p->t.at,
				"a regular expression stands behind ~; write for example payload ~ /panic/");
	if (!is_op(p, QOS_OP_OPEN))
		return unexpected(p, "a field, a value or a parenthesis");
	if ((rc = next(p)) || (rc = parse_or(p, node)))
		return rc;
	return expect(p, QOS_OP_CLOSE, "a closing parenthesis");
}

static int unary(struct parser *p, enum qos_op op, struct qos_at at, int (*operand)(struct parser *, int *), int *node)
{
	struct qos_expr_node n = { .kind = QOS_NODE_UNARY, .op = op, .at = at };
	int rc = deeper(p);

	if (!rc)
		rc = operand(p, &n.a);
	p->depth--;
	if (rc)
		return rc;
	n.height = above(p, n.a, -1);
	return add(p, n, node);
}

static int sign(struct parser *p, int *node)
{
	struct qos_at at = p->t.at;
	int rc;

	if (!is_op(p, QOS_OP_SUB))
		return primary(p, node);
	if ((rc = next(p)))
		return rc;
	if (p->t.kind == QOS_TOKEN_NUMBER)
		return literal(p, true, at, node);
	return unary(p, QOS_OP_SUB, at, sign, node);
}

/* Left-associative operators from `first` to `last`. */
static int arithmetic(struct parser *p, enum qos_op first, enum qos_op last, int (*operand)(struct parser *, int *),
		      int *node)
{
	int rc = operand(p, node);

	while (!rc && p->t.kind == QOS_TOKEN_OP && p->t.op >= first && p->t.op <= last) {
		struct qos_expr_node n = { .kind = QOS_NODE_BINARY, .op = p->t.op, .a = *node, .at = p->t.at };

		if ((rc = next(p)) || (rc = operand(p, &n.b)))
			return rc;
		n.height = above(p, n.a, n.b);
		rc = add(p, n, node);
	}
	return rc;
}

static int product(struct parser *p, int *node)
{
	return arithmetic(p, QOS_OP_MUL, QOS_OP_MOD, sign, node);
}

static int sum(struct parser *p, int *node)
{
	return arithmetic(p, QOS_OP_ADD, QOS_OP_SUB, product, node);
}

static int match(struct parser *p, int *node)
{
	struct qos_expr_node n = { .kind = QOS_NODE_MATCH, .op = p->t.op, .a = *node, .at = p->t.at };
	int rc = next(p);

	if (rc)
		return rc;
	if (p->t.kind != QOS_TOKEN_REGEX && p->t.kind != QOS_TOKEN_TEXT)
		return unexpected(p, "a regular expression such as /panic/i");
	n.b = add_regex(p, (struct qos_regex){ .slot = -1, .pattern = p->t.text, .flags = p->t.flags });
	if (n.b < 0)
		return n.b;
	n.at = p->t.at;
	n.height = above(p, n.a, -1);
	rc = add(p, n, node);
	return rc ? rc : next(p);
}

/* One item of a list: a literal, so that all of them stand one after another in the array of nodes. */
static int list_item(struct parser *p)
{
	struct qos_at at = p->t.at;
	bool negative = is_op(p, QOS_OP_SUB);
	int rc = negative ? next(p) : 0, item;

	if (rc)
		return rc;
	if (p->t.kind != QOS_TOKEN_NUMBER && (negative || p->t.kind != QOS_TOKEN_TEXT))
		return unexpected(p, "a number or a text in quotes");
	return literal(p, negative, at, &item);
}

/* a in (1, 2, 3) */
static int in_list(struct parser *p, int *node)
{
	struct qos_expr_node n = { .kind = QOS_NODE_IN, .a = *node, .at = p->t.at };
	int rc;

	if ((rc = next(p)) || (rc = expect(p, QOS_OP_OPEN, "a list in parentheses")))
		return rc;
	n.b = p->e->n_nodes;
	for (n.n = 1; !(rc = list_item(p)) && is_op(p, QOS_OP_COMMA); n.n++)
		if ((rc = next(p)))
			return rc;
	if (rc || (rc = expect(p, QOS_OP_CLOSE, "a closing parenthesis")))
		return rc;
	n.height = above(p, n.a, -1);
	return add(p, n, node);
}

static int comparison(struct parser *p, int *node)
{
	struct qos_expr_node n = { .kind = QOS_NODE_BINARY };
	int rc = sum(p, node);

	if (rc || p->t.kind != QOS_TOKEN_OP)
		return rc;
	if (p->t.op == QOS_OP_MATCH || p->t.op == QOS_OP_NOT_MATCH)
		return match(p, node);
	if (p->t.op == QOS_OP_IN)
		return in_list(p, node);
	if (p->t.op < QOS_OP_EQ || p->t.op > QOS_OP_GE)
		return 0;
	n.op = p->t.op;
	n.at = p->t.at;
	n.a = *node;
	if ((rc = next(p)) || (rc = sum(p, &n.b)))
		return rc;
	if (p->t.kind == QOS_TOKEN_OP && p->t.op >= QOS_OP_EQ && p->t.op <= QOS_OP_GE)
		return qos_fail(p->err, QOS_EUSAGE, p->t.at, "comparisons do not chain; write a < b && b < c");
	n.height = above(p, n.a, n.b);
	return add(p, n, node);
}

static int negation(struct parser *p, int *node)
{
	struct qos_at at = p->t.at;
	int rc;

	if (!is_op(p, QOS_OP_NOT))
		return comparison(p, node);
	rc = next(p);
	return rc ? rc : unary(p, QOS_OP_NOT, at, negation, node);
}

/* a && b && c: one node, its operands linked from the last one back. */
static int chain(struct parser *p, enum qos_op op, int (*operand)(struct parser *, int *), int *node)
{
	struct qos_expr_node n = { .kind = QOS_NODE_CHAIN, .op = op, .at = p->t.at };
	int rc = operand(p, node), last = *node;

	if (rc || !is_op(p, op))
		return rc;
	n.height = above(p, last, -1);
	for (n.n = 1; is_op(p, op); n.n++) {
		if ((rc = next(p)) || (rc = operand(p, node)))
			return rc;
		p->e->node[*node].before = last;
		last = *node;
		n.height = above(p, last, -1) > n.height ? above(p, last, -1) : n.height;
	}
	n.b = last;
	return add(p, n, node);
}

static int parse_and(struct parser *p, int *node)
{
	return chain(p, QOS_OP_AND, negation, node);
}

static int parse_or(struct parser *p, int *node)
{
	int rc = deeper(p);

	if (!rc)
		rc = chain(p, QOS_OP_OR, parse_and, node);
	p->depth--;
	return rc;
}

int qos_expr_parse(struct qos_expr *e, struct qos_str text, struct qos_at at, struct qos_err *err)
{
	struct parser p = { .e = e, .err = err };
	int node, rc;

	p.lexer = (struct qos_lexer){
		.p = text.p, .start = text.p, .end = text.p + text.n, .at = at, .arena = &e->arena, .err = err
	};
	if ((rc = next(&p)))
		return rc;
	if (p.t.kind == QOS_TOKEN_END)
		return qos_fail(err, QOS_EUSAGE, at, "the expression is empty; write for example type == \"alert\"");
	rc = parse_or(&p, &node);
	if (!rc && p.t.kind != QOS_TOKEN_END)
		rc = unexpected(&p, "an operator such as && or ||");
	return rc;
}
