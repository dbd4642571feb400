/*
 * Precedence climbing: or, and, not, comparison, sum, product, sign, primary.
 */
#include <stdlib.h>

#include "expr/tree.h"

#define NESTING_MOST 128
#define NODES_MOST   100000

struct parser {
	struct qos_expr *e;
	struct qos_lexer lexer;
	struct qos_token t; /* the token at hand */
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

/* Adds a node.   Returns  its index, or QOS_EUSAGE. */
static int add(struct parser *p, struct qos_expr_node n)
{
	struct qos_expr *e = p->e;

	if (e->n_nodes == e->room) {
		int room = e->room ? 2 * e->room : 16;
		struct qos_expr_node *node =
			room <= NODES_MOST * 2 ? realloc(e->node, (size_t)room * sizeof(*node)) : NULL;

		if (!node)
			return qos_fail(p->err, QOS_EUSAGE, n.at, "the expression is too large");
		e->node = node;
		e->room = room;
	}
	e->node[e->n_nodes] = n;
	return e->n_nodes++;
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

static int literal(struct parser *p, int *node)
{
	struct qos_expr_node n = { .kind = QOS_NODE_LITERAL, .at = p->t.at };

	if (p->t.kind == QOS_TOKEN_NUMBER)
		n.value = (struct qos_expr_value){ .type = QOS_EXPR_NUMBER, .number = p->t.number };
	else
		n.value = (struct qos_expr_value){ .type = QOS_EXPR_TEXT, .text = p->t.text };
	*node = add(p, n);
	return *node < 0 ? *node : next(p);
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

static int call(struct parser *p, struct qos_str name, struct qos_at at, int *node)
{
	struct qos_expr_node n = { .kind = QOS_NODE_CALL, .b = find_function(name), .at = at };
	const char *names[QOS_N_FN], *near;
	int rc;

	if (n.b < 0) {
		for (int i = 0; i < QOS_N_FN; i++)
			names[i] = qos_functions[i].name;
		near = qos_nearest(name.p, name.n, names, QOS_N_FN);
		return qos_fail(p->err, QOS_EUSAGE, at, "there is no function \"%.*s\"%s%s%s", QOS_STR_ARG(name),
				near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
	}
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
	*node = add(p, n);
	return *node < 0 ? *node : 0;
}

static int named(struct parser *p, int *node)
{
	struct qos_token t = p->t;
	struct qos_expr_node n = { .kind = QOS_NODE_FIELD, .at = t.at };
	int rc = next(p);

	if (rc)
		return rc;
	if (is_op(p, QOS_OP_OPEN))
		return call(p, t.text, t.at, node);
	if (qos_str_is(t.text, "true") || qos_str_is(t.text, "false")) {
		n.kind = QOS_NODE_LITERAL;
		n.value = (struct qos_expr_value){ .type = QOS_EXPR_BOOL, .number = t.text.n == 4 };
	} else if (qos_str_is(t.text, "null")) {
		n.kind = QOS_NODE_LITERAL;
		n.value = (struct qos_expr_value){ .type = QOS_EXPR_ANY };
	} else {
		n.value.text = t.text; /* the name, until it is resolved */
	}
	*node = add(p, n);
	return *node < 0 ? *node : 0;
}

static int primary(struct parser *p, int *node)
{
	int rc;

	if (p->t.kind == QOS_TOKEN_NUMBER || p->t.kind == QOS_TOKEN_TEXT)
		return literal(p, node);
	if (p->t.kind == QOS_TOKEN_NAME)
		return named(p, node);
	if (!is_op(p, QOS_OP_OPEN))
		return unexpected(p, "a field, a value or a parenthesis");
	if ((rc = next(p)) || (rc = parse_or(p, node)))
		return rc;
	return expect(p, QOS_OP_CLOSE, "a closing parenthesis");
}

static int unary(struct parser *p, enum qos_op op, int (*operand)(struct parser *, int *), int *node)
{
	struct qos_expr_node n = { .kind = QOS_NODE_UNARY, .op = op, .at = p->t.at };
	int rc;

	if (++p->depth > NESTING_MOST)
		return qos_fail(p->err, QOS_EUSAGE, p->t.at, "nested deeper than %d", NESTING_MOST);
	rc = next(p);
	if (!rc)
		rc = operand(p, &n.a);
	p->depth--;
	if (rc)
		return rc;
	*node = add(p, n);
	return *node < 0 ? *node : 0;
}

static int sign(struct parser *p, int *node)
{
	return is_op(p, QOS_OP_SUB) ? unary(p, QOS_OP_SUB, sign, node) : primary(p, node);
}

/* One level of left-associative operators from `first` to `last`. */
static int level(struct parser *p, enum qos_op first, enum qos_op last, int (*operand)(struct parser *, int *),
		 int *node)
{
	int rc = operand(p, node);

	while (!rc && p->t.kind == QOS_TOKEN_OP && p->t.op >= first && p->t.op <= last) {
		struct qos_expr_node n = { .kind = QOS_NODE_BINARY, .op = p->t.op, .a = *node, .at = p->t.at };

		if ((rc = next(p)) || (rc = operand(p, &n.b)))
			return rc;
		*node = add(p, n);
		rc = *node < 0 ? *node : 0;
	}
	return rc;
}

static int product(struct parser *p, int *node)
{
	return level(p, QOS_OP_MUL, QOS_OP_MOD, sign, node);
}

static int sum(struct parser *p, int *node)
{
	return level(p, QOS_OP_ADD, QOS_OP_SUB, product, node);
}

static int match(struct parser *p, int *node)
{
	struct qos_expr_node n = { .kind = QOS_NODE_MATCH, .op = p->t.op, .a = *node, .at = p->t.at };
	int rc = next(p);

	if (rc)
		return rc;
	if (p->t.kind != QOS_TOKEN_REGEX && p->t.kind != QOS_TOKEN_TEXT)
		return unexpected(p, "a regular expression such as /panic/i");
	n.b = add_regex(p, (struct qos_regex){ .field = -1, .pattern = p->t.text, .flags = p->t.flags });
	if (n.b < 0)
		return n.b;
	n.at = p->t.at;
	*node = add(p, n);
	return *node < 0 ? *node : next(p);
}

/* a in (1, 2, 3): the items are literals, one after another in the array of nodes. */
static int in_list(struct parser *p, int *node)
{
	struct qos_expr_node n = { .kind = QOS_NODE_IN, .a = *node, .at = p->t.at };
	int rc, item;

	if ((rc = next(p)) || (rc = expect(p, QOS_OP_OPEN, "a list in parentheses")))
		return rc;
	n.b = p->e->n_nodes;
	do {
		if (n.n && (rc = next(p)))
			return rc;
		if (p->t.kind != QOS_TOKEN_NUMBER && p->t.kind != QOS_TOKEN_TEXT)
			return unexpected(p, "a number or a text in quotes");
		if ((rc = literal(p, &item)))
			return rc;
		n.n++;
	} while (is_op(p, QOS_OP_COMMA));
	if ((rc = expect(p, QOS_OP_CLOSE, "a closing parenthesis")))
		return rc;
	*node = add(p, n);
	return *node < 0 ? *node : 0;
}

static int comparison(struct parser *p, int *node)
{
	int rc = sum(p, node);

	if (rc || p->t.kind != QOS_TOKEN_OP)
		return rc;
	if (p->t.op == QOS_OP_MATCH || p->t.op == QOS_OP_NOT_MATCH)
		return match(p, node);
	if (p->t.op == QOS_OP_IN)
		return in_list(p, node);
	if (p->t.op >= QOS_OP_EQ && p->t.op <= QOS_OP_GE) {
		struct qos_expr_node n = { .kind = QOS_NODE_BINARY, .op = p->t.op, .a = *node, .at = p->t.at };

		if ((rc = next(p)) || (rc = sum(p, &n.b)))
			return rc;
		*node = add(p, n);
		return *node < 0 ? *node : 0;
	}
	return 0;
}

static int negation(struct parser *p, int *node)
{
	return is_op(p, QOS_OP_NOT) ? unary(p, QOS_OP_NOT, negation, node) : comparison(p, node);
}

static int parse_and(struct parser *p, int *node)
{
	return level(p, QOS_OP_AND, QOS_OP_AND, negation, node);
}

static int parse_or(struct parser *p, int *node)
{
	int rc;

	if (++p->depth > NESTING_MOST)
		return qos_fail(p->err, QOS_EUSAGE, p->t.at, "nested deeper than %d", NESTING_MOST);
	rc = level(p, QOS_OP_OR, QOS_OP_OR, parse_and, node);
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
