/*
 * A YAML text as a tree that knows where everything stands.
 *
 * libyaml's events become nodes with line and column; --set changes the tree; the tree goes to libcyaml as JSON, which
 * is YAML too.  So a message about a value can name its place, which libcyaml's loaded structs cannot.
 */
#ifndef QOS_CONFIG_PLACE_H
#define QOS_CONFIG_PLACE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

enum qos_place_kind { QOS_PLACE_SCALAR, QOS_PLACE_MAP, QOS_PLACE_LIST };

struct qos_place {
	enum qos_place_kind kind;
	struct qos_str key; /* in a map */
	struct qos_at key_at;
	struct qos_str text;                   /* of a scalar */
	struct qos_at at;                      /* its first byte; of a scalar: of its content, behind a quote */
	struct qos_place *child, *last, *next; /* children in order; next sibling */
	int n_children;
};

/*
 * Parses one YAML document; an empty text gives an empty map.  Anchors, aliases and further documents are refused.
 *
 * file	name for places, borrowed for as long as the tree
 */
int qos_place_parse(struct qos_place **root, struct qos_arena *arena, struct qos_str text, const char *file,
		    struct qos_err *err);
/* The child of a map by key, or NULL. */
struct qos_place *qos_place_find(const struct qos_place *map, const char *key);
/* The i-th child of a list or map, or NULL. */
struct qos_place *qos_place_item(const struct qos_place *list, int i);
/* Puts a child in place of the one with its key, or at the end. */
void qos_place_put(struct qos_place *map, struct qos_place *child);
/* One override "a.b.c=value"; list items by their `name` or their number.  Maps and keys are made where they lack. */
int qos_place_set(struct qos_place *root, struct qos_arena *arena, const char *set, struct qos_err *err);
/* The tree as JSON with every scalar a string. */
void qos_place_json(const struct qos_place *p, struct qos_buf *b);

#endif
