/* A YAML text as a tree with places, from libyaml's events. */
#include "config/place.h"

#include <stdlib.h>
#include <yaml.h>

#define NESTING_MOST 64
#define NODES_MOST   1000000

struct builder {
	struct qos_arena *arena;
	const char *file;
	struct qos_place *root;
	struct qos_place *open[NESTING_MOST]; /* containers that are open */
	int depth, n_nodes;
	struct qos_str key; /* waiting for its value */
	struct qos_at key_at;
	bool has_key;
	struct qos_err *err;
};

static struct qos_at place_of(const struct builder *b, yaml_mark_t mark)
{
	return (struct qos_at){ b->file, (int)mark.line + 1, (int)mark.column + 1 };
}

static void append(struct qos_place *parent, struct qos_place *child)
{
	if (parent->last)
		parent->last->next = child;
	else
		parent->child = child;
	parent->last = child;
	parent->n_children++;
}

static struct qos_place *add(struct builder *b, enum qos_place_kind kind, struct qos_at at)
{
	struct qos_place *p = b->n_nodes++ < NODES_MOST ? qos_arena_get(b->arena, sizeof(*p)) : NULL;

	if (!p) {
		qos_fail(b->err, QOS_EUSAGE, at, "the configuration is too large");
		return NULL;
	}
	p->kind = kind;
	p->at = at;
	p->key = b->key;
	p->key_at = b->key_at;
	b->has_key = false;
	b->key = (struct qos_str){ 0 };
	if (b->depth)
		append(b->open[b->depth - 1], p);
	else
		b->root = p;
	return p;
}

static int open_container(struct builder *b, const yaml_event_t *e, enum qos_place_kind kind)
{
	struct qos_place *p;

	if (b->depth == NESTING_MOST)
		return qos_fail(b->err, QOS_EUSAGE, place_of(b, e->start_mark), "nested deeper than %d", NESTING_MOST);
	if (b->depth && b->open[b->depth - 1]->kind == QOS_PLACE_MAP && !b->has_key)
		return qos_fail(b->err, QOS_EUSAGE, place_of(b, e->start_mark), "a key must be a plain word");
	p = add(b, kind, place_of(b, e->start_mark));
	if (!p)
		return QOS_EUSAGE;
	b->open[b->depth++] = p;
	return 0;
}

static int scalar(struct builder *b, const yaml_event_t *e)
{
	struct qos_str text = { (const char *)e->data.scalar.value, e->data.scalar.length };
	struct qos_at at = place_of(b, e->start_mark);
	char *copy = qos_arena_copy(b->arena, text);
	struct qos_place *p;

	if (!copy)
		return qos_fail_memory(b->err, "configuration");
	if (memchr(copy, 0, text.n))
		return qos_fail(b->err, QOS_EUSAGE, at, "a zero byte in a value");
	text.p = copy;
	if (e->data.scalar.style == YAML_SINGLE_QUOTED_SCALAR_STYLE ||
	    e->data.scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE)
		at.column++;
	if (b->depth && b->open[b->depth - 1]->kind == QOS_PLACE_MAP && !b->has_key) {
		b->key = text;
		b->key_at = at;
		b->has_key = true;
		return 0;
	}
	p = add(b, QOS_PLACE_SCALAR, at);
	if (!p)
		return QOS_EUSAGE;
	p->text = text;
	return 0;
}

static int take_event(struct builder *b, const yaml_event_t *e)
{
	switch (e->type) {
	case YAML_DOCUMENT_START_EVENT:
		return b->root ? qos_fail(b->err, QOS_EUSAGE, place_of(b, e->start_mark),
					  "a second document; write one configuration a file")
			       : 0;
	case YAML_ALIAS_EVENT:
		return qos_fail(b->err, QOS_EUSAGE, place_of(b, e->start_mark),
				"aliases are not read; write the value out");
	case YAML_MAPPING_START_EVENT: return open_container(b, e, QOS_PLACE_MAP);
	case YAML_SEQUENCE_START_EVENT: return open_container(b, e, QOS_PLACE_LIST);
	case YAML_MAPPING_END_EVENT:
	case YAML_SEQUENCE_END_EVENT: b->depth--; return 0;
	case YAML_SCALAR_EVENT: return scalar(b, e);
	default: return 0;
	}
}

static int parser_error(const struct builder *b, const yaml_parser_t *p)
{
	return qos_fail(b->err, QOS_EUSAGE, place_of(b, p->problem_mark), "%s%s%s",
			p->problem ? p->problem : "is no YAML", p->context ? ", " : "", p->context ? p->context : "");
}

int qos_place_parse(struct qos_place **root, struct qos_arena *arena, struct qos_str text, const char *file,
		    struct qos_err *err)
{
	struct builder b = { .arena = arena, .file = file, .err = err };
	yaml_parser_t parser;
	yaml_event_t event;
	bool end = false;
	int rc = 0;

	if (!yaml_parser_initialize(&parser))
		return qos_fail_memory(err, "configuration");
	yaml_parser_set_input_string(&parser, (const unsigned char *)text.p, text.n);
	while (!rc && !end) {
		if (!yaml_parser_parse(&parser, &event)) {
			rc = parser_error(&b, &parser);
			break;
		}
		rc = take_event(&b, &event);
		end = event.type == YAML_STREAM_END_EVENT;
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	if (!rc && (!b.root || (b.root->kind == QOS_PLACE_SCALAR && b.root->text.n == 0))) {
		b.root = NULL;
		b.depth = 0;
		if (!add(&b, QOS_PLACE_MAP, (struct qos_at){ file, 1, 1 }))
			rc = QOS_EIO;
	}
	*root = b.root;
	return rc;
}

struct qos_place *qos_place_find(const struct qos_place *map, const char *key)
{
	for (struct qos_place *p = map && map->kind == QOS_PLACE_MAP ? map->child : NULL; p; p = p->next)
		if (qos_str_is(p->key, key))
			return p;
	return NULL;
}

struct qos_place *qos_place_item(const struct qos_place *list, int i)
{
	struct qos_place *p = list ? list->child : NULL;

	while (p && i-- > 0)
		p = p->next;
	return p;
}

void qos_place_put(struct qos_place *map, struct qos_place *child)
{
	struct qos_place **at = &map->child;

	while (*at && !qos_str_equal((*at)->key, child->key))
		at = &(*at)->next;
	child->next = *at ? (*at)->next : NULL;
	if (*at == map->last)
		map->last = child;
	map->n_children += !*at;
	*at = child;
}

/* The child that one step of a path names: a key, or an item's `name` or number. */
static struct qos_place *step(const struct qos_place *p, struct qos_str name)
{
	char *end;
	long i;

	for (struct qos_place *c = p->child; c; c = c->next) {
		const struct qos_place *item_name = p->kind == QOS_PLACE_LIST ? qos_place_find(c, "name") : NULL;

		if (p->kind == QOS_PLACE_MAP ? qos_str_equal(c->key, name)
					     : item_name && qos_str_equal(item_name->text, name))
			return c;
	}
	i = strtol(name.p, &end, 10); /* the text ends in '.', '=' or a zero byte */
	return p->kind == QOS_PLACE_LIST && end == name.p + name.n && name.n && i >= 0 ? qos_place_item(p, (int)i)
										       : NULL;
}

int qos_place_set(struct qos_place *root, struct qos_arena *arena, const char *set, struct qos_err *err)
{
	const char *equals = strchr(set, '='), *at = set;
	struct qos_place *p = root;

	if (!equals || equals == set)
		return qos_fail(err, QOS_EUSAGE, (struct qos_at){ "--set", 0, 0 },
				"\"%s\" is not KEY=VALUE; write for example router.max_queue_size=5000", set);
	for (;;) {
		struct qos_str name = { at, strcspn(at, ".=") };
		bool last = at + name.n >= equals;
		struct qos_place *child = step(p, name);

		if (!child) {
			if (p->kind != QOS_PLACE_MAP)
				return qos_fail(err, QOS_EUSAGE, (struct qos_at){ "--set", 1, (int)(at - set) + 1 },
						"there is no \"%.*s\" in this list", QOS_STR_ARG(name));
			child = qos_arena_get(arena, sizeof(*child));
			if (!child)
				return qos_fail_memory(err, "configuration");
			child->kind = QOS_PLACE_MAP;
			child->key = (struct qos_str){ qos_arena_copy(arena, name), name.n };
			child->key_at = (struct qos_at){ "--set", 1, (int)(at - set) + 1 };
			qos_place_put(p, child);
		}
		p = child;
		if (last)
			break;
		at += name.n + 1;
	}
	p->kind = QOS_PLACE_SCALAR;
	p->child = p->last = NULL;
	p->text = qos_str(qos_arena_copy(arena, qos_str(equals + 1)));
	p->at = (struct qos_at){ "--set", 1, (int)(equals - set) + 2 };
	return 0;
}

void qos_place_json(const struct qos_place *p, struct qos_buf *b)
{
	if (p->kind == QOS_PLACE_SCALAR) {
		qos_buf_json(b, p->text);
		return;
	}
	qos_buf_puts(b, p->kind == QOS_PLACE_MAP ? "{" : "[");
	for (const struct qos_place *c = p->child; c; c = c->next) {
		if (p->kind == QOS_PLACE_MAP) {
			qos_buf_json(b, c->key);
			qos_buf_puts(b, ": ");
		}
		qos_place_json(c, b);
		if (c->next)
			qos_buf_puts(b, ", ");
	}
	qos_buf_puts(b, p->kind == QOS_PLACE_MAP ? "}" : "]");
}
