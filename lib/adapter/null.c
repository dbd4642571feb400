/* null: the bytes are counted and forgotten. */
#include "adapter/adapter.h"

static int null_init(void *state, struct qos_str target, struct qos_err *err)
{
	return 0;
}

static int null_open(void *state)
{
	return 0;
}

static ssize_t null_write(void *state, struct qos_str bytes, const struct qos_adapter_names *names)
{
	return (ssize_t)bytes.n;
}

static int null_finish(void *state)
{
	return 0;
}

static void null_close(void *state)
{
}

extern const struct qos_adapter qos_adapter_null;
const struct qos_adapter qos_adapter_null = {
	.name = "null",
	.summary = "null: counts the bytes and forgets them",
	.init = null_init,
	.open = null_open,
	.write = null_write,
	.finish = null_finish,
	.close = null_close,
	.loose = true,
};
