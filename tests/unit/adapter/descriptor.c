/* Descriptors that never wait. */
#include "adapter/descriptor.h"

#include "tests/unit/adapter/open.h"

static void kept(void)
{
	struct qos_descriptor d = { 0 };

	CHECK_INT(qos_descriptor_fd(&d), -1);
	errno = EACCES;
	CHECK_INT(qos_descriptor_take(&d, -1), -EACCES);
	CHECK_INT(qos_descriptor_take(&d, dup(1)), 0);
	CHECK(qos_descriptor_fd(&d) >= 0);
	qos_descriptor_close(&d);
	CHECK_INT(qos_descriptor_fd(&d), -1);
}

static void targets(void)
{
	struct qos_err err = { 0 };
	char to[8];

	CHECK_INT(qos_target_copy(QOS_STR("abc"), to, sizeof(to), "x:abc", &err), 0);
	CHECK_TEXT(to, "abc");
	CHECK_INT(qos_target_copy(QOS_STR(""), to, sizeof(to), "x:abc", &err), QOS_EUSAGE);
	CHECK_TEXT(err.text, "it says no place; write for example x:abc");
	CHECK_INT(qos_target_copy(QOS_STR("12345678"), to, sizeof(to), "x:abc", &err), QOS_EUSAGE);
}

int main(void)
{
	RUN("a zeroed state has no descriptor", kept);
	RUN("a place is copied, or refused with an example", targets);
	return DONE();
}
