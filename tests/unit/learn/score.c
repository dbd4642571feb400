/* Counting answers, against sums made by hand. */
#include "learn/score.h"

#include <math.h>

#include "tests/unit/test.h"

static bool near(double a, double b)
{
	return fabs(a - b) < 1e-12;
}

/* truth a: 3 right, 1 called b; truth b: 1 right, 2 called a */
static void sums(void)
{
	struct qos_score s = { 0 };
	static const int said[][2] = { { 0, 0 }, { 0, 0 }, { 0, 0 }, { 0, 1 }, { 1, 1 }, { 1, 0 }, { 1, 0 } };

	CHECK(near(qos_score_accuracy(&s), 0) && near(qos_score_macro_f1(&s), 0));
	for (int i = 0; i < 7; i++)
		CHECK_INT(qos_score_add(&s, said[i][0], said[i][1], 0.5), 0);
	CHECK(near(qos_score_accuracy(&s), 4.0 / 7));
	CHECK(near(qos_score_precision(&s, 0), 0.6) && near(qos_score_recall(&s, 0), 0.75));
	CHECK(near(qos_score_precision(&s, 1), 0.5) && near(qos_score_recall(&s, 1), 1.0 / 3));
	CHECK(near(qos_score_macro_f1(&s), (6.0 / 9 + 2.0 / 5) / 2));
	CHECK_INT(qos_score_count(&s, 1, 0), 2);
	CHECK(near(qos_score_calibration_error(&s), 4.0 / 7 - 0.5));
	qos_score_free(&s);
}

static void window(void)
{
	struct qos_score s = { 0 };

	for (int i = 0; i < 600; i++)
		qos_score_add(&s, 0, 1, 1);
	for (int i = 0; i < 900; i++)
		qos_score_add(&s, 0, 0, 1);
	CHECK(near(qos_score_accuracy(&s), 0.6) && near(qos_score_windowed(&s), 0.9));
	qos_score_free(&s);
}

/* Sure and always right, half sure and half right: no error; sure and half right: half of it. */
static void calibration(void)
{
	struct qos_score s = { 0 };

	for (int i = 0; i < 100; i++) {
		qos_score_add(&s, 0, 0, 1);
		qos_score_add(&s, 0, i % 2, 0.5);
	}
	CHECK(near(qos_score_calibration_error(&s), 0));
	for (int i = 0; i < 200; i++)
		qos_score_add(&s, 40, i % 2 ? 40 : 3, 1);
	CHECK(near(qos_score_calibration_error(&s), 0.25));
	CHECK_INT(s.n_labels, 41);
	qos_score_free(&s);
}

static void many(void)
{
	struct qos_score s = { 0 }, one = { 0 };

	for (int i = 0; i < 9; i++)
		qos_score_add(&one, i % 3, i / 3, 1);
	for (int i = 0; i < 3; i++)
		for (int k = 0; k < 3; k++)
			CHECK_INT(qos_score_add_many(&s, i, k, qos_score_count(&one, i, k)), 0);
	CHECK(s.n == one.n && s.n_right == one.n_right && s.n_labels == one.n_labels);
	CHECK(near(qos_score_macro_f1(&s), qos_score_macro_f1(&one)));
	qos_score_free(&s);
	qos_score_free(&one);
}

int main(void)
{
	RUN("precision, recall and F1 are those made by hand", sums);
	RUN("the windowed accuracy forgets", window);
	RUN("confidence that does not come true is an error", calibration);
	RUN("answers may be added by their numbers", many);
	return DONE();
}
