/* Places in messages, and the nearest name. */
#include "base/err.h"

#include <errno.h>

#include "tests/unit/test.h"

static void places(void)
{
	struct qos_err e;

	CHECK_INT(qos_fail(&e, QOS_EUSAGE, (struct qos_at){ "a.yaml", 12, 14 }, "no %s", "good"), QOS_EUSAGE);
	CHECK_TEXT(e.text, "a.yaml:12:14: no good");
	qos_fail(&e, QOS_EINPUT, (struct qos_at){ "t.csv", 3, 0 }, "bad");
	CHECK_TEXT(e.text, "t.csv:3: bad");
	qos_fail(&e, QOS_EINPUT, QOS_NOWHERE, "bad");
	CHECK_TEXT(e.text, "bad");
	errno = ENOENT;
	CHECK_INT(qos_fail_errno(&e, "cannot open %s", "x"), QOS_EIO);
	CHECK_TEXT(e.text, "cannot open x: No such file or directory");
	CHECK_INT(qos_fail(NULL, QOS_EUSAGE, QOS_NOWHERE, "unheard"), QOS_EUSAGE);
}

static void nearest(void)
{
	const char *const names[] = { "strict", "fifo", "edf", "qos" };

	CHECK_TEXT(qos_nearest("strct", 5, names, 4), "strict");
	CHECK_TEXT(qos_nearest("FIFO", 4, names, 4), "fifo");
	CHECK(qos_nearest("banana", 6, names, 4) == NULL);
	CHECK(qos_nearest("", 0, names, 4) == NULL);
}

int main(void)
{
	RUN("a message begins with its place", places);
	RUN("did you mean finds near names and only those", nearest);
	return DONE();
}
