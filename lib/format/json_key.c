/*
 * Remembered keys: a hash table over (the object that it is in, its text).
 *
 * A source with no end of different keys fills the table; keys that come later work as well, but are looked up by
 * their path each time.
 *
 * Cost   about 20 ns for a key that was seen before at another place; nothing for one where it is expected.
 */
#include "format/json_key.h"

#include <stdlib.h>

#define KEYS_MOST  4096 /* remembered */
#define SLOTS      (2 * KEYS_MOST)
#define TEXT_BYTES 256 /* longer keys are not remembered */

/* Do fields with a dotted path count? */
static bool wants_paths(const struct qos_fields *f)
{
	for (int i = 0; i < qos_fields_count(f); i++)
		if (f->wanted[i] && memchr(f->names.name[i].p, '.', f->names.name[i].n))
			return true;
	for (uint32_t i = 0; i < f->columns.n; i++)
		if (memchr(f->columns.name[i].p, '.', f->columns.name[i].n))
			return true;
	return false;
}

int qos_json_keys_init(struct qos_json_keys *k, struct qos_reading *g, struct qos_err *err)
{
	*k = (struct qos_json_keys){ .g = g, .deep = wants_paths(g->fields) };
	k->root.id = k->nowhere.id = k->stray.id = -1;
	k->slot = calloc(SLOTS, sizeof(*k->slot));
	return k->slot ? 0 : qos_fail_memory(err, "reading JSON");
}

void qos_json_keys_free(struct qos_json_keys *k)
{
	free(k->slot);
	k->slot = NULL;
	qos_arena_free(&k->arena);
	qos_buf_free(&k->path);
}

/* Where the key is, or would be. */
static struct qos_json_key **find_slot(const struct qos_json_keys *k, const struct qos_json_key *parent,
				       struct qos_str text)
{
	size_t i = (size_t)(qos_hash(text) ^ (uintptr_t)parent >> 4) % SLOTS;

	while (k->slot[i] && (k->slot[i]->parent != parent || !qos_str_equal(k->slot[i]->text, text)))
		i = (i + 1) % SLOTS;
	return &k->slot[i];
}

/* Adds a key's text, escapes undone. */
static void add_plain(struct qos_buf *path, struct qos_str text)
{
	struct qos_record r = { .bytes = text.p };
	struct qos_cell cell = { 0, (uint32_t)text.n, QOS_CELL_ESCAPED };
	size_t start = path->n;

	qos_buf_add(path, text.p, text.n); /* undone in place: it never grows */
	if (!path->failed && memchr(text.p, '\\', text.n))
		path->n = start + qos_cell_text(&r, cell, path->p + start).n;
}

/* Id of the field that a key stands for: -1 nobody wants it, -2 it cannot be kept. */
static int find_id(struct qos_json_keys *k, const struct qos_json_level *level, int depth, struct qos_str text)
{
	struct qos_str path;
	int id;

	if (!level[depth].told)
		return -1;
	k->path.n = 0;
	for (int i = 1; i <= depth; i++) {
		add_plain(&k->path, level[i].text);
		qos_buf_add(&k->path, ".", 1);
	}
	add_plain(&k->path, text);
	if (k->path.failed)
		return -2;
	path = (struct qos_str){ k->path.p, k->path.n };
	if (!k->g->keep_all || depth > 0)
		return qos_fields_column(k->g->fields, path);
	id = qos_fields_column_keep(k->g->fields, path);
	return id >= 0 && qos_reading_grow(k->g) == 0 ? id : -2;
}

/* A new key in the table; NULL when it is not to be remembered. */
static struct qos_json_key *learn(struct qos_json_keys *k, struct qos_json_key **slot, struct qos_json_key *parent,
				  struct qos_str text)
{
	struct qos_json_key *key;

	if (k->n >= KEYS_MOST || text.n > TEXT_BYTES || !(key = qos_arena_get(&k->arena, sizeof(*key))))
		return NULL;
	key->text = (struct qos_str){ qos_arena_copy(&k->arena, text), text.n };
	if (!key->text.p)
		return NULL;
	key->parent = parent;
	*slot = key;
	k->n++;
	return key;
}

static void remember_prefix(struct qos_json_key *key, const char *from, size_t n_bytes)
{
	size_t n_head = n_bytes < 16 ? n_bytes : 16;

	key->n_bytes = 0;
	memset(key->mask, 0, sizeof(key->mask));
	if (n_bytes > QOS_JSON_PREFIX_BYTES)
		return;
	memcpy(key->prefix, from, n_bytes);
	memset(key->mask, 0xff, n_head);
	memset(key->head, 0, sizeof(key->head));
	memcpy(key->head, from, n_head);
	key->n_bytes = (uint32_t)n_bytes;
}

struct qos_json_key *qos_json_key_find(struct qos_json_keys *k, const struct qos_json_level *level, int depth,
				       struct qos_str text, const char *from, size_t n_bytes)
{
	struct qos_json_key *parent = level[depth].parent, **slot = parent ? find_slot(k, parent, text) : NULL;
	struct qos_json_key *key = slot ? *slot : NULL;
	int id;

	if (!key) {
		id = find_id(k, level, depth, text);
		if (id == -2)
			return NULL;
		key = slot ? learn(k, slot, parent, text) : NULL;
		if (!key) {
			k->stray = (struct qos_json_key){ .id = id, .text = text };
			return &k->stray;
		}
		key->id = id;
	}
	remember_prefix(key, from, n_bytes);
	return key;
}
