/* Loading: the embedded default, sections that replace it, files that cannot be. */
#include "tests/unit/config/with.h"

static void embedded(void)
{
	struct qos_config *c;
	struct qos_err err;

	CHECK_INT(qos_config_load(&c, NULL, NULL, 0, &err), 0);
	CHECK_INT(c->n_classes, 5);
	CHECK(c->n_rules > 30);
	CHECK(qos_str_is(c->classes[c->default_class].name, "logs_metrics"));
	CHECK_INT(c->classes[0].latency_target_ns, 10000000);
	qos_config_free(c);
	CHECK_INT(qos_config_load(&c, "/nowhere/at/all.yaml", NULL, 0, &err), QOS_EIO);
	CHECK_TEXT(err.text, "/nowhere/at/all.yaml: No such file or directory");
	qos_config_free(c);
}

static void sections(void)
{
	struct qos_config *c;

	CHECK_INT(load_text(&c, "rules: []\n", NULL, 0), 0);
	CHECK(c->n_rules == 0 && c->n_classes == 5);
	qos_config_free(c);
	CHECK_INT(load_text(&c, "classes: [{name: only, priority: 0}]\n", NULL, 0), 0);
	CHECK(c->n_rules == 0 && c->n_classes == 1); /* embedded rules are for classes that are not there */
	qos_config_free(c);
	CHECK_INT(load_text(&c, "", (const char *const[]){ "router.max_queue_size=5" }, 1), 0);
	CHECK_INT(c->max_queue_size, 5);
	qos_config_free(c);
}

/* Whatever bytes the file has: an answer, no crash. */
static void mutations(void)
{
	static const char text[] =
		"classes:\n  - {name: a, share: 25%, rate: 10mbit}\nrules:\n  - {name: r, when: 'x', class: a}\n";
	uint64_t x = 88172645463325252ull;

	for (int i = 0; i < 300; i++) {
		char copy[sizeof(text)];
		struct qos_config *c;

		memcpy(copy, text, sizeof(text));
		for (int k = 0; k < 3; k++) {
			x = x * 6364136223846793005ull + 1442695040888963407ull;
			copy[(x >> 33) % (sizeof(text) - 1)] = "{}[]:,-'\"&*|>%@ \n\tax9"[(x >> 20) % 21];
		}
		load_text(&c, copy, NULL, 0);
		qos_config_free(c);
	}
	CHECK(x != 0);
}

int main(void)
{
	RUN("the embedded default has the five classes of the design", embedded);
	RUN("a section of the file replaces the embedded one, --set comes last", sections);
	RUN("mutated files are answered", mutations);
	return DONE();
}
