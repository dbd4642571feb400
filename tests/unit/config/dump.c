/* A dump loads back to the same dump. */
#include "tests/unit/config/with.h"

static char *dump(const struct qos_config *c)
{
	struct qos_buf b = { 0 };

	qos_config_dump(c, &b);
	CHECK(!b.failed);
	return b.p;
}

static void round_trip(void)
{
	struct qos_config *one, *two;
	char *a, *b;

	CHECK_INT(
		load_text(
			&one,
			"classes:\n  - {name: 'a \"q\"', share: 0.123456789, rate: 10mbit, ceil: 999999bit, burst: 1}\n"
			"rules:\n  - {name: r, when: 'x ~ /\\d/ && y == \"z\"', class: 'a \"q\"', weight: 0.1}\n"
			"adapters:\n  - {name: s, uri: 'sim:?rate=5/s'}\nschema: {ts: 'a: b'}\n",
			NULL, 0),
		0);
	a = dump(one);
	CHECK_INT(load_text(&two, a, NULL, 0), 0);
	b = dump(two);
	CHECK_TEXT(strchr(b, '\n'), strchr(a, '\n')); /* the first line names the file */
	free(a);
	free(b);
	qos_config_free(one);
	qos_config_free(two);
}

int main(void)
{
	RUN("a dump loads back to the same", round_trip);
	return DONE();
}
