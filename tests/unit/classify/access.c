/* Conditions one of which must hold. */
#include "classify/access.h"

#include "tests/unit/expr/sample.h"

static struct qos_fields *fields;
static struct qos_slots slots;
static struct qos_arena arena;
static struct qos_err err;
static struct qos_expr *made[200];
static int n_made;

static bool access_of(const char *text, struct qos_access *a)
{
	CHECK_INT(qos_expr_compile_in(&made[n_made], qos_str(text), QOS_NOWHERE, fields, &slots, &err), 0);
	return qos_access_of(made[n_made++], &arena, a);
}

/* "=alert =5 ?has ~pattern !": the set, ! when it is exact; "-" for none. */
static const char *set(const char *text)
{
	static char p[512];
	struct qos_access a;
	size_t n = 0;

	p[0] = 0;
	if (!access_of(text, &a))
		return "-";
	for (const struct qos_condition *c = a.first; c; c = c->next) {
		if (c->kind == QOS_CONDITION_FOUND)
			n += (size_t)snprintf(p + n, sizeof(p) - n, "~%.*s ", QOS_STR_ARG(c->regex->pattern));
		else if (c->kind == QOS_CONDITION_PRESENT)
			n += (size_t)snprintf(p + n, sizeof(p) - n, "?%s ",
					      fields->names.name[slots.slot[c->slot].field].p);
		else if (c->value->type == QOS_EXPR_NUMBER)
			n += (size_t)snprintf(p + n, sizeof(p) - n, "=%g ", c->value->number);
		else
			n += (size_t)snprintf(p + n, sizeof(p) - n, "=%.*s ", QOS_STR_ARG(c->value->text));
	}
	snprintf(p + n, sizeof(p) - n, "%s", a.exact ? "!" : "");
	return p;
}

static void single_ones(void)
{
	CHECK_TEXT(set("type == \"alert\""), "=alert !");
	CHECK_TEXT(set("5 == x"), "=5 !");
	CHECK_TEXT(set("x == true"), "=true !");
	CHECK_TEXT(set("x in (1, \"a\")"), "=1 =a !");
	CHECK_TEXT(set("payload ~ /x/"), "~x !");
	CHECK_TEXT(set("has(meta)"), "?meta !");
	CHECK_TEXT(set("false"), "!");
}

static void none(void)
{
	static const char *const without[] = { "type != \"a\"",
					       "!(type == \"a\")",
					       "size > 5",
					       "payload !~ /x/",
					       "!has(meta)",
					       "meta == null",
					       "true",
					       "lower(type) == \"a\"",
					       "lower(payload) ~ /x/",
					       "a == b",
					       "type == \"a\" || size > 5",
					       "(x == 1) == (y == 2)",
					       "flag" };

	for (size_t i = 0; i < sizeof(without) / sizeof(*without); i++)
		CHECK_TEXT(set(without[i]), "-");
}

static void joined(void)
{
	CHECK_TEXT(set("type == \"a\" && size > 5"), "=a ");
	CHECK_TEXT(set("size > 5 && payload ~ /x/ && type in (\"a\", \"b\")"), "=a =b "); /* values before patterns */
	CHECK_TEXT(set("payload ~ /x/ && has(meta)"), "?meta ");
	CHECK_TEXT(set("type == \"a\" || has(meta) || payload ~ /x/"), "~x ?meta =a !");
	CHECK_TEXT(set("type == \"a\" && x > 1 || y == 2"), "=2 =a ");
	CHECK_TEXT(set("(x == 1 || x == 2) && (y == 1)"), "=1 ");
	CHECK_TEXT(set("x == 1 || false"), "=1 !");
	CHECK_TEXT(set("false && x > 1"), "!");
	CHECK_TEXT(set("x > 1 && (false && y == 1)"), "!");
}

static bool covers(const char *front, const char *behind)
{
	struct qos_access a, b;

	CHECK(access_of(front, &a));
	access_of(behind, &b);
	return qos_access_covers(&a, made[n_made - 1]);
}

static void cover(void)
{
	CHECK(covers("type in (\"a\", \"b\")", "type == \"a\" && size > 5"));
	CHECK(!covers("type in (\"a\", \"b\")", "type in (\"a\", \"c\")"));
	CHECK(!covers("type == \"a\" && size > 5", "type == \"a\""));
	CHECK(covers("payload ~ /x/", "payload ~ /x/ && size > 1"));
	CHECK(!covers("payload ~ /x/", "payload ~ /x/i"));
	CHECK(!covers("payload ~ /x/", "type ~ /x/"));
	CHECK(covers("has(x)", "x == 5"));
	CHECK(covers("has(x)", "x == \"a\""));
	CHECK(!covers("has(x)", "x == \"\""));
	CHECK(!covers("has(priority)", "priority == \"normal\"")); /* which it is when it is absent */
	CHECK(!covers("x == \"5\"", "x == 5"));
	CHECK(covers("x == 1", "x == 1 && y == 2 && z > 3"));
	CHECK(covers("x in (1, 2)", "(x == 1 && y > 2) || (z > 3 && x == 2)"));
	CHECK(!covers("x in (1, 2)", "(x == 1 && y > 2) || (z > 3)"));
	CHECK(!covers("x == 1", "x != 1") && !covers("x == 1", "!(x == 1)"));
}

int main(void)
{
	qos_fields_new(&fields, &err);
	RUN("an equality, a pattern, has() is its own set", single_ones);
	RUN("what is negated or computed has none", none);
	RUN("&& takes the cheaper one, || needs both", joined);
	RUN("an exact set covers what lies in it", cover);
	for (int i = 0; i < n_made; i++)
		qos_expr_free(made[i]);
	qos_slots_free(&slots);
	qos_arena_free(&arena);
	qos_fields_free(fields);
	return DONE();
}
