/* What can be right, and what is refused. */
#include "expr/tree.h"

#include "tests/unit/expr/sample.h"

static struct qos_err err;

/* "" or the error of an expression over records. */
static const char *check(const char *text)
{
	struct qos_fields *fields;
	struct qos_expr *e;

	qos_fields_new(&fields, &err);
	err.text[0] = 0;
	if (!qos_expr_compile(&e, qos_str(text), (struct qos_at){ "r.yaml", 7, 21 }, fields, NULL, &err))
		qos_expr_need_truth(e, &err);
	qos_expr_free(e);
	qos_fields_free(fields);
	return err.text;
}

static void good_ones(void)
{
	static const char *const good[] = {
		"type == \"health_check\"",
		"size > 1MiB && priority in (\"low\",\"normal\")",
		"payload ~ /panic|timed? out/i",
		"has(meta.env)",
		"dscp >= 46",
		"startswith(service, \"build-\")",
		"x == 5 or x == \"five\"",
		"flag",
		"!flag",
		"a + b > 2 * c",
		"depart - ts > 10ms",
		"length(payload) > 100",
		"lower(type) == \"alert\"",
		"number(id) % 2 == 0",
		"text(size) ~ /00$/",
		"cidr(src, \"10.0.0.0/8\")",
		"min(a, b) < max(c, 1)",
		"abs(a - b) < 1",
		"`HTTP Status` == 200",
		"true",
		"x == true",
		"x != null",
		"`true` == 1",
		"rate > 10mbit",
		"status == \"failed\" || status == 500",
		"max_latency < 5m",
		"size > 5m",
		"confidence < 30%",
		"a in (-1, 2)",
		"(a > 1) == (b > 1)",
		"x !~ \"a\"",
	};

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		CHECK_TEXT(check(good[i]), "");
}

static void refused_ones(void)
{
	CHECK_TEXT(check("size > \"abc\""),
		   "r.yaml:7:26: size is a size in bytes and this is a text: they never compare; "
		   "write the number without quotes");
	CHECK_TEXT(check("true && \"x\""), "r.yaml:7:29: this is a text, and && needs a truth value");
	CHECK_TEXT(check("1 && true"), "r.yaml:7:21: this is a number, and && needs a truth value");
	CHECK_TEXT(check("5 ~ /x/"), "r.yaml:7:21: this is a number, and ~ needs a text");
	CHECK_TEXT(check("size ~ /x/"), "r.yaml:7:21: size is a size in bytes, and ~ needs a text; write text(size)");
	CHECK_TEXT(check("type == 5"),
		   "r.yaml:7:26: type is a text and this is a number: they never compare; write the text in quotes");
	CHECK_TEXT(check("type + 1 > 2"), "r.yaml:7:21: type is a text, and + needs a number; write number(type)");
	CHECK_TEXT(check("type"),
		   "r.yaml:7:21: type is a text, and a condition needs a truth value; write has(type) or a comparison");
	CHECK_TEXT(check("size"), "r.yaml:7:21: size is a size in bytes, and a condition needs a truth value; "
				  "write has(size) or a comparison");
	CHECK_TEXT(check("!(a + 1)"), "r.yaml:7:25: this is a number, and ! needs a truth value");
	CHECK_TEXT(check("size > 10ms"), "r.yaml:7:28: size is a size in bytes; 10ms is none");
	CHECK_TEXT(check("max_latency < 1MiB"), "r.yaml:7:35: max_latency is a time in seconds; 1MiB is none");
	CHECK_TEXT(check("size in (1, \"x\")"),
		   "r.yaml:7:33: size is a size in bytes and this is a text: they never compare; "
		   "write the number without quotes");
	CHECK_TEXT(check("has(1)"), "r.yaml:7:21: has() asks for a field; write has(meta.env)");
	CHECK_TEXT(check("cidr(src, \"10.0.0.0/33\")"),
		   "r.yaml:7:31: cidr() needs a network; write \"10.0.0.0/8\" or \"2001:db8::/32\"");
	CHECK_TEXT(check("cidr(src, dst)"),
		   "r.yaml:7:31: cidr() needs a network; write \"10.0.0.0/8\" or \"2001:db8::/32\"");
	CHECK_TEXT(check("x > null"), "r.yaml:7:23: null compares with fields, by == and !=; write has(meta.env)");
	CHECK_TEXT(check("`` == 1"), "r.yaml:7:21: a field without a name");
	CHECK_TEXT(check("startswith(size, \"1\")"),
		   "r.yaml:7:32: size is a size in bytes, and startswith needs a text; write text(size)");
}

static void pattern_places(void)
{
	CHECK_TEXT(check("payload ~ /a(b/"), "r.yaml:7:35: in the regular expression: missing closing parenthesis");
}

static void wanted_fields(void)
{
	struct qos_fields *fields;
	struct qos_expr *e;

	qos_fields_new(&fields, &err);
	CHECK_INT(qos_expr_compile(&e, QOS_STR("size > 1 && meta.env == \"x\" && depart > 0"), QOS_NOWHERE, fields,
				   NULL, &err),
		  0);
	CHECK(fields->wanted[QOS_F_SIZE]);
	CHECK(fields->wanted[qos_fields_id(fields, QOS_STR("meta.env"))]);
	CHECK(fields->wanted[QOS_F_TS]); /* stands for depart */
	CHECK(!fields->wanted[QOS_F_TYPE]);
	qos_expr_free(e);
	qos_fields_free(fields);
}

static int resolve(void *self, struct qos_str name, enum qos_expr_type *type)
{
	*type = QOS_EXPR_NUMBER;
	return qos_str_is(name, "critical.p99") ? 4 : -1;
}

static void scopes(void)
{
	struct qos_expr_scope scope = { .resolve = resolve };
	struct qos_expr *e;

	CHECK_INT(qos_expr_compile(&e, QOS_STR("critical.p99 < 10ms"), QOS_NOWHERE, NULL, &scope, &err), 0);
	qos_expr_free(e);
	CHECK_INT(qos_expr_compile(&e, QOS_STR("critical.p98 < 10ms"), QOS_NOWHERE, NULL, &scope, &err), QOS_EUSAGE);
	CHECK_TEXT(err.text, "there is no value \"critical.p98\"");
	CHECK(e == NULL);
}

int main(void)
{
	RUN("what may be right is taken", good_ones);
	RUN("what cannot be right is refused at its place, with what to do", refused_ones);
	RUN("an error in a pattern points into the pattern", pattern_places);
	RUN("fields that are read become wanted, others do not", wanted_fields);
	RUN("a scope says what names there are", scopes);
	return DONE();
}
