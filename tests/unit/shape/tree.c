/* The tree's choice: floors before borrowers, weights of the excess. */
#include "shape/tree.h"

#include <stdlib.h>

#include "tests/unit/drive.h"

/* One prio, everybody backlogged, no floors left: the excess by weight, to within one quantum on every prefix. */
static void weights(void)
{
	static struct qos_tree t;
	struct qos_class_config classes[3];
	struct qos_config c;
	int64_t head[3] = { 500, 1000, 1500 }, sent[3] = { 0 }, when, total = 0;
	enum qos_claim claim;
	struct qos_err err;

	config_of(&c, classes, 3, (double[3]){ 0.1, 0.2, 0.4 });
	for (int i = 0; i < 3; i++)
		classes[i].burst_bytes = 0;
	CHECK(qos_tree_init(&t, &c, &err) == 0);
	qos_tree_see(&t, 2, 1500);
	t.waiting = 7;
	for (int i = 0; i < 50000; i++) {
		int k;

		/* at one and the same moment all floors are soon in debt */
		k = qos_tree_pick(&t, head, 0, &claim, &when);
		if (i > 3)
			CHECK_INT(claim, QOS_CLAIM_BORROW);
		qos_tree_send(&t, k, claim, head[k], 0);
		sent[k] += head[k];
		total += head[k];
		/* |s_i / w_i - s_k / w_k| <= Q + 2 Lmax for weights 1, 2, 4: the bound of DRR, times 4 */
		CHECK(llabs(sent[2] - 4 * sent[0]) <= 4 * (1500 + 2 * 1500));
		CHECK(llabs(sent[2] - 2 * sent[1]) <= 4 * (1500 + 2 * 1500));
		CHECK(llabs(2 * sent[1] - 4 * sent[0]) <= 4 * (1500 + 2 * 1500));
		if (test_failures)
			break;
	}
	CHECK(total > 0);
}

static void floors_first(void)
{
	static struct qos_tree t;
	struct qos_class_config classes[2];
	struct qos_config c;
	int64_t head[2] = { 1000, 1000 }, when;
	enum qos_claim claim;
	struct qos_err err;

	config_of(&c, classes, 2, (double[2]){ 0.5, 0 });
	classes[0].burst_bytes = 2500;
	classes[0].shape_prio = 5; /* prio is for borrowers: the floor counts before it */
	CHECK(qos_tree_init(&t, &c, &err) == 0);
	qos_tree_see(&t, 0, 1000);
	t.waiting = 3;
	for (int i = 0; i < 3; i++) {
		CHECK_INT(qos_tree_pick(&t, head, 0, &claim, &when), 0);
		CHECK_INT(claim, QOS_CLAIM_FLOOR);
		qos_tree_send(&t, 0, claim, 1000, 0);
	}
	CHECK_INT(qos_tree_pick(&t, head, 0, &claim, &when), 1); /* in debt now: the lower prio borrows */
	CHECK_INT(claim, QOS_CLAIM_BORROW);
}

int main(void)
{
	RUN("what is left is lent by weight, to within one quantum", weights);
	RUN("a class owed its floor goes before every borrower", floors_first);
	return DONE();
}
