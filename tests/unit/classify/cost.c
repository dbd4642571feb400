/* Costs of wrong answers. */
#include "classify/cost.h"

#include "tests/unit/test.h"

static struct qos_class_config classes[3] = { { .name = { "urgent", 6 }, .priority = 0 },
					      { .name = { "normal", 6 }, .priority = 5 },
					      { .name = { "slow", 4 }, .priority = 9 } };

static int choose(const char *costs, double a, double b, double c)
{
	struct qos_config config = { .classes = classes, .n_classes = 3, .costs = qos_str(costs) };
	double p[3] = { a, b, c };
	struct qos_costs k = { 0 };
	int answer;

	for (int i = 0; i < 3; i++)
		qos_names_add(&config.class_names, classes[i].name);
	for (int i = 0; i < 3; i++)
		CHECK_INT(qos_costs_label(&k, &config, false, i, classes[i].name), 0);
	answer = qos_costs_choose(&k, p, 3);
	qos_costs_free(&k);
	qos_names_free(&config.class_names);
	return answer;
}

static void decisions(void)
{
	CHECK_INT(choose("equal", 0.3, 0.45, 0.25), 1);
	CHECK_INT(choose("equal", 0.4, 0.4, 0.2), 0);
	CHECK_INT(choose("urgent", 0.4, 0.6, 0), 0);     /* 0.6 against 0.4 x 2 */
	CHECK_INT(choose("urgent", 0.3, 0.7, 0), 1);     /* 0.7 against 0.3 x 2 */
	CHECK_INT(choose("urgent", 0.3, 0, 0.7), 0);     /* 0.7 against 0.3 x 3 */
	CHECK_INT(choose("urgent=9", 0.11, 0.89, 0), 0); /* 0.89 against 0.11 x 9 */
	CHECK_INT(choose("urgent=9", 0.09, 0.91, 0), 1);
	CHECK_INT(choose("urgent=9, urgent>normal=1", 0.3, 0.7, 0), 1); /* the pair says more than the class */
	CHECK_INT(choose("urgent>normal=1,urgent=9", 0.3, 0.7, 0), 1);
}

static void refused(void)
{
	char why[200];

	CHECK_INT(qos_costs_check(QOS_STR("a=1, b > c = 2.5"), why), 0);
	CHECK_INT(qos_costs_check(QOS_STR("urgent"), why), 0);
	CHECK_INT(qos_costs_check(QOS_STR("balanced"), why), 0);
	CHECK_INT(qos_costs_check(QOS_STR("a=1, b"), why), -1);
	CHECK(strstr(why, "\"b\" is no cost") != NULL);
	CHECK_INT(qos_costs_check(QOS_STR("a=-1"), why), -1);
	CHECK_INT(qos_costs_check(QOS_STR("=1"), why), -1);
}

int main(void)
{
	RUN("the least expected cost decides", decisions);
	RUN("what is no cost is refused", refused);
	return DONE();
}
