/* Rules to questions. */
#include "classify/ruleset.h"

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

static void shared_lookups(void)
{
	struct qos_rules *s;

	rules_add(&rules, 10, "type == \"a\"", 0, 1);
	rules_add(&rules, 10, "type in (\"b\", \"c\") && size > 5", 1, 1);
	rules_add(&rules, 20, "x == 5", 1, 1);
	rules_add(&rules, 20, "x == \"5\" || has(y)", 1, 1);
	rules_add(&rules, 30, "size > 9", 1, 1);
	s = build();
	CHECK_INT(s->n_questions, 4); /* type, x as number, x as text, is y there */
	CHECK_INT(s->n_levels, 3);
	CHECK_INT(s->question[0].kind, QOS_ASK_TEXT);
	CHECK_INT(s->first_always, 4);
	CHECK(s->rule[0].exact && !s->rule[1].exact && s->rule[3].exact);
	drop(s);
}

static void order(void)
{
	struct qos_rules *s;

	rules_add(&rules, 50, "x == 5", 0, 1);
	rules_add(&rules, 10, "y == 5", 0, 1);
	rules_add(&rules, 10, "payload ~ /x/", 0, 1);
	rules_add(&rules, 10, "z == 5", 0, 1);
	s = build();
	CHECK_INT(s->rule[0].number, 1);
	CHECK_INT(s->rule[3].number, 0);
	CHECK_INT(s->question[2].kind, QOS_ASK_SEARCH); /* behind the look-ups of its level */
	CHECK_INT(s->question[3].level, 1);
	drop(s);
}

static void searches(void)
{
	struct qos_rules *s;

	rules_add(&rules, 1, "payload ~ /a/", 0, 1);
	rules_add(&rules, 2, "payload ~ /b/", 0, 1);
	rules_add(&rules, 10, "type == \"a\"", 0, 1);
	rules_add(&rules, 20, "payload ~ /c/ && payload !~ /d/", 0, 1);
	s = build();
	CHECK_INT(s->n_searches, 2); /* type may decide in between */
	CHECK_INT(s->search[0]->n_patterns, 2);
	CHECK_INT(s->search[1]->n_patterns, 2);
	CHECK_INT(s->search[1]->owner[0], 3);
	CHECK_INT(s->search[1]->owner[1], -1); /* negated: only its hit is read */
	CHECK_INT(s->rule[3].searches, 2);
	drop(s);
}

static void reading_searches(void)
{
	struct qos_rules *s;

	rules_add(&rules, 10, "type == \"a\" && payload ~ /x/", 0, 1);
	rules_add(&rules, 20, "type == \"b\"", 1, 1);
	s = build();
	CHECK_INT(s->n_questions, 2);
	CHECK_INT(s->n_asked, 1); /* type alone says whether payload is searched */
	sample_clear(&sample);
	sample_set(&sample, "type", "b");
	sample_set(&sample, "payload", "x");
	CHECK_INT(qos_rules_match(s, &sample.r).rule, 1);
	CHECK_INT((int)s->searched, 0);
	sample_set(&sample, "type", "a");
	CHECK_INT(qos_rules_match(s, &sample.r).rule, 0);
	CHECK_INT((int)s->searched, 1);
	drop(s);
}

/* More searched fields than one word has bits: the last ones are searched by their rules alone. */
static void many_fields(void)
{
	struct qos_rules *s;
	char when[64];

	for (int i = 0; i < 70; i++) {
		snprintf(when, sizeof(when), "f%d ~ /x%d/", i, i);
		rules_add(&rules, 10 + i, when, i % 4, 1);
	}
	s = build();
	CHECK_INT(s->n_searches, 64);
	CHECK_INT(s->first_always, 64);
	for (int i = 0; i < 70; i++) {
		snprintf(when, sizeof(when), "f%d", i);
		sample_clear(&sample);
		sample_set(&sample, "f69", "x");
		sample_set(&sample, when, "");
		sample.cell[qos_fields_id(sample.fields, qos_str(when))] = (struct qos_cell){ 0 };
		snprintf(when + 8, sizeof(when) - 8, "x%d", i);
		sample_set(&sample, when, when + 8);
		CHECK_INT(qos_rules_match(s, &sample.r).rule, i);
	}
	drop(s);
}

static void wrong_ones(void)
{
	struct qos_rules *s;

	rules_add(&rules, 10, "type == \"a\"", 0, 1);
	rules_add(&rules, 10, "size > \"a\"", 0, 1);
	CHECK_INT(qos_rules_new(&s, &rules.config, sample.fields, &sample.err), QOS_EUSAGE);
	CHECK(s == NULL);
	CHECK(strncmp(sample.err.text, "r:2:6: ", 7) == 0);
	rules.rule[1].enabled = false; /* still wrong */
	CHECK_INT(qos_rules_new(&s, &rules.config, sample.fields, &sample.err), QOS_EUSAGE);
	rules_clear(&rules);
	rules_add(&rules, 10, "size + 1", 0, 1);
	CHECK_INT(qos_rules_new(&s, &rules.config, sample.fields, &sample.err), QOS_EUSAGE);
	rules_clear(&rules);
}

static void disabled_ones(void)
{
	struct qos_rules *s;

	rules_add(&rules, 10, "nobody_reads_this == 5", 0, 1);
	rules.rule[0].enabled = false;
	s = build();
	CHECK_INT(s->n, 0);
	CHECK(!sample.fields->wanted[qos_fields_id(sample.fields, QOS_STR("nobody_reads_this"))]);
	sample_clear(&sample);
	sample_set(&sample, "nobody_reads_this", "5");
	CHECK_INT(qos_rules_match(s, &sample.r).rule, -1);
	drop(s);
}

int main(void)
{
	sample_new(&sample);
	rules_new(&rules);
	RUN("rules share the questions about a field", shared_lookups);
	RUN("questions are asked by urgency", order);
	RUN("patterns are searched apart where a look-up may decide in between", searches);
	RUN("a field is searched only if a candidate depends on it", reading_searches);
	RUN("any number of fields may be searched", many_fields);
	RUN("a rule that cannot be right is refused with its place", wrong_ones);
	RUN("a rule that is switched off wants nothing and matches nothing", disabled_ones);
	sample_free(&sample);
	return DONE();
}
