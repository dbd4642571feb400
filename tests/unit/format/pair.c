/* Pairs of logfmt. */
#include "format/pair.h"

#include "tests/unit/test.h"

/* Key, kind and value of each pair, and what is wrong. */
static const char *pairs_of(const char *text)
{
	static char result[500];
	struct qos_str line = qos_str(text);
	const char *at = line.p, *why = "";
	struct qos_pair pair;
	size_t n = 0;
	int rc;

	while ((rc = qos_pair_take(line, &at, &pair, &why)) > 0)
		n += (size_t)snprintf(result + n, sizeof(result) - n, "%.*s%s%.*s|", QOS_STR_ARG(pair.key),
				      pair.bare                          ? ""
				      : pair.value.kind == QOS_CELL_TEXT ? "="
									 : "~",
				      (int)pair.value.len, text + pair.value.off);
	snprintf(result + n, sizeof(result) - n, "%s", rc ? why : "");
	return result;
}

static void takes(void)
{
	CHECK_TEXT(pairs_of(" a=1  b=\"x \\\"y\\\"\" c= d\te=f=g "), "a=1|b~x \\\"y\\\"|c=|d|e=f=g|");
	CHECK_TEXT(pairs_of(""), "");
	CHECK_TEXT(pairs_of("a=\"x"), "a quote opens here and does not close");
	CHECK_TEXT(pairs_of("=1"), "a key is missing here; write key=value");
	CHECK_TEXT(pairs_of("a=\"x\"y"), "a blank is missing here");
}

static void adds(void)
{
	struct qos_out o;

	qos_out_open(&o, -1, NULL);
	qos_pair_add_key(&o, QOS_STR("a b"), true);
	qos_pair_add_text(&o, QOS_STR("plain"));
	qos_pair_add_key(&o, QOS_STR("c"), false);
	qos_pair_add_text(&o, QOS_STR("x=\"y\""));
	qos_pair_add_key(&o, QOS_STR("d"), false);
	qos_pair_add_text(&o, QOS_STR(""));
	qos_out_byte(&o, '\0');
	CHECK_TEXT(o.block, "a_b=plain c=\"x=\\\"y\\\"\" d=\"\"");
	qos_out_free(&o);
}

int main(void)
{
	RUN("pairs are taken one by one, and what is none is told", takes);
	RUN("pairs are written so that they are read again", adds);
	return DONE();
}
