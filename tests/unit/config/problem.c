/* Problems as text. */
#include "config/problem.h"

#include "tests/unit/test.h"

static void shows(void)
{
	struct qos_buf b = { 0 };
	struct qos_err first = { 0 };
	const char *file = "f.yaml";
	struct qos_problems p = { .text = &b, .source = QOS_STR("one\n\ttwo: 2\n"), .file = file, .first = &first };

	qos_problem(&p, (struct qos_at){ file, 2, 2 }, "no %s", "good");
	qos_problem(&p, (struct qos_at){ "--set", 1, 3 }, "nor this");
	CHECK_TEXT(b.p, "f.yaml:2:2: no good\n     two: 2\n     ^\n--set:1:3: nor this\n");
	CHECK_TEXT(first.text, "f.yaml:2:2: no good");
	CHECK_INT(p.n, 2);
	qos_buf_free(&b);
}

int main(void)
{
	RUN("a problem has its place, its line and a caret; the first one is the error", shows);
	return DONE();
}
