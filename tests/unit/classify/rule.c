/* Which rule decides? */
#include "classify/rule.h"

#include "base/rng.h"
#include "tests/unit/classify/rules.h"

static struct sample sample;
static struct rules rules;

static struct qos_rules *build(void)
{
	struct qos_rules *s = NULL;

	if (qos_rules_new(&s, &rules.config, sample.fields, &sample.err))
		printf("# %s\n", sample.err.text);
	CHECK(s != NULL);
	return s;
}

static void drop(struct qos_rules *s)
{
	qos_rules_free(s);
	rules_clear(&rules);
}

static void check(struct qos_rules *s, int rule, int class, double confidence)
{
	struct qos_verdict v = qos_rules_match(s, &sample.r);

	CHECK_INT(v.rule, rule);
	CHECK_INT(v.class, class);
	CHECK(v.confidence == confidence);
}

static void priorities(void)
{
	struct qos_rules *s;

	rules_add(&rules, 20, "x == 1", 0, 1);
	rules_add(&rules, 10, "y == 1", 1, 1);
	rules_add(&rules, 5, "z > 1", 2, 1);
	s = build();
	sample_clear(&sample);
	check(s, -1, 3, 0);
	sample_set(&sample, "x", "1");
	check(s, 0, 0, 1);
	sample_set(&sample, "y", "1");
	check(s, 1, 1, 1);
	sample_set(&sample, "z", "2");
	check(s, 2, 2, 1);
	drop(s);
}

static void weights(void)
{
	struct qos_rules *s;

	rules_add(&rules, 10, "x == 1", 2, 2);
	rules_add(&rules, 10, "x == 1", 1, 1);
	rules_add(&rules, 10, "x == 1 || x == 2", 1, 3);
	rules_add(&rules, 10, "x == 1", 1, 3);
	rules_add(&rules, 10, "x == 3", 2, 1);
	rules_add(&rules, 10, "x == 3", 0, 1);
	rules_add(&rules, 10, "x == 4", 2, 0);
	rules_add(&rules, 10, "x == 4", 1, 0);
	s = build();
	sample_clear(&sample);
	sample_set(&sample, "x", "1");
	check(s, 2, 1, 7.0 / 9); /* the first one of the greatest weight of class 1 */
	sample_clear(&sample);
	sample_set(&sample, "x", "2");
	check(s, 2, 1, 1);
	sample_clear(&sample);
	sample_set(&sample, "x", "3");
	check(s, 5, 0, 0.5); /* a tie: the class given first */
	sample_clear(&sample);
	sample_set(&sample, "x", "4");
	check(s, 7, 1, 1);
	drop(s);
}

static void negations(void)
{
	struct qos_rules *s;

	rules_add(&rules, 10, "!(x == \"a\")", 0, 1);
	rules_add(&rules, 20, "x == \"\"", 1, 1);
	rules_add(&rules, 20, "x != \"a\"", 2, 1);
	rules_add(&rules, 30, "payload !~ /q/", 1, 1);
	s = build();
	sample_clear(&sample);
	check(s, 0, 0, 1);
	sample_set(&sample, "x", "a");
	check(s, -1, 3, 0);
	sample_set(&sample, "payload", "p");
	check(s, 3, 1, 1);
	sample_clear(&sample);
	sample_set(&sample, "x", "");
	check(s, 0, 0, 1);
	drop(s);
}

/* A hit of one record says nothing of the next. */
static void stale_hits(void)
{
	struct qos_rules *s;

	rules_add(&rules, 10, "payload ~ /abc/", 0, 1);
	rules_add(&rules, 20, "x == 1 && payload ~ /def/", 1, 1);
	rules_add(&rules, 30, "x == 1 && payload !~ /def/", 2, 1);
	s = build();
	sample_clear(&sample);
	sample_set(&sample, "payload", "abc def");
	sample_set(&sample, "x", "1");
	check(s, 0, 0, 1);
	sample_clear(&sample);
	sample_set(&sample, "x", "1");
	check(s, -1, 3, 0);
	sample_set(&sample, "payload", "de");
	check(s, 2, 2, 1);
	drop(s);
}

/* --- random rules and records --- */

static const char *one_of(struct qos_rng *rng, const char *const *of, size_t n)
{
	return of[qos_rng_below(rng, n)];
}

#define ONE_OF(rng, array) one_of(rng, array, sizeof(array) / sizeof(*(array)))

static const char *const texts[] = {
	"\"\"", "\"a\"", "\"ab\"", "\"b\"", "\"5\"", "\"true\"", "\"normal\"", "\"high\""
};
static const char *const numbers[] = { "0", "1", "5", "-1", "5.5", "100", "1KiB" };
static const char *const patterns[] = { "/a/", "/ab+/",    "/^b/",      "/x$/",     "/AB/i",   "/(a|b)x/",
					"/./", "/[0-9]+/", "/abc|xab/", "/(a)\\1/", "/a(?!b)/" };
static const char *const text_fields[] = { "type", "priority", "payload", "x", "y", "tenant" };
static const char *const number_fields[] = { "size", "x", "y", "reliability", "dport", "depart" };
static const char *const orders[] = { "==", "!=", "<", "<=", ">", ">=" };

static void random_test(struct qos_rng *rng, char *p, size_t room)
{
	switch (qos_rng_below(rng, 8)) {
	case 0: snprintf(p, room, "%s == %s", ONE_OF(rng, text_fields), ONE_OF(rng, texts)); return;
	case 1:
		snprintf(p, room, "%s %s %s", ONE_OF(rng, text_fields), ONE_OF(rng, orders), ONE_OF(rng, texts));
		return;
	case 2:
		snprintf(p, room, "%s %s %s", ONE_OF(rng, number_fields), ONE_OF(rng, orders), ONE_OF(rng, numbers));
		return;
	case 3:
		snprintf(p, room, "%s in (%s, %s)", ONE_OF(rng, text_fields), ONE_OF(rng, texts), ONE_OF(rng, texts));
		return;
	case 4:
		snprintf(p, room, "%s in (%s, %s)", ONE_OF(rng, number_fields), ONE_OF(rng, numbers),
			 ONE_OF(rng, numbers));
		return;
	case 5: snprintf(p, room, "has(%s)", ONE_OF(rng, text_fields)); return;
	case 6: snprintf(p, room, "x == %s", qos_rng_below(rng, 2) ? "true" : "y"); return;
	default:
		snprintf(p, room, "%s %s %s", ONE_OF(rng, text_fields), qos_rng_below(rng, 3) ? "~" : "!~",
			 ONE_OF(rng, patterns));
		return;
	}
}

static void random_rule(struct qos_rng *rng, char *p, size_t room, int depth)
{
	char a[100], b[100];

	if (depth == 2 || qos_rng_below(rng, 3) == 0) {
		random_test(rng, p, room);
		return;
	}
	random_rule(rng, a, sizeof(a) / (depth ? 2 : 1), depth + 1);
	random_rule(rng, b, sizeof(b) / (depth ? 2 : 1), depth + 1);
	switch (qos_rng_below(rng, 5)) {
	case 0: snprintf(p, room, "!(%s)", a); return;
	case 1:
	case 2: snprintf(p, room, "(%s) && (%s)", a, b); return;
	default: snprintf(p, room, "(%s) || (%s)", a, b); return;
	}
}

static void random_record(struct qos_rng *rng)
{
	static const char *const names[] = { "type", "priority",    "payload", "x",      "y", "tenant",
					     "size", "reliability", "dport",   "depart", "ts" };
	static const char *const values[] = { "",    "a",    "ab",     "b",    "5",    "5.0",  "-0",
					      "100", "1024", "normal", "high", "true", "abbx", "xAB9" };
	static const char *const raw[] = { "a\"\"b", "ab" };

	sample_clear(&sample);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		switch (qos_rng_below(rng, 12)) {
		case 0:
		case 1:
		case 2: break;
		case 3: sample_set_bytes(&sample, names[i], QOS_CELL_CSV, qos_str(ONE_OF(rng, raw))); break;
		case 4: sample_set_bytes(&sample, names[i], QOS_CELL_TRUE, QOS_STR("true")); break;
		case 5: sample_set_bytes(&sample, names[i], QOS_CELL_NULL, QOS_STR("null")); break;
		case 6: sample_set_bytes(&sample, names[i], QOS_CELL_NUMBER, QOS_STR("5")); break;
		default: sample_set(&sample, names[i], ONE_OF(rng, values)); break;
		}
}

static bool is_right(const char *when)
{
	struct qos_expr *e;
	bool right = qos_expr_compile(&e, qos_str(when), QOS_NOWHERE, sample.fields, NULL, &sample.err) == 0;

	qos_expr_free(e);
	return right;
}

static void as_one_by_one(void)
{
	struct qos_rng rng;
	int n_matched = 0, n_records = 0;

	qos_rng_seed(&rng, 3);
	for (int round = 0; round < 150; round++) {
		struct qos_rules *s;
		int n = 1 + (int)qos_rng_below(&rng, round % 10 ? 20 : RULES_MOST - 1);

		while (rules.config.n_rules < n) {
			char when[256];

			random_rule(&rng, when, sizeof(when), 0);
			if (is_right(when))
				rules_add(&rules, (int)qos_rng_below(&rng, 6) - 3, when, (int)qos_rng_below(&rng, 4),
					  (double)qos_rng_below(&rng, 4));
			if (qos_rng_below(&rng, 20) == 0 && rules.config.n_rules)
				rules.rule[rules.config.n_rules - 1].enabled = false;
		}
		s = build();
		for (int i = 0; i < 150; i++) {
			struct qos_verdict want, got;

			random_record(&rng);
			want = rules_plainly(&rules, &sample);
			got = qos_rules_match(s, &sample.r);
			n_records++;
			n_matched += want.rule >= 0;
			if (want.rule != got.rule && want.rule >= 0)
				printf("# round %d record %d: %s\n", round, i, rules.when[want.rule]);
			CHECK_INT(got.rule, want.rule);
			CHECK_INT(got.class, want.class);
			CHECK(got.confidence == want.confidence);
		}
		drop(s);
	}
	CHECK(n_matched > n_records / 4 && n_matched < n_records);
}

static enum qos_rule_use use(const struct qos_rules *s, int rule, int want_by)
{
	int by = -1;
	enum qos_rule_use u = qos_rules_use(s, rule, &by);

	CHECK_INT(by, want_by);
	return u;
}

static void unused_ones(void)
{
	struct qos_rules *s;

	rules_add(&rules, 10, "type in (\"a\", \"b\")", 0, 1);
	rules_add(&rules, 20, "type == \"a\" && size > 5", 1, 1);
	rules_add(&rules, 20, "type == \"c\"", 1, 1);
	rules_add(&rules, 10, "type == \"a\"", 1, 1); /* the same level: its weight counts */
	rules_add(&rules, 20, "false && type == \"a\"", 1, 1);
	rules_add(&rules, 20, "type == \"d\"", 1, 1);
	rules_add(&rules, 30, "1 < 2", 1, 1);
	rules_add(&rules, 40, "size > 6", 1, 1);
	rules.rule[5].enabled = false;
	s = build();
	CHECK_INT(use(s, 0, -1), QOS_RULE_USED);
	CHECK_INT(use(s, 1, 0), QOS_RULE_SHADOWED);
	CHECK_INT(use(s, 2, -1), QOS_RULE_USED);
	CHECK_INT(use(s, 3, -1), QOS_RULE_USED);
	CHECK_INT(use(s, 4, -1), QOS_RULE_DEAD);
	CHECK_INT(use(s, 5, -1), QOS_RULE_DISABLED);
	CHECK_INT(use(s, 6, -1), QOS_RULE_USED);
	CHECK_INT(use(s, 7, 6), QOS_RULE_SHADOWED);
	drop(s);
}

static void given_up(void)
{
	struct qos_rules *s;
	char text[600];

	rules_add(&rules, 10, "payload ~ /(a+)+$(?<!b)\\1x|(a|aa)+b/", 0, 1);
	s = build();
	memset(text, 'a', sizeof(text));
	sample_clear(&sample);
	sample_set_bytes(&sample, "payload", QOS_CELL_TEXT, (struct qos_str){ text, sizeof(text) });
	check(s, -1, 3, 0);
	CHECK_INT(qos_rules_gave_up(s), 1);
	drop(s);
}

int main(void)
{
	sample_new(&sample);
	rules_new(&rules);
	RUN("the lowest priority number that matches wins", priorities);
	RUN("among equals the class with the greatest sum of weights wins", weights);
	RUN("what is negated is right with the index", negations);
	RUN("a hit lasts for one record", stale_hits);
	RUN("random rules decide as they do one by one", as_one_by_one);
	RUN("dead and shadowed rules are told", unused_ones);
	RUN("a search that takes too long is given up and counted", given_up);
	sample_free(&sample);
	return DONE();
}
