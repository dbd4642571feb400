/* null takes everything. */
#include "tests/unit/adapter/open.h"

static void takes_all(void)
{
	const struct qos_adapter *kind;
	void *state = adapter_make("null:", &kind);

	CHECK_INT(kind->open(state), 0);
	CHECK_INT(adapter_write(kind, state, "twelve bytes"), 12);
	CHECK_INT(kind->finish(state), 0);
	adapter_free(kind, state);
}

int main(void)
{
	RUN("null takes everything at once", takes_all);
	return DONE();
}
