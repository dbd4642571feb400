/* Nodes to code. */
#include "expr/code.h"

#include <stdlib.h>

#include "tests/unit/expr/sample.h"

static struct qos_err err;

/* The instructions that an expression runs as, the three stops not counted; -1 - result when it is constant. */
static int length(const char *text)
{
	struct qos_fields *fields;
	struct qos_expr *e;
	int n;

	qos_fields_new(&fields, &err);
	CHECK_INT(qos_expr_compile(&e, qos_str(text), QOS_NOWHERE, fields, NULL, &err), 0);
	n = e->n_code - 3;
	if (qos_expr_constant(e) >= 0)
		n = -1 - qos_expr_constant(e);
	qos_expr_free(e);
	qos_fields_free(fields);
	return n;
}

static void sizes(void)
{
	CHECK_INT(length("type == \"a\""), 1);
	CHECK_INT(length("\"a\" == type"), 1);
	CHECK_INT(length("!(type == \"a\" && size > 1 || !has(x))"), 3);
	CHECK_INT(length("x in (1,2,3,4,5)"), 2);
	CHECK_INT(length("a + b > 2"), 5);
	CHECK_INT(length("payload ~ /x/"), 1);
	CHECK_INT(length("lower(payload) ~ /x/"), 3);
}

static void constants(void)
{
	CHECK_INT(length("true"), -2);
	CHECK_INT(length("!true"), -1);
	CHECK_INT(length("false && size > 1"), -1);
	CHECK_INT(length("size > 1 && false"), -1);
	CHECK_INT(length("size > 1 || 1 < 2"), -2);
	CHECK_INT(length("1KiB == 1024"), -2);
	CHECK_INT(length("size > 1 && true"), 1);
}

/* `1 && 2 && ...` is as deep as one of them, whatever their number. */
static void long_chain(void)
{
	size_t n = 20000;
	char *text = malloc(n * 10 + 16);
	char *p = text;

	p += sprintf(p, "a==1");
	for (size_t i = 0; i < n; i++)
		p += sprintf(p, "%s a==%d", i & 1 ? "&&" : "||", (int)(i & 7));
	CHECK_INT(length(text), (int)n + 1);
	free(text);
}

static void registers(void)
{
	struct qos_fields *fields;
	struct qos_expr *e;

	qos_fields_new(&fields, &err);
	CHECK_INT(qos_expr_compile(&e, QOS_STR("a + b + c + d + e > 1"), QOS_NOWHERE, fields, NULL, &err), 0);
	CHECK_INT(e->n_regs, 2);
	qos_expr_free(e);
	CHECK_INT(qos_expr_compile(&e, QOS_STR("a + (b + (c + d)) > 1"), QOS_NOWHERE, fields, NULL, &err), 0);
	CHECK_INT(e->n_regs, 4);
	qos_expr_free(e);
	qos_fields_free(fields);
}

int main(void)
{
	RUN("a field beside a constant is one instruction, && || ! are none", sizes);
	RUN("what constants decide is not made", constants);
	RUN("chains may be long", long_chain);
	RUN("sums from the left need two registers", registers);
	return DONE();
}
