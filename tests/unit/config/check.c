/* The schema check: every key at once. */
#include "tests/unit/config/with.h"

static void all_at_once(void)
{
	CHECK_TEXT(
		problems_of(
			"routr: {}\nclasses:\n  - {nam: x}\nrouter: {discipline: [a], disciplin: b, discipline: c}\n"),
		"t.yaml:1:1: there is no key \"routr\" here; did you mean \"router\"?\n"
		"    routr: {}\n    ^\n"
		"t.yaml:3:6: there is no key \"nam\" here; did you mean \"name\"?\n"
		"      - {nam: x}\n         ^\n"
		"t.yaml:4:22: \"discipline\" is one value, not a list or keys of its own\n"
		"    router: {discipline: [a], disciplin: b, discipline: c}\n                         ^\n"
		"t.yaml:4:27: there is no key \"disciplin\" here; did you mean \"discipline\"?\n"
		"    router: {discipline: [a], disciplin: b, discipline: c}\n                              ^\n"
		"t.yaml:4:41: \"discipline\" is given twice; remove one of them\n"
		"    router: {discipline: [a], disciplin: b, discipline: c}\n"
		"                                            ^\n");
}

static void kinds(void)
{
	CHECK(strstr(problems_of("router: 5\n"), "t.yaml:1:9: \"router\" has keys"));
	CHECK(strstr(problems_of("classes: {a: b}\n"), "t.yaml:1:10: \"classes\" is a list"));
	CHECK(strstr(problems_of("zzzzzz: 1\n"), "t.yaml:1:1: there is no key \"zzzzzz\" here; see man qos-config"));
	CHECK(strstr(problems_of("- a\n"), "a configuration has keys"));
}

int main(void)
{
	RUN("unknown, repeated and misused keys are all told, each with its place", all_at_once);
	RUN("sections of the wrong kind say what they are", kinds);
	return DONE();
}
