/* Words to nodes. */
#include "expr/tree.h"

#include <stdlib.h>

#include "tests/unit/expr/sample.h"

static struct qos_err err;

static int parse(const char *text, char *tree);

static void show(const struct qos_expr *e, int i, char *p)
{
	const struct qos_expr_node *n = &e->node[i];
	char a[512] = "", b[512] = "";

	switch (n->kind) {
	case QOS_NODE_LITERAL:
		if (n->value.type == QOS_EXPR_NUMBER)
			snprintf(p, 512, "%g", n->value.number);
		else
			snprintf(p, 512, "'%.*s'", QOS_STR_ARG(n->value.text));
		return;
	case QOS_NODE_FIELD: snprintf(p, 512, "%.*s", QOS_STR_ARG(n->name)); return;
	case QOS_NODE_CHAIN:
		p[0] = 0;
		for (int k = n->b; k >= 0; k = e->node[k].before) {
			show(e, k, a);
			snprintf(b, sizeof(b), "%.200s%s%.200s", a, *p ? " " : "", p);
			snprintf(p, 512, "%s", b);
		}
		snprintf(b, sizeof(b), "%s(%.400s)", n->op == QOS_OP_AND ? "all" : "any", p);
		snprintf(p, 512, "%s", b);
		return;
	case QOS_NODE_UNARY: show(e, n->a, a); break;
	case QOS_NODE_BINARY:
		show(e, n->a, a);
		show(e, n->b, b);
		break;
	case QOS_NODE_IN:
	case QOS_NODE_MATCH: show(e, n->a, a); break;
	case QOS_NODE_CALL:
		show(e, n->args[0], a);
		if (n->n > 1)
			show(e, n->args[1], b);
		break;
	}
	snprintf(p, 512, "[%d.%d %.200s%s%.200s]", n->kind, n->kind == QOS_NODE_IN ? n->n : (int)n->op, a,
		 *b ? " " : "", b);
}

static int parse(const char *text, char *tree)
{
	struct qos_expr *e = calloc(1, sizeof(*e));
	int rc = qos_expr_parse(e, qos_str(text), (struct qos_at){ "f", 1, 1 }, &err);

	if (!rc && tree)
		show(e, e->n_nodes - 1, tree);
	qos_expr_free(e);
	return rc;
}

static const char *tree(const char *text)
{
	static char p[512];

	return parse(text, p) ? err.text : p;
}

static void precedence(void)
{
	char want[256];

	snprintf(want, sizeof(want), "[3.%d [3.%d 1 [3.%d 2 3]] [3.%d 4 5]]", QOS_OP_LT, QOS_OP_ADD, QOS_OP_MUL,
		 QOS_OP_SUB);
	CHECK_TEXT(tree("1 + 2 * 3 < 4 - 5"), want);
	snprintf(want, sizeof(want), "[3.%d [3.%d 10 4] 3]", QOS_OP_SUB, QOS_OP_SUB);
	CHECK_TEXT(tree("10 - 4 - 3"), want);
	snprintf(want, sizeof(want), "any(all(a b) all(c [2.%d d]) e)", QOS_OP_NOT);
	CHECK_TEXT(tree("a && b || c and not d or e"), want);
	CHECK_TEXT(tree("(a || b) && c"), "all(any(a b) c)");
	snprintf(want, sizeof(want), "[2.%d [3.%d a 1]]", QOS_OP_NOT, QOS_OP_EQ);
	CHECK_TEXT(tree("!a == 1"), want);
	snprintf(want, sizeof(want), "[3.%d a -1]", QOS_OP_EQ);
	CHECK_TEXT(tree("a == -1"), want);
}

static void lists(void)
{
	CHECK_TEXT(tree("a in (1, -2, \"x\")"), "[5.3 a]");
	CHECK_TEXT(tree("a in ()"), "f:1:7: here a number or a text in quotes is missing");
	CHECK_TEXT(tree("a in (b)"), "f:1:7: here a number or a text in quotes is missing");
	CHECK_TEXT(tree("a in (-\"b\")"), "f:1:8: here a number or a text in quotes is missing");
	CHECK_TEXT(tree("a in (1"), "f:1:8: the expression ends where a closing parenthesis is missing");
}

static void places(void)
{
	CHECK_TEXT(tree(""), "f:1:1: the expression is empty; write for example type == \"alert\"");
	CHECK_TEXT(tree("a == "), "f:1:6: the expression ends where a field, a value or a parenthesis is missing");
	CHECK_TEXT(tree("a b"), "f:1:3: here an operator such as && or || is missing");
	CHECK_TEXT(tree("lenght(a) > 1"), "f:1:1: there is no function \"lenght\"; did you mean \"length\"?");
	CHECK_TEXT(tree("min(a) > 1"), "f:1:6: here a comma is missing");
	CHECK_TEXT(tree("has(a, b)"), "f:1:6: here a closing parenthesis is missing");
	CHECK_TEXT(tree("a ~ 5"), "f:1:5: here a regular expression such as /panic/i is missing");
	CHECK_TEXT(tree("/x/"), "f:1:1: a regular expression stands behind ~; write for example payload ~ /panic/");
	CHECK_TEXT(tree("1 < a < 3"), "f:1:7: comparisons do not chain; write a < b && b < c");
}

static void depth(void)
{
	char text[5000];

	memset(text, '(', 200);
	strcpy(text + 200, "a");
	CHECK_INT(parse(text, NULL), QOS_EUSAGE);
	CHECK_TEXT(err.text, "f:1:129: nested deeper than 128");
	memset(text, '!', 4000);
	strcpy(text + 4000, "a");
	CHECK_INT(parse(text, NULL), QOS_EUSAGE);
	text[0] = 'a';
	for (int i = 0; i < 1200; i++)
		memcpy(text + 1 + 2 * i, "+a", 3);
	CHECK_INT(parse(text, NULL), QOS_EUSAGE);
	memset(text, '(', 100);
	text[100] = 'a';
	memset(text + 101, ')', 100);
	text[201] = 0;
	CHECK_INT(parse(text, NULL), 0);
}

static void long_chains(void)
{
	size_t n = 40000, room = n * 5 + 8;
	char *text = malloc(room);

	text[0] = 'a';
	for (size_t i = 0; i < n; i++)
		memcpy(text + 1 + 5 * i, " || b", 6);
	CHECK_INT(parse(text, NULL), 0);
	free(text);
}

int main(void)
{
	RUN("operators bind as in C", precedence);
	RUN("lists hold literals", lists);
	RUN("each error tells its place and what is missing", places);
	RUN("nesting is limited", depth);
	RUN("chains of || and && are not", long_chains);
	return DONE();
}
