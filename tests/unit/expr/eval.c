/* What expressions say of records. */
#include "expr/expr.h"

#include <stdlib.h>

#include "base/rng.h"
#include "tests/unit/expr/sample.h"

static struct sample s;

static struct qos_expr *compile(const char *text)
{
	struct qos_expr *e;

	if (qos_expr_compile(&e, qos_str(text), QOS_NOWHERE, s.fields, NULL, &s.err))
		printf("# %s: %s\n", text, s.err.text);
	CHECK(e != NULL);
	return e;
}

static bool is(const char *text)
{
	struct qos_expr *e = compile(text);
	bool result = e && qos_expr_true(e, &s.r);

	qos_expr_free(e);
	return result;
}

/* "number:5", "text:abc", "absent", ... */
static const char *value(const char *text)
{
	static char p[200];
	struct qos_expr *e = compile(text);
	struct qos_expr_value v = { .type = QOS_EXPR_ANY };

	if (e)
		v = qos_expr_value(e, &s.r);
	if (v.type == QOS_EXPR_NUMBER)
		snprintf(p, sizeof(p), "number:%.10g", v.number);
	else if (v.type == QOS_EXPR_BOOL)
		snprintf(p, sizeof(p), "bool:%d", (int)v.number);
	else if (v.text.p)
		snprintf(p, sizeof(p), "text:%.*s", QOS_STR_ARG(v.text));
	else
		snprintf(p, sizeof(p), "absent");
	qos_expr_free(e);
	return p;
}

static void record(void)
{
	sample_clear(&s);
	sample_set(&s, "type", "alert");
	sample_set(&s, "priority", "high");
	sample_set(&s, "size", "2MiB");
	sample_set(&s, "ts", "100.5");
	sample_set(&s, "depart", "100.75");
	sample_set(&s, "payload", "Disk sda1 is full");
	sample_set(&s, "code", "404");
	sample_set(&s, "empty", "");
	sample_set(&s, "word", "abc");
	sample_set(&s, "src", "10.1.2.3");
	sample_set(&s, "HTTP Status", "200");
	sample_set_bytes(&s, "flag", QOS_CELL_TRUE, QOS_STR("true"));
	sample_set_bytes(&s, "off", QOS_CELL_FALSE, QOS_STR("false"));
	sample_set_bytes(&s, "nil", QOS_CELL_NULL, QOS_STR("null"));
}

static void comparisons(void)
{
	record();
	CHECK(is("type == \"alert\"") && is("\"alert\" == type") && !is("type == \"Alert\"") && is("type != \"x\""));
	CHECK(is("size > 1MiB") && is("size == 2MiB") && is("1MiB < size") && !is("size < 2m"));
	CHECK(is("depart - ts == 250ms") && is("depart - ts < 1"));
	CHECK(is("code == 404") && is("code == \"404\"") && !is("code == \"404.0\"") && is("code == 404.0"));
	CHECK(is("code > 9") && is("code >= \"404\"") && is("code < \"5\""));
	CHECK(!is("word > 5") && !is("word != 5") && !is("number(payload) != 5") && !is("empty == 0") &&
	      !is("empty < 1"));
	CHECK(is("empty == \"\"") && is("empty != \"x\""));
	CHECK(is("`HTTP Status` == 200"));
	CHECK(is("flag == true") && is("flag") && !is("off") && is("flag == \"true\"") && is("flag == 1") &&
	      is("off != true"));
	CHECK(is("code == code") && !is("code == size") && is("size > code"));
}

static void priorities(void)
{
	record();
	CHECK(is("priority > \"normal\"") && is("priority < \"critical\"") && is("priority >= \"high\""));
	CHECK(!is("priority > \"zzz\"") && is("\"low\" < priority") && is("priority != \"zzz\""));
	sample_clear(&s);
	CHECK(is("priority == \"normal\"") && is("priority > \"low\""));
}

static void absent_fields(void)
{
	record();
	CHECK(!is("gone == \"\"") && !is("gone != \"x\"") && !is("gone == 0") && !is("gone < 5") && !is("gone != 5"));
	CHECK(!is("gone ~ /x/") && !is("gone !~ /x/") && !is("gone in (1, \"x\")") && is("!(gone == 1)") &&
	      !is("gone"));
	CHECK(!is("gone + 1 > 0") && !is("-gone < 1") && !is("nil == \"null\"") && !is("gone == gone"));
	CHECK(!is("startswith(gone, \"\")") && !is("length(gone) == 0"));
	CHECK(is("!has(gone)") && is("gone == null") && !is("gone != null") && is("nil == null") && is("type != null"));
}

static void defaults(void)
{
	sample_clear(&s);
	sample_set(&s, "ts", "7");
	s.r.n_bytes = 99;
	CHECK(is("size == 99") && is("tenant == \"default\"") && is("depart == 7") && is("reliability == 0"));
	CHECK(!is("has(size)") && !is("has(priority)"));
}

static void logic(void)
{
	record();
	CHECK(is("true && true") && !is("true && false") && is("false || true") && is("not false"));
	CHECK(is("type == \"x\" || size > 1 && code == 404") && !is("(type == \"x\" || size > 1) && code == 405"));
	CHECK(is("(size > 1) == (code > 1)") && is("(size > 1) != (code > 1000)"));
	CHECK(is("!(type == \"x\" || has(gone)) && !!has(type)"));
}

static void arithmetic(void)
{
	record();
	CHECK_TEXT(value("1 + 2 * 3 - 4 / 8"), "number:6.5");
	CHECK_TEXT(value("7 % 4 + -2"), "number:1");
	CHECK_TEXT(value("code * 2"), "number:808");
	CHECK_TEXT(value("code / 0"), "absent");
	CHECK_TEXT(value("code % 0"), "absent");
	CHECK_TEXT(value("word + 1"), "absent");
	CHECK_TEXT(value("-(code - 4) / 100"), "number:-4");
	CHECK_TEXT(value("10 - 4 - 3"), "number:3");
	CHECK_TEXT(value("2 * (3 + (4 - (5 - 6)))"), "number:16");
	CHECK(!is("(1e308 * 10) - (1e308 * 10) == 0")); /* not a number is not equal to anything */
	CHECK(!is("(1e308 * 10) - (1e308 * 10) != 0"));
}

static void functions(void)
{
	record();
	CHECK(is("startswith(payload, \"Disk\")") && !is("startswith(payload, \"disk\")") &&
	      is("endswith(payload, \"full\")"));
	CHECK(is("contains(payload, \"sda\")") && !is("contains(payload, \"sdb\")") && is("contains(empty, \"\")"));
	CHECK_TEXT(value("lower(payload)"), "text:disk sda1 is full");
	CHECK_TEXT(value("upper(payload)"), "text:DISK SDA1 IS FULL");
	CHECK(is("lower(payload) == lower(upper(payload))"));
	CHECK_TEXT(value("length(payload)"), "number:17");
	CHECK_TEXT(value("number(code) + 1"), "number:405");
	CHECK_TEXT(value("text(1 + 1)"), "text:2");
	CHECK_TEXT(value("text(code)"), "text:404");
	CHECK_TEXT(value("text(size)"), "text:2MiB");
	CHECK_TEXT(value("min(code, 3)"), "number:3");
	CHECK_TEXT(value("max(code, 3)"), "number:404");
	CHECK_TEXT(value("abs(3 - code)"), "number:401");
	CHECK_TEXT(value("min(gone, 3)"), "absent");
	CHECK(is("cidr(src, \"10.0.0.0/8\")") && !is("cidr(src, \"11.0.0.0/8\")") &&
	      !is("cidr(payload, \"10.0.0.0/8\")"));
}

static void lists(void)
{
	record();
	CHECK(is("type in (\"x\", \"alert\")") && !is("type in (\"x\")") && is("code in (1, 404)") &&
	      is("code in (\"404\")"));
	CHECK(is("!(code in (-1, 2))") && is("size in (2MiB)") && is("lower(type) in (\"alert\")") &&
	      is("flag in (1)"));
}

static void patterns(void)
{
	record();
	CHECK(is("payload ~ /disk .* FULL/i") && !is("payload ~ /disk/") && is("payload =~ \"sda[0-9]\"") &&
	      is("payload !~ /sdb/"));
	CHECK(!is("payload !~ /sda/") && is("upper(payload) ~ /SDA/") && is("text(size) ~ /^2/") &&
	      is("flag ~ /^true$/"));
	sample_set_bytes(&s, "q", QOS_CELL_CSV, QOS_STR("a \"\"b\"\""));
	CHECK(is("q ~ /^a \"b\"$/") && is("q == 'a \"b\"'"));
}

static int resolve(void *self, struct qos_str name, enum qos_expr_type *type)
{
	*type = QOS_EXPR_NUMBER;
	return name.n == 1 && name.p[0] >= 'a' && name.p[0] <= 'c' ? name.p[0] - 'a' : -1;
}

static struct qos_expr_value get(const void *self, int slot)
{
	return slot == 2 ? (struct qos_expr_value){ .type = QOS_EXPR_ANY }
			 : (struct qos_expr_value){ .type = QOS_EXPR_NUMBER, .number = ((const double *)self)[slot] };
}

static void scopes(void)
{
	double numbers[2] = { 1, 2 };
	struct qos_expr_scope scope = { resolve, get, numbers };
	struct qos_expr *e;

	CHECK_INT(qos_expr_compile(&e, QOS_STR("a + 1 == b && b in (2) && !has(c) && c == null && !(c > 0)"),
				   QOS_NOWHERE, NULL, &scope, &s.err),
		  0);
	CHECK(qos_expr_true(e, NULL));
	numbers[0] = 5;
	CHECK(!qos_expr_true(e, NULL));
	qos_expr_free(e);
}

/* Random bytes and random mutations of an expression: refused or taken, never worse. */
static void any_bytes(void)
{
	static const char seed[] = "(type == \"a\" && !(size > 1MiB) || payload ~ /x[a-c]+/i) and "
				   "min(a, 2) * -3 % 4 < `b c` or x in (1, 'y') && has(z)";
	struct qos_rng rng;
	struct qos_expr *e;
	char text[sizeof(seed)];
	int taken = 0;

	qos_rng_seed(&rng, 5);
	record();
	for (int i = 0; i < 20000; i++) {
		size_t n = sizeof(seed) - 1 - qos_rng_below(&rng, i % 3 ? 4 : sizeof(seed) - 1);

		memcpy(text, seed, sizeof(seed));
		for (int k = (int)qos_rng_below(&rng, 4); k > 0; k--)
			text[qos_rng_below(&rng, n + 1)] =
				i % 2 ? seed[qos_rng_below(&rng, sizeof(seed) - 1)] : (char)qos_rng_next(&rng);
		if (!qos_expr_compile(&e, (struct qos_str){ text, n }, QOS_NOWHERE, s.fields, NULL, &s.err)) {
			taken++;
			if (qos_fields_count(s.fields) < (int)(sizeof(s.cell) / sizeof(*s.cell)))
				qos_expr_true(e, &s.r);
		}
		qos_expr_free(e);
		if (qos_fields_count(s.fields) > 200) { /* mutated names are fields as well */
			sample_free(&s);
			sample_new(&s);
			record();
		}
	}
	CHECK(taken > 500 && taken < 19000);
}

int main(void)
{
	sample_new(&s);
	RUN("values compare by their types", comparisons);
	RUN("priorities compare by urgency", priorities);
	RUN("every comparison with an absent field is false", absent_fields);
	RUN("some absent fields have defaults", defaults);
	RUN("and, or, not", logic);
	RUN("arithmetic in doubles; what is no number is absent", arithmetic);
	RUN("functions", functions);
	RUN("lists", lists);
	RUN("regular expressions, on texts with quoting undone", patterns);
	RUN("expressions over a scope", scopes);
	RUN("any bytes are refused or taken", any_bytes);
	sample_free(&s);
	return DONE();
}
