/* A configuration from a text, and what is wrong with it. */
#ifndef TESTS_UNIT_CONFIG_WITH_H
#define TESTS_UNIT_CONFIG_WITH_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "config/config.h"
#include "tests/unit/test.h"

/* Loads the text as file "t.yaml" of a folder of its own; *c is the caller's. */
static __attribute__((unused)) int load_text(struct qos_config **c, const char *text, const char *const *set, int n_set)
{
	char folder[] = "/tmp/qos-config-XXXXXX", *from = mkdtemp(folder), here[4096];
	struct qos_err err = { 0 };
	FILE *f;
	int rc;

	CHECK(from && getcwd(here, sizeof(here)) && chdir(from) == 0);
	f = fopen("t.yaml", "w");
	fputs(text, f);
	fclose(f);
	rc = qos_config_load(c, "t.yaml", set, n_set, &err);
	CHECK((rc != 0) == (err.code != 0));
	if (rc && (*c)->problems.n == 0)
		qos_buf_printf(&(*c)->problems, "%s\n", err.text);
	remove("t.yaml");
	CHECK(chdir(here) == 0 && rmdir(from) == 0);
	return rc;
}

/* What is wrong with the text; "" when nothing is. */
static __attribute__((unused)) const char *problems_of(const char *text)
{
	static char said[4000];
	struct qos_config *c;

	said[0] = 0;
	if (load_text(&c, text, NULL, 0))
		snprintf(said, sizeof(said), "%s", c->problems.p);
	qos_config_free(c);
	return said;
}

#endif
