/* Numbers of names and groups, and what is beyond their limits. */
#include "tally/counts.h"

#include "tests/unit/tally/fill.h"

static void names(void)
{
	struct qos_names n = { 0 };

	CHECK_INT(qos_tally_number(&n, QOS_STR("a"), 2), 0);
	CHECK_INT(qos_tally_number(&n, QOS_STR("b"), 2), 1);
	CHECK_INT(qos_tally_number(&n, QOS_STR("c"), 2), 2);
	CHECK_INT(qos_tally_number(&n, QOS_STR("d"), 2), 2);
	CHECK_INT(qos_tally_number(&n, QOS_STR("a"), 2), 0);
	CHECK(n.n == 3 && qos_str_is(n.name[2], "(other)"));
	qos_names_free(&n);
}

static void groups(void)
{
	struct filled f;
	struct qos_tally_group *g;

	filled_open(&f, true);
	for (int i = 0; i < QOS_TALLY_FOLLOWED + 2; i++) {
		char name[8];

		snprintf(name, sizeof(name), "%d", i);
		CHECK_INT(qos_tally_key(f.tally, qos_str(name)), i);
		g = qos_tally_group_of(f.tally, i);
		CHECK((g->series != f.tally->rest) == (i < QOS_TALLY_FOLLOWED));
		CHECK(g->slos == 1 && qos_tally_group_of(f.tally, i) == g);
	}
	CHECK_INT(qos_tally_key(f.tally, QOS_STR("5")), 5);
	for (int i = 0; i < QOS_TALLY_REASONS + 5; i++) {
		char name[8];

		snprintf(name, sizeof(name), "r%d", i);
		CHECK_INT(qos_tally_reason(f.tally, qos_str(name)),
			  i < QOS_TALLY_REASONS - 1 ? i : QOS_TALLY_REASONS - 1);
	}
	filled_close(&f);
}

int main(void)
{
	RUN("names have numbers in turn; those beyond the limit share the last one", names);
	RUN("groups are made when they are first asked for, and so many have a series", groups);
	return DONE();
}
