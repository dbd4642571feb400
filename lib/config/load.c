/*
 * Loading: file -> tree of places -> --set -> embedded sections for those that lack -> schema check -> libcyaml ->
 * values.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "config/check.h"
#include "config/config.h"
#include "config/place.h"
#include "config/problem.h"
#include "config/schema.h"
#include "config/values.h"

#define FILE_BYTES_MOST (16 << 20)

static const char embedded[] =
#include "config/default.inc"
	;

/* The whole file as text of the arena. */
static int read_file(const char *file, struct qos_arena *arena, struct qos_str *text, struct qos_err *err)
{
	FILE *f = fopen(file, "rb");
	struct qos_buf b = { 0 };
	char block[65536];
	size_t n;
	int rc = 0;

	if (!f)
		return qos_fail_errno(err, "%s", file);
	while ((n = fread(block, 1, sizeof(block), f)) > 0 && b.n <= FILE_BYTES_MOST)
		qos_buf_add(&b, block, n);
	if (ferror(f))
		rc = qos_fail_errno(err, "%s", file);
	else if (b.n > FILE_BYTES_MOST)
		rc = qos_fail(err, QOS_EUSAGE, (struct qos_at){ file, 0, 0 }, "is larger than 16MiB: no configuration");
	fclose(f);
	*text = (struct qos_str){ qos_arena_copy(arena, (struct qos_str){ b.p, b.n }), b.n };
	if (!rc && (b.failed || !text->p))
		rc = qos_fail_memory(err, "configuration");
	qos_buf_free(&b);
	return rc;
}

static void quiet(cyaml_log_t level, void *self, const char *format, va_list args)
{
	if (level >= CYAML_LOG_ERROR)
		vsnprintf(self, 200, format, args);
}

/* The tree through libcyaml. */
static int load_raw(const struct qos_place *root, const cyaml_config_t *cyaml, struct qos_raw **raw, const char *said,
		    struct qos_problems *problems)
{
	struct qos_buf json = { 0 };
	cyaml_err_t e;

	qos_place_json(root, &json);
	if (json.failed) {
		qos_problem(problems, QOS_NOWHERE, "out of memory: configuration");
		return -1;
	}
	e = cyaml_load_data((const uint8_t *)json.p, json.n, cyaml, &qos_config_schema, (cyaml_data_t **)raw, NULL);
	qos_buf_free(&json);
	if (e == CYAML_OK)
		return 0;
	qos_problem(problems, root->at, "%s (%s)", cyaml_strerror(e), said);
	return -1;
}

static void values_of(struct qos_config *c, const struct qos_place *root, bool own_classes, bool own_rules,
		      struct qos_problems *problems)
{
	char said[200] = "";
	cyaml_config_t cyaml = { .log_fn = quiet, .log_ctx = said, .log_level = CYAML_LOG_ERROR, .mem_fn = cyaml_mem };
	struct qos_raw *raw = NULL;

	if (load_raw(root, &cyaml, &raw, said, problems) == 0 && raw) {
		qos_config_values(c, raw, root, own_classes, own_rules, problems);
		cyaml_free(&cyaml, &qos_config_schema, raw, 0);
	}
}

/* Sections that the user's tree lacks come from the embedded one. */
static int complete(struct qos_place *root, struct qos_arena *arena, struct qos_err *err)
{
	struct qos_place *defaults, *section, *next;
	int rc = qos_place_parse(&defaults, arena, QOS_STR(embedded), "embedded default", err);

	for (section = rc ? NULL : defaults->child; section; section = next) {
		next = section->next;
		section->next = NULL;
		if (!qos_place_find(root, section->key.p))
			qos_place_put(root, section);
	}
	return rc;
}

static int load(struct qos_config *c, const char *const *set, int n_set, struct qos_err *err)
{
	struct qos_problems problems = { .text = &c->problems, .file = c->file, .first = err };
	struct qos_place *root = NULL, *user_classes, *user_rules;
	bool is_file = strcmp(c->file, "embedded default") != 0;
	int rc = is_file ? read_file(c->file, &c->arena, &problems.source, err) : 0;

	if (!is_file)
		problems.source = QOS_STR("");
	if (rc)
		return rc;
	if (qos_place_parse(&root, &c->arena, problems.source, c->file, err)) {
		struct qos_err first = *err;

		qos_buf_printf(&c->problems, "%s\n", first.text);
		return first.code;
	}
	if (root->kind != QOS_PLACE_MAP) {
		qos_problem(
			&problems, root->at,
			"a configuration has keys: classes, rules, classifier, router, adapters, services, tenants, "
			"bandwidth, schema, tests");
		return QOS_EUSAGE;
	}
	user_classes = qos_place_find(root, "classes");
	user_rules = qos_place_find(root, "rules");
	if ((rc = complete(root, &c->arena, err)))
		return rc;
	for (int i = 0; i < n_set; i++)
		if ((rc = qos_place_set(root, &c->arena, set[i], err)))
			return rc;
	qos_config_check_keys(root, &qos_config_schema, &problems);
	if (!problems.n)
		values_of(c, root, user_classes != NULL, user_rules != NULL, &problems);
	return problems.n ? QOS_EUSAGE : 0;
}

int qos_config_load(struct qos_config **config, const char *file, const char *const *set, int n_set,
		    struct qos_err *err)
{
	struct qos_config *c = calloc(1, sizeof(*c));
	int rc;

	*config = c;
	if (!c)
		return qos_fail_memory(err, "configuration");
	c->file = file ? qos_arena_copy(&c->arena, qos_str(file)) : "embedded default";
	if (!c->file)
		return qos_fail_memory(err, "configuration");
	rc = load(c, set, n_set, err);
	return rc;
}

void qos_config_free(struct qos_config *c)
{
	if (!c)
		return;
	qos_arena_free(&c->arena);
	qos_names_free(&c->class_names);
	qos_buf_free(&c->problems);
	qos_buf_free(&c->warnings);
	free(c);
}
