/* The schema check: libcyaml would stop at the first error, and knows no "did you mean". */
#include "config/check.h"

#define KEYS_MOST 64

static const cyaml_schema_field_t *find_field(const cyaml_schema_value_t *schema, struct qos_str key)
{
	for (const cyaml_schema_field_t *f = schema->mapping.fields; f->key; f++)
		if (qos_str_is(key, f->key))
			return f;
	return NULL;
}

static void unknown_key(const struct qos_place *p, const cyaml_schema_value_t *schema, struct qos_problems *problems)
{
	const char *names[KEYS_MOST], *near;
	size_t n = 0;

	for (const cyaml_schema_field_t *f = schema->mapping.fields; f->key && n < KEYS_MOST; f++)
		names[n++] = f->key;
	near = qos_nearest(p->key.p, p->key.n, names, n);
	if (near)
		qos_problem(problems, p->key_at, "there is no key \"%.*s\" here; did you mean \"%s\"?",
			    QOS_STR_ARG(p->key), near);
	else
		qos_problem(problems, p->key_at, "there is no key \"%.*s\" here; see man qos-config",
			    QOS_STR_ARG(p->key));
}

static void check_map(const struct qos_place *p, const cyaml_schema_value_t *schema, struct qos_problems *problems)
{
	for (const struct qos_place *c = p->child; c; c = c->next) {
		const cyaml_schema_field_t *f = find_field(schema, c->key);

		if (!f)
			unknown_key(c, schema, problems);
		else if (f->value.type != CYAML_IGNORE)
			qos_config_check_keys(c, &f->value, problems);
		if (qos_place_find(p, c->key.p) != c)
			qos_problem(problems, c->key_at, "\"%.*s\" is given twice; remove one of them",
				    QOS_STR_ARG(c->key));
	}
}

void qos_config_check_keys(const struct qos_place *p, const cyaml_schema_value_t *schema, struct qos_problems *problems)
{
	switch (schema->type) {
	case CYAML_MAPPING:
		if (p->kind != QOS_PLACE_MAP)
			qos_problem(problems, p->at, "\"%.*s\" has keys; write them indented below it, as key: value",
				    QOS_STR_ARG(p->key));
		else
			check_map(p, schema, problems);
		return;
	case CYAML_SEQUENCE:
		if (p->kind != QOS_PLACE_LIST) {
			qos_problem(problems, p->at, "\"%.*s\" is a list; write each item after a dash",
				    QOS_STR_ARG(p->key));
			return;
		}
		for (const struct qos_place *c = p->child; c; c = c->next)
			qos_config_check_keys(c, schema->sequence.entry, problems);
		return;
	default:
		if (p->kind != QOS_PLACE_SCALAR)
			qos_problem(problems, p->at, "\"%.*s\" is one value, not a list or keys of its own",
				    QOS_STR_ARG(p->key));
	}
}
